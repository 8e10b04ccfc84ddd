/**
 * Weibo on loopback: the REST interfaces, the fan service with its pushes, files and pictures, for the demo, tests, faults and
 * benchmarks. Written from https://open.weibo.com/wiki, read 2026-11-24, not from the adapter, which cannot tell it from Weibo but
 * for its address.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Customer, customerOf, type PostMore, writePost } from './simulator/customers.ts'
import { createFaults, type Script } from './simulator/faults.ts'
import { type Accepted, type Call, createLedger } from './simulator/ledger.ts'
import { type Attempt, createPusher } from './simulator/push.ts'
import { serve } from './simulator/serve.ts'
import { type AccountState, createWorld, type Person } from './simulator/state.ts'

export type { Customer } from './simulator/customers.ts'
export type { Fault, Script } from './simulator/faults.ts'
export type { Accepted } from './simulator/ledger.ts'

export interface AccountOptions {
  readonly token: string
  readonly pushToken?: string
  readonly uid?: string
  readonly name?: string
  readonly appSecret?: string
  /** What Weibo allows. Default 100. */
  readonly dailyCalls?: number
  /** Default 30. */
  readonly postsPerHour?: number
}

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default the real time. */
  readonly now?: () => number
  /** Ids beyond 2^53, as they will be one day. */
  readonly largeIds?: boolean
  /** A push is given up after this. Default 5,000, as Weibo. */
  readonly pushAnswerMs?: number
}

export interface SimulatedAccount {
  readonly uid: string
  readonly name: string
  /** Calls counted today. */
  used(): number
  newDay(): void
  /** From now on its token is refused with this code. */
  refuse(code: number | null): void
  /** A post of the account's own. */
  posts(text: string, more?: PostMore): string
  customer(person: Person): Customer
  /** Where pushes go, from now on. */
  pushTo(address: string): void
  /** Enters the address in the fan service: does it answer as it has to? */
  confirm(address: string): Promise<boolean>
}

export interface WeiboSimulator {
  /** All of `apiRoot`, `messageRoot` and `fileRoot`. */
  readonly url: string
  /** What was accepted, in order. */
  readonly ledger: readonly Accepted[]
  /** All that was asked, without tokens. */
  readonly calls: readonly Call[]
  readonly pushes: readonly Attempt[]
  account(options: AccountOptions): SimulatedAccount
  onAccepted(listener: (entry: Accepted) => void): () => void
  /** A post that is there already, with this id. */
  place(id: string, author: Person): void
  deletePost(id: string): void
  deleteComment(id: string): void
  setPolicy(post: string, policy: 'all' | 'followed' | 'none'): void
  /** The comment is shown in lists from then on. */
  hide(comment: string, untilMs: number): void
  fail(script: Script): void
  /** Empties ledger and calls, drops scripts. */
  reset(): void
  close(): Promise<void>
}

export async function startWeiboSimulator(options: SimulatorOptions = {}): Promise<WeiboSimulator> {
  const { port = 0, now = Date.now, largeIds = false, pushAnswerMs = 5000 } = options
  const world = createWorld(now, largeIds ? 24n : 22n)
  const ledger = createLedger()
  const faults = createFaults()
  const pusher = createPusher({ answerMs: pushAnswerMs, tries: 3 })
  const server = http.createServer((request, response) => {
    serve({ world, ledger, faults, root: () => url }, request, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function stateOf(given: AccountOptions): AccountState {
    const known = world.accounts.get(given.token)
    if (known) return known
    const self = { uid: given.uid ?? '1902538057', name: given.name ?? '回信手机客服', followers: 120_000 }
    world.people.set(self.uid, self)
    const state: AccountState = {
      token: given.token,
      pushToken: given.pushToken ?? given.token,
      self,
      appSecret: given.appSecret ?? '',
      dailyCalls: given.dailyCalls ?? 100,
      postsPerHour: given.postsPerHour ?? 30,
      used: 0,
      refusal: null,
      mentions: [],
      received: [],
      mentioned: [],
      written: [],
      posted: [],
      windows: new Map(),
      webhook: null,
    }
    world.accounts.set(state.token, state)
    world.accounts.set(state.pushToken, state)
    return state
  }

  return {
    url,
    ledger: ledger.entries,
    calls: ledger.calls,
    pushes: pusher.attempts,
    account(given) {
      const state = stateOf(given)
      return {
        uid: state.self.uid,
        name: state.self.name,
        used: () => state.used,
        newDay: () => {
          state.used = 0
        },
        refuse: (code) => {
          state.refusal = code
        },
        posts: (text, more) => writePost(world, state.self, text, more).id,
        customer: (person) => customerOf(world, state, pusher, person),
        pushTo: (address) => {
          state.webhook = address
        },
        confirm: (address) => pusher.confirm(address, state.appSecret),
      }
    },
    onAccepted: ledger.onAccepted,
    place(id, author) {
      const post = writePost(world, author, '手机开不了机')
      world.posts.set(id, { ...post, id })
    },
    deletePost: (id) => {
      const post = world.posts.get(id)
      if (post) post.deleted = true
    },
    deleteComment: (id) => {
      const remark = world.remarks.get(id)
      if (remark) remark.deleted = true
    },
    setPolicy: (id, policy) => {
      const post = world.posts.get(id)
      if (post) post.policy = policy
    },
    hide: (id, untilMs) => {
      const remark = world.remarks.get(id)
      if (remark) remark.visibleAt = untilMs
    },
    fail: faults.fail,
    reset() {
      ledger.clear()
      faults.clear()
    },
    async close() {
      pusher.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
