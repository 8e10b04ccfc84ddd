/** How many tickets each of several lists has, up to a thousand: for the figures beside the views. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { TicketCounts, TicketQuery } from '../wire.ts'
import { pageQuery, stretchesOf } from './list.ts'
import type { Channels } from './window.ts'

/** Beyond it nobody reads the figure, and the database need not count on. */
export const mostCounted = 1_000

/** In the order of the queries, in one statement. Null: a search for words, which costs more than its figure is worth. */
export async function countTickets(
  db: Db,
  actor: Actor,
  queries: readonly TicketQuery[],
  now: Date,
  channels: Channels = new Map(),
): Promise<TicketCounts['counts']> {
  const [newest] = stretchesOf('newest', now, channels)
  const counted = queries.map((query) =>
    query.q === undefined
      ? sql`(select count(*)::int from (${pageQuery(actor, query, now, newest!, null, mostCounted, channels)}) as few)`
      : sql`null::int`,
  )
  if (counted.length === 0) return []
  const [row] = await db.execute<{ counts: (number | null)[] }>(
    sql`select to_json(array[${sql.join(counted, sql`, `)}]) as counts`,
  )
  return row!.counts
}
