import { readdirSync, readFileSync } from 'node:fs'
import type { ContractFault, ContractSample } from '../../test/helpers/contract-sample.ts'
import { type ProgramFault, signedPost, startProgram } from './simulator.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const payloads = readdirSync(fixtures)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).payload)

const secret = `whsec_${Buffer.from('a signing secret for the contract').toString('base64')}`
const key = 'contract-key_of-the-program-91'
const settings = { kind: 'app', secret, key, answerUrl: 'http://127.0.0.1:9/huixin' }
const door = 'https://care.example/webhooks/1'
const post = { id: 'c-1', author: { id: 'u-17', name: '林薇' }, text: '手机开不了机了' }

const forged = (headers: Record<string, string>) => () =>
  new Request(door, {
    method: 'POST',
    body: JSON.stringify(post),
    headers: { 'content-type': 'application/json', ...headers },
  })
const now = () => String(Math.floor(Date.now() / 1_000))
const other = `whsec_${Buffer.from('another secret that is long enough').toString('base64')}`

const faults: Record<Exclude<ContractFault['kind'], 'refused' | 'rate-limited'>, ProgramFault | null> = {
  'server-error': { kind: 'status', status: 503 },
  hang: { kind: 'hang' },
  credentials: { kind: 'status', status: 401 },
  // Of an answer only its status counts: one with a status is an answer.
  cut: { kind: 'reset' },
  unreadable: null,
}
const refusals = {
  too_long: 413,
  gone: 410,
  permission: 403,
  media_refused: 415,
  invalid: 422,
  duplicate: 409,
} as const

function faultOf(fault: ContractFault): ProgramFault {
  if (fault.kind === 'rate-limited')
    return { kind: 'status', status: 429, headers: { 'retry-after': String(fault.seconds) } }
  if (fault.kind === 'refused') return { kind: 'status', status: refusals[fault.code as keyof typeof refusals] }
  const made = faults[fault.kind]
  if (!made) throw new Error(`the program does not know ${fault.kind}`)
  return made
}

export const sample: ContractSample = {
  settings,
  forged: [
    forged({}),
    forged({ authorization: 'Bearer ' }),
    forged({ authorization: `Bearer ${key}x` }),
    forged({ authorization: 'Basic Og==' }),
    forged({ 'webhook-id': 'c-1', 'webhook-timestamp': now(), 'webhook-signature': 'v1,' }),
    forged({ 'webhook-id': 'c-1', 'webhook-timestamp': 'soon', 'webhook-signature': `v1,${'A'.repeat(43)}=` }),
    () => signedPost(other, door, post),
    // A key does not mend a signature that is wrong.
    () => {
      const request = signedPost(other, door, post)
      request.headers.set('authorization', `Bearer ${key}`)
      return request
    },
  ],
  genuine: (at) => signedPost(secret, door, post, { id: 'msg_c1', at }),
  replayAfterMs: 5 * 60_000,
  payloads,
  threads: { direct: { id: 'u-17', to: 'u-17', inReplyTo: 'c-1' } },
  async simulate() {
    const program = await startProgram(secret)
    let count = 0
    return {
      settings: { ...settings, answerUrl: program.address },
      accepted: () =>
        program.taken.map(({ text, files }) => ({ surface: 'direct' as const, text, media: files.length })),
      fault: (fault) => program.fail(faultOf(fault)),
      faults: ['server-error', 'hang', 'cut', 'rate-limited', 'refused', 'credentials'],
      refusals: Object.keys(refusals) as (keyof typeof refusals)[],
      async says(text, at) {
        const answer = await program.post(at, {
          id: `says-${process.pid}-${++count}`,
          author: { id: 'u-17', name: '林薇' },
          text,
        })
        if (!answer.ok) throw new Error(`the door answered ${answer.status}`)
      },
      customer(name) {
        const id = `u-${Buffer.from(name).toString('hex')}`
        return {
          async says(text, at) {
            const post = { id: `of-${process.pid}-${++count}`, author: { id, name }, text }
            const answer = await program.post(at, post)
            if (!answer.ok) throw new Error(`the door answered ${answer.status}`)
          },
          heard: () => program.taken.filter(({ to }) => to === id).map(({ text }) => text),
        }
      },
      tellsWait: true,
      close: program.close,
    }
  },
}
