/** Reading: the first time, page by page, after a crash, and no more than the day allows. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReadError } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import { readCursor } from './cursor.ts'
import { countByHours, lin, openAccount, openScene, readAll, type Scene, textsOf, you } from './test-account.ts'

let scene: Scene
const signal = new AbortController().signal
const poll = (cursor: string | null, stream = 'mentions', hint: string | null = null) =>
  scene.connection.poll!({ stream, cursor, hint }, signal)
const failing = async (read: Promise<unknown>) => {
  const error: unknown = await read.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ReadError)
  return error as ReadError
}

const plenty = { dailyCalls: 100_000, uid: '1902538057' }
beforeEach(async () => {
  scene = await openScene(plenty, { dailyCalls: 100_000 })
})
afterEach(() => scene.close())

describe('the first reading', () => {
  test('makes tickets of nothing and finds out where each list stands', async () => {
    scene.account.customer(lin).posts('@回信手机客服 早就有了')
    const first = await poll(null)
    expect(first).toMatchObject({ events: [], more: false })
    scene.account.customer(lin).posts('@回信手机客服 新的')
    expect(textsOf((await readAll(scene.connection, 'mentions', first.cursor)).events)).toEqual(['@回信手机客服 新的'])
  })

  test('of an empty list misses nothing that comes afterwards', async () => {
    const { cursor } = await poll(null)
    scene.account.customer(lin).posts('@回信手机客服 第一条')
    const { events } = await readAll(scene.connection, 'mentions', cursor)
    expect(textsOf(events)).toEqual(['@回信手机客服 第一条'])
  })

  test('brings the latest page where the settings say so', async () => {
    const { connection } = openAccount(scene.simulator.url, { ...plenty, firstRead: 'latest' })
    scene.account.customer(lin).posts('@回信手机客服 早就有了')
    expect(textsOf((await readAll(connection, 'mentions', null)).events)).toEqual(['@回信手机客服 早就有了'])
  })
})

describe('pages', () => {
  const write = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => scene.account.customer(lin).posts(`@回信手机客服 ${from + index}`))
  const wanted = (count: number) => Array.from({ length: count }, (_, index) => `@回信手机客服 ${index}`)

  test('are read until nothing is left, each post once', async () => {
    const { cursor } = await poll(null)
    write(250)
    const read = await readAll(scene.connection, 'mentions', cursor)
    expect(textsOf(read.events).toSorted()).toEqual(wanted(250).toSorted())
    // Two whole pages, one short one, and the one that shows that nothing follows: the list was empty at first.
    expect(read.calls).toBe(4)
  })

  test('cost one call where they reach down to what is stored', async () => {
    write(1)
    const { cursor } = await poll(null)
    write(3)
    const read = await readAll(scene.connection, 'mentions', cursor)
    expect([read.calls, textsOf(read.events).length]).toEqual([1, 3])
    const again = await readAll(scene.connection, 'mentions', read.cursor)
    expect(again.calls).toBe(1)
  })

  test('may be short, or empty, while more follows', async () => {
    const { cursor } = await poll(null)
    const ids = write(230)
    for (const id of ids.slice(110, 170)) scene.simulator.deletePost(id)
    const { events } = await readAll(scene.connection, 'mentions', cursor)
    expect(textsOf(events)).toHaveLength(170)
    expect(new Set(textsOf(events)).size).toBe(170)
  })

  test('are gone on with after the process died between two of them, and what comes meanwhile is not skipped', async () => {
    const { cursor: base } = await poll(null)
    write(250)
    const first = await poll(base)
    expect(first.more).toBe(true)
    // The page was stored with its cursor; another process has only that.
    const { connection } = openAccount(scene.simulator.url, plenty)
    write(5, 250)
    const rest = await readAll(connection, 'mentions', first.cursor)
    const last = await readAll(connection, 'mentions', rest.cursor)
    const all = [...first.events, ...rest.events, ...last.events]
    expect(new Set(textsOf(all)).size).toBe(255)
  })

  test('are read again when the process died before it stored one', async () => {
    const { cursor } = await poll(null)
    write(120)
    const lost = await poll(cursor)
    const again = await poll(cursor)
    expect(keysOf(again.events)).toEqual(keysOf(lost.events))
  })

  test('go on where the stored post was deleted', async () => {
    const [id] = write(1)
    const { cursor } = await poll(null)
    scene.simulator.deletePost(id!)
    write(2, 1)
    const { events } = await readAll(scene.connection, 'mentions', cursor)
    expect(textsOf(events)).toHaveLength(2)
  })

  test('end, even where a server heeds neither since_id nor max_id', async () => {
    scene.simulator.fail({ at: 'statuses/mentions', times: 50, fault: sameEveryTime() })
    const { events, calls } = await readAll(scene.connection, 'mentions', '1000 - - 1000 0')
    expect(textsOf(events)).toEqual(['@回信手机客服 还是这条'])
    expect(calls).toBe(2)
  })

  test('of the three lists bring the same comment once', async () => {
    const post = scene.account.posts('欢迎升级')
    const cursors = await Promise.all(['comments', 'comment-mentions'].map((stream) => poll(null, stream)))
    scene.account.customer(lin).comments(post, '@回信手机客服 太慢了')
    const [a, b] = await Promise.all(
      ['comments', 'comment-mentions'].map((stream, index) =>
        readAll(scene.connection, stream, cursors[index]!.cursor),
      ),
    )
    expect(keysOf(a!.events)).toHaveLength(1)
    expect(keysOf(a!.events)).toEqual(keysOf(b!.events))
  })
})

test('a comment that appears late, below newer ones, is not skipped', async () => {
  const post = scene.account.posts('欢迎升级')
  const customer = scene.account.customer(lin)
  customer.comments(post, '最早的')
  const { cursor } = await poll(null, 'comments')
  const late = customer.comments(post, '迟到的')
  scene.simulator.hide(late, Date.now() + 3_600_000)
  customer.comments(post, '准时的')
  const first = await readAll(scene.connection, 'comments', cursor)
  expect(textsOf(first.events)).toEqual(['准时的'])
  scene.simulator.hide(late, 0)
  const second = await readAll(scene.connection, 'comments', first.cursor)
  expect(textsOf(second.events)).toContain('迟到的')
  // What stood there before the first reading stays where it is.
  expect(textsOf(second.events)).not.toContain('最早的')
})

test('edge 8: ids beyond 2^53 are read, paged and answered whole', async () => {
  const large = await openScene(plenty, { dailyCalls: 1000, largeIds: true })
  const { cursor } = await large.connection.poll!({ stream: 'mentions', cursor: null, hint: null }, signal)
  const ids = Array.from({ length: 130 }, (_, n) => large.account.customer(lin).posts(`@回信手机客服 ${n}`))
  expect(Number(ids[0]) > Number.MAX_SAFE_INTEGER).toBe(true)
  const { events } = await readAll(large.connection, 'mentions', cursor)
  expect(keysOf(events).toSorted()).toEqual(ids.map((id) => `s:${id}`).toSorted())
  await large.close()
})

test('our own comments come back as echoes of the conversation, or not at all', async () => {
  const { cursor } = await poll(null, 'comments')
  const post = scene.account.posts('欢迎升级')
  const question = scene.account.customer(lin).comments(post, '很卡')
  scene.account.customer({ uid: '1902538057', name: '回信手机客服' }).replies(question, '您好，请重启')
  scene.account.customer({ uid: '1902538057', name: '回信手机客服' }).comments(post, '统一回复')
  const { events } = await readAll(scene.connection, 'comments', cursor)
  expect(events.map((event) => [event.type, 'message' in event && event.message.text])).toEqual([
    ['message', '很卡'],
    ['echo', '您好，请重启'],
  ])
  expect(events[1]).toMatchObject({ message: { threadId: `${post}/${lin.uid}` } })
})

describe('the day’s calls', () => {
  const start = new Date('2026-11-24T02:00:00Z') // 10:00 in Beijing
  async function openLimited(settings: object = {}, allowed = 100) {
    const limited = await openScene({ uid: '1902538057', ...settings }, { dailyCalls: allowed })
    countByHours(limited.tools)
    limited.tools.setNow(start)
    const read = (stream = 'mentions', cursor: string | null = null) =>
      limited.connection.poll!({ stream, cursor, hint: null }, signal)
    return { ...limited, read }
  }

  test('are spread over what is left of the day', async () => {
    const limited = await openLimited()
    const { nextAt } = await limited.read()
    // 14 hours left, 69 reads left of 70, three lists.
    expect(nextAt!.getTime() - start.getTime()).toBe(Math.ceil((14 * 3_600_000 * 3) / 69))
    await limited.close()
  })

  test('last the day, however the lists are read', async () => {
    const limited = await openLimited()
    const due = new Map(['mentions', 'comments', 'comment-mentions'].map((stream) => [stream, start.getTime()]))
    const cursors = new Map<string, string | null>()
    const midnight = Date.parse('2026-11-24T16:00:00Z')
    let refused = 0
    for (let steps = 0; steps < 500; steps += 1) {
      const [stream, at] = [...due].sort((a, b) => a[1] - b[1])[0]!
      if (at >= midnight) break
      limited.tools.setNow(new Date(at))
      const result = await limited.read(stream, cursors.get(stream) ?? null).catch((error: ReadError) => error)
      if (result instanceof ReadError) {
        refused += 1
        due.set(stream, result.after!.getTime())
        continue
      }
      cursors.set(stream, result.cursor)
      due.set(stream, result.nextAt!.getTime())
    }
    expect(limited.account.used()).toBeGreaterThan(60)
    expect(limited.account.used()).toBeLessThanOrEqual(70)
    expect(refused).toBeLessThanOrEqual(3)
    await limited.close()
  })

  test('edge 1: used up by noon, reading stops until midnight in Beijing and says so; then it goes on', async () => {
    const limited = await openLimited({ dailyCalls: 12, reservedCalls: 4, pollSeconds: 1 })
    let cursor: string | null = null
    for (let call = 0; call < 8; call += 1) ({ cursor } = await limited.read('mentions', cursor))
    const error = await failing(limited.read('mentions', cursor))
    expect(error.reason).toBe('later')
    expect(error.after?.toISOString()).toBe('2026-11-24T16:00:00.000Z')
    expect(error.text.en).toContain('11-25 00:00, Beijing time')
    expect(error.text.zh).toContain('北京时间 11-25 00:00')
    expect(limited.account.used()).toBe(8)
    // What is kept for replies is left.
    expect((await limited.connection.check()).text?.en).toContain('used up')
    limited.tools.setNow(new Date('2026-11-24T16:00:01Z'))
    limited.account.customer(lin).posts('@回信手机客服 过了零点')
    expect(textsOf((await readAll(limited.connection, 'mentions', cursor)).events)).toEqual(['@回信手机客服 过了零点'])
    await limited.close()
  })

  test.each([
    [10023, '2026-11-24T16:00:00.000Z'],
    [10022, '2026-11-24T03:00:00.000Z'],
    [10024, '2026-11-24T03:00:00.000Z'],
  ])('edge 1: when Weibo itself says so (%i) nothing is asked before its window turns', async (code, after) => {
    const limited = await openLimited()
    limited.simulator.fail({ at: 'statuses/mentions', fault: { kind: 'refuse', code } })
    expect((await failing(limited.read())).after?.toISOString()).toBe(after)
    const calls = limited.simulator.calls.length
    if (code === 10024) {
      await limited.read('comments')
      expect(limited.simulator.calls).toHaveLength(calls + 1)
    } else {
      expect((await failing(limited.read('comments'))).after?.toISOString()).toBe(after)
      expect(limited.simulator.calls).toHaveLength(calls)
    }
    await limited.close()
  })

  test('are not used up by an outage: what failed is read again at the next turn', async () => {
    const limited = await openLimited()
    const { nextAt } = await limited.read()
    limited.simulator.fail({ at: '*', fault: { kind: 'status', status: 502, accepted: false }, times: 1 })
    const error = await failing(limited.read())
    expect(error.after!.getTime()).toBeGreaterThanOrEqual(nextAt!.getTime())
    await limited.close()
  })

  test('are asked for by the settings, and no faster than they say', async () => {
    const fast = await openLimited({ dailyCalls: 1_000_000, pollSeconds: 2 }, 1_000_000)
    expect((await fast.read()).nextAt!.getTime() - start.getTime()).toBe(2000)
    await fast.close()
  })
})

describe('a refused token', () => {
  test.each([21327, 21332, 21315, 21319])('(%i) is asked about once, not by every list', async (code) => {
    scene.account.refuse(code)
    const error = await failing(poll(null))
    expect(error.reason).toBe('credentials')
    if (code === 21327)
      expect(error.text).toEqual({ en: expect.stringContaining('expired'), zh: expect.stringContaining('已过期') })
    const asked = scene.simulator.calls.length
    for (const stream of ['comments', 'comment-mentions', 'mentions']) {
      expect((await failing(poll(null, stream))).reason).toBe('credentials')
    }
    expect(scene.simulator.calls).toHaveLength(asked)
    scene.account.refuse(null)
    expect(await scene.connection.check()).toMatchObject({ state: 'ok' })
    expect(await poll(null)).toMatchObject({ events: [] })
  })

  test('that is checked every few minutes does not use up the day’s calls', async () => {
    scene.account.refuse(21327)
    for (let n = 0; n < 5; n += 1) expect((await scene.connection.check()).state).toBe('refused')
    expect(await scene.tools.usage.count('call', new Date(0))).toBe(0)
  })
})

test('a permission that is missing is said, rests for an hour, and stays in the health', async () => {
  scene.simulator.fail({ at: 'comments/mentions', fault: { kind: 'refuse', code: 10014 } })
  const error = await failing(poll(null, 'comment-mentions'))
  expect(error.reason).toBe('later')
  expect(error.after!.getTime() - Date.now()).toBeGreaterThan(3_500_000)
  const health = await scene.connection.check()
  expect(health).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('comments/mentions') } })
})

test.each([
  { kind: 'status', status: 502, accepted: false },
  { kind: 'garbage', accepted: false },
  { kind: 'garbage', accepted: false, body: '{"statuses":{}}' },
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'refuse', code: 10001 },
] as const)('a reading that fails with %o is made again later, from where it was', async (fault) => {
  const { cursor } = await poll(null)
  scene.account.customer(lin).posts('@回信手机客服 在吗')
  scene.simulator.fail({ at: 'statuses/mentions', fault })
  const error = await failing(poll(cursor))
  expect(error.reason).toBe('later')
  expect(`${error.text.en} ${error.text.zh}`).not.toMatch(/reply|送达/u)
  expect(textsOf((await readAll(scene.connection, 'mentions', cursor)).events)).toEqual(['@回信手机客服 在吗'])
})

test('an empty list may come as [] instead of an object', async () => {
  scene.simulator.fail({ at: '*', fault: { kind: 'garbage', accepted: false, body: '[]' } })
  expect(await poll(null)).toMatchObject({ events: [], more: false })
})

test('a push brings a reading forward, but not at every push', async () => {
  const { cursor } = await poll(null)
  const calls = scene.simulator.calls.length
  const result = await poll(cursor, 'mentions', 'push')
  expect(result).toMatchObject({ events: [], cursor })
  expect(result.nextAt!.getTime()).toBeGreaterThan(Date.now())
  expect(scene.simulator.calls).toHaveLength(calls)
  scene.tools.setNow(new Date(Date.now() + 3_600_000))
  await poll(cursor, 'mentions', 'push')
  expect(scene.simulator.calls).toHaveLength(calls + 1)
})

test('an unknown account’s uid is asked once, whoever asks first', async () => {
  const { connection } = openAccount(scene.simulator.url, { dailyCalls: 1000 })
  await Promise.all(
    connection.streams!().map((stream) => connection.poll!({ stream, cursor: null, hint: null }, signal)),
  )
  expect(scene.simulator.calls.filter(({ name }) => name === 'account/get_uid')).toHaveLength(1)
})

test('a cursor nobody can read is a first reading', () => {
  for (const text of ['', 'x', '{"since":1}', '1 2', '-1 - - 0 0']) expect(readCursor(text)).toBeNull()
})

test('names seen in public serve for private messages', async () => {
  const { cursor } = await poll(null)
  scene.account.customer(you).posts('@回信手机客服 私信你们了')
  await readAll(scene.connection, 'mentions', cursor)
  const [event] = scene.connection.reread!({
    type: 'text',
    sender_id: Number(you.uid),
    receiver_id: 1902538057,
    created_at: 'Mon Jul 16 18:09:20 +0800 2012',
    text: '在吗',
    data: {},
  })
  expect(event).toMatchObject({ message: { author: { name: '阿柚' } } })
})

function keysOf(events: readonly InboundEvent[]): string[] {
  return events.flatMap((event) => ('message' in event ? [event.message.externalId] : []))
}

function sameEveryTime() {
  const status = {
    created_at: 'Tue Nov 24 10:19:36 +0800 2026',
    id: 5000,
    idstr: '5000',
    text: '@回信手机客服 还是这条',
    user: { id: 7, idstr: '7', screen_name: 'x' },
  }
  return { kind: 'garbage', accepted: false, body: JSON.stringify({ statuses: [status] }) } as const
}
