/** Runs due work: claims rows with a lease, calls the handler of their kind, and settles what becomes of them. */
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from './client.ts'
import { claimDue, type DueRow, ensureRecurring, kindsDue, renewLeases } from './due-rows.ts'
import { callHandler, type DueHandler, LeaseLost, Stopped, settle } from './due-run.ts'

export type { DueHandler, DueRun } from './due-run.ts'
export { pauseAfter } from './due-run.ts'

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
        const kinds = await kindsDue(db, Object.keys(handlers), now())
        for (const lane of lanes) if (lane.kinds.some((kind) => kinds.has(kind))) await fill(lane)
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

  function callOf(kind: string): DueHandler {
    const handler = handlers[kind]!
    return typeof handler === 'function' ? handler : handler.run
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
      await settle({ db, now, log }, row, await callHandler(callOf(row.kind), row, controller, timeoutMs))
    } catch (error) {
      // The outcome could not be written. The lease runs out and the work, being idempotent, is done again.
      log.error({ err: error, kind: row.kind, dueWork: row.id }, 'the outcome of due work could not be stored')
    }
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
