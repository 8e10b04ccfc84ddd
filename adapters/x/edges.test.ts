/** The twelve things X does that surprise, each against the simulated platform. */
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { PollResult } from '#channel/adapter.ts'
import { WebhookRejected } from '#channel/errors.ts'
import type { InboundEvent, InboundMessage } from '#channel/events.ts'
import { capabilities } from './capabilities.ts'
import { type Customer, drawPicture, startXSimulator, type XSimulator } from './simulator.ts'
import { openAccount, replyTo, type TestAccount } from './test-account.ts'
import { openDoor } from './test-door.ts'

let simulator: XSimulator
let account: TestAccount
let lin: Customer
let bo: Customer
const opened: TestAccount[] = []

function open(...args: Parameters<typeof openAccount>): TestAccount {
  const one = openAccount(...args)
  opened.push(one)
  return one
}

beforeEach(async () => {
  simulator = await startXSimulator()
  account = open(simulator.settings())
  lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
  bo = simulator.customer({ id: '2002', username: 'bo_bo', name: 'Bo' })
})
afterEach(async () => {
  for (const { tools } of opened.splice(0)) tools.close()
  await simulator.close()
})

/** Until there is no more, as the core does. */
async function poll(kind: 'mentions' | 'messages', cursor: string | null = null, from = account): Promise<PollResult> {
  const stream = from.connection.streams!().find((name) => name.startsWith(kind))!
  const events: InboundEvent[] = []
  for (;;) {
    const result = await from.connection.poll!({ stream, cursor, hint: null }, AbortSignal.timeout(5000))
    events.push(...result.events)
    if (!result.more) return { ...result, events }
    cursor = result.cursor
  }
}

const messagesOf = (events: readonly InboundEvent[]): InboundMessage[] =>
  events.flatMap((event) => (event.type === 'message' || event.type === 'edited' ? [event.message] : []))

test('edge 1: who did not summon us cannot be answered, which is known before anybody writes, and X says the same', async () => {
  const asked = lin.posts('@huixin_care 手机开不了机')
  const deeper = bo.posts('same here', { replyTo: asked.id })
  const ours = simulator.ownerPosts('New phone!')
  const quote = bo.posts('really?', { quotes: ours.id })
  const named = bo.posts('@huixin_care is slow', { replyTo: asked.id })
  const messages = messagesOf((await poll('mentions')).events)
  const standing = Object.fromEntries(messages.map(({ externalId, replyable }) => [externalId, replyable.allowed]))
  expect(standing).toEqual({ [asked.id]: true, [deeper.id]: false, [named.id]: true })
  expect(messages.find(({ externalId }) => externalId === deeper.id)).toMatchObject({
    url: `https://x.com/bo_bo/status/${deeper.id}`,
    replyable: { reason: { en: expect.stringContaining('Open'), zh: expect.stringContaining('打开') } },
  })
  for (const [post, accepted] of [
    [asked, true],
    [deeper, false],
    [named, true],
    [quote, true],
  ] as const) {
    const sent = await account.connection
      .send(replyTo(`${asked.id}/${post.authorId}`, `to ${post.id}`, { inReplyTo: post.id }))
      .then(
        () => true,
        (error: unknown) => error,
      )
    if (accepted) expect(sent).toBe(true)
    else expect(sent).toMatchObject({ outcome: 'rejected', code: 'permission' })
  }
})

test('edge 1: a customer’s answer to our answer can be answered, an Enterprise account may answer anybody', async () => {
  const asked = lin.posts('@huixin_care 手机开不了机')
  const { externalId } = await account.connection.send(
    replyTo(`${asked.id}/2001`, '请长按电源键', { inReplyTo: asked.id }),
  )
  const again = lin.posts('还是不行', { replyTo: externalId! })
  const deeper = bo.posts('same here', { replyTo: asked.id })
  const [second] = messagesOf((await poll('mentions')).events).filter(({ externalId: id }) => id === again.id)
  expect(second).toMatchObject({
    replyable: { allowed: true },
    parentId: externalId,
    context: { text: expect.stringContaining('长按'), author: 'Huixin Care' },
  })
  const enterprise = open({ ...simulator.settings(), plan: 'enterprise' })
  const all = messagesOf((await poll('mentions', null, enterprise)).events)
  expect(all.find(({ externalId: id }) => id === deeper.id)?.replyable.allowed).toBe(true)
})

test('edge 2: a webhook that X switched off is seen, switched on again, and what was missed is asked for', async () => {
  const door = await openDoor()
  const { connection, tools } = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
  door.connect(connection)
  tools.setNow(new Date(Date.now() - 600_000))
  expect(await connection.check()).toMatchObject({ state: 'ok', name: '@huixin_care' })
  expect(simulator.webhooks).toMatchObject([{ url: door.url, valid: true }])
  door.redirects(true)
  await simulator.challenge()
  expect(simulator.webhooks[0]!.valid).toBe(false)
  lin.writes('nobody hears me')
  tools.setNow(new Date())
  expect(await connection.check()).toMatchObject({
    state: 'warning',
    text: { en: expect.stringContaining('switched the webhook off') },
  })
  door.redirects(false)
  expect(await connection.check()).toMatchObject({
    state: 'warning',
    text: { en: expect.stringContaining('on again') },
  })
  await simulator.idle()
  expect(door.events).toMatchObject([{ type: 'message', message: { text: 'nobody hears me' } }])
  expect(await connection.check()).toMatchObject({ state: 'ok' })
  await door.close()
})

test('edge 3: the challenge signs nothing that could be the body of an event', async () => {
  const { connection } = account
  const ask = (token: string) =>
    connection.webhook!(new Request(`https://care.example/?crc_token=${encodeURIComponent(token)}`), new Date())
  for (const token of [
    '{"data":{"event_type":"dm.received"}}',
    '[]',
    '',
    'short',
    'a'.repeat(129),
    `${'a'.repeat(20)}\n`,
    `${'a'.repeat(20)}"`,
    '长'.repeat(20),
  ]) {
    await expect(ask(token)).rejects.toBeInstanceOf(WebhookRejected)
  }
  await expect(
    connection.webhook!(
      new Request(`https://care.example/?crc_token=${'a'.repeat(20)}&crc_token=${'b'.repeat(20)}`),
      new Date(),
    ),
  ).rejects.toBeInstanceOf(WebhookRejected)
})

test('edge 3: a signature that the challenge gives away signs nothing that is kept', async () => {
  const { connection } = account
  // The one kind of JSON that looks like a token.
  for (const body of ['1234567890123456', '12345678901234567890', '0000000000000000']) {
    const challenge = new Request(`https://care.example/?crc_token=${body}`)
    const { response } = await connection.webhook!(challenge, new Date())
    const { response_token } = (await response.json()) as { response_token: string }
    for (const name of ['x-twitter-webhooks-signature', 'x-twitter-webhooks-signature-oauth2']) {
      const forged = new Request('https://care.example/', { method: 'POST', body, headers: { [name]: response_token } })
      await expect(connection.webhook!(forged, new Date())).rejects.toThrow(/signature|no JSON|no document/u)
    }
  }
})

test('edge 3: the published challenge has the published answer', async () => {
  const settings = {
    ...simulator.settings(),
    clientSecret: '',
    apiSecret: 'z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu',
  }
  const { connection } = open(settings)
  const url = 'https://care.example/?crc_token=9b4507b3-9040-4669-9ca3-6b94edb50553'
  const { response, events } = await connection.webhook!(new Request(url), new Date())
  expect(events).toEqual([])
  expect(await response.json()).toEqual({ response_token: 'sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=' })
})

test('edge 4: a mention that is listed late is found, because each sweep begins before the last', async () => {
  let clock = Date.UTC(2026, 10, 24, 12)
  const late = await startXSimulator({ now: () => clock })
  onTestFinished(() => late.close())
  const reader = open(late.settings())
  reader.tools.setNow(new Date(clock))
  const tardy = late
    .customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
    .posts('@huixin_care 迟到', { listedAfterMs: 30_000 })
  const prompt = late.customer({ id: '2002', username: 'bo_bo', name: 'Bo' }).posts('@huixin_care 准时')
  const first = await poll('mentions', null, reader)
  expect(messagesOf(first.events).map(({ externalId }) => externalId)).toEqual([prompt.id])
  clock += 60_000
  reader.tools.setNow(new Date(clock))
  const second = await poll('mentions', first.cursor, reader)
  expect(messagesOf(second.events).map(({ externalId }) => externalId)).toEqual([prompt.id, tardy.id])
  // What came twice was paid for once.
  expect(await reader.tools.usage.count('post-read', new Date(0))).toBe(2)
})

test('edge 5: an edit has a new id and stays one message; an answer goes to its last version, a delete of any ends it', async () => {
  const door = await openDoor()
  const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url, tools: account.tools })
  door.connect(hooked.connection)
  await hooked.connection.check()
  const first = lin.posts('@huixin_care 手机开不了级')
  const second = lin.edits(first.id, '@huixin_care 手机开不了机')
  await simulator.idle()
  const polled = (await poll('mentions')).events
  expect([...door.events, ...polled]).toMatchObject([
    { type: 'message', message: { externalId: first.id, text: '@huixin_care 手机开不了级' } },
    { type: 'edited', message: { externalId: first.id, text: '@huixin_care 手机开不了机' } },
    { type: 'edited', message: { externalId: first.id, url: `https://x.com/lin_wei/status/${second.id}` } },
  ])
  await account.connection.send(replyTo(`${first.id}/2001`, '请长按电源键', { inReplyTo: first.id }))
  expect(simulator.ledger).toMatchObject([{ inReplyTo: second.id }])
  const body = JSON.stringify({
    data: {
      event_uuid: '-5',
      filter: { user_id: simulator.account.id },
      event_type: 'post.delete',
      payload: { id: second.id, author_id: '2001' },
    },
  })
  expect(await simulator.pushRaw(body)).toBe(200)
  expect(door.events.at(-1)).toMatchObject({ type: 'deleted', externalId: first.id })
  await door.close()
})

test('edge 6: an answer names the post it answers, and a post or author that is gone is told as gone', async () => {
  const asked = lin.posts('@huixin_care 手机开不了机')
  await account.connection.send(replyTo(`${asked.id}/2001`, '您好', { inReplyTo: asked.id }))
  expect(simulator.calls.at(-1)?.path).toBe('/2/tweets')
  expect(simulator.ledger).toMatchObject([{ inReplyTo: asked.id }])
  lin.deletes(asked.id)
  await expect(
    account.connection.send(replyTo(`${asked.id}/2001`, '在吗', { inReplyTo: asked.id })),
  ).rejects.toMatchObject({ outcome: 'rejected', code: 'gone' })
  await expect(account.connection.send(replyTo('999', 'hi'))).rejects.toMatchObject({
    outcome: 'rejected',
    code: 'gone',
  })
  expect(simulator.ledger).toHaveLength(1)
})

test('edge 7: our own posts and messages come back as echoes, in the thread of whom they went to', async () => {
  const door = await openDoor()
  const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
  door.connect(hooked.connection)
  await hooked.connection.check()
  const asked = lin.posts('@huixin_care 手机开不了机')
  const sent = await hooked.connection.send(
    replyTo(`${asked.id}/2001`, 'See https://example.com/help', { inReplyTo: asked.id }),
  )
  const elsewhere = simulator.ownerWrites('2001', '您好')
  await simulator.idle()
  const echoes = door.events.flatMap((event) => (event.type === 'echo' ? [event.message] : []))
  expect(echoes).toHaveLength(2)
  const post = echoes.find(({ surface }) => surface === 'public')!
  expect(post).toMatchObject({ externalId: sent.externalId, threadId: `${asked.id}/2001` })
  expect(hooked.connection.sameText!('See https://example.com/help', post.text)).toBe(true)
  expect(echoes.find(({ surface }) => surface === 'direct')).toMatchObject({
    externalId: `dm:${elsewhere}`,
    threadId: '2001',
    text: '您好',
  })
  expect((await poll('messages')).events).toMatchObject([{ type: 'echo', message: { externalId: `dm:${elsewhere}` } }])
  await door.close()
})

test('edge 8: many callers on two nodes refresh once, and the token that X gave is kept before it is used', async () => {
  const one = open(simulator.settings('oauth2'))
  const two = open(simulator.settings('oauth2'), { tools: one.tools })
  lin.writes('hi')
  const polls = [one, two, one, two, one, two].map((node) => poll('messages', null, node))
  await Promise.all(polls)
  expect(simulator.refreshes()).toBe(1)
  // A restart goes on with what was kept.
  await poll('messages', null, open(simulator.settings('oauth2'), { tools: one.tools }))
  expect(simulator.refreshes()).toBe(1)
  // Refused before its time: once more, for all.
  simulator.forgetAccessTokens()
  await Promise.all([poll('messages', null, one), poll('messages', null, one)])
  expect(simulator.refreshes()).toBe(2)
})

test('edge 8: a sign-in that ended is told in words, and sends wait', async () => {
  const first = open(simulator.settings('oauth2'))
  await poll('messages', null, first)
  // Another installation with the token of the beginning: a second use ends the sign-in for both.
  const other = open(simulator.settings('oauth2'))
  expect(await other.connection.check()).toMatchObject({
    state: 'refused',
    text: { en: expect.stringContaining('Sign in again') },
  })
  await expect(first.connection.send(replyTo('2001', 'hi'))).rejects.toMatchObject({
    outcome: 'retry',
    code: 'credentials_refused',
    scope: 'account',
  })
  await expect(poll('messages', null, first)).rejects.toMatchObject({ reason: 'credentials' })
  expect(await first.connection.check()).toMatchObject({ state: 'refused' })
})

test('edge 9: an encrypted message is told as one that cannot be read here', async () => {
  const door = await openDoor()
  const hooked = open({ ...simulator.settings(), mode: 'webhook' }, { webhookUrl: door.url })
  door.connect(hooked.connection)
  await hooked.connection.check()
  lin.writesEncrypted()
  await simulator.idle()
  expect(door.events).toMatchObject([
    {
      type: 'message',
      message: {
        threadId: '2001',
        surface: 'direct',
        text: expect.stringMatching(/cannot be read here[\s\S]*无法在此处查看/u),
      },
    },
  ])
  // The list of messages knows nothing of it.
  expect((await poll('messages')).events).toEqual([])
  await door.close()
})

test('edge 10: messages of everybody are read in one list, at a pace that 15 looks in 15 minutes allow', async () => {
  lin.writes('一')
  bo.writes('two', drawPicture())
  const fast = open({ ...simulator.settings(), pollSeconds: 1 })
  const before = Date.now()
  const { events, nextAt } = await poll('messages', null, fast)
  expect(
    messagesOf(events)
      .map(({ threadId }) => threadId)
      .sort(),
  ).toEqual(['2001', '2002'])
  expect(simulator.calls.filter(({ path }) => path.includes('dm_'))).toHaveLength(1)
  expect(nextAt!.getTime() - before).toBeGreaterThan(55_000)
  // Mentions have plenty left, and keep the rhythm that was asked for.
  expect((await poll('mentions', null, fast)).nextAt!.getTime() - Date.now()).toBeLessThan(5000)
})

test('edge 11: a link costs more, and the composer knows', () => {
  expect(capabilities.surfaces.public?.cost).toEqual({ perReply: 0.01, withLink: 0.2, currency: 'USD' })
})

test('edge 12: a post whose author or parent is missing comes in all the same', async () => {
  const ghost = simulator.customer({ id: '2003', username: 'ghost', name: 'Ghost' })
  const parent = ghost.posts('gone soon')
  const post = lin.posts('@huixin_care 看这个', { replyTo: parent.id })
  const own = ghost.posts('@huixin_care 我走了')
  ghost.leaves()
  ghost.deletes(parent.id)
  const messages = messagesOf((await poll('mentions')).events)
  expect(messages).toHaveLength(2)
  expect(messages.find(({ externalId }) => externalId === own.id)).toMatchObject({
    author: { externalId: '2003', name: 'author unknown' },
    replyable: { allowed: true },
  })
  expect(messages.find(({ externalId }) => externalId === post.id)).toMatchObject({
    context: null,
    parentId: parent.id,
  })
})

test('a signature of the other secret, or of other bytes, is none', async () => {
  const { connection } = account
  const { apiSecret, clientSecret } = simulator.settings() as { apiSecret: string; clientSecret: string }
  const body = '{"data":{"event_uuid":"1","filter":{"user_id":"1"},"event_type":"like.create","payload":{}}}'
  const sign = (secret: string, text: string) => `sha256=${createHmac('sha256', secret).update(text).digest('base64')}`
  const call = (headers: Record<string, string>, text = body) =>
    connection.webhook!(new Request('https://care.example/', { method: 'POST', body: text, headers }), new Date())
  await expect(call({ 'x-twitter-webhooks-signature': sign(apiSecret, body) })).resolves.toMatchObject({ events: [] })
  await expect(call({ 'x-twitter-webhooks-signature-oauth2': sign(clientSecret, body) })).resolves.toMatchObject({
    events: [],
  })
  await expect(call({ 'x-twitter-webhooks-signature': sign(clientSecret, body) })).rejects.toThrow('signature')
  await expect(call({ 'x-twitter-webhooks-signature-oauth2': sign(apiSecret, body) })).rejects.toThrow('signature')
  await expect(call({ 'x-twitter-webhooks-signature': sign(apiSecret, body) }, `${body} `)).rejects.toThrow('signature')
  for (const broken of ['{', '\ud800', '['.repeat(5000) + ']'.repeat(5000)]) {
    const bytes = Buffer.from(broken === '\ud800' ? [0x22, 0xed, 0xa0, 0x80, 0x22] : broken)
    const headers = {
      'x-twitter-webhooks-signature': `sha256=${createHmac('sha256', apiSecret).update(bytes).digest('base64')}`,
    }
    const request = new Request('https://care.example/', { method: 'POST', body: bytes, headers })
    await expect(connection.webhook!(request, new Date())).rejects.toMatchObject({ name: 'WebhookMalformed' })
  }
})
