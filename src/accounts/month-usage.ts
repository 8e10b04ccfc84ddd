/** What accounts used and spent in the current month, UTC: what platforms bill by. */
import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import type { Usage } from '../wire.ts'

/** As it is stored; whether the reader is shown what it cost is the caller's business. */
export type MonthUsage = Pick<Usage, 'items' | 'replies' | 'inDoubt'> & { readonly since: Date }

interface Counted {
  [column: string]: unknown
  account_id: string
  kind: string
  count: number
  cost: number
}

export function monthOf(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
}

/** By account id; every one of `ids` has an entry. */
export async function readMonthUsage(db: Db, ids: readonly string[], now: Date): Promise<Map<string, MonthUsage>> {
  const since = monthOf(now)
  const wanted = sql`account_id = any(${`{${ids.join(',')}}`}::uuid[])`
  const from = sql`${since.toISOString()}::timestamptz`
  const of = (what: ReturnType<typeof sql>) => db.execute<Counted>(what)
  const [items, replies, doubts] = await Promise.all([
    of(sql`
      select account_id, kind, sum(count)::float8 as count, sum(cost) as cost from account_usage
      where ${wanted} and hour >= ${from} group by account_id, kind order by kind`),
    of(sql`
      select account_id, count(*)::float8 as count, coalesce(sum(cost), 0) as cost from deliveries
      where ${wanted} and state in ('sent', 'delivered', 'read') and settled_at >= ${from} group by account_id`),
    of(sql`
      select account_id, count(*)::float8 as count, coalesce(sum(cost), 0) as cost from deliveries
      where ${wanted} and state = 'unknown' and created_at >= ${from} group by account_id`),
  ])
  const itemsOf = Map.groupBy(items, (row) => row.account_id)
  const one = (rows: readonly Counted[], id: string) => used(rows.find((row) => row.account_id === id))
  return new Map(
    ids.map((id) => [
      id,
      {
        since,
        items: (itemsOf.get(id) ?? []).map((row) => ({ kind: row.kind, ...used(row) })),
        replies: one(replies, id),
        inDoubt: one(doubts, id),
      },
    ]),
  )
}

const used = (row: Counted | undefined) => ({ count: row?.count ?? 0, cost: row?.cost ?? 0 })
