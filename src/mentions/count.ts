import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { MentionCountQuery, MentionCounts } from '../wire-mentions.ts'
import { brandsOf, filtersOf, wordsOf } from './filter.ts'

const hourMs = 3_600_000

/** Per hour (UTC), account and language, over the past hours; the one that runs is the last. */
export async function countMentions(
  db: Db,
  actor: Actor,
  { hours, ...filter }: MentionCountQuery,
  now: Date,
): Promise<MentionCounts> {
  const last = Math.floor(now.getTime() / hourMs) * hourMs
  const from = new Date(last - (hours - 1) * hourMs).toISOString()
  const to = new Date(last + hourMs).toISOString()
  const words = wordsOf(filter.q)
  const rows = await db.execute<{ hour: string; account_id: string; language: string; count: number }>(sql`
    select date_trunc('hour', n.at, 'UTC') as hour, n.account_id, n.language, count(*)::int as count
    from mentions n ${words ? sql`join messages m on m.id = n.message_id` : sql``}
    where n.brand_id = any(array(${brandsOf(actor, filter.brand)})) and ${filtersOf({ ...filter, from, to })}
      ${words ? sql`and m.id in (${words.candidates}) and ${words.holds}` : sql``}
    group by 1, 2, 3 order by 1, 2, 3`)
  return {
    since: from,
    hours,
    counts: rows.map((row) => ({
      hour: new Date(row.hour).toISOString(),
      accountId: row.account_id,
      language: row.language,
      count: row.count,
    })),
  }
}
