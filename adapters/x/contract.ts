import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { ContractFault, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { type Fault, type Refusal, refusals, startXSimulator } from './simulator.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const payloads = readdirSync(fixtures).map((name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')))
const address = 'https://care.example/webhooks/1'
const apiSecret = 'contract-consumer-secret_0123456789'
const clientSecret = 'contract-client-secret_0123456789'
const own = '1790000000000000001'

const body = JSON.stringify(payloads.find(({ about }) => about === 'A direct message')?.payload)
const sign = (secret: string, text: string) => `sha256=${createHmac('sha256', secret).update(text).digest('base64')}`
const call =
  (headers: Record<string, string>, text = body) =>
  () =>
    new Request(address, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } })

export const sample: ContractSample = {
  settings: {
    auth: 'oauth1',
    apiKey: 'contract-consumer-key_0123456789',
    apiSecret,
    accessToken: `${own}-contract-access-token_0123456789`,
    accessSecret: 'contract-access-secret_0123456789',
    clientSecret,
    refreshToken: 'contract-refresh-token_0123456789',
    bearerToken: 'contract-bearer-token_0123456789',
    apiRoot: 'http://127.0.0.1:9',
  },
  forged: [
    call({}),
    call({ 'x-twitter-webhooks-signature': '' }),
    call({ 'x-twitter-webhooks-signature': sign('another secret', body) }),
    call({ 'x-twitter-webhooks-signature': sign(apiSecret, `${body} `) }),
    // Each header has its own secret.
    call({ 'x-twitter-webhooks-signature-oauth2': sign(apiSecret, body) }),
    call({ 'x-twitter-webhooks-signature': sign('', body) }),
    () => new Request(`${address}?crc_token=${encodeURIComponent('{"data":{"event_type":"dm.received"}}')}`),
    () => new Request(address),
  ],
  genuine: () => call({ 'x-twitter-webhooks-signature': sign(apiSecret, body) })(),
  payloads: payloads.map(({ payload }) => payload),
  own: payloads.filter(({ own: ours }) => ours === true).map(({ payload }) => payload),
  threads: {
    public: {
      id: '1900000000000000010/2001',
      rootId: '1900000000000000010',
      to: '2001',
      inReplyTo: '1900000000000000010',
    },
    direct: { id: '2001', to: '2001', inReplyTo: 'dm:1900000000000000011' },
  },
  simulate,
}

let people = 0

/** By OAuth 2, so that the nodes of a house share one sign-in; the suite says the same words again and again. The post of the threads above is there. */
async function simulate(): Promise<ContractSimulator> {
  const simulator = await startXSimulator({ generous: 100, repeats: true })
  const lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
  simulator.existing(lin.person, '1900000000000000010', '@huixin_care 手机开不了机')
  const sends = ['POST /2/tweets', 'POST /2/dm_conversations/*']
  return {
    settings: { ...sample.settings, ...simulator.settings('oauth2'), pollSeconds: 1 },
    accepted: () => simulator.ledger.map(({ surface, text, media }) => ({ surface, text, media: media.length })),
    // After a 401 the token is renewed, and the call made once more.
    fault: (fault) => simulator.failNext(sends, faultOf(fault), fault.kind === 'credentials' ? 2 : 1),
    refusals: ['duplicate', 'permission', 'gone', 'blocked', 'too_long', 'media_refused'],
    says: (text) => lin.posts(`@huixin_care ${text}`),
    customer(name, surface) {
      const id = String(3_000 + ++people)
      const person = simulator.customer({ id, username: `person_${id}`, name })
      return {
        says: (text) => (surface === 'direct' ? person.writes(text) : person.posts(`@huixin_care ${text}`)),
        heard: () =>
          simulator.ledger.filter((entry) => entry.to === id && entry.surface === surface).map(({ text }) => text),
      }
    },
    tokens: () => simulator.refreshes(),
    tellsWait: true,
    close: () => simulator.close(),
  }
}

function faultOf(fault: ContractFault): Fault {
  switch (fault.kind) {
    case 'server-error':
      return { kind: 'status', status: 503, accepted: false }
    case 'hang':
      return { kind: 'silence', accepted: true }
    case 'cut':
      return { kind: 'cut', accepted: true }
    case 'unreadable':
      return { kind: 'garbage', accepted: true }
    case 'rate-limited':
      return { kind: 'rate-limited', seconds: fault.seconds }
    case 'credentials':
      return { kind: 'refuse', refusal: refusals.unauthorized() }
    case 'refused':
      return { kind: 'refuse', refusal: refusalOf(fault.code) }
  }
}

function refusalOf(code: string): Refusal {
  const made: Readonly<Record<string, () => Refusal>> = {
    duplicate: refusals.duplicate,
    permission: refusals.notMentioned,
    gone: refusals.parentGone,
    blocked: refusals.blocked,
    too_long: refusals.tooLong,
    media_refused: refusals.badMedia,
  }
  const make = made[code]
  if (!make) throw new Error(`X has no refusal that means ${code}`)
  return make()
}
