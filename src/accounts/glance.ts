/** How the accounts are doing, in figures: for the page that shows all of them in one list. */
import { and, asc, inArray, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { accountHolds, accounts } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import type { AccountGlance } from '../wire.ts'
import { showHold } from './hold.ts'
import { currencyOf, withoutScan } from './list.ts'
import { readMonthUsage } from './month-usage.ts'
import { visibleAccounts } from './scoped.ts'

interface Counted {
  [column: string]: unknown
  id: string
  served: boolean
  last_in: string | null
  last_out: string | null
  last_poll: string | null
  queued: number
  oldest: string | null
  doubts: number
  failed: number
  unread: number
  quotas: AccountGlance['quotas']
}

/** Of the actor's brands, oldest first. */
export async function glanceAtAccounts(
  deps: Pick<Deps, 'db' | 'channels' | 'now'>,
  actor: Actor,
): Promise<AccountGlance[]> {
  const rows = await deps.db
    .select()
    .from(accounts)
    .where(visibleAccounts(actor))
    .orderBy(asc(accounts.createdAt), asc(accounts.id))
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const [counted, usage, holds] = await Promise.all([
    count(deps.db, ids),
    readMonthUsage(deps.db, ids, deps.now()),
    deps.db
      .select()
      .from(accountHolds)
      .where(and(inArray(accountHolds.accountId, ids), sql`coalesce(${accountHolds.until}, 'infinity') > now()`)),
  ])
  const holdOf = new Map(holds.map((hold) => [hold.accountId, hold]))
  return rows.map(({ id, brandId, channel, name, health, pausedUntil }) => {
    const one = counted.get(id)!
    const hold = holdOf.get(id)
    const { credentials, ...shown } = withoutScan(health)
    const currency = currencyOf(deps.channels.get(channel))
    const used = usage.get(id)!
    const amount = used.items.reduce((sum, { cost }) => sum + (cost ?? 0), used.replies.cost ?? 0)
    return {
      id,
      brandId,
      channel,
      name,
      health: shown,
      served: one.served,
      hold: hold ? showHold(hold) : null,
      pausedUntil: pausedUntil && pausedUntil > deps.now() ? pausedUntil.toISOString() : null,
      lastInAt: one.last_in,
      lastOutAt: one.last_out,
      lastPollAt: one.last_poll,
      queued: { count: one.queued, oldest: one.oldest },
      inDoubt: one.doubts,
      failed: one.failed,
      unread: one.unread,
      credentials: credentials ?? null,
      quotas: one.quotas,
      spent: currency !== null && mayActAs(actor, 'supervisor') ? { amount, currency } : null,
    }
  })
}

const utc = (time: string) => sql.raw(`to_char((${time}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

async function count(db: Db, ids: readonly string[]): Promise<Map<string, Counted>> {
  const rows = await db.execute<Counted>(sql`
    with wanted as (select unnest(${`{${ids.join(',')}}`}::uuid[]) as id),
    attention as (
      select account_id, count(*) filter (where state = 'unknown') as doubts,
        count(*) filter (where state = 'failed' and settled_at > now() - interval '24 hours') as failed
      from deliveries where state in ('failed', 'unknown') group by account_id),
    unread as (select account_id, count(*) as count from inbound_unread where replayed_at is null group by account_id)
    select w.id,
      exists (select from account_leases l where l.account_id = w.id and l.expires_at > now()) as served,
      (select ${utc('last_in_at')} from account_activity a where a.account_id = w.id) as last_in,
      (select ${utc('max(settled_at)')} from deliveries d
        where d.account_id = w.id and d.state in ('sent', 'delivered', 'read')) as last_out,
      (select ${utc('max(updated_at)')} from poll_cursors p where p.account_id = w.id) as last_poll,
      q.count as queued, q.oldest, coalesce(t.doubts, 0)::int as doubts, coalesce(t.failed, 0)::int as failed,
      coalesce(u.count, 0)::int as unread,
      (select coalesce(json_agg(json_build_object('kind', o.kind, 'max', o.max, 'since', ${utc('o.since')}, 'used', (
          select coalesce(sum(s.count), 0)::int from account_usage s
          where s.account_id = o.account_id and s.kind = o.kind and s.hour >= date_trunc('hour', o.since, 'UTC'))) order by o.kind), '[]')
        from account_quotas o where o.account_id = w.id) as quotas
    from wanted w
    cross join lateral (
      select count(*)::int as count, ${utc('min(created_at)')} as oldest from deliveries d
      where d.account_id = w.id and d.state = 'queued' and not d.by_hand) q
    left join attention t on t.account_id = w.id
    left join unread u on u.account_id = w.id`)
  return new Map(rows.map((row) => [row.id, row]))
}
