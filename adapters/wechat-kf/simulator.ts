/**
 * A company at WeCom with 微信客服, on loopback: a real HTTP server for the calls of the API, and sealed calls of the server's
 * address. For the demo, tests, faults and benchmarks. Written from WeCom's pages, not from the adapter, which cannot tell
 * it from WeCom but for its address.
 */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Actor, actorOf, addLine, type World } from './simulator/acts.ts'
import { type Attempt, type Console, createCallbacks, type SignedCall } from './simulator/callback.ts'
import { createClock, createCompany } from './simulator/company.ts'
import { createFaults, type Script } from './simulator/faults.ts'
import { type CallEntry, createLedger, type LedgerEntry } from './simulator/ledger.ts'
import { serve } from './simulator/serve.ts'
import { createSync, type Sync } from './simulator/sync.ts'

export type { Actor } from './simulator/acts.ts'
export type { Attempt, SignedCall } from './simulator/callback.ts'
export type { Fault, Script } from './simulator/faults.ts'
export type { CallEntry, LedgerEntry } from './simulator/ledger.ts'

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number
  readonly corpId?: string
  readonly secret?: string
  readonly token?: string
  readonly encodingAesKey?: string
  readonly accounts?: readonly { readonly id: string; readonly name: string }[]
  /** Divides the 5 seconds of a call. Default 1: the real rhythm. */
  readonly speed?: number
}

export interface WeComSimulator extends Pick<Sync, 'shorten' | 'empty' | 'forgetCursors'> {
  readonly url: string
  /** What the account is to be set up with. */
  readonly settings: Readonly<Record<string, string>>
  /** Its service accounts' ids. */
  readonly openKfIds: readonly string[]
  /** Messages that reached customers, in order. */
  readonly ledger: readonly LedgerEntry[]
  /** Every call, refused ones included. */
  readonly calls: readonly CallEntry[]
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
  /** Where to call from now on. */
  connect(webhookUrl: string): void
  /** The console's question whether the address is ours. */
  greet(): Promise<boolean>
  /** A customer at a service account, default the first. */
  customer(id: string, openKfId?: string): Actor
  /** A line as it is, of now or then, without a call. */
  line(fields: Readonly<Record<string, unknown>>, openKfId?: string): void
  /** A call, signed and sealed, for a test to make itself. */
  signed(openKfId?: string): SignedCall
  /** Every call of the server's address so far. */
  attempts(): readonly Attempt[]
  /** Another secret from now on. */
  resetSecret(secret: string): void
  /** What was given is refused from now on. */
  revokeTokens(): void
  /** How many different access tokens were given so far. */
  tokensIssued(): number
  refuseIp(yes: boolean): void
  /** Whether the secret may manage this service account. */
  manages(openKfId: string, yes: boolean): void
  fail(script: Script): void
  clearFaults(): void
  /** WeCom's clock goes on by so much. */
  advance(ms: number): void
  now(): Date
  close(): Promise<void>
}

export async function startWeComSimulator(options: SimulatorOptions = {}): Promise<WeComSimulator> {
  const { port = 0, speed = 1 } = options
  const corpId = options.corpId ?? `ww${randomBytes(8).toString('hex')}`
  const secret = options.secret ?? randomBytes(32).toString('base64url')
  const accounts = options.accounts ?? [{ id: `wk${randomBytes(15).toString('base64url')}`, name: '手机售后客服' }]
  const console: Console = {
    url: null,
    token: options.token ?? randomBytes(12).toString('hex'),
    // 43 letters and digits, as the console makes them.
    encodingAesKey: options.encodingAesKey ?? `${randomBytes(21).toString('hex')}A`,
  }
  const clock = createClock()
  const company = createCompany(corpId, secret, accounts)
  const ledger = createLedger()
  const faults = createFaults()
  const sync = createSync(company, clock)
  const callbacks = createCallbacks(console, company, clock, speed)
  const world: World = { company, clock, callbacks }
  const tell = (openKfId: string, event: Readonly<Record<string, unknown>>) => {
    addLine(world, openKfId, { origin: 4, msgtype: 'event', event: { open_kfid: openKfId, ...event } })
    void callbacks.call(openKfId)
  }
  const server = http.createServer((request, response) => {
    // The caller went away while it was sending.
    serve({ company, clock, ledger, faults, sync, tell }, request, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const first = accounts[0]!.id

  return {
    url,
    settings: { corpId, secret, token: console.token, encodingAesKey: console.encodingAesKey, apiRoot: url },
    openKfIds: accounts.map(({ id }) => id),
    ledger: ledger.entries,
    calls: ledger.calls,
    onAccepted: ledger.onAccepted,
    connect(webhookUrl) {
      console.url = webhookUrl
    },
    greet: callbacks.greet,
    customer: (id, openKfId = first) => actorOf(world, openKfId, id),
    line: (fields, openKfId = first) => void addLine(world, openKfId, fields),
    signed: (openKfId = first) => callbacks.signed(openKfId),
    attempts: callbacks.attempts,
    shorten: sync.shorten,
    empty: sync.empty,
    forgetCursors: sync.forgetCursors,
    resetSecret(next) {
      company.secret = next
    },
    revokeTokens() {
      company.access = null
    },
    tokensIssued: () => company.tokensIssued,
    refuseIp(yes) {
      company.ipRefused = yes
    },
    manages(openKfId, yes) {
      company.accounts.get(openKfId)!.managed = yes
    },
    fail: faults.fail,
    clearFaults: faults.clear,
    advance: clock.advance,
    now: () => new Date(clock.now()),
    async close() {
      faults.clear()
      callbacks.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
