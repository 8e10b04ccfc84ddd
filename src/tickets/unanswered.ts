import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'

/**
 * The time of the customer's first message that no person has answered; null when all are. A reply counts from when it
 * was written, unless no part of it arrived or still may: undone, failed, dropped. Automatic replies answer nothing, nor does one a
 * person still has to carry out; one
 * written in the platform's own app, which has no parts, does.
 */
export async function readUnansweredSince(db: Db | Tx, ticketId: string): Promise<Date | null> {
  const [row] = await db.execute<{ since: string | null }>(sql`
    select min(m.ordered_at) as since from messages m
    where m.ticket_id = ${ticketId} and m.direction = 'inbound' and m.deleted_at is null and m.ordered_at > coalesce((
      select max(r.ordered_at) from messages r
      where r.ticket_id = ${ticketId} and r.direction = 'outbound' and not r.automatic and r.deleted_at is null and (
        not exists (select from deliveries d where d.message_id = r.id)
        or exists (select from deliveries d where d.message_id = r.id and d.state not in ('failed', 'cancelled')
          and not (d.by_hand and d.state = 'queued'))
      )
    ), '-infinity')`)
  return row?.since ? new Date(row.since) : null
}
