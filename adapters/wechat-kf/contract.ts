import { readdirSync, readFileSync } from 'node:fs'
import type { SendCode } from '#channel/errors.ts'
import type { ContractFault, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import type { Fault } from './simulator/faults.ts'
import { seal, sign } from './simulator/seal.ts'
import { startWeComSimulator, type WeComSimulator } from './simulator.ts'
import { allowedSkewMs } from './verify.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const address = 'https://care.example/webhooks/1'
const openKfId = 'wkContractServiceAccount01'
const customerId = 'wmContractCustomer00000001'
const settings = {
  corpId: 'ww0123456789abcdef',
  secret: 'contractSecretOfNoCompany0123456789abcdefgh',
  token: 'contractTokenOfNoServer012345678',
  encodingAesKey: 'ContractKeyOfNoMessage0123456789abcdefghijk',
  openKfIds: openKfId,
  apiRoot: 'http://127.0.0.1:9',
}

interface Call {
  readonly token?: string
  readonly key?: string
  readonly corpId?: string
  readonly change?: (sealed: string) => string
}

function post(at: Date, { token = settings.token, key = settings.encodingAesKey, corpId, change }: Call = {}): Request {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const nonce = '1514711492'
  const message = `<xml><ToUserName><![CDATA[${settings.corpId}]]></ToUserName><CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR]]></Token><OpenKfId><![CDATA[${openKfId}]]></OpenKfId></xml>`
  const sealed = seal(message, key, corpId ?? settings.corpId, Buffer.alloc(16, 'r'))
  const query = new URLSearchParams({ msg_signature: sign(token, timestamp, nonce, sealed), timestamp, nonce })
  const body = `<xml><ToUserName><![CDATA[${settings.corpId}]]></ToUserName><Encrypt><![CDATA[${change ? change(sealed) : sealed}]]></Encrypt></xml>`
  return new Request(`${address}?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
}

const now = () => Math.floor(Date.now() / 1000)
const unsigned = (method: string, query: string, body?: string) => () =>
  new Request(`${address}${query}`, { method, ...(body === undefined ? {} : { body }) })
const text = '<xml><Event>kf_msg_or_event</Event></xml>'

interface Fixture {
  readonly payload: { readonly origin?: number }
}
const read = (name: string): Fixture => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'))
const payloads = readdirSync(fixtures).map((name) => read(name).payload)

export const sample: ContractSample = {
  settings,
  forged: [
    unsigned('POST', '', text),
    unsigned('GET', '?msg_signature=&timestamp=&nonce=&echostr=1'),
    unsigned('GET', `?msg_signature=${'0'.repeat(40)}&timestamp=${now()}&nonce=1&echostr=1`),
    unsigned('POST', `?msg_signature=${'0'.repeat(40)}&timestamp=${now()}&nonce=1`, text),
    unsigned('PUT', `?msg_signature=${'0'.repeat(40)}&timestamp=${now()}&nonce=1`, text),
    // Genuine but for the one thing.
    () => post(new Date(), { token: settings.token.toUpperCase() }),
    () => post(new Date(), { token: '' }),
    () => post(new Date(), { corpId: 'wwfedcba9876543210' }),
    () => post(new Date(), { change: (sealed) => `${sealed.slice(0, -8)}AAAAAAA=` }),
    () => post(new Date(Date.now() - allowedSkewMs - 2000)),
  ],
  genuine: (at) => post(at),
  replayAfterMs: allowedSkewMs + 1000,
  payloads,
  own: payloads.filter(({ origin }) => origin === 5),
  threads: { direct: { id: `${openKfId}:${customerId}`, to: customerId, inReplyTo: 'm1' } },
  simulate,
}

const refusals: { readonly [code in SendCode]?: number } = {
  window_closed: 95002,
  quota: 95001,
  gone: 40096,
  too_long: 45002,
  permission: 48002,
  media_refused: 40007,
  invalid: 40008,
}

let people = 0

async function simulate(): Promise<ContractSimulator> {
  const { corpId, secret, token, encodingAesKey } = settings
  const accounts = [{ id: openKfId, name: '手机售后客服' }]
  const simulator = await startWeComSimulator({ corpId, secret, token, encodingAesKey, accounts })
  const customer = simulator.customer(customerId)
  // Five replies for each message of the customer's: the suite asks for more.
  customer.wroteBefore()
  const stop = simulator.onAccepted(customer.wroteBefore)
  return {
    settings: { ...settings, apiRoot: simulator.url },
    accepted: () =>
      simulator.ledger.map((entry) => ({ surface: 'direct', text: entry.text ?? '', media: entry.file ? 1 : 0 })),
    fault: (fault) => script(simulator, fault),
    refusals: Object.keys(refusals) as SendCode[],
    tellsWait: false,
    says(words, door) {
      simulator.connect(door)
      return customer.says(words)
    },
    customer() {
      const id = `wmContract${String(++people).padStart(18, '0')}`
      const person = simulator.customer(id)
      return {
        says(text, door) {
          simulator.connect(door)
          return person.says(text)
        },
        heard: () => simulator.ledger.filter((entry) => entry.customer === id).map(({ text }) => text ?? ''),
      }
    },
    tokens: simulator.tokensIssued,
    async close() {
      stop()
      await simulator.close()
    },
  }
}

function script(simulator: WeComSimulator, fault: ContractFault): void {
  const next = (scripted: Fault) => simulator.fail({ path: '/kf/send_msg', fault: scripted })
  switch (fault.kind) {
    case 'server-error':
      return next({ kind: 'status', status: 502, accepted: false })
    case 'hang':
      return next({ kind: 'silence', accepted: true })
    case 'cut':
      return next({ kind: 'cut', accepted: true })
    case 'unreadable':
      return next({ kind: 'garbage', accepted: true })
    case 'rate-limited':
      return next({ kind: 'errcode', errcode: 45009 })
    case 'refused':
      return next({ kind: 'errcode', errcode: refusals[fault.code] ?? 40008 })
    case 'credentials':
      // No token is given any more, for this secret.
      simulator.revokeTokens()
      simulator.fail({ path: '/gettoken', fault: { kind: 'errcode', errcode: 40001 } })
      return
  }
}
