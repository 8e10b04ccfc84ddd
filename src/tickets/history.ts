/** What was done to a ticket, for the lines between its messages: read from the audit, which has it anyway. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { TicketAct } from '../wire-bulk.ts'
import { requireTicket } from './lock-ticket.ts'

const MOST = 200

/** The newest 200, oldest first; those of tickets that were merged into it too. Throws 404. */
export async function ticketHistory(db: Db, actor: Actor, id: string): Promise<TicketAct[]> {
  await requireTicket(db, actor, id)
  const rows = await db.execute<{
    id: number
    at: string
    actor: string
    name: string | null
    action: string
    detail: Record<string, unknown>
  }>(sql`
    select a.id::float8 as id, a.at, a.actor, coalesce(u.name, k.name) as name, a.action, a.detail
    from (
      select * from audit
      where starts_with(subject, 'ticket:') and subject = any(array(
        select 'ticket:' || ${id}::text
        union all
        select 'ticket:' || from_id from ticket_moves where into_id = ${id} and kind = 'merge' and undone_at is null
      )) order by id desc limit ${MOST}
    ) a
    left join auth_user u on u.id = a.actor
    left join api_keys k on a.actor = 'key:' || k.id
    order by a.id`)
  return rows.map((row) => ({
    id: row.id,
    at: new Date(row.at).toISOString(),
    by: { id: row.actor, name: row.name ?? row.actor },
    action: row.action,
    detail: row.detail,
  }))
}
