/** Tickets in short, and where an incident stands. The caller's brands are in every WHERE. */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { incidents } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import type { Incident, TicketRef } from '../wire-incidents.ts'

export type IncidentRow = typeof incidents.$inferSelect

interface RefRow {
  [column: string]: unknown
  id: string
  number: number
  status: string
  channel: string
  name: string
  preview: string
  category: string | null
  created_at: string
  incident_id: string | null
  incident_number: number | null
}

export const isoOf = (value: string) => new Date(value).toISOString()
export const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::uuid[]`

/** Those of `ids` the actor may see, in that order. */
export async function ticketRefs(db: Db | Tx, actor: Actor, ids: readonly string[]): Promise<TicketRef[]> {
  if (ids.length === 0) return []
  const rows = await db.execute<RefRow>(sql`
    select t.id, t.number::float8 as number, t.status, a.channel, c.name, t.preview, t.category, t.created_at,
      i.id as incident_id, i.number::float8 as incident_number
    from tickets t join accounts a on a.id = t.account_id join contacts c on c.id = t.contact_id
    left join incident_tickets m on m.ticket_id = t.id left join incidents i on i.id = m.incident_id
    where t.id = any(${uuids(ids)}) and ${inScope(actor, sql`t.brand_id`)}`)
  const byId = new Map(rows.map((row) => [row.id, show(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

const show = (row: RefRow): TicketRef => ({
  id: row.id,
  number: row.number,
  status: row.status,
  channel: row.channel,
  name: row.name,
  preview: row.preview,
  category: row.category,
  createdAt: isoOf(row.created_at),
  incident: row.incident_id === null ? null : { id: row.incident_id, number: row.incident_number ?? 0 },
})

/** 404 when the actor does not see it. */
export async function requireIncident(db: Db | Tx, actor: Actor, id: string): Promise<IncidentRow> {
  const [incident] = await find(db, actor, id)
  if (!incident) throw notFound('incident')
  return incident
}

/** The same, locked until the transaction ends: comes before the locks of its answers, threads and tickets. */
export async function lockIncident(tx: Tx, actor: Actor, id: string): Promise<IncidentRow> {
  const [incident] = await find(tx, actor, id).for('update')
  if (!incident) throw notFound('incident')
  return incident
}

const find = (db: Db | Tx, actor: Actor, id: string) =>
  db
    .select()
    .from(incidents)
    .where(sql`${incidents.id} = ${id} and ${inScope(actor, incidents.brandId)}`)

interface IncidentShown {
  [column: string]: unknown
  id: string
  number: number
  brand_id: string
  title: string
  state: Incident['state']
  version: number
  tickets: number
  unanswered: number
  created_by: string
  created_name: string
  created_at: string
  resolved_at: string | null
}

/** Those of `ids` that exist, in that order. The caller has seen to it that the reader may see them. */
export async function showIncidents(db: Db | Tx, ids: readonly string[]): Promise<Incident[]> {
  if (ids.length === 0) return []
  const rows = await db.execute<IncidentShown>(sql`
    select i.id, i.number::float8 as number, i.brand_id, i.title, i.state, i.version, i.created_by, i.created_name,
      i.created_at, i.resolved_at, count(t.id)::int as tickets,
      count(*) filter (where t.unanswered_since is not null)::int as unanswered
    from incidents i left join incident_tickets m on m.incident_id = i.id left join tickets t on t.id = m.ticket_id
    where i.id = any(${uuids(ids)}) group by i.id`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row
      ? {
          id: row.id,
          number: row.number,
          brandId: row.brand_id,
          title: row.title,
          state: row.state,
          version: row.version,
          tickets: row.tickets,
          unanswered: row.unanswered,
          createdBy: { id: row.created_by, name: row.created_name },
          createdAt: isoOf(row.created_at),
          resolvedAt: row.resolved_at && isoOf(row.resolved_at),
        }
      : []
  })
}
