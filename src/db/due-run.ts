/** One run of one row of due work: calling its handler, and what becomes of the row. */
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from './client.ts'
import { type DueRow, finish, park, retryAt, runAgain } from './due-rows.ts'
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

export const maxAttempts = 8
/** 2ⁿ seconds, at most an hour. */
export const pauseAfter = (attempt: number): number => Math.min(2 ** attempt, 3600) * 1000
/** So long a handler that was aborted is waited for, to hear what it says; then it is given up. */
const graceMs = 1_000

export class Stopped extends Error {
  override readonly name = 'Stopped'
}
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}
class TimedOut extends Error {
  override readonly name = 'TimedOut'
}
/** Every run of it ended with the process that ran it. */
class RunsLost extends Error {
  override readonly name = 'RunsLost'
}

export type Outcome = 'done' | 'stopped' | { readonly again: Date } | { readonly failed: unknown }

export async function callHandler(
  handler: DueHandler,
  row: DueRow,
  controller: AbortController,
  timeoutMs: number,
): Promise<Outcome> {
  // Counted by the claim: whoever held it before was killed, not just unlucky.
  if (row.attempts > maxAttempts) return { failed: new RunsLost() }
  const { signal } = controller
  const tooLong = setTimeout(() => controller.abort(new TimedOut()), timeoutMs)
  const givenUp = Promise.withResolvers<never>()
  givenUp.promise.catch(() => {})
  signal.addEventListener('abort', () => setTimeout(() => givenUp.reject(signal.reason), graceMs).unref(), {
    once: true,
  })
  try {
    const run = { signal, attempt: row.attempts, isLast: row.attempts >= maxAttempts }
    const again = await Promise.race([handler(row, run), givenUp.promise])
    return again ? { again: again.again } : 'done'
  } catch (error) {
    if (signal.reason instanceof Stopped) return 'stopped'
    return { failed: signal.aborted ? signal.reason : error }
  } finally {
    clearTimeout(tooLong)
  }
}

interface Settling {
  readonly db: Db
  readonly now: () => Date
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>
}

export async function settle({ db, now, log }: Settling, row: DueRow, outcome: Outcome): Promise<void> {
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
