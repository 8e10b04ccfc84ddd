/** Calls the bot's webhook in the real server's rhythm: WebhookActor.cpp of tdlib/telegram-bot-api @01a3679, read 2026-11-22 */
import http from 'node:http'
import https from 'node:https'
import type { QueuedUpdate, UpdateQueue } from './updates.ts'
import { type Answer, methodIn, post } from './webhook-post.ts'

export interface WebhookSettings {
  readonly url: string
  readonly secret: string
  readonly maxConnections: number
}

export interface WebhookInfo {
  readonly lastErrorAt: number | null
  readonly lastErrorMessage: string | null
}

export interface Webhook {
  set(settings: WebhookSettings | null): void
  current(): WebhookSettings | null
  info(): WebhookInfo
  /** Calls made so far, for tests of the rhythm. */
  attempts(): readonly { readonly updateId: number; readonly at: number; readonly status: number | null }[]
  close(): void
}

export interface WebhookOptions {
  readonly updates: UpdateQueue
  /** Waiting times are divided by it. */
  readonly speed: number
  /** A call that is not answered is given up after this. */
  readonly answerMs: number
  /** A body may carry one method call; nobody learns what came of it. */
  readonly run: (call: Readonly<Record<string, unknown>>) => void
}

/** Unanswered updates are dropped a day after they came. */
const lifetimeMs = 86_400_000
/** A server that says 410 for so long has gone for good. */
const goneMs = 23 * 3_600_000

interface Progress {
  delay: number
  fails: number
  /** Waiting time so far as Telegram would count it, whatever the speed. */
  waitedMs: number
  sending: boolean
  notBefore: number
}

export function createWebhook({ updates, speed, answerMs, run }: WebhookOptions): Webhook {
  let settings: WebhookSettings | null = null
  let lastError: WebhookInfo = { lastErrorAt: null, lastErrorMessage: null }
  let gone410Since: number | null = null
  let inFlight = 0
  let timer: NodeJS.Timeout | null = null
  let agent: http.Agent = new http.Agent({ keepAlive: true })
  const progress = new Map<number, Progress>()
  const made: { updateId: number; at: number; status: number | null }[] = []

  function progressOf({ id }: QueuedUpdate): Progress {
    const known = progress.get(id) ?? { delay: 1, fails: 0, waitedMs: 0, sending: false, notBefore: 0 }
    progress.set(id, known)
    return known
  }

  function work(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (!settings) return
    const now = Date.now()
    const lines = new Set<string>()
    let wakeAt = Number.POSITIVE_INFINITY
    for (const update of updates.pending()) {
      // The first of each line goes; the others wait until it is through.
      if (lines.has(update.line)) continue
      lines.add(update.line)
      const state = progressOf(update)
      if (state.sending) continue
      if (state.notBefore > now) wakeAt = Math.min(wakeAt, state.notBefore)
      else if (inFlight < settings.maxConnections) void deliver(update, state, settings)
    }
    if (wakeAt < Number.POSITIVE_INFINITY) timer = setTimeout(work, wakeAt - now)
  }

  async function deliver(update: QueuedUpdate, state: Progress, to: WebhookSettings): Promise<void> {
    state.sending = true
    inFlight += 1
    const at = Date.now()
    const answer = await post(to, JSON.stringify(update.body), agent, answerMs)
    inFlight -= 1
    state.sending = false
    made.push({ updateId: update.id, at, status: answer.status })
    // Another webhook was set meanwhile: that one starts with this update again.
    if (settings === to) settle(update, state, answer)
    work()
  }

  function settle(update: QueuedUpdate, state: Progress, answer: Answer): void {
    const { status } = answer
    if (status !== null && status >= 200 && status <= 299) {
      gone410Since = null
      updates.forget(update.id)
      progress.delete(update.id)
      const call = methodIn(answer.body)
      if (call) run(call)
      return
    }
    const lastErrorMessage =
      status === null ? answer.error : `Wrong response from the webhook: ${status} ${http.STATUS_CODES[status] ?? ''}`
    lastError = { lastErrorAt: Date.now(), lastErrorMessage: lastErrorMessage.trim() }
    gone410Since = status === 410 ? (gone410Since ?? Date.now()) : null
    if (gone410Since !== null && (Date.now() - gone410Since) * speed > goneMs) return set(null)
    const retryAfter = Math.min(3600, Math.max(0, answer.retryAfter))
    // The first repetition comes at once; from the second on the wait doubles: 2, 4, 8 … up to between one and two minutes.
    if (retryAfter === 0 && state.fails > 0)
      state.delay = Math.min(60 + Math.floor(Math.random() * 61), state.delay * 2)
    const wait = (retryAfter > 0 ? retryAfter : state.fails > 0 ? state.delay : 0) * 1000
    state.fails += 1
    state.waitedMs += wait
    state.notBefore = Date.now() + wait / speed
    if (state.waitedMs > lifetimeMs) {
      updates.forget(update.id)
      progress.delete(update.id)
    }
  }

  function set(next: WebhookSettings | null): void {
    settings = next
    lastError = { lastErrorAt: null, lastErrorMessage: null }
    gone410Since = null
    progress.clear()
    agent.destroy()
    const Agent = next?.url.startsWith('https:') ? https.Agent : http.Agent
    agent = new Agent({ keepAlive: true })
    // What a former webhook left in flight no longer counts.
    work()
  }

  updates.onPush(work)
  return {
    set,
    current: () => settings,
    info: () => lastError,
    attempts: () => made,
    close() {
      settings = null
      if (timer) clearTimeout(timer)
      agent.destroy()
    },
  }
}
