/** Writes what a call is answered with, or fails to, as scripted. */
import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { CallEntry } from './ledger.ts'
import { Refusal } from './refusal.ts'

export function answer(response: ServerResponse, status: number, body: object, entry: CallEntry | null): void {
  const text = JSON.stringify(body)
  const retryAfter = (body as { parameters?: { retry_after?: number } }).parameters?.retry_after
  if (entry) entry.outcome = status
  if (response.destroyed) return
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** What Telegram says when it refuses; null when the fault is another one. */
export function refusalIn(fault: Fault): Refusal | null {
  if (fault.kind !== 'refuse') return null
  const { code, retryAfter, migrateTo, description } = fault
  if (retryAfter !== undefined) {
    return new Refusal(code, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter })
  }
  if (migrateTo !== undefined) {
    const text = 'Bad Request: group chat was upgraded to a supergroup chat'
    return new Refusal(code, text, { migrate_to_chat_id: migrateTo })
  }
  return new Refusal(code, description ?? 'Bad Request: refused by script')
}

/** `result` is null when nothing was done. */
export function misanswer(response: ServerResponse, fault: Fault, result: unknown, entry: CallEntry): void {
  switch (fault.kind) {
    case 'refuse':
      return
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
    case 'cut': {
      entry.outcome = 'cut'
      const text = JSON.stringify({ ok: true, result })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy())
      return
    }
    case 'garbage':
      entry.outcome = 'garbage'
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(fault.body ?? 'this is no JSON')
  }
}
