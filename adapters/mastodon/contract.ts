import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Surface } from '#channel/events.ts'
import type { ContractCustomer, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { refusalCodes } from './simulator/faults.ts'
import { type Simulator, startSimulator } from './simulator.ts'

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { payload: unknown; own?: boolean })

/** The longest name a server gives, below a warning as long as is kept: 500 characters are used to the last. */
const longest = 'a'.repeat(30)
const person = { id: '20001', username: longest, domain: 'elsewhere.example', name: 'Lin' }
const asked = { public: '113000000000000101', direct: '113000000000000102' } as const

export const sample: ContractSample = {
  settings: { server: 'http://127.0.0.1:9', accessToken: 'contract-mastodon-token_0123456789' },
  forged: [],
  payloads: fixtures.map(({ payload }) => payload),
  own: fixtures.filter(({ own }) => own).map(({ payload }) => payload),
  threads: {
    public: { id: `${asked.public}:20001`, rootId: asked.public, to: '20001', inReplyTo: asked.public },
    direct: { id: `${asked.direct}:20001:direct`, rootId: asked.direct, to: '20001', inReplyTo: asked.direct },
  },
  simulate,
}

let people = 0

/** Goes on under the newest post of the conversation. */
function customerOf(simulator: Simulator, name: string, surface: Surface): ContractCustomer {
  const username = `person_${++people}`
  const by = simulator.meet({ username, name })
  const visibility = surface === 'direct' ? 'direct' : 'public'
  const ours = () =>
    simulator.accepted.filter(
      (post) => post.text.includes(`@${username}`) && (post.visibility === 'direct') === (surface === 'direct'),
    )
  let mine: string | null = null
  return {
    async says(text) {
      while (!simulator.isRead()) await pause(100)
      const replyTo = ours().at(-1)?.id ?? mine
      const post = simulator.write(by, { text: `@acme_care ${text}`, visibility, ...(replyTo ? { replyTo } : {}) })
      mine = post.id
    },
    heard: () => ours().map(({ text }) => text),
  }
}

async function simulate(): Promise<ContractSimulator> {
  const simulator = await startSimulator()
  const customer = simulator.meet(person)
  const warning = '长'.repeat(68)
  simulator.write(customer, { id: asked.public, text: '@acme_care 手机开不了机了', warning })
  simulator.write(customer, { id: asked.direct, text: '@acme_care 订单 42', warning, visibility: 'direct' })
  return {
    settings: { server: simulator.address, accessToken: simulator.token },
    accepted: () =>
      simulator.accepted.map(({ visibility, text, files }) => ({
        surface: visibility === 'direct' ? 'direct' : 'public',
        text,
        media: files.length,
      })),
    fault: simulator.fail,
    refusals: refusalCodes,
    tellsWait: true,
    async says(text) {
      while (!simulator.isRead()) await pause(100)
      simulator.write(customer, { text: `@acme_care ${text}` })
    },
    customer: (name, surface) => customerOf(simulator, name, surface),
    close: simulator.close,
  }
}
