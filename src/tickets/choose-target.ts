import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Surface } from '../channel/events.ts'
import type { Db } from '../db/client.ts'
import { messages, threads } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'
import { requireTicket } from './lock-ticket.ts'

/** A message of the customer, and the conversation it stands in. */
export interface ReplyTarget {
  readonly messageId: string
  readonly thread: { readonly id: string; readonly accountId: string; readonly surface: Surface }
}

/**
 * The message named, or the customer's newest on the surface asked for: `replyable` prefers those that may be answered.
 * Throws 404, and 422 `no_target`.
 */
export async function chooseTarget(
  db: Db,
  actor: Actor,
  ticketId: string,
  wanted: { readonly inReplyTo?: string | undefined; readonly surface?: Surface | undefined },
  prefer: 'replyable' | 'newest',
): Promise<ReplyTarget> {
  await requireTicket(db, actor, ticketId)
  const newest = [desc(messages.orderedAt), sql`${messages.sequence} desc nulls last`, desc(messages.id)]
  const [target] = await db
    .select({ id: messages.id, threadId: threads.id, accountId: threads.accountId, surface: threads.surface })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(
      and(
        eq(messages.ticketId, ticketId),
        eq(messages.direction, 'inbound'),
        wanted.inReplyTo ? eq(messages.id, wanted.inReplyTo) : isNull(messages.deletedAt),
        wanted.surface ? eq(threads.surface, wanted.surface) : undefined,
      ),
    )
    .orderBy(...(prefer === 'replyable' ? [desc(messages.replyable)] : []), ...newest)
    .limit(1)
  if (!target) throw unprocessable('no_target', 'There is no such message of the customer to answer in this ticket.')
  const { threadId: id, accountId, surface } = target
  return { messageId: target.id, thread: { id, accountId, surface } }
}
