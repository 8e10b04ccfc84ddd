/**
 * Patterns an administrator wrote, tried in a thread of their own with a limit of time: JavaScript's engine goes back and
 * forth, and `(a+)+$` would hold the server for years. A pattern that takes too long ends its thread; those waiting behind
 * it go on in a new one.
 */
import { Worker } from 'node:worker_threads'
import type { Span } from './clauses.ts'
import { RuleFailed } from './rule-failed.ts'

export interface Patterns {
  /** Throws {@link RuleFailed} `too_slow`, `bad_pattern`. */
  find(pattern: string, text: string): Promise<Span | null>
  close(): Promise<void>
}

interface Question {
  readonly pattern: string
  readonly text: string
  readonly answer: PromiseWithResolvers<Span | null>
}
interface Answer {
  readonly id?: number
  readonly ready?: true
  readonly found?: Span | null
  readonly bad?: true
}

export function createPatterns({ limitMs = 1_000, bootMs = 10_000 } = {}): Patterns {
  const waiting: Question[] = []
  let worker: Worker | null = null
  let ready = false
  let busy = false
  let count = 0
  let closed = false

  function open(): Worker {
    ready = false
    const made = new Worker(new URL('./pattern-worker.ts', import.meta.url))
    made.unref()
    worker = made
    return made
  }

  /** One after the other: the clock of each runs for it alone. */
  async function work(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) await ask(next)
    } finally {
      busy = false
    }
  }

  function ask({ pattern, text, answer }: Question): Promise<void> {
    const id = ++count
    const at = worker ?? open()
    return new Promise((done) => {
      // A thread that is only just starting is not slow.
      let timer = setTimeout(late, ready ? limitMs : bootMs)
      function end(): void {
        clearTimeout(timer)
        at.off('message', heard)
        at.off('error', broke)
        at.off('exit', broke)
        done()
      }
      function late(): void {
        worker = null
        answer.reject(new RuleFailed('too_slow'))
        end()
        void at.terminate()
      }
      function broke(): void {
        worker = null
        answer.reject(new RuleFailed('broken'))
        end()
      }
      function heard(said: Answer): void {
        if (said.ready) {
          ready = true
          clearTimeout(timer)
          timer = setTimeout(late, limitMs)
        }
        if (said.id !== id) return
        if (said.bad) answer.reject(new RuleFailed('bad_pattern'))
        else answer.resolve(said.found ?? null)
        end()
      }
      at.on('message', heard)
      at.once('error', broke)
      at.once('exit', broke)
      at.postMessage({ id, pattern, text })
    })
  }

  return {
    find(pattern, text) {
      if (closed) return Promise.reject(new RuleFailed('broken'))
      const answer = Promise.withResolvers<Span | null>()
      waiting.push({ pattern, text, answer })
      void work()
      return answer.promise
    },
    async close() {
      closed = true
      await worker?.terminate()
      worker = null
    },
  }
}
