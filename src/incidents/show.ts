/** Incidents as the API shows them. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import type { AnswerState } from '../db/schema.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from '../tickets/cursor.ts'
import type { IncidentAnswer, IncidentDetail, IncidentPage, IncidentQuery, MemberPage } from '../wire-incidents.ts'
import { isoOf, requireIncident, showIncidents, ticketRefs } from './refs.ts'

const Place = z.tuple([Micros, z.uuid()])

/** The newest first. Throws 400 `bad_cursor`. */
export async function listIncidents(db: Db, actor: Actor, query: IncidentQuery): Promise<IncidentPage> {
  const after = query.after === undefined ? null : readCursor(query.after, Place)
  const past = after ? sql`and (created_at, id) < (${timeOf(after[0])}, ${after[1]}::uuid)` : sql``
  const rows = await db.execute<{ id: string; micros: number }>(sql`
    select id, ${microsOf(sql`created_at`)} as micros from incidents
    where ${inScope(actor, sql`brand_id`)} and state = ${query.state} ${past}
    order by created_at desc, id desc limit ${query.limit + 1}`)
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    incidents: await showIncidents(
      db,
      shown.map(({ id }) => id),
    ),
    next: last ? writeCursor([last.micros, last.id]) : null,
  }
}

export async function getIncident(db: Db, actor: Actor, id: string): Promise<IncidentDetail> {
  await requireIncident(db, actor, id)
  const [incident] = await showIncidents(db, [id])
  const notes = await db.execute<{
    id: string
    text: string
    user_id: string
    author_name: string
    created_at: string
  }>(sql`
    select id, text, user_id, author_name, created_at from incident_notes where incident_id = ${id} order by id desc limit 200`)
  return {
    ...incident!,
    notes: notes.map((note) => ({
      id: note.id,
      text: note.text,
      by: { id: note.user_id, name: note.author_name },
      createdAt: isoOf(note.created_at),
    })),
    answers: await showAnswers(db, id),
  }
}

/** In the order of their ids, which is that of their beginning; a page at a time. */
export async function listMembers(
  db: Db,
  actor: Actor,
  id: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<MemberPage> {
  await requireIncident(db, actor, id)
  const rows = await db.execute<{ ticket_id: string }>(sql`
    select ticket_id from incident_tickets where incident_id = ${id} ${after ? sql`and ticket_id > ${after}` : sql``}
    order by ticket_id limit ${limit + 1}`)
  const ids = rows.slice(0, limit).map((row) => row.ticket_id)
  return { tickets: await ticketRefs(db, actor, ids), next: rows.length > limit ? (ids.at(-1) ?? null) : null }
}

interface AnswerRow {
  [column: string]: unknown
  id: string
  state: AnswerState
  zh: string
  en: string
  actor: { id: string; name: string }
  reason: string | null
  created_at: string
  ended_at: string | null
  missing: number
  refusals: { ticketId: string; number: number; name: string; code: string }[]
  counts: Partial<Record<keyof IncidentAnswer['counts'], number>>
}

/** A reply counts as failed when one of its parts did, as sent when all of them are beyond the queue. */
export async function showAnswers(db: Db | Tx, incidentId: string): Promise<IncidentAnswer[]> {
  const rows = await db.execute<AnswerRow>(sql`
    select a.id, a.state, a.zh, a.en, json_build_object('id', a.actor->>'id', 'name', a.actor->>'name') as actor, a.reason,
      a.created_at, a.ended_at,
      (select count(*)::int from incident_tickets m where m.incident_id = a.incident_id and not exists (
        select from incident_sends s where s.answer_id = a.id and s.ticket_id = m.ticket_id)) as missing,
      coalesce((
        select json_agg(json_build_object('ticketId', r.ticket_id, 'number', r.number, 'name', r.name, 'code', r.reason))
        from (
          select s.ticket_id, t.number, c.name, coalesce(s.reason, '') as reason from incident_sends s
          join tickets t on t.id = s.ticket_id join contacts c on c.id = t.contact_id
          where s.answer_id = a.id and s.state = 'refused' order by t.number limit 50
        ) r
      ), '[]') as refusals,
      (select json_build_object(
        'waiting', count(*) filter (where s.state = 'waiting'), 'written', count(*) filter (where s.state = 'written'),
        'refused', count(*) filter (where s.state = 'refused'), 'stopped', count(*) filter (where s.state = 'stopped'),
        'withdrawn', count(*) filter (where s.state = 'withdrawn'),
        'sent', count(*) filter (where d.state = 'sent'), 'failed', count(*) filter (where d.state = 'failed'))
        from incident_sends s left join lateral (
          select case when bool_or(state in ('failed', 'unknown', 'cancelled')) then 'failed'
            when bool_and(state in ('sent', 'delivered', 'read')) then 'sent' end as state
          from deliveries where message_id = s.message_id
        ) d on s.state = 'written'
        where s.answer_id = a.id) as counts
    from incident_answers a where a.incident_id = ${incidentId} order by a.created_at desc, a.id desc limit 20`)
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    zh: row.zh,
    en: row.en,
    by: { id: row.actor.id, name: row.actor.name },
    reason: row.reason,
    createdAt: isoOf(row.created_at),
    endedAt: row.ended_at && isoOf(row.ended_at),
    counts: {
      waiting: row.counts.waiting ?? 0,
      written: row.counts.written ?? 0,
      sent: row.counts.sent ?? 0,
      failed: row.counts.failed ?? 0,
      refused: row.counts.refused ?? 0,
      stopped: row.counts.stopped ?? 0,
      withdrawn: row.counts.withdrawn ?? 0,
      missing: row.missing,
    },
    refusals: row.refusals,
  }))
}
