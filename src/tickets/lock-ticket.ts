import { and, eq } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import { refuseStub } from './moves/lock.ts'

export type TicketRow = typeof tickets.$inferSelect

/**
 * The ticket, locked until the transaction ends. Locks of threads come before it. Throws 404 when the actor does not see it,
 * and 409 `ticket_merged` when it went into another one.
 */
export async function lockTicket(tx: Tx, actor: Actor, id: string): Promise<TicketRow> {
  const [ticket] = await tx.select().from(tickets).where(seen(actor, id)).for('update')
  if (!ticket) throw notFound('ticket')
  if (ticket.status === 'closed') await refuseStub(tx, id)
  return ticket
}

/** 404 when the actor does not see the ticket. */
export async function requireTicket(db: Db | Tx, actor: Actor, id: string): Promise<TicketRow> {
  const [ticket] = await db.select().from(tickets).where(seen(actor, id))
  if (!ticket) throw notFound('ticket')
  return ticket
}

const seen = (actor: Actor, id: string) => and(eq(tickets.id, id), inScope(actor, tickets.brandId))
