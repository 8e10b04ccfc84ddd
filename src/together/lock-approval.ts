import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { approvals, threads, tickets } from '../db/schema.ts'

export type ApprovalRow = typeof approvals.$inferSelect

/**
 * Behind the locks of its conversation and its ticket, as everywhere: a merge, which holds both, takes it along. Undefined:
 * there is none. What the actor may see is the caller's to ask.
 */
export async function lockApproval(tx: Tx, id: string): Promise<ApprovalRow | undefined> {
  const where = eq(approvals.id, id)
  const [found] = await tx.select({ threadId: approvals.threadId }).from(approvals).where(where)
  if (!found) return undefined
  await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, found.threadId)).for('update')
  // Under the lock of its conversation: until now it may have gone into another ticket.
  const [present] = await tx.select({ ticketId: approvals.ticketId }).from(approvals).where(where)
  if (!present) return undefined
  await tx.select({ id: tickets.id }).from(tickets).where(eq(tickets.id, present.ticketId)).for('update')
  const [row] = await tx.select().from(approvals).where(where).for('update')
  return row
}
