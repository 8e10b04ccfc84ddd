/** Scripted failures. `accepted`: does WeCom do what was asked before it fails to say so? */
import type { ServerResponse } from 'node:http'
import type { CallEntry } from './ledger.ts'
import { refusalBody } from './refusal.ts'

export type Fault =
  | { readonly kind: 'errcode'; readonly errcode: number; readonly errmsg?: string }
  /** A status with any body: a gateway's page. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly accepted: boolean }
  /** No answer, ever. */
  | { readonly kind: 'silence'; readonly accepted: boolean }
  /** The connection closes without a byte. */
  | { readonly kind: 'reset'; readonly accepted: boolean }
  /** Half an answer, and the connection closes. */
  | { readonly kind: 'cut'; readonly accepted: boolean }
  /** A 200 that says nothing: `body`, or no JSON at all. */
  | { readonly kind: 'garbage'; readonly accepted: boolean; readonly body?: string; readonly type?: string }

export interface Script {
  /** The end of the path, `kf/send_msg`; `*`: every call. */
  readonly path: string
  readonly fault: Fault
  /** Default 1. */
  readonly times?: number
}

export interface Faults {
  fail(script: Script): void
  take(path: string): Fault | null
  clear(): void
}

export function createFaults(): Faults {
  let scripts: { script: Script; left: number }[] = []
  return {
    fail: (script) => void scripts.push({ script, left: script.times ?? 1 }),
    take(path) {
      const found = scripts.find(({ script }) => script.path === '*' || path.endsWith(script.path))
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

/** `text`: what would have been answered. */
export function misanswer(response: ServerResponse, fault: Fault, text: string, entry: CallEntry): void {
  switch (fault.kind) {
    case 'errcode': {
      entry.outcome = fault.errcode
      const body = JSON.stringify(refusalBody(fault.errcode, fault.errmsg ?? 'refused by script'))
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(body)
      return
    }
    case 'status':
      entry.outcome = fault.status
      response.writeHead(fault.status, { 'content-type': 'text/html' })
      response.end(fault.body ?? `<html><title>${fault.status}</title></html>`)
      return
    case 'silence':
      entry.outcome = 'silence'
      return
    case 'reset':
      entry.outcome = 'reset'
      response.socket?.resetAndDestroy()
      return
    case 'cut':
      entry.outcome = 'cut'
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy())
      return
    case 'garbage':
      entry.outcome = 'garbage'
      response.writeHead(200, { 'content-type': fault.type ?? 'text/plain' }).end(fault.body ?? 'this is no JSON')
  }
}
