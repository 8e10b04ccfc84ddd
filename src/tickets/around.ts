import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { messages, threads } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import type { OtherLine } from '../wire.ts'
import { requireTicket } from './lock-ticket.ts'
import { shownText } from './shown-text.ts'

interface Row {
  [column: string]: unknown
  id: string
  ticket_id: string
  author: string
  text: string
  sent_at: string
  direction: 'inbound' | 'outbound'
  url: string | null
}

/**
 * The `limit` lines nearest in time to a message that others wrote, or were answered, under the same root; oldest first.
 * None for a message without a root. Notes, deleted lines and other brands' tickets stay out. Throws 404.
 */
export async function linesAround(
  db: Db,
  actor: Actor,
  ticketId: string,
  messageId: string,
  limit: number,
): Promise<OtherLine[]> {
  await requireTicket(db, actor, ticketId)
  const [here] = await db
    .select({ at: messages.orderedAt, threadId: threads.id, accountId: threads.accountId, rootId: threads.rootId })
    .from(messages)
    .leftJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(messages.id, messageId), eq(messages.ticketId, ticketId)))
  if (!here) throw notFound('message')
  if (here.threadId === null || here.rootId === null) return []
  const at = sql`${here.at.toISOString()}::timestamptz`
  // A thread's messages are in its current ticket, or in earlier ones of its person: each has an index by ticket.
  const rows = await db.execute<Row>(sql`
    with others as (
      select t.id, t.current_ticket_id, i.contact_id from threads t join identities i on i.id = t.identity_id
      where t.account_id = ${here.accountId} and t.root_id = ${here.rootId} and t.id <> ${here.threadId}
    ), places as (
      select id as thread_id, current_ticket_id as ticket_id from others where current_ticket_id is not null
      union select o.id, k.id from others o join tickets k on k.contact_id = o.contact_id
    ), nearest as (
      select m.* from places p
      join tickets k on k.id = p.ticket_id and ${inScope(actor, sql`k.brand_id`)}
      join messages m on m.ticket_id = p.ticket_id and m.thread_id = p.thread_id
      where m.direction <> 'note' and m.deleted_at is null
      order by abs(extract(epoch from m.ordered_at - ${at})), m.id limit ${limit}
    )
    select m.id, m.ticket_id, coalesce(c.name, m.author_name) as author, ${shownText} as text, m.sent_at, m.direction, m.url
    from nearest m
    left join identities i on i.id = m.identity_id left join contacts c on c.id = i.contact_id
    order by m.ordered_at, coalesce(m.sequence, ''), m.id`)
  return rows.map(({ id, author, text, direction, url, ...row }) => ({
    id,
    ticketId: row.ticket_id,
    author,
    text,
    sentAt: new Date(row.sent_at).toISOString(),
    direction,
    url,
  }))
}
