import { readdirSync, readFileSync } from 'node:fs'
import type { ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { createVisitor, type Visitor } from './simulator.ts'
import { signToken, siteSecret } from './test-token.ts'

const folder = new URL('./fixtures/', import.meta.url)
const address = 'https://care.example/webhooks/1'
const settings = {
  sites: 'https://shop.example',
  siteSecret,
  visitorKey: 'contract-key-of-unknown-visitors_0123456789',
  messagesPerMinute: 120,
}

function post(token: string | null, id = 'contract-0001', path = 'messages'): () => Request {
  return () =>
    new Request(`${address}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ id, text: '手机开不了机', language: 'zh-CN' }),
    })
}

const past = { exp: Math.floor(Date.now() / 1000) - 3600 }
const forged = [
  '',
  'hxv1',
  'hxv1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  signToken({ secret: 'another-secret-of-nobody-we-know_0123456789' }),
  signToken({ secret: ' ' }),
  signToken({ signature: '' }),
  signToken({ header: { alg: 'none' }, signature: '' }),
  signToken({ header: { alg: 'none' } }),
  signToken({ header: { alg: 'HS384' } }),
  signToken({ header: { alg: 'HS256', crit: ['exp'] } }),
  signToken({ claims: past }),
  signToken({ claims: { exp: undefined } }),
  signToken({ claims: { aud: 'another-account' } }),
  signToken({ claims: { aud: undefined } }),
  signToken({ claims: { sub: '' } }),
  signToken({ claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }),
  `${signToken()}.more`,
  `${signToken()}A`,
]

export const sample: ContractSample = {
  platform: 'ours',
  settings,
  forged: [post(null), ...forged.map((token) => post(token)), ...forged.map((token) => post(token, 'x', 'session'))],
  genuine: () => post(signToken())(),
  payloads: readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')).payload),
  threads: { direct: { id: 'u:customer-1042', to: 'u:customer-1042', inReplyTo: 'u:customer-1042:contract-0001' } },
  simulate,
}

/** A test's clock may run ahead by months. */
const farAway = () => Math.floor(Date.now() / 1000) + 365 * 86_400

async function simulate(): Promise<ContractSimulator> {
  let visitor: Visitor | null = null
  const visitors = new Set<Visitor>()
  const meet = async (door: string, reach?: (request: Request) => Promise<Response>) => {
    visitor ??= await createVisitor({ door, token: signToken(), ...(reach ? { reach } : {}) })
    return visitor
  }
  return {
    settings,
    accepted: () =>
      visitor?.heard().map(({ text, files }) => ({ surface: 'direct' as const, text, media: files })) ?? [],
    meets: async (reach) => void (await meet(address, reach)),
    says: async (text, door) => (await meet(door)).says(text),
    customer(name) {
      let met: Promise<Visitor> | null = null
      let heard: Visitor['heard'] = () => []
      return {
        async says(text, door) {
          met ??= createVisitor({ door, token: signToken({ claims: { sub: name, name, exp: farAway() } }) })
          const visitor = await met
          visitors.add(visitor)
          heard = visitor.heard
          return visitor.says(text)
        },
        heard: () => heard().map(({ text }) => text),
      }
    },
    fault: () => {
      throw new Error('a line that is stored meets no fault')
    },
    faults: [],
    refusals: [],
    tellsWait: true,
    async close() {
      await Promise.all([visitor, ...visitors].map((one) => one?.close()))
    },
  }
}
