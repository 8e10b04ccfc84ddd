import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { TicketRow } from './lock-ticket.ts'
import { afterReply } from './status.ts'

/**
 * The customer was answered by a person outside Huixin: the ticket moves as after a reply. Returns its new version; the caller
 * holds its lock and writes the message.
 */
export async function moveAnswered(tx: Tx, ticket: TicketRow, now: Date): Promise<number> {
  const version = ticket.version + 1
  const lastMessageAt = now > ticket.lastMessageAt ? now : ticket.lastMessageAt
  const patch = { ...afterReply(ticket, { automatic: false }), version, lastMessageAt }
  await tx.update(tickets).set(patch).where(eq(tickets.id, ticket.id))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'message', ticketId: ticket.id, version }])
  return version
}
