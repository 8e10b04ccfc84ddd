/** What the clocks of a ticket are worked out from, as it is stored. One statement for each kind of fact, for any number of tickets. */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import type { Priority, TicketStatus } from '../db/schema.ts'

export interface Said {
  /** The platform's place in time. */
  readonly at: Date
  /** When it was here: what was written before that did not answer it. */
  readonly receivedAt: Date
}

export interface Answer {
  readonly at: Date
  /** Written in the platform's own app: its place among the platform's messages counts, not when we heard of it. */
  readonly outside: boolean
  /** Somebody said that it gave the customer nothing yet. */
  readonly holding: boolean
}

export interface Move {
  readonly at: Date
  readonly status: TicketStatus
  readonly snoozedUntil: Date | null
}

export interface Facts {
  readonly id: string
  readonly brandId: string
  readonly channel: string
  readonly status: TicketStatus
  readonly priority: Priority
  readonly snoozedUntil: Date | null
  readonly resolvedAt: Date | null
  readonly unansweredSince: Date | null
  readonly version: number
  readonly createdAt: Date
  /** The customer's and the people's lines, oldest first: the newest few hundred of each, and the first ever. */
  readonly said: readonly Said[]
  /** What people answered; automatic, undone and lost ones are not here. */
  readonly answers: readonly Answer[]
  readonly moves: readonly Move[]
}

interface Row {
  [column: string]: unknown
  id: string
  brand_id: string
  channel: string
  status: TicketStatus
  priority: Priority
  snoozed_until: string | null
  resolved_at: string | null
  unanswered_since: string | null
  version: number
  created_at: string
  said: [string, string][] | null
  answers: [string, boolean, boolean][] | null
  moves: [string, TicketStatus, string | null][] | null
}

/** Enough for every open question of a conversation; a post with thousands of comments need not be read whole. */
const mostLines = 300

/** Those of the ids that exist, by id: what is written of them is written in one order everywhere. */
export async function readFacts(db: Db | Tx, ids: readonly string[]): Promise<Facts[]> {
  if (ids.length === 0) return []
  const counts = sql`(
    not exists (select from deliveries d where d.message_id = m.id)
    or exists (select from deliveries d where d.message_id = m.id and d.state not in ('failed', 'cancelled')
      and not (d.by_hand and d.state = 'queued')))`
  const rows = await db.execute<Row>(sql`
    select t.id, t.brand_id, a.channel, t.status, t.priority, t.snoozed_until, t.resolved_at, t.unanswered_since, t.version,
      t.created_at, said.list as said, answers.list as answers, moves.list as moves
    from tickets t join accounts a on a.id = t.account_id
    left join lateral (
      select json_agg(json_build_array(l.ordered_at, l.received_at) order by l.ordered_at) as list from (
        (select ordered_at, received_at from messages m
          where m.ticket_id = t.id and m.direction = 'inbound' and m.deleted_at is null
          order by m.ordered_at desc limit ${mostLines})
        union
        (select ordered_at, received_at from messages m
          where m.ticket_id = t.id and m.direction = 'inbound' and m.deleted_at is null order by m.ordered_at limit 1)
      ) l
    ) said on true
    left join lateral (
      select json_agg(json_build_array(l.ordered_at, l.outside, l.holding) order by l.ordered_at) as list from (
        select m.ordered_at, not exists (select from deliveries d where d.message_id = m.id) as outside,
          exists (select from holding_replies h where h.message_id = m.id) as holding
        from messages m
        where m.ticket_id = t.id and m.direction = 'outbound' and not m.automatic and m.deleted_at is null and ${counts}
        order by m.ordered_at
      ) l
    ) answers on true
    left join lateral (
      select json_agg(json_build_array(v.at, v.status, v.snoozed_until) order by v.id) as list
      from ticket_changes v where v.ticket_id = t.id and v.fields && '{status,snooze}'
    ) moves on true
    where t.id = any(${`{${ids.join(',')}}`}::uuid[]) order by t.id`)
  return rows.map((row) => ({
    id: row.id,
    brandId: row.brand_id,
    channel: row.channel,
    status: row.status,
    priority: row.priority,
    snoozedUntil: time(row.snoozed_until),
    resolvedAt: time(row.resolved_at),
    unansweredSince: time(row.unanswered_since),
    version: row.version,
    createdAt: new Date(row.created_at),
    said: (row.said ?? []).map(([at, receivedAt]) => ({ at: new Date(at), receivedAt: new Date(receivedAt) })),
    answers: (row.answers ?? []).map(([at, outside, holding]) => ({ at: new Date(at), outside, holding })),
    moves: (row.moves ?? []).map(([at, status, until]) => ({ at: new Date(at), status, snoozedUntil: time(until) })),
  }))
}

const time = (value: string | null) => (value === null ? null : new Date(value))
