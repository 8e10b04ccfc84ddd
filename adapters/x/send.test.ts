import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SendError } from '#channel/errors.ts'
import type { Reply } from '#channel/reply.ts'
import { until } from '../../test/helpers/until.ts'
import { type Customer, drawPicture, type Fault, refusals, startXSimulator, type XSimulator } from './simulator.ts'
import { fileOf, openAccount, replyTo, type TestAccount } from './test-account.ts'

let simulator: XSimulator
let account: TestAccount
let lin: Customer

beforeEach(async () => {
  simulator = await startXSimulator()
  account = openAccount(simulator.settings())
  lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const send = (reply: Reply) => account.connection.send(reply)

async function failed(reply: Reply): Promise<SendError> {
  const error: unknown = await send(reply).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error('it was sent, or failed with something else', { cause: error })
  return error
}

const complains = () => lin.posts('@huixin_care 手机开不了机')
const answer = (id: string, text: string, more: Partial<Reply> = {}) =>
  replyTo(`${id}/2001`, text, { inReplyTo: id, ...more })

describe('what arrives', () => {
  test('a post, as an answer to the post', async () => {
    const { id } = complains()
    const sent = await send(answer(id, '请长按电源键 15 秒'))
    expect(simulator.ledger).toMatchObject([
      { surface: 'public', text: '请长按电源键 15 秒', inReplyTo: id, to: '2001' },
    ])
    expect(sent).toEqual({ externalId: simulator.ledger[0]!.id, url: `https://x.com/i/status/${sent.externalId}` })
  })
  test('a direct message, to the person', async () => {
    lin.writes('hi')
    const sent = await send(replyTo('2001', '您好'))
    expect(sent.externalId).toBe(`dm:${simulator.ledger[0]!.id}`)
    expect(simulator.ledger).toMatchObject([{ surface: 'direct', text: '您好', to: '2001' }])
  })
  test('a message to a group, to its conversation', async () => {
    await send(replyTo('group:77/2001', '大家好'))
    expect(simulator.calls.at(-1)?.path).toBe('/2/dm_conversations/77/messages')
  })
  test('four pictures with their words, uploaded for posts', async () => {
    const { id } = complains()
    const media = [1, 2, 3, 4].map((seed) => fileOf('photo', 'image/png', drawPicture(seed)))
    await send(answer(id, '请看图', { media }))
    expect(simulator.ledger).toMatchObject([
      { text: '请看图', media: [/^3_/u, /^3_/u, /^3_/u, /^3_/u].map((key) => expect.stringMatching(key)) },
    ])
  })
  test.each([
    ['photo', 'image/png'],
    ['photo', 'image/gif'],
    ['video', 'video/mp4'],
  ] as const)('one %s (%s) in a direct message, uploaded for messages', async (kind, type) => {
    await send(replyTo('2001', '', { media: [fileOf(kind, type, drawPicture())] }))
    expect(simulator.ledger).toMatchObject([{ surface: 'direct', text: '', media: [expect.any(String)] }])
  })
  test('a large file, in several pieces that come out whole', async () => {
    const { id } = complains()
    await send(answer(id, 'video', { media: [fileOf('video', 'video/mp4', new Uint8Array(9 * 1024 * 1024).fill(7))] }))
    expect(simulator.calls.filter(({ path }) => path.endsWith('/append'))).toHaveLength(3)
    expect(simulator.ledger).toHaveLength(1)
  })
  test('by OAuth 2 as by OAuth 1.0a', async () => {
    account.tools.close()
    account = openAccount(simulator.settings('oauth2'))
    const { id } = complains()
    await send(answer(id, 'hi', { media: [fileOf('photo', 'image/png', drawPicture())] }))
    expect(simulator.ledger).toHaveLength(1)
  })
})

describe('what X refuses for good', () => {
  test.each([
    [refusals.duplicate(), 'duplicate'],
    [refusals.notMentioned(), 'permission'],
    [refusals.parentGone(), 'gone'],
    [refusals.tooLong(), 'too_long'],
    [refusals.blocked(), 'blocked'],
    [refusals.badMedia(), 'media_refused'],
    [refusals.cannotMessage(), 'permission'],
  ] as const)('%o is rejected: %s', async (refusal, code) => {
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'refuse', refusal } })
    expect(await failed(answer(id, 'hi'))).toMatchObject({ outcome: 'rejected', code })
    expect(simulator.ledger).toEqual([])
  })
  test('a text that is too long for X itself', async () => {
    const { id } = complains()
    expect(await failed(answer(id, '长'.repeat(141)))).toMatchObject({ outcome: 'rejected', code: 'too_long' })
  })
  test('a GIF beside a picture, before anything is uploaded', async () => {
    const { id } = complains()
    const media = [fileOf('photo', 'image/gif', drawPicture()), fileOf('photo', 'image/png', drawPicture())]
    expect(await failed(answer(id, '', { media }))).toMatchObject({ outcome: 'rejected', code: 'media_refused' })
    expect(simulator.calls).toEqual([])
  })
  test('a message to somebody who takes none', async () => {
    lin.closes()
    expect(await failed(replyTo('2001', 'hi'))).toMatchObject({ outcome: 'rejected', code: 'permission' })
  })
  test.each(['', '7001', 'group:/1', 'nowhere/at/all', 'x'])(
    'an answer in a public thread called %j',
    async (thread) => {
      expect(await failed(replyTo(thread, 'hi', { surface: 'public' }))).toMatchObject({
        outcome: 'rejected',
        code: 'invalid',
      })
    },
  )
  test('an answer to no post: nothing stands on the account’s own page', async () => {
    expect(await failed(replyTo('1/2001', 'hi'))).toMatchObject({ outcome: 'rejected', code: 'invalid' })
  })
})

describe('what has to wait', () => {
  const now = () => Date.now()
  test.each([false, true])('429 (with a number: %s), until the header says', async (old) => {
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'rate-limited', seconds: 300, old } })
    const { outcome, code, after, scope } = await failed(answer(id, 'hi'))
    expect({ outcome, code, scope }).toEqual({ outcome: 'retry', code: 'rate_limited', scope: 'thread' })
    expect(Math.abs(after!.getTime() - now() - 300_000)).toBeLessThan(5000)
  })
  test('a day’s limit: the whole account, until the day’s header says', async () => {
    simulator.fail({ on: 'POST *', fault: { kind: 'rate-limited', seconds: 7200, day: true } })
    const { after, scope } = await failed(replyTo('2001', 'hi'))
    expect(scope).toBe('account')
    expect(Math.abs(after!.getTime() - now() - 7_200_000)).toBeLessThan(5000)
  })
  test('the sixteenth message in a quarter of an hour, by X’s own count', async () => {
    for (let count = 0; count < 15; count += 1) await send(replyTo('2001', `${count}`))
    expect(await failed(replyTo('2001', 'one more'))).toMatchObject({ outcome: 'retry', code: 'rate_limited' })
  })
  test.each([
    ['Daily', '2026-11-25T00:00:00.000Z'],
    ['Monthly', '2026-12-01T00:00:00.000Z'],
  ] as const)('a %s cap: the whole account, until %s', async (period, after) => {
    account.tools.setNow(new Date('2026-11-24T12:00:00Z'))
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'refuse', refusal: refusals.usageCapped(period) } })
    expect(await failed(answer(id, 'hi'))).toMatchObject({
      outcome: 'retry',
      code: 'quota',
      scope: 'account',
      after: new Date(after),
    })
  })
  test('credits that are used up', async () => {
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'refuse', refusal: refusals.noCredits() } })
    expect(await failed(answer(id, 'hi'))).toMatchObject({ outcome: 'retry', code: 'quota', scope: 'account' })
  })
  test.each([refusals.unauthorized(), refusals.suspended()])(
    'keys that are refused, an account that is suspended: %o',
    async (refusal) => {
      const { id } = complains()
      simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'refuse', refusal } })
      expect(await failed(answer(id, 'hi'))).toMatchObject({
        outcome: 'retry',
        code: 'credentials_refused',
        scope: 'account',
      })
    },
  )
  test('a film that X is still preparing is not uploaded again', async () => {
    const { id } = complains()
    const stop = new AbortController()
    const film = fileOf('video', 'video/mp4', drawPicture())
    const preparing = { data: { id: '1', processing_info: { state: 'in_progress', check_after_secs: 60 } } }
    const body = JSON.stringify(preparing)
    simulator.fail({ on: 'GET /2/media/upload', fault: { kind: 'garbage', accepted: false, body } })
    const reply = answer(id, 'film', { media: [film], signal: stop.signal })
    const attempt = failed(reply)
    await until(() => simulator.calls.some(({ outcome }) => outcome === 'garbage'))
    // The answer has to be read before the time is over.
    await until(() =>
      account.tools.exchanges.some(({ response }) => JSON.stringify(response ?? '').includes('in_progress')),
    )
    stop.abort()
    expect(await attempt).toMatchObject({ outcome: 'retry' })
    await send({ ...reply, signal: new AbortController().signal })
    expect(simulator.calls.filter(({ path }) => path.endsWith('/initialize'))).toHaveLength(1)
    expect(simulator.ledger).toHaveLength(1)
  })
})

describe('what is in doubt', () => {
  const cases: [Fault, string][] = [
    [{ kind: 'status', status: 503, accepted: true }, 'platform_error'],
    [{ kind: 'status', status: 408, accepted: true }, 'platform_error'],
    [{ kind: 'garbage', accepted: true }, 'platform_error'],
    [{ kind: 'garbage', accepted: true, body: '{"data":{}}' }, 'platform_error'],
    [{ kind: 'garbage', accepted: true, body: '"text"' }, 'platform_error'],
    [{ kind: 'cut', accepted: true }, 'platform_error'],
    [{ kind: 'reset', accepted: true }, 'no_answer'],
  ]
  test.each(cases)('%o is unknown: %s', async (fault, code) => {
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault })
    expect(await failed(answer(id, 'hi'))).toMatchObject({ outcome: 'unknown', code })
    lin.writes('hi')
    simulator.fail({ on: 'POST /2/dm_conversations/*', fault })
    expect(await failed(replyTo('2001', 'hi'))).toMatchObject({ outcome: 'unknown', code })
  })
  test('an answer that never comes, when the time is over', async () => {
    const { id } = complains()
    const stop = new AbortController()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'silence', accepted: true } })
    const attempt = failed(answer(id, 'hi', { signal: stop.signal }))
    await until(() => simulator.ledger.length === 1)
    stop.abort()
    expect(await attempt).toMatchObject({ outcome: 'unknown', code: 'no_answer' })
  })
  test('nothing of the sort while files are uploaded: no post was made', async () => {
    const { id } = complains()
    for (const fault of cases.map(([one]) => one)) {
      simulator.fail({ on: 'POST /2/media/upload/initialize', fault })
      const media = [fileOf('photo', 'image/png', drawPicture())]
      expect(await failed(answer(id, 'hi', { media }))).toMatchObject({ outcome: 'retry', code: 'unreachable' })
    }
    expect(simulator.ledger).toEqual([])
  })
  test('the same words refused after a doubt: they had arrived', async () => {
    const { id } = complains()
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'reset', accepted: true } })
    await failed(answer(id, 'hi'))
    expect(await send(answer(id, 'hi', { doubted: true }))).toEqual({ externalId: null })
    expect(await failed(answer(id, 'hi'))).toMatchObject({ outcome: 'rejected', code: 'duplicate' })
    expect(simulator.ledger).toHaveLength(1)
  })
})

describe('what never left', () => {
  test.each(['http://127.0.0.1:1', 'https://nowhere.invalid'])('nobody at %s', async (apiRoot) => {
    const lost = openAccount({ ...simulator.settings(), apiRoot })
    await expect(lost.connection.send(answer('1', 'hi'))).rejects.toMatchObject({
      outcome: 'retry',
      code: 'unreachable',
    })
    lost.tools.close()
  })
  test('a TLS connection that does not come up', async () => {
    const server = net.createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const apiRoot = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const lost = openAccount({ ...simulator.settings(), apiRoot })
    await expect(lost.connection.send(answer('1', 'hi'))).rejects.toMatchObject({
      outcome: 'retry',
      code: 'unreachable',
    })
    lost.tools.close()
    server.close()
  })
  test('a reply whose time was over before it began', async () => {
    expect(await failed(answer('1', 'hi', { signal: AbortSignal.abort() }))).toMatchObject({ outcome: 'retry' })
    expect(simulator.calls).toEqual([])
  })
})

describe('whether it arrived', () => {
  const find = (reply: Reply) => account.connection.findSent!(reply)
  test('a post is found among the account’s own, by what it answers and says', async () => {
    const { id } = complains()
    const reply = answer(id, 'See https://example.com/help/power?x=1&y=2 please')
    simulator.fail({ on: 'POST /2/tweets', fault: { kind: 'reset', accepted: true } })
    await failed(reply)
    expect(await find(reply)).toEqual({
      externalId: simulator.ledger[0]!.id,
      url: `https://x.com/huixin_care/status/${simulator.ledger[0]!.id}`,
    })
  })
  test('it did not, after three looks', async () => {
    const { id } = complains()
    const reply = answer(id, 'hi')
    await expect(find(reply)).rejects.toMatchObject({ reason: 'later' })
    await expect(find(reply)).rejects.toMatchObject({ reason: 'later' })
    expect(await find(reply)).toBe('absent')
  })
  test('nobody can tell of a message, nor of a picture without words', async () => {
    expect(await find(replyTo('2001', 'hi'))).toBe('cannot-tell')
    const { id } = complains()
    expect(await find(answer(id, ''))).toBe('cannot-tell')
    expect(simulator.calls).toEqual([])
  })
  test('an earlier picture without words is not taken for a later one', async () => {
    const { id } = complains()
    await send(answer(id, '', { media: [fileOf('photo', 'image/png', drawPicture())] }))
    expect(await find(answer(id, ''))).toBe('cannot-tell')
  })
})

test('what each reading cost is counted once a day', async () => {
  const { id } = complains()
  await send(answer(id, 'hi'))
  const reply = answer(id, 'other')
  for (const _ of [1, 2]) await account.connection.findSent!(reply).catch(() => {})
  expect(await account.tools.usage.count('post-read', new Date(0))).toBe(1)
  expect(await account.tools.usage.count('user-read', new Date(0))).toBe(1)
})

test.each([
  ['hi', '@lin_wei hi'],
  ['see https://example.com', 'see https://t.co/abc123'],
  ['see example.com/a now', '@a @b see http://example.com/a  now '],
  ['Cafe\u0301', 'Café'],
])('%j comes back as %j', (ours, theirs) => {
  expect(account.connection.sameText!(ours, theirs)).toBe(true)
  expect(account.connection.sameText!(`${ours}!`, theirs)).toBe(false)
})
