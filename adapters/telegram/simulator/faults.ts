/** Scripted failures and held calls. */

/** `accepted`: does Telegram do what was asked before it fails to say so? */
export type Fault =
  | {
      readonly kind: 'refuse'
      readonly code: number
      readonly description?: string
      readonly retryAfter?: number
      readonly migrateTo?: number
    }
  /** A status with any body: 5xx, a proxy's page. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly accepted: boolean }
  /** No answer, ever. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection closes without a byte. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Half an answer, and the connection closes. */
  | { readonly kind: 'cut'; readonly accepted: boolean }
  /** A 200 with a body nobody can read. */
  | { readonly kind: 'garbage'; readonly accepted: boolean; readonly body?: string }

export interface Match {
  /** `*`: every method. */
  readonly method: string
  readonly token?: string
  readonly chatId?: string
}

export interface Script extends Match {
  readonly fault: Fault
  /** Default 1. */
  readonly times?: number
}

export interface HoldRequest extends Match {
  /** Before Telegram does it, or after, before it says so. Default `before`. */
  readonly at?: 'before' | 'after'
}

export interface Call {
  readonly token: string
  readonly method: string
  readonly chatId: string | null
}

export interface Faults {
  fail(script: Script): void
  take(call: Call): Fault | null
  /** Calls that fit wait until it is released. */
  hold(request: HoldRequest): string
  release(id?: string): void
  held(): readonly { readonly id: string; readonly waiting: number }[]
  pass(call: Call, at: 'before' | 'after'): Promise<void>
  clear(): void
}

export function createFaults(): Faults {
  let scripts: { script: Script; left: number }[] = []
  const holds = new Map<string, { request: HoldRequest; waiting: (() => void)[] }>()
  let lastHold = 0

  function release(id?: string): void {
    for (const [key, hold] of holds) {
      if (id !== undefined && key !== id) continue
      holds.delete(key)
      for (const go of hold.waiting) go()
    }
  }

  return {
    fail: (script) => void scripts.push({ script, left: script.times ?? 1 }),
    take(call) {
      const found = scripts.find(({ script, left }) => left > 0 && fits(script, call))
      if (!found) return null
      found.left -= 1
      scripts = scripts.filter(({ left }) => left > 0)
      return found.script.fault
    },
    hold(request) {
      lastHold += 1
      holds.set(String(lastHold), { request, waiting: [] })
      return String(lastHold)
    },
    release,
    held: () => [...holds].map(([id, { waiting }]) => ({ id, waiting: waiting.length })),
    async pass(call, at) {
      for (const { request, waiting } of [...holds.values()]) {
        if ((request.at ?? 'before') === at && fits(request, call)) {
          await new Promise<void>((resolve) => waiting.push(resolve))
        }
      }
    },
    clear() {
      scripts = []
      release()
    },
  }
}

function fits(match: Match, call: Call): boolean {
  return (
    (match.method === '*' || match.method.toLowerCase() === call.method.toLowerCase()) &&
    (match.token === undefined || match.token === call.token) &&
    (match.chatId === undefined || match.chatId === call.chatId)
  )
}

/** The answers that come up most, ready to be scripted. */
export const refuse = {
  tooMany: (seconds: number): Fault => ({ kind: 'refuse', code: 429, retryAfter: seconds }),
  blocked: { kind: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' },
  deactivated: { kind: 'refuse', code: 403, description: 'Forbidden: user is deactivated' },
  kicked: { kind: 'refuse', code: 403, description: 'Forbidden: bot was kicked from the group chat' },
  chatNotFound: { kind: 'refuse', code: 400, description: 'Bad Request: chat not found' },
  threadNotFound: { kind: 'refuse', code: 400, description: 'Bad Request: message thread not found' },
  tooLong: { kind: 'refuse', code: 400, description: 'Bad Request: message is too long' },
  unauthorized: { kind: 'refuse', code: 401, description: 'Unauthorized' },
  migrated: (chatId: number): Fault => ({ kind: 'refuse', code: 400, migrateTo: chatId }),
} as const satisfies Record<string, Fault | ((value: number) => Fault)>
