import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { AlikeTicket } from '../wire-incidents.ts'
import type { IncidentRow } from './refs.ts'
import { alikeTickets } from './similar.ts'

/** What its newest tickets say. */
const seeds = 20
const most = 20

/** Tickets that may belong to an incident, the likest first; none that is in one, and none of the people who are. */
export async function suggestMembers(db: Db, actor: Actor, incident: IncidentRow, now: Date): Promise<AlikeTicket[]> {
  const rows = await db.execute<{ ticket_id: string }>(sql`
    select ticket_id from incident_tickets where incident_id = ${incident.id} order by ticket_id desc limit ${seeds}`)
  const found = await alikeTickets(
    db,
    actor,
    incident.brandId,
    rows.map((row) => row.ticket_id),
    { now, others: true, limit: most * 5 },
  )
  return found.filter(({ incident: of }) => of === null).slice(0, most)
}
