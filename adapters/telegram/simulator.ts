/**
 * The Bot API on loopback: a real HTTP server that keeps bots, chats, updates, webhooks and files in memory, for the demo,
 * tests, faults and benchmarks. Written from https://core.telegram.org/bots/api and the source of tdlib/telegram-bot-api
 * (@01a3679), not from the adapter, which cannot tell it from Telegram but for its address.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Business, businessOf } from './simulator/business.ts'
import { type Channel, channelOf } from './simulator/channels.ts'
import { control } from './simulator/control.ts'
import { type Customer, customerOf } from './simulator/customers.ts'
import { createFaults, type HoldRequest, type Script } from './simulator/faults.ts'
import { type Group, groupOf } from './simulator/groups.ts'
import { type CallEntry, createLedger, type LedgerEntry } from './simulator/ledger.ts'
import { methodName, perform } from './simulator/methods.ts'
import { Refusal } from './simulator/refusal.ts'
import { serve } from './simulator/serve.ts'
import type { BotState, ChatInfo, Person } from './simulator/state.ts'
import { createUpdateQueue } from './simulator/updates.ts'
import { createWebhook } from './simulator/webhook.ts'

export type { Acted } from './simulator/arriving.ts'
export type { Business } from './simulator/business.ts'
export type { Channel } from './simulator/channels.ts'
export type { Customer } from './simulator/customers.ts'
export { type Fault, type HoldRequest, refuse, type Script } from './simulator/faults.ts'
export type { Group } from './simulator/groups.ts'
export type { CallEntry, LedgerEntry, LedgerFile } from './simulator/ledger.ts'
export { drawPicture } from './simulator/picture.ts'
export type { ChatInfo, Person } from './simulator/state.ts'

export interface BotOptions {
  readonly username?: string | undefined
  readonly name?: string | undefined
}

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Divides waiting times of webhooks and of flood control. Default 1: the real rhythm. */
  readonly speed?: number
  /** A webhook that does not answer is given up after this. Default 60,000, as Telegram. */
  readonly webhookAnswerMs?: number
  readonly bots?: readonly ({ readonly token: string } & BotOptions)[]
}

export interface TelegramSimulator {
  /** What an account's `apiRoot` is set to. */
  readonly url: string
  /** All that was accepted, in order, actions and edits included. */
  readonly ledger: readonly LedgerEntry[]
  /** All that was asked, refused calls included. */
  readonly calls: readonly CallEntry[]
  /** Messages of bots that arrived in chats, in order. */
  messages(): readonly LedgerEntry[]
  /** Told of each accepted entry, until the returned function is called. */
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
  /** The same token twice is the same bot. Every act below makes the bot when it is new. */
  addBot(token: string, options?: BotOptions): { readonly id: number; readonly username: string }
  /** From now on the token is refused. */
  revoke(token: string): void
  customer(token: string, person: Person): Customer
  group(token: string, chat: ChatInfo): Group
  /** With a discussion group, every post is copied there and can be commented on. */
  channel(token: string, chat: ChatInfo, discussion?: ChatInfo): Channel
  /** The first call connects: the bot is told. `id`: the connection's, made when absent. */
  business(token: string, owner: Person, id?: string): Business
  /** An update as it is; `update_id` is given when absent, and returned. */
  inject(token: string, update: Readonly<Record<string, unknown>>): number
  /** The next update's number: after a quiet week it is any. */
  jumpTo(token: string, nextUpdateId: number): void
  fail(script: Script): void
  hold(request: HoldRequest): string
  /** All of them, without an id. */
  release(id?: string): void
  /** Plain JSON. */
  state(): SimulatorState
  /** Empties ledger and calls, drops scripts, releases holds. Bots, chats and updates stay. */
  reset(): void
  close(): Promise<void>
}

export interface SimulatorState {
  readonly bots: readonly {
    readonly id: number
    readonly username: string
    readonly webhook: string | null
    /** Updates not confirmed yet. */
    readonly pending: number
    /** Calls of the webhook so far. */
    readonly attempts: readonly { readonly updateId: number; readonly at: number; readonly status: number | null }[]
  }[]
  /** Holds, and how many calls wait in each. */
  readonly holds: readonly { readonly id: string; readonly waiting: number }[]
}

export async function startTelegramSimulator(options: SimulatorOptions = {}): Promise<TelegramSimulator> {
  const { port = 0, speed = 1, webhookAnswerMs = 60_000, bots: initial = [] } = options
  const bots = new Map<string, BotState>()
  const ledger = createLedger()
  const faults = createFaults()

  function botOf(token: string, given: BotOptions = {}): BotState {
    const known = bots.get(token)
    if (known) return known
    const id = Number(/^(\d+):/u.exec(token)?.[1])
    if (!Number.isSafeInteger(id)) throw new Error('a token begins with the number of its bot: 123456:…')
    const updates = createUpdateQueue(speed)
    const run = (call: Readonly<Record<string, unknown>>) => {
      const given = Object.entries(call).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ])
      const method = methodName(String(call.method)) ?? ''
      const args = { params: Object.fromEntries(given) as Record<string, string>, files: [] }
      perform({ bot, method, args, ledger, speed, closed: AbortSignal.abort() }).catch((error: unknown) => {
        // How a call in a webhook's answer ends is told to nobody.
        if (!(error instanceof Refusal)) throw error
      })
    }
    const bot: BotState = {
      token,
      id,
      username: given.username ?? `huixin_${id}_bot`,
      name: given.name ?? 'Care',
      chats: new Map(),
      files: new Map(),
      callbacks: new Set(),
      business: new Map(),
      updates,
      webhook: createWebhook({ updates, speed, answerMs: webhookAnswerMs, run }),
      nextMessageId: 1,
      revoked: false,
    }
    bots.set(token, bot)
    return bot
  }

  const server = http.createServer((request, response) => {
    serve(
      { bots, ledger, faults, speed, control: (name, body) => control(simulator, name, body) },
      request,
      response,
    ).catch(
      () => response.destroy(), // The caller went away while it was sending.
    )
  })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))

  const simulator: TelegramSimulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger: ledger.entries,
    calls: ledger.calls,
    messages: () => ledger.entries.filter(({ messageId, method }) => messageId !== null && method.startsWith('send')),
    onAccepted: ledger.onAccepted,
    addBot(token, given) {
      const { id, username } = botOf(token, given)
      return { id, username }
    },
    revoke: (token) => {
      botOf(token).revoked = true
    },
    customer: (token, person) => customerOf(botOf(token), person),
    group: (token, chat) => groupOf(botOf(token), chat),
    channel: (token, chat, discussion) => channelOf(botOf(token), chat, discussion ?? null),
    business: (token, owner, id) => businessOf(botOf(token), owner, id),
    inject: (token, update) => botOf(token).updates.pushRaw(update),
    jumpTo: (token, nextUpdateId) => botOf(token).updates.jumpTo(nextUpdateId),
    fail: faults.fail,
    hold: faults.hold,
    release: faults.release,
    state: () => ({
      bots: [...bots.values()].map(({ id, username, webhook, updates }) => ({
        id,
        username,
        webhook: webhook.current()?.url ?? null,
        pending: updates.pending().length,
        attempts: webhook.attempts(),
      })),
      holds: faults.held(),
    }),
    reset() {
      ledger.clear()
      faults.clear()
    },
    async close() {
      faults.clear()
      for (const bot of bots.values()) bot.webhook.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  for (const { token, ...given } of initial) botOf(token, given)
  return simulator
}
