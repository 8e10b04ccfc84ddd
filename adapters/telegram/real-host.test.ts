/** What goes to https://api.telegram.org, request by request. */
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drawPicture } from './simulator.ts'
import { fileOf, openAccount, replyTo, secret, token } from './test-account.ts'

const host = 'https://api.telegram.org'
const sent = { ok: true, result: { message_id: 8, chat: { id: 7001 } } }

beforeEach(() => void nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
  nock.restore()
  nock.activate()
})

test('a reply is one POST of JSON', async () => {
  const scope = nock(host, { reqheaders: { 'content-type': 'application/json' } })
    .post(`/bot${token}/sendMessage`, {
      chat_id: '7001',
      text: '您好',
      reply_parameters: '{"message_id":1,"allow_sending_without_reply":true}',
    })
    .reply(200, sent)
  const { connection } = openAccount({})
  expect(await connection.send(replyTo('7001', '您好', { inReplyTo: '7001:1' }))).toEqual({ externalId: '7001:8' })
  expect(scope.isDone()).toBe(true)
})

test('a file is one POST of multipart, and the reply goes with it', async () => {
  let body = ''
  const scope = nock(host, { reqheaders: { 'content-type': /^multipart\/form-data; boundary=/u } })
    .post(`/bot${token}/sendPhoto`, (given) => {
      // Binary bodies come hex-encoded.
      body = /^[0-9a-f]+$/u.test(given) ? Buffer.from(given, 'hex').toString('latin1') : String(given)
      return true
    })
    .reply(200, sent)
  const { connection } = openAccount({})
  const media = [fileOf('photo', 'image/png', drawPicture(), 'a.png')]
  await connection.send(replyTo('7001', 'here', { media, inReplyTo: '7001:1' }))
  expect(scope.isDone()).toBe(true)
  expect(body).toContain('name="photo"; filename="a.png"')
  expect(body).toContain(drawPicture().toString('latin1'))
  expect(body).toMatch(/name="reply_parameters"\r\n\r\n\{"message_id":1,"allow_sending_without_reply":true\}\r\n/u)
  expect(body).toMatch(/name="caption"\r\n\r\nhere\r\n/u)
})

test('a check sets the webhook with the kinds we read', async () => {
  const scope = nock(host)
    .post(`/bot${token}/getMe`)
    .reply(200, { ok: true, result: { id: 4242, is_bot: true, first_name: 'Care', username: 'care_bot' } })
    .post(`/bot${token}/getWebhookInfo`)
    .reply(200, { ok: true, result: { url: '', pending_update_count: 0 } })
    .post(`/bot${token}/setWebhook`, {
      url: 'https://care.example/webhooks/1',
      secret_token: secret,
      allowed_updates: [
        'message',
        'edited_message',
        'channel_post',
        'edited_channel_post',
        'business_connection',
        'business_message',
        'edited_business_message',
        'deleted_business_messages',
        'callback_query',
        'my_chat_member',
        'poll_answer',
      ],
      max_connections: 20,
      drop_pending_updates: false,
    })
    .reply(200, { ok: true, result: true })
    .post(`/bot${token}/getWebhookInfo`)
    .reply(200, { ok: true, result: { url: 'https://care.example/webhooks/1', pending_update_count: 0 } })
  const { connection } = openAccount({ mode: 'webhook' }, 'https://care.example/webhooks/1')
  expect(await connection.check()).toEqual({ state: 'ok', name: '@care_bot' })
  expect(scope.isDone()).toBe(true)
})

test.each(['http://care.example/webhooks/1', 'https://care.example:3000/webhooks/1'])(
  'Telegram would not call %s, so it is not asked to',
  async (address) => {
    nock(host)
      .post(`/bot${token}/getMe`)
      .reply(200, { ok: true, result: { username: 'care_bot' } })
    const { connection } = openAccount({ mode: 'webhook' }, address)
    expect(await connection.check()).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('8443') } })
  },
)

test('an old error of the webhook is history, a new one is told', async () => {
  const answerAt = (ago: number) => {
    const last_error_date = Math.floor(Date.now() / 1000) - ago
    nock(host)
      .post(`/bot${token}/getMe`)
      .reply(200, { ok: true, result: { username: 'care_bot' } })
    nock(host).post(`/bot${token}/setWebhook`).reply(200, { ok: true, result: true })
    nock(host)
      .post(`/bot${token}/getWebhookInfo`)
      .times(2)
      .reply(200, { ok: true, result: { last_error_date, last_error_message: 'SSL error' } })
  }
  const { connection } = openAccount({ mode: 'webhook' }, 'https://care.example/webhooks/1')
  answerAt(2 * 3600)
  expect(await connection.check()).toMatchObject({ state: 'ok' })
  answerAt(60)
  expect(await connection.check()).toMatchObject({
    state: 'warning',
    text: { zh: expect.stringContaining('SSL error') },
  })
})

test('a Bot API server of one’s own may stand under a path', async () => {
  for (const apiRoot of ['https://proxy.example/telegram', 'https://proxy.example/telegram/']) {
    const scope = nock('https://proxy.example').post(`/telegram/bot${token}/sendMessage`).reply(200, sent)
    await openAccount({ apiRoot }).connection.send(replyTo('7001', 'hi'))
    expect(scope.isDone()).toBe(true)
  }
})

describe('failures of the network', () => {
  test.each([
    ['ECONNREFUSED', 'retry'],
    ['ENOTFOUND', 'retry'],
    ['EAI_AGAIN', 'retry'],
    ['CERT_HAS_EXPIRED', 'retry'],
    ['ECONNRESET', 'unknown'],
    ['EPIPE', 'unknown'],
    ['ETIMEDOUT', 'unknown'],
    ['EHOSTUNREACH', 'unknown'],
  ])('%s after the request was taken: %s', async (code, outcome) => {
    const error = Object.assign(new Error(`https://api.telegram.org/bot${token}/ ${code}`), { code })
    nock(host).post(`/bot${token}/sendMessage`).replyWithError(error)
    await expect(openAccount({}).connection.send(replyTo('7001', 'hi'))).rejects.toMatchObject({ outcome })
  })
  test('no answer to what was asked: nobody knows', async () => {
    const stop = new AbortController()
    nock(host)
      .post(`/bot${token}/sendMessage`)
      .reply(200, () => {
        stop.abort()
        return sent
      })
    const asked = openAccount({}).connection.send(replyTo('7001', 'hi', { signal: stop.signal }))
    await expect(asked).rejects.toMatchObject({ outcome: 'unknown', code: 'no_answer' })
  })
})
