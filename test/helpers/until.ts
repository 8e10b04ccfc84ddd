import { setTimeout as wait } from 'node:timers/promises'
import { patience } from './patience.ts'

export interface UntilOptions {
  /** Default 5,000 ms. */
  readonly timeoutMs?: number
  /** Default 10 ms. */
  readonly everyMs?: number
  /** What is waited for, for the error. */
  readonly what?: string
}

/**
 * Calls `fn` until it returns something truthy, and returns that. A throw counts as "not yet"; the last one is the cause
 * of the error when time runs out.
 */
export async function until<T>(
  fn: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | ''>> {
  const { timeoutMs = 5_000, everyMs = 10, what = fn.toString() } = options
  const deadline = performance.now() + timeoutMs * patience
  let cause: unknown
  for (;;) {
    try {
      const value = await fn()
      if (value) return value as Exclude<Awaited<T>, false | null | undefined | 0 | ''>
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause })
    await wait(everyMs)
  }
}
