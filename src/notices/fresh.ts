/** News for one person since a time, in one read that costs the same however many there are. */
import { type SQL, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { ClockKind } from '../db/schema-promises.ts'
import type { FreshKind, FreshNotices, FreshQuery, Notice } from '../wire.ts'

/** Older news is none. */
const longestMs = 10 * 60_000
/** What was committed a little late is looked for again: the key says that it is the same. */
const overlapMs = 10_000
const most = 20

interface Row {
  [column: string]: unknown
  kind: Notice['kind']
  id: string
  ticket_id: string | null
  brand_id: string
  number: string | null
  name: string
  by: string | null
  clock: ClockKind | null
  due_at: string | null
  text: string | null
  state: 'failed' | 'unknown' | null
  at: string
  kept: boolean
}

/** By the database's clock, which also wrote the times that are compared. */
export async function readFresh(db: Db, actor: Actor, { since, kinds }: FreshQuery): Promise<FreshNotices> {
  const [clock] = await db.execute<{ at: string }>(sql`
    select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`)
  const at = clock!.at
  if (since === undefined) return { notices: [], at }
  const from = new Date(Math.max(Date.parse(since) - overlapMs, Date.parse(at) - longestMs)).toISOString()
  const after = sql`${from}::timestamptz`
  // A node's clock may be off, and what is made has its id a moment before it is stored.
  const afterId = sql`${firstIdOf(Date.parse(from) - 60_000)}::uuid`
  const wanted = Object.entries(parts(actor, after, afterId)).filter(
    ([kind]) => !kinds || kinds.includes(kind as FreshKind),
  )
  if (wanted.length === 0) return { notices: [], at }
  const rows = await db.execute<Row>(
    sql.join(
      wanted.map(([, part]) => sql`(${part} limit ${most})`),
      sql` union all `,
    ),
  )
  return {
    notices: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      brandId: row.brand_id,
      ticketId: row.ticket_id,
      number: row.number === null ? null : Number(row.number),
      name: row.name,
      by: row.by,
      clock: row.clock,
      dueAt: row.due_at === null ? null : new Date(row.due_at).toISOString(),
      text: (row.text ?? '').replace(/\s+/gu, ' ').trim().slice(0, 120),
      state: row.state,
      at: new Date(row.at).toISOString(),
      read: row.kept ? false : null,
    })),
    at,
  }
}

/** The customer's newest line of a ticket, where it came in since. */
const newest = (after: SQL) => sql`
  cross join lateral (
    select m.id, m.text, m.received_at from messages m
    where m.ticket_id = t.id and m.direction = 'inbound' order by m.ordered_at desc limit 1) m
  join contacts c on c.id = t.contact_id
  where m.received_at > ${after} and t.last_message_at > ${after} - interval '1 day'`

/** Ids are UUIDv7: the primary key is in the order of time. */
function firstIdOf(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

function parts(actor: Actor, after: SQL, afterId: SQL): Record<FreshKind, SQL> {
  const nothing = sql`null::text as by, null::text as clock, null::timestamptz as due_at`
  const ofTicket = sql`t.id as ticket_id, t.brand_id, t.number, c.name`
  const person = sql`join contacts c on c.id = t.contact_id`
  const ofOnes = sql`${inScope(actor, sql`t.brand_id`)}`
  const none = sql`null::text as state`
  return {
    kept: sql`
      select n.kind, n.id::text as id, ${ofTicket}, n.by_name as by, n.clock, n.due_at, null::text as text, ${none},
        n.created_at as at, true as kept
      from notices n join tickets t on t.id = n.ticket_id ${person}
      where n.user_id = ${actor.id} and n.id > ${afterId} and n.created_at > ${after} and n.read_at is null
        and ${inScope(actor, sql`n.brand_id`)}
      order by n.id desc`,
    mine: sql`
      select 'mine' as kind, m.id::text as id, ${ofTicket}, ${nothing}, m.text, ${none}, m.received_at as at, false as kept
      from tickets t ${newest(after)} and t.assignee_id = ${actor.id} and ${ofOnes}
      order by m.received_at desc`,
    unassigned: sql`
      select 'unassigned' as kind, t.id::text as id, ${ofTicket}, ${nothing}, m.text, ${none}, m.received_at as at, false as kept
      from tickets t ${newest(after)} and t.assignee_id is null and t.id > ${afterId} and t.created_at > ${after}
        and t.status = 'new' and ${ofOnes}
      order by t.last_message_at desc`,
    mention: sql`
      select 'mention' as kind, n.message_id::text as id, null::uuid as ticket_id, n.brand_id, null::bigint as number,
        m.author_name as name, ${nothing}, m.text, ${none}, m.received_at as at, false as kept
      from mentions n join messages m on m.id = n.message_id
      where n.message_id > ${afterId} and m.received_at > ${after} and n.dismissed_at is null and n.ticket_id is null
        and ${inScope(actor, sql`n.brand_id`)}
      order by n.at desc`,
    delivery: sql`
      select 'delivery' as kind, d.id::text || ':' || d.attempt || ':' || d.state as id, ${ofTicket}, ${nothing}, d.text, d.state,
        coalesce(d.settled_at, now()) as at, false as kept
      from (select distinct ticket_id from events where created_at > ${after} and type = 'delivery') e
      join deliveries d on d.ticket_id = e.ticket_id and d.state in ('failed', 'unknown')
      join messages r on r.id = d.message_id join tickets t on t.id = d.ticket_id ${person}
      where r.user_id = ${actor.id} and coalesce(d.settled_at, now()) > ${after} and ${ofOnes}
      order by d.created_at desc`,
    task: sql`
      select 'task' as kind, k.id::text || ':' || extract(epoch from k.due_at)::bigint as id, ${ofTicket}, ${nothing}, k.text, ${none},
        k.due_at as at, false as kept
      from tasks k join tickets t on t.id = k.ticket_id ${person}
      where k.state = 'open' and k.due_at > ${after} and k.due_at <= now()
        and (k.assignee_id = ${actor.id} or k.assignee_id is null) and ${inScope(actor, sql`k.brand_id`)}
      order by k.due_at desc`,
  }
}
