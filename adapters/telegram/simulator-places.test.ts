/** The simulator's groups, channels and business accounts against the documentation, by plain HTTP. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTelegramSimulator, type TelegramSimulator } from './simulator.ts'

const token = '4242:simulated'
const lin = { id: 7001, first_name: 'Lin' }
let simulator: TelegramSimulator

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token, username: 'care_bot', name: 'Care' }] })
})
afterEach(() => simulator.close())

async function call(method: string, body: object = {}): Promise<{ readonly result?: unknown }> {
  const response = await fetch(`${simulator.url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as { readonly result?: unknown }
}

const forum = { id: -1001234567890, type: 'supergroup', title: '用户群', is_forum: true } as const
const updates = async () =>
  ((await call('getUpdates')).result as Record<string, Record<string, unknown>>[]).map(
    ({ update_id: _, ...rest }) => rest,
  )

test('a topic is numbered after the line that opened it, and can be closed, opened and deleted', async () => {
  const group = simulator.group(token, forum)
  const topic = group.opensTopic(lin, '电池')
  expect(topic).toBeGreaterThan(1)
  const say = () => call('sendMessage', { chat_id: forum.id, message_thread_id: topic, text: 'x' })
  expect(await say()).toMatchObject({ ok: true, result: { message_thread_id: topic, is_topic_message: true } })
  group.closesTopic(topic)
  expect(await say()).toMatchObject({ error_code: 400, description: 'Bad Request: TOPIC_CLOSED' })
  group.reopensTopic(topic)
  group.deleteTopic(topic)
  expect(await say()).toMatchObject({ description: 'Bad Request: message thread not found' })
  group.turnsTopicsOff()
  expect(await say()).toMatchObject({ ok: true })
})

test('a migration is told twice, and the old chat names the new one', async () => {
  const next = simulator.group(token, { id: -55, type: 'group', title: 'g' }).becomesSupergroup().chat.id
  expect(await updates()).toMatchObject([
    { message: { chat: { id: -55 }, migrate_to_chat_id: next } },
    { message: { chat: { id: next }, migrate_from_chat_id: -55, message_id: 1 } },
  ])
})

test('a bot that was thrown out, silenced or let in is told, and refused meanwhile', async () => {
  const group = simulator.group(token, forum)
  const say = () => call('sendMessage', { chat_id: forum.id, text: 'x' })
  group.mutesBot()
  expect(await say()).toMatchObject({ error_code: 400, description: expect.stringContaining('not enough rights') })
  group.kicksBot()
  expect(await say()).toMatchObject({
    error_code: 403,
    description: expect.stringContaining('kicked from the supergroup'),
  })
  group.takesBotBack()
  expect(await say()).toMatchObject({ ok: true })
  const statuses = (await updates()).map(({ my_chat_member: change }) => change?.new_chat_member)
  expect(statuses).toMatchObject([{ status: 'restricted' }, { status: 'kicked' }, { status: 'member' }])
})

test('a post is copied for discussion; its album too; a comment shows the copy, an answer to one does not', async () => {
  const channel = simulator.channel(token, { id: -1009, type: 'channel' }, { id: -1008, type: 'supergroup' })
  const { post, copy } = channel.posts('新品')
  const { messageId } = channel.comments(lin, copy!.messageId, 'a')
  channel.comments(lin, copy!.messageId, 'b', { answers: messageId })
  const [posted, copied, first, second] = await updates()
  expect(posted).toMatchObject({ channel_post: { sender_chat: { id: -1009 } } })
  expect(posted!.channel_post).not.toHaveProperty('from')
  expect(copied).toMatchObject({
    message: {
      from: { id: 777000 },
      is_automatic_forward: true,
      forward_origin: { chat: { id: -1009 }, message_id: post.messageId },
    },
  })
  const thread = { message_thread_id: copy!.messageId }
  expect(first).toMatchObject({ message: { ...thread, reply_to_message: { is_automatic_forward: true } } })
  expect(second).toMatchObject({ message: { ...thread, reply_to_message: { message_id: messageId } } })
  expect(channel.postsAlbum(['x', null]).map(({ copy }) => copy !== null)).toEqual([true, true])
})

test('a business account: its own chats, rights, a day’s window, echoes, and its end', async () => {
  const shop = simulator.business(token, { id: 777, first_name: 'Shop' })
  const say = (fields: object = {}) =>
    call('sendMessage', { chat_id: 7001, text: 'x', business_connection_id: shop.id, ...fields })
  expect(await call('getBusinessConnection', { business_connection_id: shop.id })).toMatchObject({
    result: { id: shop.id, user: { id: 777 }, is_enabled: true, rights: { can_reply: true } },
  })
  expect(await say()).toMatchObject({ error_code: 400 })
  shop.says(lin, '在吗')
  expect(await say({ business_connection_id: undefined })).toMatchObject({ description: 'Bad Request: chat not found' })
  expect(await say()).toMatchObject({ ok: true, result: { from: { id: 777 }, sender_business_bot: { is_bot: true } } })
  shop.goesQuiet(lin)
  expect(await say()).toMatchObject({ description: expect.stringContaining('USAGE_MISSING') })
  shop.changes({ enabled: false })
  expect(await say()).toMatchObject({ description: expect.stringContaining('CONNECTION_INVALID') })
  expect(() => shop.says(lin, 'x')).toThrow('disconnected')
  const kinds = (await updates()).map((update) => Object.keys(update)[0])
  expect(kinds).toEqual(['business_connection', 'business_message', 'business_message', 'business_connection'])
})
