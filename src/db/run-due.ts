/** Runs due work: claims rows with a lease, calls the handler of their kind, and settles what becomes of them. */
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from './client.ts'
import { claimDue, type DueRow, ensureRecurring, finish, park, renewLeases, retryAt, runAgain } from './due-rows.ts'
import { safeReason } from './safe-reason.ts'

export interface DueRun {
  /** Aborts when the server stops, the lease was lost, or the run takes too long. */
  readonly signal: AbortSignal
  /** 1 for the first run since it was asked for. */
  readonly attempt: number
  /** When this run throws, the work is parked. */
  readonly isLast: boolean
}

/**
 * Idempotent: it may run twice, and after a run that was killed at any line. Resolves when the work is done, or with the
 * time at which it has to run again. What it throws is tried again with growing pauses, then parked.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is the usual one
export type DueHandler = (item: DueRow, run: DueRun) => Promise<void | { again: Date }>

export interface DueRunnerOptions {
  readonly db: Db
  /** By kind. With `atOnce` the kind gets slots of its own, so that slow work does not hold up the rest. */
  readonly handlers: Readonly<Record<string, DueHandler | { readonly run: DueHandler; readonly atOnce: number }>>
  /** Kinds that always have a row (subject `all`), made at the start. Their handlers return `again`. */
  readonly recurring?: readonly string[]
  /** Slots shared by all kinds without their own. Default 8. */
  readonly concurrency?: number
  readonly now: () => Date
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
  /** After a crash the work waits this long; renewed while it runs. Default 30,000. */
  readonly leaseMs?: number
  /** A run that takes longer has failed. Default 600,000. */
  readonly timeoutMs?: number
  /** How long to wait when nothing was due and nobody called `wake`. Default 1,000. */
  readonly pollMs?: number
}

export interface DueRunner {
  start(): void
  /** There may be something due: look now. */
  wake(): void
  /** Claims no more, waits at most `graceMs` (default 10,000) for what runs, aborts the rest and gives it back. */
  stop(graceMs?: number): Promise<void>
}

const maxAttempts = 8
/** 2ⁿ seconds, at most an hour. */
export const pauseAfter = (attempt: number): number => Math.min(2 ** attempt, 3600) * 1000

interface Lane {
  readonly kinds: readonly string[]
  readonly atOnce: number
  running: number
}

interface Running {
  readonly row: DueRow
  readonly controller: AbortController
  /** By this process's own steady clock. */
  leaseEnds: number
  settled: Promise<void>
}

export function createDueRunner(options: DueRunnerOptions): DueRunner {
  const { db, handlers, now, log } = options
  const leaseMs = options.leaseMs ?? 30_000
  const timeoutMs = options.timeoutMs ?? 600_000
  const pollMs = options.pollMs ?? 1_000
  const lanes = lanesOf(handlers, options.concurrency ?? 8)
  const running = new Set<Running>()
  let stopping = false
  let loop: Promise<void> | null = null
  let renewal: NodeJS.Timeout | undefined
  let woken = false
  let resume = () => {}

  function wake(): void {
    woken = true
    resume()
  }

  /** Until somebody calls `wake`, a slot becomes free, or the poll's time has come. */
  async function pause(): Promise<void> {
    if (!woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        resume = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    woken = false
  }

  async function run(): Promise<void> {
    let seeded = false
    let broken = false
    while (!stopping) {
      try {
        if (!seeded) await ensureRecurring(db, options.recurring ?? [], now())
        seeded = true
        for (const lane of lanes) await fill(lane)
        broken = false
      } catch (error) {
        // Said once per outage; the next round tries again.
        if (!broken) log.error({ err: error }, 'due work cannot be claimed')
        broken = true
        woken = false
      }
      await pause()
    }
  }

  async function fill(lane: Lane): Promise<void> {
    const free = lane.atOnce - lane.running
    if (free <= 0 || stopping) return
    const asked = performance.now()
    const rows = await claimDue(db, { kinds: lane.kinds, limit: free, leaseMs, now: now() })
    for (const row of rows) start(row, lane, asked + leaseMs)
    // As many as asked for: there may be more. A slot that becomes free wakes the loop anyway.
    if (rows.length === free) woken = true
  }

  function start(row: DueRow, lane: Lane, leaseEnds: number): void {
    lane.running += 1
    const entry: Running = { row, controller: new AbortController(), leaseEnds, settled: Promise.resolve() }
    running.add(entry)
    entry.settled = work(entry).finally(() => {
      running.delete(entry)
      lane.running -= 1
      wake()
    })
  }

  async function work({ row, controller }: Running): Promise<void> {
    try {
      await settle(row, await outcomeOf(row, controller))
    } catch (error) {
      // The outcome could not be written. The lease runs out and the work, being idempotent, is done again.
      log.error({ err: error, kind: row.kind, dueWork: row.id }, 'the outcome of due work could not be stored')
    }
  }

  async function outcomeOf(row: DueRow, controller: AbortController): Promise<Outcome> {
    // Counted by the claim: whoever held it before was killed, not just unlucky.
    if (row.attempts > maxAttempts) return { failed: new RunsLost() }
    const handler = handlers[row.kind]!
    const call = typeof handler === 'function' ? handler : handler.run
    const tooLong = setTimeout(() => controller.abort(new TimedOut()), timeoutMs)
    const aborted = new Promise<never>((_, reject) => {
      // A second of grace, so that a handler that heeds the signal is heard before it is given up.
      const giveUp = () => setTimeout(() => reject(controller.signal.reason), 1_000).unref()
      controller.signal.addEventListener('abort', giveUp, { once: true })
    })
    aborted.catch(() => {})
    try {
      const run = { signal: controller.signal, attempt: row.attempts, isLast: row.attempts >= maxAttempts }
      const again = await Promise.race([call(row, run), aborted])
      return again ? { again: again.again } : 'done'
    } catch (error) {
      if (controller.signal.reason instanceof Stopped) return 'stopped'
      return { failed: controller.signal.aborted ? controller.signal.reason : error }
    } finally {
      clearTimeout(tooLong)
    }
  }

  async function settle(row: DueRow, outcome: Outcome): Promise<void> {
    if (outcome === 'done') return await finish(db, row)
    if (outcome === 'stopped') return await retryAt(db, row, row.dueAt, { reason: row.reason, counts: false })
    if ('again' in outcome) return await runAgain(db, row, outcome.again)
    const error = outcome.failed
    const fields = { err: error, kind: row.kind, dueWork: row.id, attempt: row.attempts }
    if (row.attempts >= maxAttempts) {
      log.error(fields, 'due work was parked')
      return await park(db, row, now(), safeReason(error))
    }
    log.warn(fields, 'due work failed and will be tried again')
    const at = new Date(now().getTime() + pauseAfter(row.attempts))
    await retryAt(db, row, at, { reason: safeReason(error), counts: true })
  }

  async function renew(): Promise<void> {
    const asked = performance.now()
    const held = [...running]
    try {
      const kept = await renewLeases(
        db,
        held.map((entry) => entry.row),
        leaseMs,
      )
      for (const entry of held) {
        if (kept.has(entry.row)) entry.leaseEnds = asked + leaseMs
        // A row that is gone because the run has just settled it is no loss.
        else if (running.has(entry)) entry.controller.abort(new LeaseLost())
      }
    } catch (error) {
      log.warn({ err: error }, 'leases of due work could not be renewed')
    }
    for (const entry of running) {
      if (performance.now() > entry.leaseEnds) entry.controller.abort(new LeaseLost())
    }
  }

  return {
    start() {
      loop ??= run()
      renewal ??= setInterval(() => void renew(), leaseMs / 3)
    },
    wake,
    async stop(graceMs = 10_000) {
      stopping = true
      wake()
      await loop
      const all = Promise.all([...running].map((entry) => entry.settled))
      const grace = Promise.withResolvers<void>()
      const timer = setTimeout(grace.resolve, graceMs)
      await Promise.race([all, grace.promise])
      clearTimeout(timer)
      for (const entry of running) entry.controller.abort(new Stopped())
      await all
      clearInterval(renewal)
    },
  }
}

type Outcome = 'done' | 'stopped' | { readonly again: Date } | { readonly failed: unknown }

class Stopped extends Error {
  override readonly name = 'Stopped'
}
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}
class TimedOut extends Error {
  override readonly name = 'TimedOut'
}
/** Every run of it ended with the process that ran it. */
class RunsLost extends Error {
  override readonly name = 'RunsLost'
}

function lanesOf(handlers: DueRunnerOptions['handlers'], concurrency: number): Lane[] {
  const shared: string[] = []
  const lanes: Lane[] = []
  for (const [kind, handler] of Object.entries(handlers)) {
    if (typeof handler === 'function') shared.push(kind)
    else lanes.push({ kinds: [kind], atOnce: handler.atOnce, running: 0 })
  }
  if (shared.length > 0) lanes.unshift({ kinds: shared, atOnce: concurrency, running: 0 })
  return lanes
}
