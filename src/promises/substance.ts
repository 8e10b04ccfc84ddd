/** A person's reply counts as contact with substance unless somebody says that it gave the customer nothing yet. */
import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Db } from '../db/client.ts'
import { holdingReplies, messages, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { notFound } from '../problem.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import { refreshClocks } from './refresh.ts'
import { loadRules } from './rules.ts'

/** Throws 404, also for a message that is no person's reply. */
export async function markSubstance(
  db: Db,
  actor: Actor,
  ticketId: string,
  messageId: string,
  counts: boolean,
): Promise<void> {
  await db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, ticketId)
    const isReply = and(eq(messages.id, messageId), eq(messages.ticketId, ticketId))
    const [reply] = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(isReply, sql`direction = 'outbound' and not automatic`))
    if (!reply) throw notFound('reply')
    if (counts) await tx.delete(holdingReplies).where(eq(holdingReplies.messageId, messageId))
    else await tx.insert(holdingReplies).values({ messageId, markedBy: actor.id }).onConflictDoNothing()
    // Clocks of an older version never take the place of those worked out below.
    const version = ticket.version + 1
    await tx.update(tickets).set({ version }).where(eq(tickets.id, ticketId))
    await appendEvents(tx, [{ brandId: ticket.brandId, type: 'ticket', ticketId, version }])
    await refreshClocks(tx, await loadRules(tx), [ticketId])
    await writeAudit(tx, actor, 'reply.substance_marked', `ticket:${ticketId}`, { messageId, counts })
  })
}
