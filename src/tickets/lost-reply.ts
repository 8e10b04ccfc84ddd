import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { afterLostReply } from './status.ts'
import { readUnansweredSince } from './unanswered.ts'

/**
 * A person's reply was undone, failed or dropped: its ticket returns to the agent, in the transaction that settled the
 * delivery. Changes nothing the second time. The caller tells the desk of the delivery itself.
 */
export async function returnTicket(tx: Tx, ticketId: string): Promise<void> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) return
  const patch = afterLostReply(ticket, await readUnansweredSince(tx, ticketId))
  if (Object.keys(patch).length === 0) return
  const version = ticket.version + 1
  await tx
    .update(tickets)
    .set({ ...patch, version })
    .where(eq(tickets.id, ticketId))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'ticket', ticketId, version }])
}
