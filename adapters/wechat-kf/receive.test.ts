/** The door: greetings, calls, and what is none of ours. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import { hintIn, hintOf } from './hint.ts'
import { seal, sign } from './simulator/seal.ts'
import { startWeComSimulator, type WeComSimulator } from './simulator.ts'
import { messagesIn, openAccount, readAll, type TestAccount, webhookUrl } from './test-account.ts'

let simulator: WeComSimulator
let account: TestAccount
let kf: string
beforeEach(async () => {
  simulator = await startWeComSimulator()
  kf = simulator.openKfIds[0]!
  account = openAccount(simulator.settings)
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

function sealed(message: string, method = 'POST', key = simulator.settings.encodingAesKey!): Request {
  const { corpId, token } = simulator.settings
  const timestamp = String(Math.floor(Date.now() / 1000))
  const text = seal(message, key, corpId!)
  const query = new URLSearchParams({ msg_signature: sign(token!, timestamp, '1', text), timestamp, nonce: '1' })
  if (method === 'GET') query.set('echostr', text)
  const body = method === 'GET' ? {} : { body: `<xml><Encrypt>${text}</Encrypt></xml>` }
  return new Request(`${webhookUrl}?${query}`, { method, ...body })
}
const take = (request: Request) => account.connection.webhook!(request, new Date())

test('a greeting is answered with the word that was sealed', async () => {
  const { events, response, nudge } = await take(sealed('5927782489442352469', 'GET'))
  expect(await response.text()).toBe('5927782489442352469')
  expect([events, nudge]).toEqual([[], undefined])
})

test('a call about something else of the company is taken, and wakes nobody', async () => {
  const { response, nudge } = await take(
    sealed('<xml><Event><![CDATA[change_external_contact]]></Event><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>'),
  )
  expect([await response.text(), nudge]).toEqual(['success', undefined])
})

test('a call of an older console names no service account: it is the only one there is', async () => {
  const call = () => sealed('<xml><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC1]]></Token></xml>')
  expect((await take(call())).nudge).toBeUndefined()
  await account.connection.check()
  const { nudge } = await take(call())
  expect([nudge!.stream, hintIn(nudge!.hint)!.token]).toEqual([kf, 'ENC1'])
})

test('what is sealed and no document is malformed; what fits another key is kept to be read again', async () => {
  await expect(take(sealed('{"not":"xml"}'))).rejects.toBeInstanceOf(WebhookMalformed)
  const error: unknown = await take(sealed('<xml></xml>', 'POST', 'B'.repeat(43))).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(WebhookRejected)
})

test.each(['', '<xml>', '<xml><Encrypt></Encrypt></xml>', `<xml>${'<a>'.repeat(5000)}</xml>`, '\u0000'])(
  'a body without a sealed part is refused',
  async (body) => {
    const timestamp = Math.floor(Date.now() / 1000)
    const url = `${webhookUrl}?msg_signature=${'a'.repeat(40)}&timestamp=${timestamp}&nonce=1`
    await expect(take(new Request(url, { method: 'POST', body }))).rejects.toBeInstanceOf(WebhookRejected)
  },
)

test('a stream whose name is no id is not begun', async () => {
  const message = '<xml><Event>kf_msg_or_event</Event><OpenKfId><![CDATA[../x]]></OpenKfId></xml>'
  expect((await take(sealed(message))).nudge).toBeUndefined()
})

test('a hint holds its token and when it came', () => {
  const at = new Date()
  expect(hintIn(hintOf('ENCx', at))).toMatchObject({ token: 'ENCx', until: at.getTime() + 600_000 })
  for (const nothing of [null, '', 'ENCx', '1 ', 'x y z']) expect(hintIn(nothing)).toBeNull()
})

test('files come in whole, beyond 20 MB in parts', async () => {
  const customer = simulator.customer('wmC1')
  const large = Buffer.alloc(23 * 1024 * 1024, 'x')
  large.write('begin')
  large.write('end', large.length - 3)
  await customer.sendsFile('说明.pdf', Buffer.from('%PDF-1.7 small'))
  await customer.sendsFile('log.zip', large)
  const files = messagesIn((await readAll(account, kf)).events).flatMap(({ media }) => media)
  const bytes = await Promise.all(
    files.map(async (file) =>
      Buffer.from(await (await account.connection.download!(file, new AbortController().signal)).arrayBuffer()),
    ),
  )
  expect(bytes[0]!.toString()).toBe('%PDF-1.7 small')
  expect(bytes[1]!.equals(large)).toBe(true)
})

test('a file that WeCom has no more is gone; what breaks is tried later', async () => {
  await simulator.customer('wmC1').sendsPicture()
  const [file] = messagesIn((await readAll(account, kf)).events).flatMap(({ media }) => media)
  const get = (media: ExternalMedia) => account.connection.download!(media, new AbortController().signal)
  await expect(get({ ...file!, reference: { mediaId: 'nothing' } })).rejects.toMatchObject({ reason: 'gone' })
  simulator.fail({ path: '/media/get', fault: { kind: 'status', status: 502, accepted: false } })
  await expect(get(file!)).rejects.toMatchObject({ reason: 'later' })
  simulator.advance(4 * 86_400_000)
  await expect(get(file!)).rejects.toMatchObject({ reason: 'gone' })
})
