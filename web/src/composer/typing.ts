import { request } from '../api/request.ts'

/** Platforms show it for about five seconds. */
const EVERY_MS = 4_000
let last = { ticketId: '', at: -EVERY_MS }

/**
 * Tells the customer that somebody is writing. Best effort: a refusal says nothing an agent could use, and the next key
 * tries again.
 */
export function tellTyping(ticketId: string): void {
  const now = performance.now()
  if (last.ticketId === ticketId && now - last.at < EVERY_MS) return
  last = { ticketId, at: now }
  request(`/api/tickets/${ticketId}/typing`, { method: 'POST', later: true }).catch(() => {
    last = { ticketId: '', at: -EVERY_MS }
  })
}
