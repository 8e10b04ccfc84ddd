import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { ContractFault, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { type Fault, startWeiboSimulator } from './simulator.ts'
import { replayMs, signature } from './verify.ts'

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { payload: unknown; own?: true },
)
const uid = '1902538057'
const appSecret = 'contract-secret_of-the-app-0123'
const accessToken = '2.00contract-token_of-nobody-0123456789'
const address = 'https://care.example/webhooks/1'
const body = JSON.stringify({
  type: 'text',
  receiver_id: Number(uid),
  sender_id: 2489518277,
  created_at: 'Mon Jul 16 18:09:20 +0800 2012',
  text: '手机开不了机',
  data: {},
})

function push(at: Date, given: (right: string) => string = (right) => right, secret = appSecret): Request {
  const timestamp = String(at.getTime())
  const nonce = '57155157'
  const query = new URLSearchParams({ timestamp, nonce, signature: given(signature(secret, timestamp, nonce)) })
  return new Request(`${address}?${query}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

/** How Weibo says it. */
const refusals = {
  too_long: 20012,
  duplicate: 20019,
  gone: 20101,
  permission: 20206,
  invalid: 10017,
} as const

export const sample: ContractSample = {
  settings: {
    accessToken,
    uid,
    appSecret,
    pushToken: '2.00contract-push-token_of-nobody-98765',
    apiRoot: 'http://127.0.0.1:9',
    messageRoot: 'http://127.0.0.1:9',
    fileRoot: 'http://127.0.0.1:9',
  },
  forged: [
    () => new Request(address, { method: 'POST', body }),
    () => new Request(`${address}?signature=&timestamp=&nonce=`, { method: 'POST', body }),
    () => push(new Date(), () => '0'.repeat(40)),
    () => push(new Date(), (right) => right.slice(1)),
    () => push(new Date(), undefined, ''),
    () => new Request(`${address}?echostr=1&timestamp=1397022061823&nonce=1&signature=1`),
  ],
  genuine: (at) => push(at),
  replayAfterMs: replayMs,
  payloads: fixtures.map(({ payload }) => payload),
  own: fixtures.filter(({ own }) => own).map(({ payload }) => payload),
  threads: {
    direct: { id: '2489518277', to: '2489518277', inReplyTo: 'dm:2489518277:1342433360:text:x' },
    public: {
      id: '5100000000000010/2489518277',
      rootId: '5100000000000010',
      to: '2489518277',
      inReplyTo: 's:5100000000000010',
    },
  },
  simulate,
}

let people = 0

async function simulate(): Promise<ContractSimulator> {
  const simulator = await startWeiboSimulator()
  const account = simulator.account({ token: accessToken, uid, appSecret, dailyCalls: 10_000, postsPerHour: 10_000 })
  const customer = account.customer({ uid: '2489518277', name: '夜跑的鱼' })
  simulator.place('5100000000000010', customer.person)
  await customer.writes('在吗')
  return {
    settings: {
      accessToken,
      uid,
      appSecret,
      dailyCalls: 10_000,
      apiRoot: simulator.url,
      messageRoot: simulator.url,
      fileRoot: simulator.url,
    },
    accepted: () => simulator.ledger.map(({ surface, text }) => ({ surface, text, media: 0 })),
    says(text, door) {
      account.pushTo(door)
      return customer.writes(text)
    },
    customer(name, surface) {
      const uid = String(2_500_000_000 + ++people)
      const person = account.customer({ uid, name })
      return {
        says(text, door) {
          account.pushTo(door)
          return surface === 'direct' ? person.writes(text) : person.posts(`@${account.name} ${text}`)
        },
        heard: () =>
          simulator.ledger.filter((entry) => entry.to === uid && entry.surface === surface).map(({ text }) => text),
      }
    },
    fault: (fault) => simulator.fail({ at: 'send', fault: asWeibo(fault) }),
    refusals: Object.keys(refusals) as (keyof typeof refusals)[],
    tellsWait: false,
    close: simulator.close,
  }
}

function asWeibo(fault: ContractFault): Fault {
  switch (fault.kind) {
    case 'server-error':
      return { kind: 'status', status: 502, accepted: false }
    case 'hang':
      return { kind: 'silence', accepted: true }
    case 'cut':
      return { kind: 'cut', accepted: true }
    case 'unreadable':
      return { kind: 'garbage', accepted: true, body: randomBytes(20).toString('base64') }
    case 'rate-limited':
      return { kind: 'refuse', code: 20016 }
    case 'refused':
      return { kind: 'refuse', code: refusals[fault.code as keyof typeof refusals] ?? 10017 }
    case 'credentials':
      return { kind: 'refuse', code: 21327 }
  }
}
