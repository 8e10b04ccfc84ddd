/** Polling, files, checks and settings, against the simulated platform. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PollResult } from '#channel/adapter.ts'
import type { ExternalMedia, InboundEvent } from '#channel/events.ts'
import {
  type Customer,
  drawPicture,
  problem,
  Refusal,
  refusals,
  startXSimulator,
  type XSimulator,
} from './simulator.ts'
import { openAccount, replyTo, type TestAccount } from './test-account.ts'
import { openDoor } from './test-door.ts'

const minute = 60_000
let clock: number
let simulator: XSimulator
let account: TestAccount
let lin: Customer
const opened: TestAccount[] = []

function open(...args: Parameters<typeof openAccount>): TestAccount {
  const one = openAccount(...args)
  opened.push(one)
  one.tools.setNow(new Date(clock))
  return one
}
function passes(ms: number): void {
  clock += ms
  for (const { tools } of opened) tools.setNow(new Date(clock))
}

beforeEach(async () => {
  clock = Date.now()
  simulator = await startXSimulator({ now: () => clock })
  account = open(simulator.settings())
  lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
})
afterEach(async () => {
  for (const { tools } of opened.splice(0)) tools.close()
  await simulator.close()
})

const streamOf = ({ connection }: TestAccount, kind: string) =>
  connection.streams!().find((name) => name.startsWith(kind))!
const once = (kind: string, cursor: string | null = null, from = account): Promise<PollResult> =>
  from.connection.poll!({ stream: streamOf(from, kind), cursor, hint: null }, AbortSignal.timeout(10_000))

async function all(
  kind: string,
  cursor: string | null = null,
  from = account,
): Promise<{ events: InboundEvent[]; cursor: string | null; pages: number }> {
  const events: InboundEvent[] = []
  for (let pages = 1; ; pages += 1) {
    const result = await once(kind, cursor, from)
    events.push(...result.events)
    cursor = result.cursor
    if (!result.more) return { events, cursor, pages }
  }
}
const idsOf = (events: readonly InboundEvent[]) =>
  events.flatMap((event) => ('message' in event ? [event.message.externalId] : []))

describe('mentions', () => {
  test('more than a page are read to the end, and each is there once', async () => {
    const posts = Array.from({ length: 230 }, (_, index) => lin.posts(`@huixin_care 第 ${index} 次`).id)
    const { events, pages } = await all('mentions')
    expect(pages).toBe(3)
    expect(idsOf(events).toSorted()).toEqual(posts.toSorted())
  })
  test('a day is where a new account begins, and what is older stays', async () => {
    const old = lin.posts('@huixin_care old')
    passes(25 * 60 * minute)
    const recent = lin.posts('@huixin_care new')
    expect(idsOf((await all('mentions')).events)).toEqual([recent.id])
    expect(old.id).not.toBe(recent.id)
  })
  test('after a long time without a look, what was missed is read', async () => {
    const { cursor } = await all('mentions')
    passes(3 * 24 * 60 * minute)
    const post = lin.posts('@huixin_care missed')
    passes(2 * 24 * 60 * minute)
    expect(idsOf((await all('mentions', cursor)).events)).toEqual([post.id])
  })
  test('now and then a sweep goes six hours back', async () => {
    const { cursor } = await all('mentions')
    const late = lin.posts('@huixin_care listed late', { listedAfterMs: 30 * minute })
    passes(20 * minute)
    const second = await all('mentions', cursor)
    passes(15 * minute)
    const third = await all('mentions', second.cursor)
    expect(idsOf(third.events)).toEqual([])
    passes(40 * minute)
    expect(idsOf((await all('mentions', third.cursor)).events)).toEqual([late.id])
  })
  test('a sweep goes to the end of the list, however short its pages are', async () => {
    lin.posts('@huixin_care the first')
    const first = await once('mentions')
    const ids: string[] = []
    let cursor = first.cursor
    // As X gives them when it takes out of a page, after counting, what was deleted or is protected.
    for (let page = 1; page <= 12; page += 1) {
      const { id } = lin.posts(`@huixin_care ${page}`)
      ids.push(id)
      const meta = page < 12 ? { result_count: 1, next_token: `t${page}` } : { result_count: 1 }
      const data = [{ id, text: `@huixin_care ${page}`, author_id: '2001' }]
      simulator.fail({
        on: 'GET */mentions',
        fault: { kind: 'garbage', accepted: false, body: JSON.stringify({ data, meta }) },
      })
      const result = await once('mentions', cursor)
      expect([page, idsOf(result.events), result.more]).toEqual([page, [id], page < 12])
      cursor = result.cursor
    }
  })
  test('where X may have listed less than there is, somebody is told', async () => {
    for (let index = 0; index < 801; index += 1) lin.posts(`@huixin_care ${index}`)
    expect(idsOf((await all('mentions')).events)).toHaveLength(800)
    expect(account.tools.healths).toMatchObject([{ state: 'warning', text: { en: expect.stringContaining('800') } }])
  })
  test('a page that is no longer there begins the sweep again', async () => {
    for (let index = 0; index < 101; index += 1) lin.posts(`@huixin_care ${index}`)
    const first = await once('mentions')
    simulator.fail({
      on: 'GET */mentions',
      fault: { kind: 'refuse', refusal: problem(400, 'no such token', 'invalid-request') },
    })
    const second = await once('mentions', first.cursor)
    expect(second).toMatchObject({ events: [], more: false })
    expect(idsOf((await all('mentions', second.cursor)).events)).toHaveLength(101)
  })
  test('a cursor nobody wrote is as none', async () => {
    const post = lin.posts('@huixin_care hi')
    for (const cursor of ['', 'x', '{}', '[]', 'null', '{"sweptAt":"x"}'])
      expect(idsOf((await all('mentions', cursor)).events)).toEqual([post.id])
  })
  test('the same page twice is counted once a day, and again the next day', async () => {
    lin.posts('@huixin_care hi')
    const used = () => account.tools.usage.count('post-read', new Date(0))
    clock = Date.UTC(2026, 10, 24, 12)
    passes(0)
    const post = lin.posts('@huixin_care ho')
    const { cursor } = await all('mentions')
    await all('mentions', cursor)
    const before = await used()
    passes(12 * 60 * minute)
    await all('mentions')
    expect(await used()).toBeGreaterThan(before)
    expect(post.id).toMatch(/^\d+$/u)
  })
  test.each([
    [{ kind: 'rate-limited', seconds: 300 }, { reason: 'later' }],
    [{ kind: 'status', status: 503, accepted: false }, { reason: 'later' }],
    [{ kind: 'garbage', accepted: false, body: '{}' }, { reason: 'later' }],
    [{ kind: 'garbage', accepted: false, body: '[]' }, { reason: 'later' }],
    [{ kind: 'refuse', refusal: refusals.unauthorized() }, { reason: 'credentials' }],
    [
      { kind: 'refuse', refusal: refusals.noCredits() },
      { reason: 'later', text: { en: expect.stringContaining('credits') } },
    ],
  ] as const)('%o is told as %o', async (fault, expected) => {
    simulator.fail({ on: 'GET */mentions|GET /2/dm_events', fault, times: 2 })
    const error: unknown = await once('mentions').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'ReadError', ...expected })
    if (fault.kind === 'rate-limited')
      expect((error as { after: Date }).after.getTime() - clock).toBeGreaterThan(299_000)
    await expect(once('messages')).rejects.toMatchObject(expected)
  })
})

describe('messages', () => {
  test('those since the last look are read over several pages; the first look takes the newest of a day', async () => {
    lin.writes('an old one')
    passes(25 * 60 * minute)
    lin.writes('first')
    const first = await all('messages')
    expect(first.events).toHaveLength(1)
    const ids = Array.from({ length: 150 }, (_, index) => `dm:${lin.writes(`${index}`)}`)
    const second = await all('messages', first.cursor)
    expect(second.pages).toBe(3)
    expect(new Set(idsOf(second.events))).toEqual(new Set([...ids, ...idsOf(first.events)]))
  })
  test('however many came since the last look, none is left out', async () => {
    const { cursor } = await all('messages')
    const ids = Array.from({ length: 700 }, (_, index) => `dm:${lin.writes(`${index}`)}`)
    expect(idsOf((await all('messages', cursor)).events).toSorted()).toEqual(ids.toSorted())
  })
  test('an empty page in between is not the end', async () => {
    const { cursor } = await all('messages')
    const ids = Array.from({ length: 150 }, (_, index) => `dm:${lin.writes(`${index}`)}`)
    const first = await once('messages', cursor)
    const body = JSON.stringify({ meta: { result_count: 0, next_token: 'page20' } })
    simulator.fail({ on: 'GET /2/dm_events', fault: { kind: 'garbage', accepted: false, body } })
    const empty = await once('messages', first.cursor!.replace('page20', 'page0'))
    expect(empty).toMatchObject({ events: [], more: true })
    const rest = await all('messages', empty.cursor)
    expect(idsOf([...first.events, ...rest.events]).toSorted()).toEqual(ids.toSorted())
  })
  test('in webhook mode they are read as well, as mentions are: slowly, for what the webhook did not bring', async () => {
    const hooked = open({ ...simulator.settings(), mode: 'webhook' })
    const id = lin.writes('while nobody listened')
    const { nextAt, events } = await once('messages', null, hooked)
    expect(idsOf(events)).toEqual([`dm:${id}`])
    expect(nextAt!.getTime() - clock).toBeGreaterThanOrEqual(15 * minute)
    expect((await once('mentions', null, hooked)).nextAt!.getTime() - clock).toBeGreaterThanOrEqual(15 * minute)
  })
})

describe('other settings', () => {
  test('of the same account go on where the last ones stood', async () => {
    const before = { mentions: (await all('mentions')).cursor, messages: (await all('messages')).cursor }
    passes(3 * 24 * 60 * minute)
    const posts = Array.from({ length: 3 }, (_, index) => lin.posts(`@huixin_care ${index}`).id)
    const ids = Array.from({ length: 40 }, (_, index) => `dm:${lin.writes(`${index}`)}`)
    passes(2 * 24 * 60 * minute)
    const renewed = open(simulator.settings('oauth2'))
    expect(renewed.connection.streams!()).toEqual(account.connection.streams!())
    expect(idsOf((await all('mentions', before.mentions, renewed)).events).toSorted()).toEqual(posts.toSorted())
    expect(idsOf((await all('messages', before.messages, renewed)).events).toSorted()).toEqual(ids.toSorted())
  })
  test('of another account begin anew', async () => {
    const before = { mentions: (await all('mentions')).cursor, messages: (await all('messages')).cursor }
    lin.posts('@huixin_care in between')
    lin.writes('in between')
    passes(3 * 24 * 60 * minute)
    for (const kind of ['mentions', 'messages'] as const) {
      const ofAnother = before[kind]!.replace(simulator.account.id, '1790000000000000009')
      expect(ofAnother).not.toBe(before[kind])
      expect((await all(kind, ofAnother)).events).toEqual([])
    }
  })
})

describe('files', () => {
  const fileIn = (events: readonly InboundEvent[]): ExternalMedia =>
    events.flatMap((event) => (event.type === 'message' ? event.message.media : []))[0]!

  test('of a post', async () => {
    const picture = drawPicture(3)
    lin.posts('@huixin_care 看图', { photos: [picture] })
    const media = fileIn((await all('mentions')).events)
    expect(media).toMatchObject({ kind: 'photo', mimeType: 'image/png', width: 96, height: 160 })
    const response = await account.connection.download!(media, AbortSignal.timeout(5000))
    expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true)
  })
  test('a film, in the best size that can be kept', async () => {
    lin.posts('@huixin_care 看视频', { video: Buffer.alloc(4000, 1) })
    const media = fileIn((await all('mentions')).events)
    expect(media).toMatchObject({
      kind: 'video',
      durationMs: 4000,
      reference: { url: expect.stringMatching(/\.mp4$/u) },
    })
  })
  test.each(['oauth1', 'oauth2'] as const)('of a message, by %s', async (auth) => {
    account = open(simulator.settings(auth))
    const picture = drawPicture(5)
    lin.writes('看图', picture)
    const { events } = await all('messages')
    expect(events).toMatchObject([{ message: { text: '看图' } }])
    const response = await account.connection.download!(fileIn(events), AbortSignal.timeout(5000))
    expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true)
    expect(response.headers.get('content-type')).toBe('image/png')
  })
  test('that are gone, or nowhere, or within', async () => {
    const shape = {
      kind: 'photo',
      externalId: 'u',
      name: null,
      mimeType: null,
      bytes: null,
      width: null,
      height: null,
      durationMs: null,
    } as const
    const get = (url: string | null) =>
      account.connection.download!({ ...shape, reference: { url } }, AbortSignal.timeout(5000))
    await expect(get(null)).rejects.toMatchObject({ reason: 'gone' })
    await expect(get('not an address')).rejects.toMatchObject({ reason: 'gone' })
    await expect(get('http://127.0.0.1:49151/a.png')).rejects.toMatchObject({ reason: 'gone' })
    await expect(get('https://ton.twitter.com/1.1/ton/data/dm/1/2/none.png')).rejects.toMatchObject({ reason: 'gone' })
    expect((await get(`${simulator.url}/media/none.png`)).status).toBe(404)
  })
})

describe('the check', () => {
  test('tells how long a token is good that is renewed by itself', async () => {
    const renewed = open(simulator.settings('oauth2'))
    expect(await renewed.connection.check()).toMatchObject({
      state: 'ok',
      credentials: { until: expect.stringMatching(/^20\d\d-.*Z$/u), renews: true },
    })
  })

  const asked = () => simulator.calls.filter(({ path }) => path === '/2/users/me').length

  test('asks who we are once a day, and again when the keys were refused', async () => {
    for (const _ of [1, 2, 3]) expect(await account.connection.check()).toEqual({ state: 'ok', name: '@huixin_care' })
    expect(asked()).toBe(1)
    simulator.fail({ on: 'POST /2/dm_conversations/*', fault: { kind: 'refuse', refusal: refusals.unauthorized() } })
    await account.connection.send(replyTo('2001', 'hi')).catch(() => {})
    await account.connection.check()
    expect(asked()).toBe(2)
    passes(25 * 60 * minute)
    await account.connection.check()
    expect(asked()).toBe(3)
  })
  test('says in words that the keys are wrong', async () => {
    const wrong = open({ ...simulator.settings(), accessSecret: 'another-secret' })
    expect(await wrong.connection.check()).toMatchObject({
      state: 'refused',
      text: { en: expect.stringContaining('keys') },
    })
  })
  test.each([
    [null, 'HUIXIN_URL'],
    ['http://127.0.0.1:1/webhooks/1', 'switched the webhook off'],
  ])('says in words that X cannot call %s', async (webhookUrl, words) => {
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl })
    expect(await hooked.connection.check()).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining(words) },
    })
  })
  test('says in words that the bearer token is wrong; sends need not wait for it', async () => {
    const hooked = open(
      { ...simulator.settings(), mode: 'webhook', bearerToken: 'another-token' },
      { webhookUrl: 'http://127.0.0.1:1/w' },
    )
    expect(await hooked.connection.check()).toMatchObject({
      state: 'warning',
      name: '@huixin_care',
      text: { en: expect.stringContaining('bearer') },
    })
  })
  test('says in words that the app has all the webhooks it may have, and which events X does not tell', async () => {
    const door = await openDoor()
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
    door.connect(hooked.connection)
    simulator.fail({
      on: 'POST /2/activity/subscriptions',
      fault: { kind: 'refuse', refusal: problem(403, 'not permitted') },
    })
    expect(await hooked.connection.check()).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('post.mention.create') },
    })
    expect(await hooked.connection.check()).toMatchObject({ state: 'ok' })
    const other = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: `${door.url}/other` })
    expect(await other.connection.check()).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('all the webhooks') },
    })
    await door.close()
  })
  test('sets up what X tells once, and takes it away with the account, or when it is polled again', async () => {
    const door = await openDoor()
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
    door.connect(hooked.connection)
    await hooked.connection.check()
    await hooked.connection.check()
    expect(simulator.subscriptions).toHaveLength(10)
    await hooked.connection.release!()
    expect([...simulator.subscriptions, ...simulator.webhooks]).toEqual([])
    await hooked.connection.check()
    expect(simulator.webhooks).toHaveLength(1)
    await open(simulator.settings(), { webhookUrl: door.url }).connection.check()
    expect([...simulator.subscriptions, ...simulator.webhooks]).toEqual([])
    await door.close()
  })
  test('access that was taken back is told as soon as X tells it', async () => {
    const door = await openDoor()
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
    door.connect(hooked.connection)
    await hooked.connection.check()
    simulator.revoke()
    await simulator.idle()
    expect(hooked.tools.healths).toMatchObject([
      { state: 'refused', text: { en: expect.stringContaining('took back') } },
    ])
    expect(await hooked.connection.check()).toMatchObject({ state: 'refused' })
    await door.close()
  })
  test('a webhook that comes twice, or while others do, brings the same events', async () => {
    const door = await openDoor()
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
    door.connect(hooked.connection)
    await hooked.connection.check()
    const { id } = lin.posts('@huixin_care hi')
    await simulator.idle()
    const [delivery] = simulator.deliveries
    await Promise.all([1, 2, 3].map(() => simulator.pushRaw(delivery!.body)))
    expect(idsOf(door.events)).toEqual([id, id, id, id])
    expect(await simulator.pushRaw('{"data":[')).toBe(400)
    await door.close()
  })
  test('a signed body in a form of tomorrow is kept as unread', async () => {
    const door = await openDoor()
    const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
    door.connect(hooked.connection)
    await hooked.connection.check()
    expect(await simulator.pushRaw({ hello: 'tomorrow' })).toBe(200)
    expect(door.events).toMatchObject([{ type: 'unread' }])
    await door.close()
  })
})

test('a refused token endpoint that only was away is no end of the sign-in', async () => {
  account = open(simulator.settings('oauth2'))
  simulator.fail({ on: 'POST /2/oauth2/token', fault: { kind: 'status', status: 503, accepted: false } })
  await expect(account.connection.send(replyTo('2001', 'hi'))).rejects.toMatchObject({
    outcome: 'retry',
    code: 'unreachable',
  })
  simulator.fail({
    on: 'POST /2/oauth2/token',
    fault: { kind: 'refuse', refusal: new Refusal(429, problem(429, 'slow down').body) },
  })
  await expect(account.connection.send(replyTo('2001', 'hi'))).rejects.toMatchObject({
    outcome: 'retry',
    code: 'rate_limited',
  })
  await account.connection.send(replyTo('2001', 'hi'))
  expect(simulator.ledger).toHaveLength(1)
})
test('a refresh that X refuses for any reason is the sign-in’s affair and fails no reply', async () => {
  for (const [status, body] of [
    [400, { error: 'invalid_request', error_description: 'Value passed for the client id was invalid.' }],
    [400, { error: 'unauthorized_client' }],
    [403, problem(403, 'not permitted', 'client-forbidden').body],
    [404, {}],
  ] as const) {
    const one = open(simulator.settings('oauth2'))
    simulator.fail({ on: 'POST /2/oauth2/token', fault: { kind: 'refuse', refusal: new Refusal(status, body) } })
    await expect(one.connection.send(replyTo('2001', 'hi'))).rejects.toMatchObject({
      outcome: 'retry',
      code: 'credentials_refused',
      scope: 'account',
    })
    simulator.fail({ on: 'POST /2/oauth2/token', fault: { kind: 'refuse', refusal: new Refusal(status, body) } })
    expect(await one.connection.check()).toMatchObject({ state: 'refused' })
  }
  expect(simulator.ledger).toEqual([])
})
test('a public client refreshes without a secret', async () => {
  await simulator.close()
  simulator = await startXSimulator({ clientSecret: '', now: () => clock })
  account = open(simulator.settings('oauth2'))
  expect(await account.connection.check()).toMatchObject({ state: 'ok' })
})
test('a token is renewed before its two hours are over', async () => {
  account = open(simulator.settings('oauth2'))
  await account.connection.check()
  passes(119.5 * minute)
  await once('mentions')
  expect(simulator.refreshes()).toBe(2)
})
