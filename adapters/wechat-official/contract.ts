import { readdirSync, readFileSync } from 'node:fs'
import type { SendCode } from '#channel/errors.ts'
import type { ContractFault, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { readDocument } from './document.ts'
import type { Fault } from './simulator/faults.ts'
import { seal, sign } from './simulator/seal.ts'
import { startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { allowedSkewMs } from './verify.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const address = 'https://care.example/webhooks/1'
const settings = {
  appId: 'wx0123456789abcdef',
  appSecret: 'contractSecretOfNoApp0123456789a',
  token: 'contractTokenOfNoServer012345678',
  mode: 'safe',
  encodingAesKey: 'ContractKeyOfNoMessage0123456789abcdefghijk',
  previousEncodingAesKey: 'FormerContractKeyOfNoMessage0123456789abcde',
  apiRoot: 'http://127.0.0.1:9',
} as const
const openId = 'oContractPerson0000000000001'

interface Call {
  readonly token?: string
  readonly key?: string
  readonly appId?: string
  readonly change?: (sealed: string) => string
}

function post(at: Date, { token = settings.token, key = settings.encodingAesKey, appId, change }: Call = {}): Request {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const nonce = '1514711492'
  const message = `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[${openId}]]></FromUserName><CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[手机开不了机]]></Content><MsgId>24363689963896700987</MsgId></xml>`
  const sealed = seal(message, key, appId ?? settings.appId, Buffer.alloc(16, 'r'))
  const query = new URLSearchParams({
    signature: sign(token, timestamp, nonce),
    timestamp,
    nonce,
    encrypt_type: 'aes',
    msg_signature: sign(token, timestamp, nonce, sealed),
  })
  const body = `<xml><Encrypt><![CDATA[${change ? change(sealed) : sealed}]]></Encrypt></xml>`
  return new Request(`${address}?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
}

const unsigned = (method: string, query: string, body?: string) => () =>
  new Request(`${address}${query}`, { method, ...(body === undefined ? {} : { body }) })
const text = '<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType></xml>'
const plain = () => {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = sign(settings.token, timestamp, '1')
  return unsigned('POST', `?signature=${signature}&timestamp=${timestamp}&nonce=1`, text)()
}

export const sample: ContractSample = {
  settings,
  forged: [
    unsigned('POST', '', text),
    unsigned('GET', '?signature=&timestamp=&nonce=&echostr=1'),
    unsigned('GET', `?signature=${'0'.repeat(40)}&timestamp=${Math.floor(Date.now() / 1000)}&nonce=1&echostr=1`),
    // Genuine but for the one thing.
    () => post(new Date(), { token: settings.token.toUpperCase() }),
    () => post(new Date(), { token: '' }),
    () => post(new Date(), { appId: 'wxfedcba9876543210' }),
    () => post(new Date(), { change: (sealed) => `${sealed.slice(0, -8)}AAAAAAA=` }),
    () => post(new Date(Date.now() - allowedSkewMs - 2000)),
    // The signature of a plain push says nothing about its body.
    plain,
  ],
  genuine: (at) => post(at),
  replayAfterMs: allowedSkewMs + 1000,
  payloads: readdirSync(fixtures).map((name) =>
    readDocument(Buffer.from(JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).body)),
  ),
  threads: { direct: { id: openId, to: openId, inReplyTo: `${openId}:1` } },
  simulate,
}

const refusals: { readonly [code in SendCode]?: number } = {
  window_closed: 45015,
  quota: 45047,
  blocked: 48002,
  gone: 40003,
  too_long: 45002,
  permission: 48001,
  media_refused: 40007,
  invalid: 40008,
}

let people = 0

async function simulate(): Promise<ContractSimulator> {
  const { appId, appSecret, token, encodingAesKey } = settings
  const simulator = await startWeChatSimulator({ appId, appSecret, token, encodingAesKey })
  const customer = simulator.customer(openId)
  // Five replies for each message of the customer's: the suite asks for more.
  customer.wroteBefore()
  const stop = simulator.onAccepted(customer.wroteBefore)
  return {
    settings: { ...settings, apiRoot: simulator.url },
    accepted: () =>
      simulator.ledger.map(({ text, file }) => ({ surface: 'direct', text: text ?? '', media: file ? 1 : 0 })),
    fault: (fault) => script(simulator, fault),
    refusals: Object.keys(refusals) as SendCode[],
    tellsWait: false,
    says(text, door) {
      simulator.connect(door)
      return customer.says(text)
    },
    customer() {
      const id = `oContract${String(++people).padStart(18, '0')}`
      const person = simulator.customer(id)
      return {
        says(text, door) {
          simulator.connect(door)
          return person.says(text)
        },
        heard: () => simulator.ledger.filter((entry) => entry.openId === id).map(({ text }) => text ?? ''),
      }
    },
    tokens: simulator.tokensIssued,
    async close() {
      stop()
      await simulator.close()
    },
  }
}

function script(simulator: WeChatSimulator, fault: ContractFault): void {
  const next = (scripted: Fault) => simulator.fail({ path: 'message/custom/send', fault: scripted })
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
      return next({ kind: 'errcode', errcode: 45011 })
    case 'refused':
      return next({ kind: 'errcode', errcode: refusals[fault.code] ?? 40008 })
    case 'credentials':
      // The token is refused, and so is the secret that another one is asked for with.
      simulator.fail({ path: 'stable_token', fault: { kind: 'errcode', errcode: 40125 } })
      return next({ kind: 'errcode', errcode: 40001 })
  }
}
