import http from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import net from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SendError } from '#channel/errors.ts'
import type { Reply } from '#channel/reply.ts'
import { until } from '../../test/helpers/until.ts'
import {
  type Customer,
  drawPicture,
  type Fault,
  refuse,
  startTelegramSimulator,
  type TelegramSimulator,
} from './simulator.ts'
import { fileOf, openAccount, replyTo, type TestAccount, token } from './test-account.ts'

let simulator: TelegramSimulator
let account: TestAccount
let lin: Customer

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token, username: 'care_bot' }] })
  account = openAccount({ apiRoot: simulator.url })
  lin = simulator.customer(token, { id: 7001, first_name: 'Lin' })
  lin.says('手机开不了机')
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const send = (reply: Reply) => account.connection.send(reply)

/** What it was refused with; fails when it was sent. */
async function failed(reply: Reply): Promise<SendError> {
  const error: unknown = await send(reply).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error('it was sent, or failed with something else', { cause: error })
  return error
}

describe('what arrives', () => {
  test('text, as an answer to the message', async () => {
    const sent = await send(replyTo('7001', '请长按电源键 15 秒', { inReplyTo: '7001:1' }))
    expect(sent).toEqual({ externalId: '7001:2' })
    expect(simulator.messages()).toMatchObject([
      { method: 'sendMessage', chatId: '7001', text: '请长按电源键 15 秒', replyTo: 1, messageId: 2 },
    ])
    expect(simulator.messages()[0]!.params).not.toHaveProperty('link_preview_options')
  })
  test('an answer to a message that was deleted meanwhile', async () => {
    await send(replyTo('7001', 'hi', { inReplyTo: '7001:99' }))
    expect(simulator.messages()).toMatchObject([{ text: 'hi', replyTo: null }])
  })
  test('an answer to a message of another chat goes without naming it', async () => {
    await send(replyTo('7001', 'hi', { inReplyTo: '8:1' }))
    expect(simulator.messages()[0]!.params).not.toHaveProperty('reply_parameters')
  })
  test.each([
    ['photo', 'image/png', 'sendPhoto', 'photo'],
    ['photo', 'image/gif', 'sendAnimation', 'animation'],
    ['document', 'application/pdf', 'sendDocument', 'document'],
    ['video', 'video/mp4', 'sendVideo', 'video'],
    ['voice', 'audio/ogg', 'sendVoice', 'voice'],
    ['audio', 'audio/mpeg', 'sendAudio', 'audio'],
  ] as const)('%s (%s) by %s, with its words, as an answer', async (kind, mimeType, method, field) => {
    const media = [fileOf(kind, mimeType, drawPicture(), '保修 单".png')]
    const sent = await send(replyTo('7001', '请看图', { media, inReplyTo: '7001:1' }))
    expect(sent.externalId).toBe('7001:2')
    expect(simulator.messages()).toMatchObject([
      { method, text: '请看图', replyTo: 1, files: [{ field, name: '保修 单_.png', bytes: drawPicture().length }] },
    ])
  })
  test('a file without words', async () => {
    await send(replyTo('7001', '', { media: [fileOf('photo', 'image/png', drawPicture())] }))
    expect(simulator.messages()[0]).toMatchObject({ text: null })
    expect(simulator.messages()[0]!.params).not.toHaveProperty('caption')
  })
  test('in a topic by its number, in General without one', async () => {
    const group = simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true })
    group.addTopic(17)
    await send(replyTo('-1001/t17/7001', 'topic', { surface: 'public' }))
    await send(replyTo('-1001/7001', 'general', { surface: 'public' }))
    expect(simulator.messages().map(({ threadId, text }) => [threadId, text])).toEqual([
      ['17', 'topic'],
      [null, 'general'],
    ])
  })
  test('in a topic that was deleted: beside it', async () => {
    const group = simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true })
    group.addTopic(17)
    group.deleteTopic(17)
    const sent = await send(replyTo('-1001/t17/7001', 'hi', { surface: 'public' }))
    expect(simulator.calls.map(({ outcome }) => outcome)).toEqual([400, 200])
    expect(simulator.messages()).toMatchObject([{ threadId: null, text: 'hi' }])
    // The customer cannot write in it any more either.
    expect(sent.movedTo).toBe('-1001/7001')
  })
  test('in a topic that is gone with the message it answers: beside it, quoting nobody', async () => {
    simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true }).says(lin.person, 'x')
    const gone = 'Bad Request: message to be replied not found'
    simulator.fail({ method: 'sendMessage', fault: refuse.threadNotFound })
    simulator.fail({ method: 'sendMessage', fault: { kind: 'refuse', code: 400, description: gone } })
    await send(replyTo('-1001/t17/7001', 'hi', { surface: 'public', inReplyTo: '-1001:9' }))
    expect(simulator.messages()).toMatchObject([{ threadId: null, replyTo: null }])
  })
  test('a refusal that comes again and again ends', async () => {
    simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true }).addTopic(17)
    for (const fault of [refuse.threadNotFound, refuse.migrated(-1002), refuse.migrated(-1003)]) {
      simulator.fail({ method: 'sendMessage', fault, times: 20 })
      const error = await failed(replyTo('-1001/t17/7001', 'hi', { surface: 'public', inReplyTo: '-1001:9' }))
      expect(error.outcome).toBe('rejected')
      expect(simulator.calls.length).toBeLessThanOrEqual(4)
      simulator.reset()
    }
  })
  test('in a topic that was closed: beside it, and the conversation stays in it', async () => {
    const group = simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true })
    const topic = group.opensTopic(lin.person, '电池')
    const { messageId } = group.says(lin.person, '掉电', { topic })
    group.closesTopic(topic)
    const reply = replyTo(`-1001/t${topic}/7001`, 'hi', { surface: 'public', inReplyTo: `-1001:${messageId}` })
    const sent = await send(reply)
    expect(sent).not.toHaveProperty('movedTo')
    expect(simulator.messages()).toMatchObject([{ threadId: null, replyTo: messageId }])
  })
  test('in a forum where everything is closed: nowhere, and the agent is told why', async () => {
    const group = simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true })
    group.addTopic(17)
    group.closesTopic(17)
    group.closesTopic(1)
    expect(await failed(replyTo('-1001/t17/7001', 'hi', { surface: 'public' }))).toMatchObject({
      outcome: 'rejected',
      code: 'permission',
      text: { en: expect.stringContaining('closed') },
    })
    expect(simulator.calls).toHaveLength(2)
  })
  test('under a comment; under the post itself when the comment is gone', async () => {
    const chats = [{ id: -1009, type: 'channel' } as const, { id: -1001, type: 'supergroup' } as const] as const
    const channel = simulator.channel(token, ...chats)
    const { copy } = channel.posts('新品')
    const { messageId } = channel.comments(lin.person, copy!.messageId, '发热')
    const reply = replyTo(`-1001/c${copy!.messageId}/7001`, 'hi', {
      surface: 'public',
      inReplyTo: `-1001:${messageId}`,
    })
    await send(reply)
    channel.group!.deletes(messageId)
    await send(reply)
    await send({ ...reply, inReplyTo: null })
    channel.group!.deletes(copy!.messageId)
    await send(reply)
    expect(simulator.messages().map(({ replyTo }) => replyTo)).toEqual([
      messageId,
      copy!.messageId,
      copy!.messageId,
      null,
    ])
    expect(simulator.messages().every(({ params }) => !('message_thread_id' in params))).toBe(true)
  })
  test('under a post of a channel', async () => {
    const { post } = simulator.channel(token, { id: -1009, type: 'channel', title: '公告' }).posts('新品')
    await send(replyTo('-1009/p1', '补充', { surface: 'public', inReplyTo: `-1009:${post.messageId}` }))
    expect(simulator.messages()).toMatchObject([{ chatId: '-1009', replyTo: post.messageId }])
  })
  test('in a private chat whose topic was deleted: in the chat', async () => {
    lin.says('x', { message_thread_id: 5, is_topic_message: true })
    simulator.fail({ method: 'sendMessage', fault: refuse.threadNotFound })
    expect((await send(replyTo('7001/t5/7001', 'hi'))).movedTo).toBe('7001')
  })
  test('in a group that became a supergroup: there, quoting nobody, and the thread moves', async () => {
    const group = simulator.group(token, { id: -55, type: 'group', title: 'g' })
    group.says({ id: 7001, first_name: 'Lin' }, 'x')
    const next = group.becomesSupergroup()
    next.says({ id: 2, first_name: 'Other' }, 'a stranger')
    const sent = await send(replyTo('-55/7001', 'hi', { surface: 'public', inReplyTo: '-55:1' }))
    expect(sent).toEqual({ externalId: `${next.chat.id}:3`, movedTo: `${next.chat.id}/7001` })
    expect(simulator.messages()).toMatchObject([{ chatId: String(next.chat.id), replyTo: null }])
  })
  test('to a business chat and to direct messages of a channel: under their own names', async () => {
    simulator.business(token, { id: 777, first_name: 'Shop' }, 'conn-9').says(lin.person, 'x')
    await send(replyTo('conn-9/b/7001', 'hi', { inReplyTo: 'conn-9:7001:1' }))
    await send(replyTo('7001/d33', 'hi'))
    expect(simulator.messages().map(({ params }) => params)).toMatchObject([
      {
        chat_id: '7001',
        business_connection_id: 'conn-9',
        reply_parameters: expect.stringContaining('"message_id":1,'),
      },
      { chat_id: '7001', direct_messages_topic_id: '33' },
    ])
  })
})

describe('what Telegram refuses', () => {
  const cases: [string, Fault, object][] = [
    ['blocked', refuse.blocked, { outcome: 'rejected', code: 'blocked' }],
    ['deactivated', refuse.deactivated, { outcome: 'rejected', code: 'gone' }],
    ['kicked', refuse.kicked, { outcome: 'rejected', code: 'permission' }],
    [
      'not a member',
      { kind: 'refuse', code: 403, description: 'Forbidden: bot is not a member of the channel chat' },
      { code: 'permission' },
    ],
    [
      'group deleted',
      { kind: 'refuse', code: 403, description: 'Forbidden: the group chat was deleted' },
      { code: 'gone' },
    ],
    [
      'first word',
      { kind: 'refuse', code: 403, description: "Forbidden: bot can't initiate conversation with a user" },
      { code: 'permission' },
    ],
    [
      'any other 403',
      { kind: 'refuse', code: 403, description: 'Forbidden: something new' },
      { outcome: 'rejected', code: 'permission' },
    ],
    ['chat not found', refuse.chatNotFound, { outcome: 'rejected', code: 'gone' }],
    ['too long', refuse.tooLong, { outcome: 'rejected', code: 'too_long' }],
    [
      'caption too long',
      { kind: 'refuse', code: 400, description: 'Bad Request: message caption is too long' },
      { code: 'too_long' },
    ],
    ['topic closed', { kind: 'refuse', code: 400, description: 'Bad Request: TOPIC_CLOSED' }, { code: 'permission' }],
    [
      'no rights',
      { kind: 'refuse', code: 400, description: 'Bad Request: not enough rights to send text messages to the chat' },
      { code: 'permission' },
    ],
    [
      'no voice messages',
      { kind: 'refuse', code: 400, description: 'Bad Request: VOICE_MESSAGES_FORBIDDEN' },
      { code: 'media_refused' },
    ],
    [
      'bad picture',
      { kind: 'refuse', code: 400, description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' },
      { code: 'media_refused' },
    ],
    [
      'upload too large',
      { kind: 'refuse', code: 413, description: 'Request Entity Too Large' },
      { code: 'media_refused' },
    ],
    [
      'idle business chat',
      { kind: 'refuse', code: 400, description: 'Bad Request: BUSINESS_PEER_USAGE_MISSING' },
      { code: 'window_closed' },
    ],
    [
      'any other 400',
      { kind: 'refuse', code: 400, description: 'Bad Request: something new' },
      { outcome: 'rejected', code: 'invalid' },
    ],
    ['token revoked', refuse.unauthorized, { outcome: 'retry', code: 'credentials_refused', scope: 'account' }],
    [
      'no such bot',
      { kind: 'refuse', code: 404, description: 'Not Found' },
      { outcome: 'retry', code: 'credentials_refused', scope: 'account' },
    ],
    [
      'another server’s bot',
      { kind: 'refuse', code: 421, description: 'Misdirected Request: unallowed token specified' },
      { code: 'credentials_refused' },
    ],
  ]
  test.each(cases)('%s', async (_, fault, expected) => {
    simulator.fail({ method: 'sendMessage', fault })
    const error = await failed(replyTo('7001', 'hi'))
    expect(error).toMatchObject(expected)
    expect(error.text.en).not.toBe('')
    expect(error.text.zh).toMatch(/\p{Script=Han}/u)
    expect(simulator.messages()).toEqual([])
  })
  test('a migration that points to a refused chat is refused, once', async () => {
    simulator.fail({ method: 'sendMessage', fault: refuse.migrated(-1009) })
    expect(await failed(replyTo('-9/7001', 'hi'))).toMatchObject({ outcome: 'rejected', code: 'gone' })
    expect(simulator.calls).toHaveLength(2)
  })
  test('a place that is none of ours is refused without a call', async () => {
    for (const place of ['', 'nobody', '7001/x', '@care']) {
      expect(await failed(replyTo(place, 'hi'))).toMatchObject({ outcome: 'rejected', code: 'invalid' })
    }
    expect(simulator.calls).toEqual([])
  })
})

describe('429', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  test('waits as long as told, the chat alone', async () => {
    account.tools.setNow(now)
    simulator.fail({ method: 'sendMessage', fault: refuse.tooMany(35) })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject({
      outcome: 'retry',
      code: 'rate_limited',
      scope: 'thread',
      after: new Date('2026-11-22T12:00:35Z'),
    })
  })
  test('of one group holds everybody there, and asks no more', async () => {
    account.tools.setNow(now)
    simulator.fail({ method: 'sendMessage', fault: refuse.tooMany(35) })
    const first = await failed(replyTo('-9/1', 'hi'))
    const second = await failed(replyTo('-9/2', 'hi'))
    expect(second).toMatchObject({ outcome: 'retry', code: 'rate_limited', scope: 'thread', after: first.after })
    expect(simulator.calls).toHaveLength(1)
  })
  test.each([
    ['two people', ['7001', '7002'], ['thread', 'account']],
    ['two groups and a person', ['-8/1', '-9/1', '7001'], ['thread', 'thread', 'account']],
    ['two groups, each of which has a limit of its own', ['-8/1', '-9/1'], ['thread', 'thread']],
  ])('is about the whole bot when several chats wait: %s', async (_, threads, scopes) => {
    account.tools.setNow(now)
    simulator.fail({ method: 'sendMessage', fault: refuse.tooMany(35), times: 3 })
    for (const [index, thread] of threads.entries()) {
      expect((await failed(replyTo(thread, 'hi'))).scope).toBe(scopes[index])
    }
  })
  test('is forgotten when its time is over', async () => {
    account.tools.setNow(now)
    simulator.fail({ method: 'sendMessage', fault: refuse.tooMany(35), times: 2 })
    await failed(replyTo('-9/1', 'hi'))
    account.tools.setNow(new Date('2026-11-22T12:00:36Z'))
    expect((await failed(replyTo('7001', 'hi'))).scope).toBe('thread')
  })
})

describe('what nobody can know', () => {
  const faults: [string, Fault][] = [
    ['502', { kind: 'status', status: 502, accepted: false }],
    ['502 after it was done', { kind: 'status', status: 502, accepted: true }],
    ['a reset', { kind: 'reset', accepted: true }],
    ['a cut answer', { kind: 'cut', accepted: true }],
    ['a 200 nobody can read', { kind: 'garbage', accepted: true }],
    ['a 200 of nothing', { kind: 'garbage', accepted: true, body: 'null' }],
    ['a 200 without a message', { kind: 'garbage', accepted: true, body: '{"ok":true,"result":true}' }],
    ['a 200 with a broken id', { kind: 'garbage', accepted: true, body: '{"ok":true,"result":{"message_id":"7"}}' }],
    ['an answer that says neither', { kind: 'garbage', accepted: true, body: '{}' }],
    ['a proxy’s page', { kind: 'status', status: 403, accepted: false }],
  ]
  test.each(faults)('%s', async (_, fault) => {
    simulator.fail({ method: 'sendMessage', fault })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject({ outcome: 'unknown' })
    expect(simulator.calls).toHaveLength(1)
  })
  test.each(['before', 'after'] as const)('the time is over while Telegram works, %s it was done', async (at) => {
    simulator.hold({ method: 'sendMessage', at })
    const stop = new AbortController()
    const asked = failed(replyTo('7001', 'hi', { signal: stop.signal }))
    await until(() => simulator.state().holds[0]?.waiting === 1)
    stop.abort()
    expect(await asked).toMatchObject({ outcome: 'unknown', code: 'no_answer' })
  })
})

describe('what certainly never left', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  async function listening(server: Server): Promise<number> {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await until(() => server.listening)
    return (server.address() as AddressInfo).port
  }
  const retry = { outcome: 'retry', code: 'unreachable', scope: 'thread' }

  test('nobody listens', async () => {
    const server = net.createServer()
    const port = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    account = openAccount({ apiRoot: `http://127.0.0.1:${port}` })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject(retry)
  })
  test('no such host', async () => {
    account = openAccount({ apiRoot: 'http://nowhere.invalid' })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject(retry)
  })
  test('the other side speaks no TLS', async () => {
    const port = await listening(http.createServer())
    account = openAccount({ apiRoot: `https://127.0.0.1:${port}` })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject(retry)
  })
  test('the handshake never ends', async () => {
    const port = await listening(net.createServer())
    account = openAccount({ apiRoot: `https://127.0.0.1:${port}` })
    const stop = new AbortController()
    const server = servers[0] as net.Server
    const asked = failed(replyTo('7001', 'hi', { signal: stop.signal }))
    await new Promise((resolve) => server.once('connection', resolve))
    stop.abort()
    expect(await asked).toMatchObject(retry)
  })
  test('the connection is reset in the handshake', async () => {
    const port = await listening(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())))
    account = openAccount({ apiRoot: `https://127.0.0.1:${port}` })
    expect(await failed(replyTo('7001', 'hi'))).toMatchObject(retry)
  })
  test('its time was over before it began', async () => {
    expect(await failed(replyTo('7001', 'hi', { signal: AbortSignal.abort() }))).toMatchObject(retry)
    expect(simulator.calls).toEqual([])
  })
  test('the file cannot be read', async () => {
    const bytes = () => Promise.reject(new Error('the disk is gone'))
    const media = [{ ...fileOf('photo', 'image/png', drawPicture()), bytes }]
    expect(await failed(replyTo('7001', 'hi', { media }))).toMatchObject({ outcome: 'retry' })
    expect(simulator.calls).toEqual([])
  })
})

test('a connection that was kept is told apart from a new one', async () => {
  await send(replyTo('7001', 'one'))
  simulator.fail({ method: 'sendMessage', fault: { kind: 'reset', accepted: true } })
  expect(await failed(replyTo('7001', 'two'))).toMatchObject({ outcome: 'unknown', code: 'no_answer' })
})

describe('what was sent', () => {
  const target = { externalId: '7001:2', threadId: '7001' }
  test('can be changed, twice to the same words', async () => {
    await send(replyTo('7001', 'a'))
    await account.connection.edit!(target, 'b')
    await account.connection.edit!(target, 'b')
    expect(simulator.ledger.filter(({ method }) => method === 'editMessageText')).toMatchObject([{ text: 'b' }])
  })
  test('can be changed where the words stand under a file', async () => {
    await send(replyTo('7001', 'a', { media: [fileOf('photo', 'image/png', drawPicture())] }))
    await account.connection.edit!(target, 'b')
    expect(simulator.ledger.at(-1)).toMatchObject({ method: 'editMessageCaption', text: 'b' })
  })
  test('can be taken back, twice', async () => {
    await send(replyTo('7001', 'a'))
    await account.connection.remove!(target)
    await account.connection.remove!(target)
    expect(simulator.ledger.filter(({ method }) => method === 'deleteMessage')).toHaveLength(1)
  })
  test('is not touched in another chat', async () => {
    const elsewhere = { externalId: '8:2', threadId: '7001' }
    await expect(account.connection.edit!(elsewhere, 'b')).rejects.toMatchObject({
      outcome: 'rejected',
      code: 'invalid',
    })
    await expect(account.connection.remove!(elsewhere)).rejects.toBeInstanceOf(SendError)
  })
})

test('typing is shown where it can be, and never fails', async () => {
  await account.connection.typing!({ externalId: '7001', rootId: null })
  expect(simulator.ledger).toMatchObject([{ method: 'sendChatAction', chatId: '7001', params: { action: 'typing' } }])
  await account.connection.typing!({ externalId: '999', rootId: null })
  await account.connection.typing!({ externalId: 'nobody', rootId: null })
})
