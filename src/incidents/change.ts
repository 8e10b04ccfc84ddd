/** Incidents are made, named, filled and finished. Each ticket that comes or goes tells of it. */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { incidentNotes, incidents, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { IncidentPatch, MembersChanged, NewIncident } from '../wire-incidents.ts'
import { type IncidentRow, lockIncident, requireIncident, uuids } from './refs.ts'

export interface IncidentDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/** Of the brand of its tickets. Throws 404, 409 `in_other_incident`, and 422 `one_brand`. */
export async function createIncident(deps: IncidentDeps, actor: Actor, body: NewIncident): Promise<string> {
  const id = await deps.db.transaction(async (tx) => {
    const found = await tx
      .selectDistinct({ brandId: tickets.brandId })
      .from(tickets)
      .where(and(sql`${tickets.id} = any(${uuids(body.ticketIds)})`, inScope(actor, tickets.brandId)))
    const [first, other] = found
    if (!first) throw notFound('ticket')
    if (other) throw unprocessable('one_brand', 'An incident holds tickets of one brand.')
    const [incident] = await tx
      .insert(incidents)
      .values({
        id: newId(),
        brandId: first.brandId,
        title: cleanText(body.title),
        createdBy: actor.id,
        createdName: actor.name,
        createdAt: deps.now(),
      })
      .returning()
    const { changed } = await add(tx, deps, actor, incident!, body.ticketIds)
    // The second of two who press at the same time.
    if (changed.length === 0)
      throw conflict('in_other_incident', 'All of these tickets are in another incident already.')
    await writeAudit(tx, actor, 'incident.created', `incident:${incident!.id}`, { tickets: changed.length })
    return incident!.id
  })
  deps.nudge()
  return id
}

/** Those that are in already stay; those in another incident stay there, and are named. */
export async function addMembers(
  deps: IncidentDeps,
  actor: Actor,
  id: string,
  ticketIds: readonly string[],
): Promise<MembersChanged> {
  const result = await deps.db.transaction(async (tx) =>
    add(tx, deps, actor, await lockIncident(tx, actor, id), ticketIds),
  )
  deps.nudge()
  return result
}

async function add(
  tx: Tx,
  deps: IncidentDeps,
  actor: Actor,
  incident: IncidentRow,
  ticketIds: readonly string[],
): Promise<MembersChanged> {
  const rows = await tx.execute<{ ticket_id: string }>(sql`
    insert into incident_tickets (ticket_id, incident_id, added_by, added_at)
    select id, ${incident.id}, ${actor.id}, ${deps.now().toISOString()} from tickets
    where id = any(${uuids(ticketIds)}) and brand_id = ${incident.brandId} and ${inScope(actor, tickets.brandId)}
    order by id on conflict do nothing returning ticket_id`)
  const changed = rows.map((row) => row.ticket_id)
  const others = await tx.execute<{ ticket_id: string }>(sql`
    select m.ticket_id from incident_tickets m join tickets t on t.id = m.ticket_id
    where m.ticket_id = any(${uuids(ticketIds)}) and m.incident_id <> ${incident.id} and ${inScope(actor, sql`t.brand_id`)}`)
  await tellTickets(tx, actor, incident, changed, 'ticket.incident_joined')
  return { changed, elsewhere: others.map((row) => row.ticket_id) }
}

/** An answer that waits for such a ticket does not go there any more. */
export async function removeMembers(
  deps: IncidentDeps,
  actor: Actor,
  id: string,
  ticketIds: readonly string[],
): Promise<MembersChanged> {
  const changed = await deps.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, actor, id)
    await tx.execute(sql`
      update incident_sends s set state = 'stopped', reason = 'removed', changed_at = ${deps.now().toISOString()}
      from incident_answers a
      where a.id = s.answer_id and a.incident_id = ${id} and s.ticket_id = any(${uuids(ticketIds)}) and s.state = 'waiting'`)
    const rows = await tx.execute<{ ticket_id: string }>(sql`
      delete from incident_tickets where incident_id = ${id} and ticket_id = any(${uuids(ticketIds)}) returning ticket_id`)
    const gone = rows.map((row) => row.ticket_id)
    await tellTickets(tx, actor, incident, gone, 'ticket.incident_left')
    return gone
  })
  deps.nudge()
  return { changed, elsewhere: [] }
}

/** Version, event and audit of each, as with every change of a ticket. Locked in one order. */
async function tellTickets(
  tx: Tx,
  actor: Actor,
  incident: IncidentRow,
  ticketIds: readonly string[],
  action: string,
): Promise<void> {
  if (ticketIds.length === 0) return
  const rows = await tx.execute<{ id: string; version: number }>(sql`
    with locked as (select id from tickets where id = any(${uuids(ticketIds)}) order by id for update)
    update tickets t set version = t.version + 1 from locked where t.id = locked.id returning t.id, t.version`)
  const { brandId } = incident
  await appendEvents(
    tx,
    rows.map(({ id: ticketId, version }) => ({ brandId, type: 'ticket' as const, ticketId, version })),
  )
  for (const { id } of rows) await writeAudit(tx, actor, action, `ticket:${id}`, { incidentId: incident.id })
}

/** Throws 404, and 409 `version_conflict`. */
export async function changeIncident(
  deps: IncidentDeps,
  actor: Actor,
  id: string,
  patch: IncidentPatch,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, actor, id)
    if (incident.version !== patch.version) {
      throw conflict('version_conflict', 'Somebody changed this incident since you opened it.')
    }
    const title = patch.title === undefined ? incident.title : cleanText(patch.title)
    const state = patch.state ?? incident.state
    if (title === incident.title && state === incident.state) return
    const resolvedAt = state === 'open' ? null : (incident.resolvedAt ?? deps.now())
    await tx
      .update(incidents)
      .set({ title, state, resolvedAt, version: incident.version + 1 })
      .where(eq(incidents.id, id))
    const detail = { state: { from: incident.state, to: state }, renamed: title !== incident.title }
    await writeAudit(tx, actor, 'incident.changed', `incident:${id}`, detail)
  })
  deps.nudge()
}

export async function addNote(deps: IncidentDeps, actor: Actor, incidentId: string, words: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await requireIncident(tx, actor, incidentId)
    const by = { userId: actor.id, authorName: actor.name, createdAt: deps.now() }
    await tx.insert(incidentNotes).values({ id: newId(), incidentId, text: cleanText(words), ...by })
    await writeAudit(tx, actor, 'incident.noted', `incident:${incidentId}`)
  })
}
