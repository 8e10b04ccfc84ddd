/**
 * How far the agent has seen a conversation: the newest version whose message was on the screen, at the end of the
 * thread, for a moment. A reply carries it, so that nobody answers past words they have not read.
 */
import { request } from '../api/request.ts'
import { markRead } from '../ticket/ticket-cache.ts'

const seen = new Map<string, number>()
/** What the server knows of it, or is being told. */
const told = new Map<string, number>()

/** Long enough to have been noticed; a message that comes in the same blink as "send" has not been. */
export const noticedMs = 800

let person: string | null = null

/** Another one who uses this browser tab has seen nothing yet. */
export function keepSeenOf(id: string): void {
  if (person === id) return
  person = id
  seen.clear()
  told.clear()
}

export function markSeen(ticketId: string, version: number): void {
  seen.set(ticketId, Math.max(version, seen.get(ticketId) ?? 0))
  tellSeen(ticketId, seen.get(ticketId)!)
}

/** The list marks what came since. Told late or never, a row stays marked: the next look makes it good. */
function tellSeen(ticketId: string, version: number): void {
  if ((told.get(ticketId) ?? -1) >= version) return
  told.set(ticketId, version)
  request(`/api/tickets/${ticketId}/seen`, { method: 'PUT', body: { version }, later: true }).then(
    () => markRead(ticketId),
    () => told.delete(ticketId),
  )
}

export function seenVersion(ticketId: string): number | undefined {
  return seen.get(ticketId)
}
