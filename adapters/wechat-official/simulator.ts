/**
 * An official account at WeChat, on loopback: a real HTTP server for the calls of the API, and pushes to the server's
 * address, signed and encrypted by mode. For the demo, tests, faults and benchmarks. Written from WeChat's pages, not from
 * the adapter, which cannot tell it from WeChat but for its address.
 */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Customer, customerOf } from './simulator/customers.ts'
import { createFaults, type Script } from './simulator/faults.ts'
import { type CallEntry, createLedger, type LedgerEntry } from './simulator/ledger.ts'
import { type Attempt, type Console, createPushes, type Mode, type SignedCall } from './simulator/push.ts'
import { serve } from './simulator/serve.ts'
import { createAccount, createClock } from './simulator/state.ts'
import type { Fields } from './simulator/xml.ts'

export type { Customer } from './simulator/customers.ts'
export type { Fault, Script } from './simulator/faults.ts'
export type { CallEntry, LedgerEntry } from './simulator/ledger.ts'
export type { Attempt, Mode, SignedCall } from './simulator/push.ts'

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number
  readonly appId?: string
  readonly appSecret?: string
  readonly token?: string
  readonly mode?: Mode
  readonly encodingAesKey?: string
  readonly format?: 'xml' | 'json'
  /** Divides the 5 seconds of a push. Default 1: the real rhythm. */
  readonly speed?: number
}

export interface WeChatSimulator {
  readonly url: string
  /** What the account is to be set up with. */
  readonly settings: Readonly<Record<string, string>>
  /** Messages that reached customers, in order. */
  readonly ledger: readonly LedgerEntry[]
  /** Every call, refused ones included. */
  readonly calls: readonly CallEntry[]
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
  /** Where to push to from now on. */
  connect(webhookUrl: string): void
  /** The console's question whether the address is ours. */
  greet(): Promise<boolean>
  customer(openId: string): Customer
  /** A push as it is. */
  push(fields: Fields): Promise<boolean>
  /** The call of a push, signed and sealed, for a test to make itself. */
  signed(fields: Fields): SignedCall
  /** Every call of the server's address so far. */
  attempts(): readonly Attempt[]
  /** How often a customer read that the account is out of order. */
  complaints(): number
  /** The console: another mode, key or format. */
  configure(changes: Partial<Pick<Console, 'mode' | 'encodingAesKey' | 'format' | 'token'>>): void
  /** Another secret from now on; tokens that were given stay good. */
  resetSecret(secret: string): void
  /** What was given is refused from now on (40001). */
  revokeTokens(): void
  /** How many different tokens were given so far. */
  tokensIssued(): number
  /** Only somebody else is on the whitelist. Null: everybody. */
  refuseIp(ip: string | null): void
  certified(yes: boolean): void
  fail(script: Script): void
  clearFaults(): void
  /** WeChat's clock goes on by so much. */
  advance(ms: number): void
  now(): Date
  close(): Promise<void>
}

export async function startWeChatSimulator(options: SimulatorOptions = {}): Promise<WeChatSimulator> {
  const { port = 0, mode = 'safe', format = 'xml', speed = 1 } = options
  const appId = options.appId ?? `wx${randomBytes(8).toString('hex')}`
  const appSecret = options.appSecret ?? randomBytes(16).toString('hex')
  const webhook: Console = {
    url: null,
    token: options.token ?? randomBytes(16).toString('hex'),
    mode,
    // 43 letters and digits, as the console makes them.
    encodingAesKey: options.encodingAesKey ?? `${randomBytes(21).toString('hex')}A`,
    format,
  }
  const clock = createClock()
  const account = createAccount(appId, appSecret)
  const ledger = createLedger()
  const faults = createFaults()
  const pushes = createPushes(webhook, appId, clock, speed)
  const server = http.createServer((request, response) => {
    // The caller went away while it was sending.
    serve({ account, clock, ledger, faults }, request, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    settings: {
      appId,
      appSecret,
      token: webhook.token,
      mode,
      encodingAesKey: webhook.encodingAesKey,
      apiRoot: url,
    },
    ledger: ledger.entries,
    calls: ledger.calls,
    onAccepted: ledger.onAccepted,
    connect(webhookUrl) {
      webhook.url = webhookUrl
    },
    greet: pushes.greet,
    customer: (openId) => customerOf({ account, clock, pushes, url: () => url }, openId),
    push: pushes.push,
    signed: pushes.signed,
    attempts: pushes.attempts,
    complaints: pushes.complaints,
    configure: (changes) => void Object.assign(webhook, changes),
    resetSecret(secret) {
      account.appSecret = secret
    },
    revokeTokens() {
      account.current = null
      account.previous = null
    },
    tokensIssued: () => account.tokensIssued,
    refuseIp(ip) {
      account.refusedIp = ip
    },
    certified(yes) {
      account.certified = yes
    },
    fail: faults.fail,
    clearFaults: faults.clear,
    advance: clock.advance,
    now: () => new Date(clock.now()),
    async close() {
      faults.clear()
      pushes.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
