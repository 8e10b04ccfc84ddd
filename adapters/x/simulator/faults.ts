/** Scripted failures. */
import type { Refusal } from './refusal.ts'

/** `accepted`: does X do what was asked before it fails to say so? */
export type Fault =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** A status with a page of HTML. */
  | { readonly kind: 'status'; readonly status: number; readonly accepted: boolean }
  /** No answer, ever. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection closes without a byte. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Half an answer, and the connection closes. */
  | { readonly kind: 'cut'; readonly accepted: boolean }
  /** A 200 with a body nobody can read. */
  | { readonly kind: 'garbage'; readonly accepted: boolean; readonly body?: string }
  /** 429 until that many seconds are over; `old`: in the form with a number. */
  | { readonly kind: 'rate-limited'; readonly seconds: number; readonly old?: boolean; readonly day?: boolean }

export interface Script {
  /** `POST /2/tweets`, `GET /2/dm_events`; a `*` stands for any part, `|` for or. */
  readonly on: string
  readonly fault: Fault
  /** Default 1. */
  readonly times?: number
}

export interface Faults {
  fail(script: Script): void
  take(method: string, path: string): Fault | null
  clear(): void
}

export function createFaults(): Faults {
  let scripts: { script: Script; left: number }[] = []
  return {
    fail: (script) => void scripts.push({ script, left: script.times ?? 1 }),
    take(method, path) {
      const found = scripts.find(({ script }) => fits(script.on, `${method} ${path}`))
      if (!found) return null
      found.left -= 1
      scripts = scripts.filter(({ left }) => left > 0)
      return found.script.fault
    },
    clear() {
      scripts = []
    },
  }
}

function fits(pattern: string, call: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()[\]\\]/gu, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^(?:${escaped})$`, 'u').test(call)
}
