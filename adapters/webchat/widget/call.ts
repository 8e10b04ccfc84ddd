/** One request to the door, with the visitor's token. */
import type { Problem } from '../wire.ts'

export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly waitMs: number | null

  constructor(status: number, code: string, waitMs: number | null) {
    super(code)
    this.status = status
    this.code = code
    this.waitMs = waitMs
  }
}

let token: string | null = null
export const setToken = (next: string | null) => {
  token = next
}

/** Rejects with {@link Refused} when the door refuses, with something else when it cannot be reached. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  const answer = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' })
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => null)) as Problem | null
  const seconds = Number(answer.headers.get('retry-after'))
  throw new Refused(answer.status, problem?.code ?? 'other', seconds > 0 ? seconds * 1000 : null)
}

export function post(path: string, body: unknown): Promise<Response> {
  return call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

/** Between two tries: 1, 2, 4 … 15 s, and never all visitors in one moment. Ends early when the network is back. */
export function pause(tries: number, atLeastMs = 0): Promise<void> {
  const ms = Math.max(atLeastMs, Math.min(1000 * 2 ** tries, 15_000) * (0.5 + Math.random() / 2))
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (atLeastMs === 0) addEventListener('online', done)
  })
}
