import { expect, test } from 'vitest'
import type { Connection, PollResult } from '#channel/adapter.ts'
import type { InboundMessage } from '#channel/events.ts'
import { open, replyTo } from './test-open.ts'

const signal = AbortSignal.timeout(60_000)
const ask = (connection: Connection, cursor: string | null): Promise<PollResult> =>
  connection.poll!({ stream: 'mentions', cursor, hint: null }, signal)

/** Reads until there is no more. */
async function readAll(connection: Connection, from: string | null) {
  const events: PollResult['events'][number][] = []
  let cursor = from
  for (;;) {
    const result = await ask(connection, cursor)
    events.push(...result.events)
    cursor = result.cursor
    if (!result.more) return { events, cursor }
  }
}
const messagesOf = (events: PollResult['events']): InboundMessage[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.message] : []))

test('what was there before the account was connected becomes no ticket', async () => {
  const { simulator, connection, lin } = await open()
  for (let n = 0; n < 3; n += 1) simulator.write(lin, { text: `@acme_care 旧 ${n}` })
  const first = await ask(connection, null)
  expect(first.events).toEqual([])
  simulator.write(lin, { text: '@acme_care 新' })
  const { events } = await readAll(connection, first.cursor)
  expect(messagesOf(events).map(({ text }) => text)).toEqual(['@acme_care 新'])
})

test('an account nobody ever wrote to begins at nothing', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  simulator.write(lin, { text: '@acme_care 第一' })
  expect(messagesOf((await readAll(connection, cursor)).events)).toHaveLength(1)
})

test('a hundred mentions at once come once each, in their order, over several pages', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const posts = Array.from({ length: 100 }, (_, n) => simulator.write(lin, { text: `@acme_care 第 ${n} 条` }))
  const { events } = await readAll(connection, cursor)
  expect(messagesOf(events).map(({ externalId }) => externalId)).toEqual(posts.map(({ id }) => id))
})

test('a page that is read again, as after a crash, brings the same events', async () => {
  const { simulator, connection, reopen, lin } = await open()
  const { cursor } = await ask(connection, null)
  simulator.write(lin, { text: '@acme_care a' })
  const once = await ask(connection, cursor)
  expect(JSON.stringify((await ask(reopen(), cursor)).events)).toBe(JSON.stringify(once.events))
})

test('a notification whose number appears late is read, and the others not twice', async () => {
  const { simulator, connection, lin } = await open()
  let { cursor } = await ask(connection, null)
  const late = simulator.write(lin, { text: '@acme_care 慢' })
  const [hidden] = simulator.world.notifications.splice(-1)
  simulator.write(lin, { text: '@acme_care 快' })
  const first = await readAll(connection, cursor)
  cursor = first.cursor
  simulator.world.notifications.push(hidden!)
  const second = await readAll(connection, cursor)
  expect(messagesOf(first.events).map(({ text }) => text)).toEqual(['@acme_care 快'])
  expect(messagesOf(second.events).map(({ externalId }) => externalId)).toEqual([late.id])
  expect((await readAll(connection, second.cursor)).events).toEqual([])
})

test('edge: an answer to our answer stays in the thread, however deep', async () => {
  const { simulator, connection, lin } = await open()
  let { cursor } = await ask(connection, null)
  let asked = simulator.write(lin, { text: '@acme_care 很卡' })
  const root = asked.id
  const threads = new Set<string>()
  for (let turn = 0; turn < 4; turn += 1) {
    const read = await readAll(connection, cursor)
    cursor = read.cursor
    const [message] = messagesOf(read.events)
    expect(message).toMatchObject({ externalId: asked.id, rootId: root, parentId: asked.replyTo })
    threads.add(message!.threadId)
    const { externalId } = await connection.send(replyTo(asked))
    asked = simulator.write(lin, { text: `@acme_care 还是卡 ${turn}`, replyTo: externalId! })
  }
  expect([...threads]).toEqual([`${root}:${lin.id}`])
})

test('edge: a conversation that went on keeps its root when its first post is deleted', async () => {
  const { simulator, connection, lin } = await open()
  const start = await ask(connection, null)
  const root = simulator.write(lin, { text: '@acme_care 一' })
  const first = await connection.send(replyTo(root))
  const second = simulator.write(lin, { text: '@acme_care 二', replyTo: first.externalId! })
  const { events, cursor } = await readAll(connection, start.cursor)
  const answer = await connection.send(replyTo(second))
  simulator.erase(root)
  const third = simulator.write(lin, { text: '@acme_care 三', replyTo: answer.externalId! })
  const later = await readAll(connection, cursor)
  expect(messagesOf(later.events)).toMatchObject([{ externalId: third.id, threadId: messagesOf(events)[0]!.threadId }])
})

test('a mention below the post of a third person shows what it answers', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const wang = simulator.meet({ username: 'wang', name: '王' })
  const theirs = simulator.write(wang, { text: '电池怎么样？' })
  simulator.write(lin, { text: '@acme_care 半天就没电', replyTo: theirs.id })
  const [message] = messagesOf((await readAll(connection, cursor)).events)
  expect(message).toMatchObject({
    rootId: theirs.id,
    threadId: `${theirs.id}:${lin.id}`,
    context: { text: '电池怎么样？', author: '王' },
  })
})

test('a chain that runs in a circle ends', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const post = simulator.write(lin, { text: '@acme_care a', replyTo: '7' })
  const status = (id: string, above: string) => ({
    id,
    in_reply_to_id: above,
    created_at: '2026-11-22T08:00:00Z',
    visibility: 'public',
    account: { id: '9', acct: 'x' },
  })
  // The simulator writes no `in_reply_to_id` for a parent it does not have.
  simulator.world.posts.set('7', { ...post, id: '7', replyTo: null })
  const body = { ancestors: [status('7', '8'), status('8', '7')], descendants: [] }
  simulator.failAt(`GET /api/v1/statuses/${post.id}/context`, { kind: 'answer', status: 200, body })
  expect(messagesOf((await readAll(connection, cursor)).events)).toMatchObject([{ rootId: '7' }])
})

test('edge: mentions the account’s policy puts aside come in', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  simulator.write(lin, { text: '@acme_care 我是新来的', filtered: true })
  expect(messagesOf((await readAll(connection, cursor)).events)).toHaveLength(1)
})

test('edge: a quote of ours comes in with what it quotes', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const ours = simulator.write(simulator.world.me, { text: '新机发布' })
  simulator.write(lin, { text: '已经坏了', quotes: ours })
  const [message] = messagesOf((await readAll(connection, cursor)).events)
  expect(message).toMatchObject({ text: '已经坏了', context: { text: '新机发布', author: 'Acme 客服' } })
})

test('our own posts and favourites of them become nothing', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const ours = simulator.write(simulator.world.me, { text: '@acme_care 自言自语' })
  simulator.notify('favourite', lin, ours)
  simulator.notify('mention', simulator.world.me, ours)
  expect((await readAll(connection, cursor)).events).toEqual([])
})

test('a payload kept as it came reads again to the same event', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  simulator.write(lin, { text: '@acme_care a' })
  const { events } = await readAll(connection, cursor)
  const [message] = messagesOf(events)
  expect(connection.reread!(JSON.parse(JSON.stringify(message!.raw)))).toMatchObject([{ message: { ...message } }])
})

test.each([
  [401, { error: 'The access token is invalid' }, 'credentials'],
  [403, { error: 'This action is outside the authorized scopes' }, 'credentials'],
  [404, 'not here', 'later'],
  [429, {}, 'later'],
  [503, {}, 'later'],
  [200, { not: 'a list' }, 'later'],
] as const)('a page answered %i %j is a ReadError: %s', async (status, body, reason) => {
  const { simulator, connection } = await open()
  const { cursor } = await ask(connection, null)
  simulator.failAt('GET /api/v1/notifications', { kind: 'answer', status, body })
  await expect(ask(connection, cursor)).rejects.toMatchObject({ name: 'ReadError', reason })
})

test('a 429 says when to come back', async () => {
  const { simulator, connection } = await open()
  const { cursor } = await ask(connection, null)
  simulator.failAt('GET /api/v1/notifications', { kind: 'rate-limited', seconds: 120 })
  const before = Date.now()
  const error: unknown = await ask(connection, cursor).catch((thrown) => thrown)
  expect((error as { after: Date }).after.getTime() - before).toBeGreaterThan(115_000)
})

test('a conversation that cannot be asked for now leaves the page for the next time', async () => {
  const { simulator, connection, lin } = await open()
  const { cursor } = await ask(connection, null)
  const theirs = simulator.write(simulator.meet({ username: 'wang' }), { text: '?' })
  const post = simulator.write(lin, { text: '@acme_care a', replyTo: theirs.id })
  simulator.failAt(`GET /api/v1/statuses/${post.id}/context`, { kind: 'answer', status: 503, body: {} })
  await expect(ask(connection, cursor)).rejects.toMatchObject({ reason: 'later' })
  expect(messagesOf((await readAll(connection, cursor)).events)).toMatchObject([{ rootId: theirs.id }])
})

test('polling waits when few calls are left, so that answers go out', async () => {
  const { connection } = await open({ callsPer5Minutes: 41 })
  const before = Date.now()
  const { nextAt } = await ask(connection, null)
  expect(nextAt!.getTime() - before).toBeGreaterThan(200_000)
})

test('a stop in the middle is a ReadError', async () => {
  const { simulator, connection } = await open()
  const { cursor } = await ask(connection, null)
  simulator.failAt('GET /api/v1/notifications', { kind: 'hang' })
  const asked = connection.poll!({ stream: 'mentions', cursor, hint: null }, AbortSignal.timeout(100))
  await expect(asked).rejects.toMatchObject({ name: 'ReadError', reason: 'later' })
})
