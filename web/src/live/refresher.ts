/**
 * Runs `refresh` soon after it was asked for, never twice at once, and at most once per `gapMs`. What is asked for while
 * one runs makes one more afterwards: an answer that left the server before the change must not be the last word.
 */
export interface Refresher {
  ask(): void
  stop(): void
}

export function createRefresher(refresh: () => Promise<unknown>, gapMs: number, delayMs = 40): Refresher {
  let timer: ReturnType<typeof setTimeout> | null = null
  let running = false
  let wanted = false
  let stopped = false
  let lastStart = Number.NEGATIVE_INFINITY

  function schedule() {
    if (stopped || running || timer !== null) return
    const wait = Math.max(delayMs, lastStart + gapMs - performance.now())
    timer = setTimeout(run, wait)
  }

  function run() {
    timer = null
    wanted = false
    running = true
    lastStart = performance.now()
    // A refresh that fails shows its error where its data is shown.
    const done = () => {
      running = false
      if (wanted) schedule()
    }
    refresh().then(done, done)
  }

  return {
    ask() {
      wanted = true
      schedule()
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
