/** The twelve nastiest things Telegram does, one test each and named by its number; what an inbox makes of them is asked of a real one. */

import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { InboundEvent } from '#channel/events.ts'
import type { Reply } from '#channel/reply.ts'
import type { OpenAccount } from '../../src/accounts/connections.ts'
import { identities, messageRevisions, messages, threads, tickets } from '../../src/db/schema.ts'
import { readMessages } from '../../src/tickets/messages.ts'
import { createHouse, type House } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { drawPicture, refuse, startTelegramSimulator, type TelegramSimulator } from './simulator.ts'
import { openAccount, replyTo, secret, type TestAccount, token } from './test-account.ts'

const lin = { id: 7001, first_name: 'Lin' }
const wu = { id: 7002, first_name: 'Wu' }
let house: House
let inbox: OpenAccount
let simulator: TelegramSimulator
let account: TestAccount
let cursor: string | null

beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 1000, bots: [{ token, username: 'care_bot' }] })
  account = openAccount({ apiRoot: simulator.url })
  inbox = await house.account()
  cursor = null
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

/** What waits at Telegram, and into the inbox with it. */
async function arrive(): Promise<readonly InboundEvent[]> {
  const result = await account.connection.poll!({ stream: 's', cursor, hint: '0' }, new AbortController().signal)
  cursor = result.cursor
  await house.ingest().submit(inbox, result.events)
  return result.events
}
const rows = async () =>
  house.db.select().from(messages).where(eq(messages.accountId, inbox.id)).orderBy(messages.orderedAt, messages.id)
const shown = async () =>
  readMessages(
    house.db,
    (await rows()).map(({ id }) => id),
  )
const ticketCount = async () => (await house.db.select().from(tickets).where(eq(tickets.accountId, inbox.id))).length
const placesOf = async () =>
  (await house.db.select().from(threads).where(eq(threads.accountId, inbox.id)))
    .map(({ externalId }) => externalId)
    .sort()
const send = (reply: Reply) => account.connection.send(reply)

test('edge 1: an edit of a caption is a revision, and the first words and the picture stay', async () => {
  const customer = simulator.customer(token, lin)
  const { messageId } = customer.sendsPhoto(drawPicture(1), '左边有条绿线')
  await arrive()
  customer.edits(messageId, '左边有条绿线，越来越宽')
  await arrive()
  expect(await shown()).toMatchObject([{ text: '左边有条绿线，越来越宽', media: [{}] }])
  const [row] = await rows()
  expect(row!.text).toBe('左边有条绿线')
  // A caption that was taken away leaves an empty one, and loses nothing.
  customer.edits(messageId, '')
  await arrive()
  const revisions = await house.db.select().from(messageRevisions).where(eq(messageRevisions.messageId, row!.id))
  expect(revisions.map(({ text }) => text).sort()).toEqual(['', '左边有条绿线，越来越宽'])
  expect(await shown()).toMatchObject([{ media: [{}] }])
})

test('edge 2: an album of ten whose caption comes last, in two halves, is one message', async () => {
  const customer = simulator.customer(token, lin)
  const acts = customer.sendsAlbum([...Array.from({ length: 9 }, () => ({})), { caption: '十张都在这里' }])
  const pending = await account.connection.poll!({ stream: 's', cursor: null, hint: '0' }, new AbortController().signal)
  await house.ingest().submit(inbox, pending.events.slice(0, 5))
  await house.ingest().submit(inbox, pending.events.slice(5))
  expect(acts).toHaveLength(10)
  const [album, ...others] = await shown()
  expect(others).toEqual([])
  expect(album).toMatchObject({ text: '十张都在这里' })
  expect(album!.media).toHaveLength(10)
})

test('edge 3: thirty forwarded messages at once make one ticket', async () => {
  const customer = simulator.customer(token, lin)
  const date = 1_763_000_000
  for (let index = 0; index < 30; index += 1) {
    const forward_origin = { type: 'hidden_user', sender_user_name: '维修师傅', date: date + index }
    customer.says(`聊天记录 ${index}`, { forward_origin })
  }
  const { events } = await account.connection.poll!(
    { stream: 's', cursor: null, hint: '0' },
    new AbortController().signal,
  )
  // As a webhook brings them: each by itself, to two nodes, all at once.
  const nodes = [house.ingest(), house.ingest()]
  await Promise.all(events.map((event, index) => nodes[index % 2]!.submit(inbox, [event])))
  expect(await ticketCount()).toBe(1)
  expect(await rows()).toHaveLength(30)
  expect((await rows())[0]).toMatchObject({ context: { author: '维修师傅' } })
})

test('edge 4: a group becomes a supergroup between question and answer, and stays one conversation', async () => {
  const group = simulator.group(token, { id: -5501, type: 'group', title: '老群' })
  group.says(lin, '开不了机')
  group.says(wu, '我也是')
  await arrive()
  const next = group.becomesSupergroup()
  const sent = await send(replyTo('-5501/7001', '请长按电源键', { surface: 'public', inReplyTo: '-5501:1' }))
  expect(sent).toMatchObject({ movedTo: `${next.chat.id}/7001` })
  expect(simulator.calls.map(({ outcome }) => outcome).slice(-2)).toEqual([400, 200])
  // The move and the first lines of the new group come in one answer.
  next.says(lin, '好了')
  next.says(wu, '我这台还是不行')
  await arrive()
  expect(await placesOf()).toEqual([`${next.chat.id}/7001`, `${next.chat.id}/7002`])
  expect(await ticketCount()).toBe(2)
})

test('edge 5: General is never named, and an answer to a topic that is gone stands beside it', async () => {
  const info = { id: -1001234567890, type: 'supergroup', title: '用户群', is_forum: true } as const
  const group = simulator.group(token, info)
  const topic = group.opensTopic(wu, '电池')
  group.says(lin, '掉电', { topic })
  group.says(wu, '大家好')
  const threadsOf = (await arrive()).flatMap((event) => ('message' in event ? [event.message.threadId] : []))
  expect(threadsOf).toEqual([`${info.id}/t${topic}/7001`, `${info.id}/7002`])
  await send(replyTo(threadsOf[1]!, '您好', { surface: 'public' }))
  expect(simulator.messages()[0]!.params).not.toHaveProperty('message_thread_id')
  group.deleteTopic(topic)
  const sent = await send(replyTo(threadsOf[0]!, '请检查电池健康', { surface: 'public' }))
  expect(sent.movedTo).toBe(`${info.id}/7001`)
  // With topics turned off altogether the number is passed over, and nothing has to be tried twice.
  group.turnsTopicsOff()
  await send(replyTo(threadsOf[0]!, '还在吗', { surface: 'public' }))
  expect(simulator.calls.map(({ outcome }) => outcome).slice(-3)).toEqual([400, 200, 200])
})

test('edge 6: who blocks the bot is unreachable until they let it in again', async () => {
  const customer = simulator.customer(token, lin)
  customer.says('算了')
  customer.blocks()
  await arrive()
  const person = async () =>
    (
      await house.db
        .select()
        .from(identities)
        .where(and(eq(identities.accountId, inbox.id)))
    )[0]
  expect(await person()).toMatchObject({ reachable: false })
  await expect(send(replyTo('7001', 'hi'))).rejects.toMatchObject({ outcome: 'rejected', code: 'blocked' })
  expect(simulator.calls.filter(({ method }) => method === 'sendMessage')).toHaveLength(1)
  // Seconds are all that Telegram tells.
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2000)
  customer.unblocks()
  vi.restoreAllMocks()
  await arrive()
  expect(await person()).toMatchObject({ reachable: true })
})

test('edge 7: an update that comes again, by webhook and by two nodes at once, is one message', async () => {
  const hook = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, 'https://care.example/webhooks/1')
  const customer = simulator.customer(token, lin)
  customer.says('手机很卡')
  const body = JSON.stringify((await updates())[0])
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  const call = () => new Request('https://care.example/webhooks/1', { method: 'POST', body, headers })
  const nodes = [house.ingest(), house.ingest()]
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const { events } = await hook.connection.webhook!(call(), new Date())
      await nodes[index % 2]!.submit(inbox, events)
    }),
  )
  await arrive()
  expect(await rows()).toHaveLength(1)
  hook.tools.close()
})

test('edge 8: after a quiet week the numbers go on anywhere, and nothing is lost or read twice', async () => {
  const customer = simulator.customer(token, lin)
  for (const next of [900_000_000, 41, 500_000_000, 7]) {
    simulator.jumpTo(token, next)
    customer.says(`from ${next}`)
    customer.says(`and ${next + 1}`)
    await arrive()
    await arrive()
  }
  expect((await rows()).map(({ text }) => text)).toHaveLength(8)
  expect(new Set((await rows()).map(({ externalId }) => externalId)).size).toBe(8)
})

test('edge 9: who hides behind a group or a channel is not the stand-in', async () => {
  const group = simulator.group(token, { id: -1001234567890, type: 'supergroup', title: '用户群' })
  group.saysAnonymously('请看置顶', { title: '值班' })
  group.saysAs({ id: -1007770002222, type: 'channel', title: '数码笔记' }, '我们也遇到了')
  group.saysAs({ id: -1007770003333, type: 'channel', title: '极客' }, '同上')
  await arrive()
  const people = await house.db.select().from(identities).where(eq(identities.accountId, inbox.id))
  expect(people.map(({ externalId, name }) => `${externalId} ${name}`).sort()).toEqual([
    '-1001234567890 用户群 · 值班',
    '-1007770002222 数码笔记',
    '-1007770003333 极客',
  ])
  expect(await ticketCount()).toBe(3)
})

test('edge 10: a wait of twenty minutes parks its chat, and holds up nobody else', async () => {
  const now = new Date('2026-11-24T12:00:00Z')
  account.tools.setNow(now)
  simulator.customer(token, lin).says('x')
  simulator.customer(token, wu).says('x')
  simulator.fail({ method: 'sendMessage', chatId: '7001', fault: refuse.tooMany(1221) })
  await expect(send(replyTo('7001', 'hi'))).rejects.toMatchObject({
    outcome: 'retry',
    code: 'rate_limited',
    scope: 'thread',
    after: new Date('2026-11-24T12:20:21Z'),
  })
  await send(replyTo('7002', 'hi'))
  account.tools.setNow(new Date('2026-11-24T12:20:22Z'))
  await send(replyTo('7001', 'hi'))
  expect(simulator.messages().map(({ chatId }) => chatId)).toEqual(['7002', '7001'])
})

test('edge 11: a business account that disconnects, or is silent for a day, cannot be answered; its owner’s lines are ours', async () => {
  const shop = simulator.business(token, { id: 777, first_name: 'Shop' })
  shop.says(lin, '在吗')
  shop.ownerSays(lin, '在的')
  const events = await arrive()
  expect(events.map(({ type }) => type)).toEqual(['message', 'echo'])
  expect((await rows())[0]).toMatchObject({ replyable: true, replyableUntil: expect.any(Date) })
  expect(await ticketCount()).toBe(1)
  const reply = replyTo(`${shop.id}/b/7001`, '您好')
  shop.goesQuiet(lin)
  await expect(send(reply)).rejects.toMatchObject({ outcome: 'rejected', code: 'window_closed' })
  shop.changes({ enabled: false })
  await arrive()
  await expect(send(reply)).rejects.toMatchObject({ outcome: 'rejected', code: 'permission' })
})

test('edge 12: an answer to a deleted message arrives, and a file of more than 20 MB fails no message', async () => {
  const customer = simulator.customer(token, lin)
  const document = { file_id: 'huge', file_unique_id: 'AgADhuge', file_name: 'video.mov', file_size: 90 * 1024 * 1024 }
  const { messageId } = customer.sends({ document, caption: '视频' })
  await arrive()
  expect(await shown()).toMatchObject([{ text: '视频', media: [{ name: 'video.mov' }] }])
  simulator.fail({
    method: 'getFile',
    fault: { kind: 'refuse', code: 400, description: 'Bad Request: file is too big' },
  })
  const media = { reference: { fileId: 'huge' } } as never
  const download = account.connection.download!(media, new AbortController().signal)
  await expect(download).rejects.toMatchObject({ reason: 'too_large' })
  simulator.group(token, customer.chat).deletes(messageId)
  await send(replyTo('7001', '收到', { inReplyTo: `7001:${messageId}` }))
  expect(simulator.messages()).toMatchObject([{ text: '收到', replyTo: null }])
})

test('a post and its copy are one ticket; comments stand under the post, each person’s by themselves', async () => {
  const info = { id: -1009876543210, type: 'channel', title: '公告' } as const
  const channel = simulator.channel(token, info, { id: -1001234567890, type: 'supergroup', title: '讨论组' })
  const { post, copy } = channel.posts('新品发布')
  await arrive()
  expect(await ticketCount()).toBe(1)
  const first = channel.comments(lin, copy!.messageId, '发热严重')
  channel.comments(wu, copy!.messageId, '我的也是', { answers: first.messageId })
  channel.edits(post.messageId, '新品发布！')
  await arrive()
  expect(await ticketCount()).toBe(3)
  const roots = await house.db.select().from(threads).where(eq(threads.accountId, inbox.id))
  expect(new Set(roots.map(({ rootId }) => rootId))).toEqual(new Set([`${info.id}/p${post.messageId}`]))
  expect(await placesOf()).toContain(`-1001234567890/c${copy!.messageId}/7002`)
})

test('a webhook brings the lines of one chat in their order, whatever fails in between', async () => {
  const group = simulator.group(token, { id: -1001234567890, type: 'supergroup', title: '用户群' })
  const seen: string[] = []
  let refusals = 2
  const { createServer } = await import('node:http')
  const hook = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, 'https://care.example/webhooks/1')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const given = request.headers['x-telegram-bot-api-secret-token']
      const call = new Request('https://care.example/', {
        method: 'POST',
        body: Buffer.concat(chunks),
        headers: { 'x-telegram-bot-api-secret-token': String(given) },
      })
      const { events } = await hook.connection.webhook!(call, new Date())
      if (refusals > 0) {
        refusals -= 1
        response.writeHead(503).end()
        return
      }
      seen.push(...events.flatMap((event) => ('message' in event ? [event.message.text] : [])))
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  for (const text of ['一', '二', '三', '四']) group.says(lin, text)
  await fetch(`${simulator.url}/bot${token}/setWebhook?secret_token=${secret}&url=http://127.0.0.1:${port}/`)
  await until(() => seen.length === 4)
  expect(seen).toEqual(['一', '二', '三', '四'])
  server.close()
  server.closeAllConnections()
  hook.tools.close()
})

async function updates(): Promise<unknown[]> {
  const response = await fetch(`${simulator.url}/bot${token}/getUpdates`)
  return ((await response.json()) as { result: unknown[] }).result
}
