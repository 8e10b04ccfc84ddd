/** What may belong together with a ticket: its incident, the same person, the same device, the same words. */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { requireTicket } from '../tickets/lock-ticket.ts'
import type { RelatedTickets } from '../wire-incidents.ts'
import { showIncidents, ticketRefs } from './refs.ts'
import { alikeTickets } from './similar.ts'

const most = 10

/** Throws 404. */
export async function relatedTickets(db: Db, actor: Actor, id: string, now: Date): Promise<RelatedTickets> {
  const ticket = await requireTicket(db, actor, id)
  const [member] = await db.execute<{ incident_id: string }>(
    sql`select incident_id from incident_tickets where ticket_id = ${id}`,
  )
  const [incident] = member ? await showIncidents(db, [member.incident_id]) : []
  const person = await db.execute<{ id: string }>(sql`
    select id from tickets t where contact_id = ${ticket.contactId} and id <> ${id} and ${inScope(actor, sql`t.brand_id`)}
    order by created_at desc, id desc limit ${most}`)
  return {
    incident: incident
      ? { id: incident.id, number: incident.number, title: incident.title, state: incident.state }
      : null,
    person: await ticketRefs(
      db,
      actor,
      person.map((row) => row.id),
    ),
    device: await ticketRefs(db, actor, await sameDevice(db, id)),
    alike: await alikeTickets(db, actor, ticket.brandId, [id], { now, others: true, limit: most }),
  }
}

/** Other tickets about the same serial number. */
async function sameDevice(db: Db, id: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select other.ticket_id as id from ticket_facts own
    join ticket_facts other on other.brand_id = own.brand_id and other.serial = own.serial
    where own.ticket_id = ${id} and other.ticket_id <> ${id} and own.serial is not null
    order by other.ticket_id desc limit ${most}`)
  return rows.map((row) => row.id)
}
