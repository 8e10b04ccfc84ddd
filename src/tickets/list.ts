/**
 * The queue. Three queries a page: which tickets, then what is shown of them and what is unread; a fourth where `waiting` passes from those
 * who wait to the rest.
 */
import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { priorities } from '../db/schema.ts'
import type { TicketPage, TicketQuery } from '../wire.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from './cursor.ts'
import { brandsOf, filtersOf, textFilter, withDelivery } from './filter.ts'
import { unreadOf } from './seen.ts'
import { showTickets } from './show-tickets.ts'
import { type Channels, windowUntil, withWindows } from './window.ts'

/** One stretch of a sorted list that one index can read: a column, its direction, and which tickets have a place in it. */
export interface Stretch {
  readonly key: SQL
  readonly descending: boolean
  /** Where the index has them when it is read this way. */
  readonly nullsFirst: boolean
  readonly where: SQL
}

const newest: Stretch = { key: sql`t.last_message_at`, descending: true, nullsFirst: false, where: sql`true` }
const waits = sql`t.unanswered_since is not null`

export function stretchesOf(sort: TicketQuery['sort'], now: Date, channels: Channels): readonly Stretch[] {
  switch (sort) {
    case 'newest':
      return [newest]
    case 'oldest':
      return [{ ...newest, descending: false, nullsFirst: true }]
    // Who waits longest first; then, newest first, those where nobody waits.
    case 'waiting':
      return [
        { key: sql`t.unanswered_since`, descending: false, nullsFirst: false, where: waits },
        { ...newest, where: sql`t.unanswered_since is null` },
      ]
    // The urgent ones first, newest first among their like.
    case 'priority':
      return priorities
        .toReversed()
        .map((priority) => ({ ...newest, where: sql`t.priority = ${sql.raw(`'${priority}'`)}` }))
    // Whose promise is due first; then, newest first, those without one.
    case 'due': {
      const due = sql`(select min(c.due_at) from clocks c where c.ticket_id = t.id and c.state = 'running')`
      const runs = sql`t.id in (select c.ticket_id from clocks c where c.state = 'running' and c.due_at is not null)`
      return [
        { key: due, descending: false, nullsFirst: false, where: runs },
        { ...newest, where: sql`not (${runs})` },
      ]
    }
    // Of those who wait, whose window closes first; then, newest first, the others.
    case 'window': {
      const until = windowUntil(channels)
      const closes = sql`(${waits} and ${until} > ${now.toISOString()}::timestamptz)`
      return [
        { key: until, descending: false, nullsFirst: false, where: closes },
        { ...newest, where: sql`${closes} is not true` },
      ]
    }
  }
}

/** Sort, stretch, time and id of the last ticket shown. */
const placeIn = (sort: TicketQuery['sort']) =>
  z.tuple([
    z.literal(sort),
    z
      .int()
      .min(0)
      .lt(sort === 'newest' || sort === 'oldest' ? 1 : sort === 'priority' ? priorities.length : 2),
    Micros,
    z.uuid(),
  ])
type Place = z.infer<ReturnType<typeof placeIn>>

interface Found {
  [column: string]: unknown
  id: string
  micros: number
}

/** Throws 400 `bad_cursor`, also for a cursor of another sort. */
export async function listTickets(
  db: Db,
  actor: Actor,
  query: TicketQuery,
  now: Date,
  channels: Channels = new Map(),
): Promise<TicketPage> {
  const after = query.after === undefined ? null : readCursor(query.after, placeIn(query.sort))
  const page: (Found & { readonly stretch: number })[] = []
  for (const [index, stretch] of stretchesOf(query.sort, now, channels).entries()) {
    if (page.length > query.limit || (after && after[1] > index)) continue
    const place = after && after[1] === index ? after : null
    const wanted = query.limit + 1 - page.length
    const rows = await db.execute<Found>(pageQuery(actor, query, now, stretch, place, wanted, channels))
    page.push(...rows.map((row) => ({ ...row, stretch: index })))
  }
  const shown = page.slice(0, query.limit)
  const last = page.length > query.limit ? shown.at(-1) : undefined
  const ids = shown.map((row) => row.id)
  const [tickets, unread] = await Promise.all([showTickets(db, ids), unreadOf(db, actor, ids)])
  return {
    tickets: await withWindows(db, tickets, channels, now),
    unread,
    next: last ? writeCursor([query.sort, last.stretch, last.micros, last.id]) : null,
  }
}

/** Exported for the test that asks the database how it would run it. */
export function pageQuery(
  actor: Actor,
  query: TicketQuery,
  now: Date,
  { key, descending, nullsFirst, where }: Stretch,
  place: Place | null,
  limit: number,
  channels: Channels = new Map(),
): SQL {
  // The direction of nulls is part of an index's order, though no column here has any.
  const direction = descending ? sql`desc nulls last` : nullsFirst ? sql`asc nulls first` : sql`asc`
  const past = place
    ? sql`(${key}, t.id) ${descending ? sql`<` : sql`>`} (${timeOf(place[2])}, ${place[3]}::uuid)`
    : sql`true`
  const conditions = sql`${where} and ${past} and ${filtersOf(actor, query, now, channels)}`
  const order = sql`order by key ${direction}, id ${direction}`
  const brands = brandsOf(actor, query)
  const statuses = [...new Set(query.status ?? [])]
  const text = query.q === undefined ? null : textFilter(query.q)
  // What is found from the other side, and one person's tickets, come by an index of their own.
  if (text || query.delivery || (query.assignee !== undefined && query.assignee !== 'none')) {
    const ofStatus = statuses.length > 0 ? sql`t.status in ${statuses}` : sql`true`
    const among = query.delivery ? sql`t.id in (${withDelivery(query.delivery)})` : sql`true`
    return sql`
      select t.id, ${microsOf(sql`t.key`)} as micros from (
        select t.id, ${key} as key ${text ? sql`, hit.messages, hit.named` : sql``}
        from tickets t ${text ? sql`join (${text.candidates}) hit on hit.id = t.id` : sql``}
        where t.brand_id = any(array(${brands})) and ${ofStatus} and ${among} and ${conditions} ${order} offset 0
      ) t
      where ${text ? text.holds : sql`true`} ${order} limit ${limit}`
  }
  // Each brand and status is one range of an index that is in order already: read `limit` of each, then merge. Asked in
  // one WHERE with `in`, the database reads and sorts all of them. Measured on 50,000 tickets: 0.2 ms and 13 ms.
  const [wanted, isWanted] =
    statuses.length > 0
      ? [
          sql`cross join (values ${list(statuses.map((status) => sql`(${status})`))}) as wanted(status)`,
          sql`t.status = wanted.status`,
        ]
      : [sql``, sql`true`]
  return sql`
    select t.id, ${microsOf(sql`t.key`)} as micros
    from (${brands}) as brand ${wanted} cross join lateral (
      select t.id, ${key} as key from tickets t
      where t.brand_id = brand.id and ${isWanted} and ${conditions} ${order} limit ${limit}
    ) t
    ${order} limit ${limit}`
}

const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)
