import { setTimeout as pause } from 'node:timers/promises'

export interface Coalesced {
  /** Resolves after a run of `fn` that began after this call; everybody who waits for the same beginning shares it. */
  run(): Promise<void>
  /** Resolves when nothing runs; never rejects. */
  idle(): Promise<void>
}

/** At most one run at a time, and runs begin at least `gapMs` apart, however many ask. */
export function coalesce(fn: () => Promise<void>, gapMs: number): Coalesced {
  let waiting: Promise<void> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let beganAt = Number.NEGATIVE_INFINITY

  async function next(previous: Promise<unknown>): Promise<void> {
    await previous
    const early = beganAt + gapMs - performance.now()
    if (early > 0) await pause(early)
    beganAt = performance.now()
    waiting = null
    await fn()
  }

  return {
    run() {
      if (!waiting) {
        waiting = next(last)
        last = waiting.catch(() => {}) // Told to whoever asked for it.
      }
      return waiting
    },
    async idle() {
      await last
    },
  }
}
