import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReadError, WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { ExternalMedia, InboundEvent } from '#channel/events.ts'
import { until } from '../../test/helpers/until.ts'
import { allowedUpdates } from './kinds.ts'
import { type Customer, refuse, startTelegramSimulator, type TelegramSimulator } from './simulator.ts'
import { openAccount, secret, type TestAccount, token } from './test-account.ts'

let simulator: TelegramSimulator
let account: TestAccount
let lin: Customer

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token, username: 'care_bot' }] })
  account = openAccount({ apiRoot: simulator.url })
  lin = simulator.customer(token, { id: 7001, first_name: 'Lin' })
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

describe('a webhook call', () => {
  const url = 'https://care.example/webhooks/1'
  const post = (body: string | Uint8Array<ArrayBuffer>, header: string | null = secret) =>
    account.connection.webhook!(
      new Request(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          ...(header === null ? {} : { 'x-telegram-bot-api-secret-token': header }),
        },
      }),
      new Date(),
    )
  const update = {
    update_id: 1,
    message: {
      message_id: 1,
      date: 1764000000,
      chat: { id: 7001, type: 'private' },
      from: { id: 7001, first_name: 'Lin' },
      text: 'hi',
    },
  }

  test('with the secret brings its events and an empty 200', async () => {
    const { events, response } = await post(JSON.stringify(update))
    expect(events).toMatchObject([{ type: 'message', message: { text: 'hi' } }])
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
  test.each([
    ['no', null],
    ['an empty', ''],
    ['a wrong', 'wrong'],
    ['a shorter', secret.slice(0, -1)],
    ['a longer', `${secret}0`],
  ])('with %s secret is rejected before its body is read', async (_, header) => {
    await expect(post('{', header)).rejects.toBeInstanceOf(WebhookRejected)
  })
  test('is rejected by an account whose secret is empty, whatever it brings', async () => {
    account = openAccount({ apiRoot: simulator.url, secret: '' })
    for (const header of ['', null, 'x']) await expect(post('{}', header)).rejects.toBeInstanceOf(WebhookRejected)
  })
  test.each([
    ['no JSON', '{"update_id":'],
    ['nothing', ''],
    ['200,000 brackets', `{"update_id":1,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['200,000 brackets that do not close', '['.repeat(200_000)],
    ['200,000 objects', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
  ])('with %s is malformed', async (_, body) => {
    await expect(post(body)).rejects.toBeInstanceOf(WebhookMalformed)
  })
  test('with broken UTF-8 is malformed', async () => {
    const bytes = Buffer.concat([Buffer.from('{"update_id":1,"x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
    await expect(post(bytes)).rejects.toBeInstanceOf(WebhookMalformed)
  })
  test('with a malformed body names nothing of it', async () => {
    const error: unknown = await post('{"text":"my private words"').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WebhookMalformed)
    expect(inspect(error, { depth: 10 })).not.toContain('private')
  })
  test('with brackets and quotes in a text is none of that', async () => {
    const text = `${'['.repeat(500)}\\"{\\\\`
    const { events } = await post(JSON.stringify({ ...update, message: { ...update.message, text } }))
    expect(events).toMatchObject([{ type: 'message', message: { text } }])
  })
  test('the parser cannot read is kept as unread, and read again after a fix', async () => {
    const { events, response } = await post('{"update_id":5,"telepathy":{}}')
    expect(response.status).toBe(200)
    expect(events).toMatchObject([{ type: 'unread', raw: { update_id: 5 } }])
    expect(account.connection.reread!(update)).toMatchObject([{ type: 'message' }])
  })
  test('of the simulator passes', async () => {
    lin.says('from the simulator')
    const [queued] = await fetchUpdates()
    const { events } = await post(JSON.stringify(queued))
    expect(events).toMatchObject([{ message: { text: 'from the simulator', threadId: '7001', externalId: '7001:1' } }])
  })
})

async function fetchUpdates(): Promise<unknown[]> {
  const response = await fetch(`${simulator.url}/bot${token}/getUpdates`)
  return ((await response.json()) as { result: unknown[] }).result
}

describe('polling', () => {
  const signal = new AbortController().signal
  const poll = (cursor: string | null, hint: string | null = null) =>
    account.connection.poll!({ stream: 'updates', cursor, hint }, signal)
  const texts = (events: readonly InboundEvent[]) =>
    events.map((event) => ('message' in event ? event.message.text : event.type))

  test('is for accounts in polling mode', () => {
    expect(account.connection.streams!()).toEqual(['updates:4242'])
    const renewed = openAccount({ apiRoot: simulator.url, token: '4242:another-token-of-the-same-bot' })
    expect(renewed.connection.streams!()).toEqual(['updates:4242'])
    const other = openAccount({ apiRoot: simulator.url, token: '777:a-token-of-another-bot' })
    expect(other.connection.streams!()).toEqual(['updates:777'])
    renewed.tools.close()
    other.tools.close()
    expect(openAccount({ mode: 'webhook' }).connection.streams!()).toEqual([])
  })
  test('confirms nothing before the core has stored the cursor', async () => {
    lin.says('a')
    lin.says('b')
    const first = await poll(null)
    expect(texts(first.events)).toEqual(['a', 'b'])
    expect(simulator.state().bots[0]!.pending).toBe(2)
    lin.says('c')
    const second = await poll(first.cursor)
    expect(texts(second.events)).toEqual(['c'])
    expect(simulator.state().bots[0]!.pending).toBe(1)
  })
  test('asks for the kinds it reads', async () => {
    lin.says('a')
    const { cursor } = await poll(null)
    simulator.inject(token, { update_id: Number(cursor), message: {} })
    lin.blocks()
    const { events } = await poll(cursor)
    expect(events.map(({ type }) => type)).toEqual(['unread', 'reachability'])
    const info = await fetch(`${simulator.url}/bot${token}/getWebhookInfo`)
    expect(await info.json()).toMatchObject({ result: { allowed_updates: [...allowedUpdates] } })
  })
  test('waits for the first message, no longer', async () => {
    const waiting = poll(null)
    await until(() => simulator.calls.length === 1)
    lin.says('now')
    expect(texts((await waiting).events)).toEqual(['now'])
  })
  test('a hint says how long to wait', async () => {
    expect(await poll('17', '0')).toEqual({ events: [], cursor: '17', more: false, nextAt: null })
  })
  test('goes on when the numbers jumped down after a quiet week', async () => {
    lin.says('before')
    const first = await poll(null)
    await poll(first.cursor, '0')
    simulator.jumpTo(token, 5)
    lin.says('after')
    const second = await poll(first.cursor)
    expect(texts(second.events)).toEqual(['after'])
    expect(second.cursor).toBe('6')
  })
  test('a full answer means more', async () => {
    for (let n = 0; n < 101; n += 1) lin.says(String(n))
    const first = await poll(null)
    expect(first.more).toBe(true)
    expect(first.events).toHaveLength(100)
    const second = await poll(first.cursor)
    expect(second).toMatchObject({ more: false, events: [{ message: { text: '100' } }] })
  })
  test('an update nobody can read does not stop those around it', async () => {
    lin.says('a')
    simulator.inject(token, { message: { nonsense: true } })
    lin.says('b')
    expect(texts((await poll(null)).events)).toEqual(['a', 'unread', 'b'])
  })
  test('ends quietly when the server stops', async () => {
    const stop = new AbortController()
    const waiting = account.connection.poll!({ stream: 'updates', cursor: '3', hint: null }, stop.signal)
    await until(() => simulator.calls.length === 1)
    stop.abort()
    expect(await waiting).toEqual({ events: [], cursor: '3', more: false, nextAt: null })
  })
  test.each([
    [
      'a webhook is set',
      { kind: 'refuse', code: 409, description: "Conflict: can't use getUpdates method while webhook is active" },
      'conflict',
    ],
    [
      'another program polls',
      { kind: 'refuse', code: 409, description: 'Conflict: terminated by other getUpdates request' },
      'conflict',
    ],
    ['the token is revoked', refuse.unauthorized, 'credentials'],
    ['the token is no bot’s', { kind: 'refuse', code: 404, description: 'Not Found' }, 'credentials'],
    ['it answers 502', { kind: 'status', status: 502, accepted: false }, 'later'],
    ['it answers garbage', { kind: 'garbage', accepted: false }, 'later'],
    ['it answers something else', { kind: 'garbage', accepted: false, body: '{"ok":true,"result":{}}' }, 'later'],
    [
      'it answers updates without numbers',
      { kind: 'garbage', accepted: false, body: '{"ok":true,"result":[{}]}' },
      'later',
    ],
    ['the connection breaks', { kind: 'reset', accepted: false }, 'later'],
  ] as const)('when %s', async (_, fault, reason) => {
    simulator.fail({ method: 'getUpdates', fault })
    const error = await poll(null).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ReadError)
    expect(error).toMatchObject({ reason })
    // It is shown as the account's health: no message was sent.
    const { en, zh } = (error as ReadError).text
    expect(`${en} ${zh}`).not.toMatch(/may have arrived|送达/u)
  })
  test('waits as long as told', async () => {
    account.tools.setNow(new Date('2026-11-22T12:00:00Z'))
    simulator.fail({ method: 'getUpdates', fault: refuse.tooMany(9) })
    await expect(poll(null)).rejects.toMatchObject({ reason: 'later', after: new Date('2026-11-22T12:00:09Z') })
  })
})

describe('a check', () => {
  const hook = 'http://127.0.0.1:1/webhooks/1'

  test('says who the bot is, and takes a webhook away for polling', async () => {
    await fetch(`${simulator.url}/bot${token}/setWebhook?url=${encodeURIComponent(hook)}`)
    lin.says('keeps waiting')
    expect(await account.connection.check()).toEqual({ state: 'ok', name: '@care_bot' })
    expect(simulator.state().bots[0]).toMatchObject({ webhook: null, pending: 1 })
  })
  test('sets the webhook, with the secret and the kinds, also twice in a row', async () => {
    account = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, hook)
    expect(await account.connection.check()).toEqual({ state: 'ok', name: '@care_bot' })
    expect(await account.connection.check()).toEqual({ state: 'ok', name: '@care_bot' })
    expect(simulator.state().bots[0]!.webhook).toBe(hook)
    const info = await (await fetch(`${simulator.url}/bot${token}/getWebhookInfo`)).json()
    expect(info).toMatchObject({
      result: { allowed_updates: expect.arrayContaining(['message', 'my_chat_member']), max_connections: 20 },
    })
  })
  test('tells what Telegram met at our address', async () => {
    account = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, hook)
    await account.connection.check()
    lin.says('nobody there')
    await until(() => simulator.state().bots[0]!.attempts.length > 0)
    const health = await account.connection.check()
    expect(health).toMatchObject({
      state: 'warning',
      name: '@care_bot',
      text: { en: expect.stringContaining('Connection refused') },
    })
  })
  test('says what to set when there is no address', async () => {
    account = openAccount({ apiRoot: simulator.url, mode: 'webhook' })
    expect(await account.connection.check()).toMatchObject({
      state: 'warning',
      name: '@care_bot',
      text: { en: expect.stringContaining('HUIXIN_URL') },
    })
    expect(simulator.calls.map(({ method }) => method)).toEqual(['getMe'])
  })
  test('tells a refused token apart from a platform that is away', async () => {
    simulator.revoke(token)
    expect(await account.connection.check()).toMatchObject({ state: 'refused' })
    await simulator.close()
    expect(await account.connection.check()).toMatchObject({ state: 'warning' })
  })
})

describe('files', () => {
  const signal = new AbortController().signal
  async function mediaOf(): Promise<ExternalMedia> {
    const [update] = (await fetchUpdates()).slice(-1)
    const [event] = account.connection.reread!(update)
    if (event?.type !== 'message') throw new Error('no message')
    return event.message.media[0]!
  }

  test('are streamed through us', async () => {
    const bytes = Buffer.from('保修单')
    lin.sendsDocument({ bytes, name: '保修单.pdf', mimeType: 'application/pdf' })
    const media = await mediaOf()
    expect(media).toMatchObject({
      kind: 'document',
      name: '保修单.pdf',
      mimeType: 'application/pdf',
      bytes: bytes.length,
    })
    const response = await account.connection.download!(media, signal)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  })
  test('hold no address and no token of ours', async () => {
    lin.sendsPhoto()
    expect(JSON.stringify(await mediaOf())).not.toContain(token)
  })
  test.each([
    [
      'larger than Telegram gives',
      { kind: 'refuse', code: 400, description: 'Bad Request: file is too big' },
      'too_large',
    ],
    ['that are gone', { kind: 'refuse', code: 400, description: 'Bad Request: invalid file_id' }, 'gone'],
    [
      'that cannot be had now',
      { kind: 'refuse', code: 400, description: 'Bad Request: wrong file_id or the file is temporarily unavailable' },
      'later',
    ],
    [
      'on the disk of a --local server',
      { kind: 'garbage', accepted: false, body: '{"ok":true,"result":{"file_path":"/var/lib/x"}}' },
      'gone',
    ],
    [
      'with a path out of the folder',
      { kind: 'garbage', accepted: false, body: '{"ok":true,"result":{"file_path":"../../getMe"}}' },
      'later',
    ],
    ['without a path', { kind: 'garbage', accepted: false, body: '{"ok":true,"result":{}}' }, 'gone'],
    [
      'that are not there',
      { kind: 'garbage', accepted: false, body: '{"ok":true,"result":{"file_path":"photos/none.jpg"}}' },
      'later',
    ],
  ] as const)('%s', async (_, fault, reason) => {
    lin.sendsPhoto()
    const media = await mediaOf()
    simulator.fail({ method: 'getFile', fault })
    const error = await account.connection.download!(media, signal).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ReadError)
    expect(error).toMatchObject({ reason })
  })
})

test('a press is answered; too late is fine', async () => {
  const { callbackId } = lin.presses(1, 'yes')
  const [event] = account.connection.reread!((await fetchUpdates())[0])
  await account.connection.acknowledge!(event!)
  expect(simulator.ledger).toMatchObject([{ method: 'answerCallbackQuery', params: { callback_query_id: callbackId } }])
  await account.connection.acknowledge!(event!)
  simulator.revoke(token)
  await expect(account.connection.acknowledge!(event!)).rejects.toMatchObject({ reason: 'credentials' })
})

describe('when the account is removed', () => {
  const webhookUrl = 'http://127.0.0.1:9/webhooks/1'
  const webhookAt = () => simulator.state().bots[0]?.webhook

  test('Telegram is told to stop calling', async () => {
    const hooked = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, webhookUrl)
    await hooked.connection.check()
    expect(webhookAt()).toBe(webhookUrl)
    await hooked.connection.release?.()
    expect(webhookAt()).toBeNull()
    hooked.tools.close()
  })

  test('a webhook that somebody else has set by now stays', async () => {
    const hooked = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, webhookUrl)
    const other = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, 'http://127.0.0.1:9/other')
    await hooked.connection.check()
    await other.connection.check()
    await hooked.connection.release?.()
    expect(webhookAt()).toBe('http://127.0.0.1:9/other')
    hooked.tools.close()
    other.tools.close()
  })
})
