/**
 * The statements on `account_leases`. Rows are never deleted: a fence that began again at 1 would fence off nothing.
 *
 * Who writes under a lease in a transaction locks its row `for key share`. That keeps out `for update`, which a change of
 * hands takes, and lets a renewal pass, which is an update without a change of key. (With `for share` a busy poller was
 * measured to keep its own node from renewing until the lease was lost.)
 */
import type { Sql } from '../db/client.ts'

export interface LeaseRow {
  readonly accountId: string
  readonly fence: number
}

/**
 * Extends the leases that still run. `locked`: somebody writes under the lease in a transaction; try again soon. `lost`:
 * it ended, changed hands, or the account was removed.
 */
export async function renew(
  sql: Sql,
  node: string,
  mine: readonly LeaseRow[],
  ttlMs: number,
): Promise<(LeaseRow & { readonly state: 'renewed' | 'locked' | 'lost' })[]> {
  return sql`
    with mine as (
      select * from unnest(${mine.map((lease) => lease.accountId)}::uuid[], ${mine.map((lease) => lease.fence)}::bigint[])
        as t(account_id, fence)
    ), running as (
      select l.account_id, l.fence from mine join account_leases l using (account_id, fence)
      join accounts a on a.id = account_id and a.removed_at is null
      where l.node = ${node} and l.expires_at > clock_timestamp()
    ), free as (
      select l.account_id from account_leases l join running using (account_id)
      order by l.account_id for no key update of l skip locked
    ), renewed as (
      update account_leases l set expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond'
      from free
      where l.account_id = free.account_id and l.node = ${node} and l.expires_at > clock_timestamp()
      returning l.account_id
    )
    select m.account_id as "accountId", m.fence::float8 as fence,
      case when renewed.account_id is not null then 'renewed'
           when running.account_id is not null then 'locked'
           else 'lost' end as state
    from mine m left join running using (account_id) left join renewed using (account_id)`
}

/** Takes every account nobody owns. The fence rises, also when it was this node that owned it before. */
export async function takeFree(
  sql: Sql,
  node: string,
  channels: readonly string[] | null,
  ttlMs: number,
): Promise<LeaseRow[]> {
  // Most rounds find nothing: look first, and take no lock for that.
  const free = await sql<{ id: string; isNew: boolean }[]>`
    select a.id, l.account_id is null as "isNew"
    from accounts a left join account_leases l on l.account_id = a.id
    where a.removed_at is null and (${channels}::text[] is null or a.channel = any(${channels}::text[]))
      and (l.account_id is null or l.expires_at <= clock_timestamp())`
  if (free.length === 0) return []
  const added = await sql<LeaseRow[]>`
    insert into account_leases (account_id, node, fence, expires_at)
    select id, ${node}, 1, clock_timestamp() + ${ttlMs} * interval '1 millisecond'
    from unnest(${free.filter(({ isNew }) => isNew).map(({ id }) => id)}::uuid[]) as t(id)
    on conflict (account_id) do nothing
    returning account_id as "accountId", fence::float8 as fence`
  const taken = await sql<LeaseRow[]>`
    with over as (
      select account_id from account_leases
      where account_id = any(${free.filter(({ isNew }) => !isNew).map(({ id }) => id)}::uuid[])
        and expires_at <= clock_timestamp()
      order by account_id for update skip locked
    )
    update account_leases l
    set node = ${node}, fence = l.fence + 1, expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond'
    from over where l.account_id = over.account_id and l.expires_at <= clock_timestamp()
    returning l.account_id as "accountId", l.fence::float8 as fence`
  return [...added, ...taken]
}

/** Ends the leases now; the rows stay, for their fences. */
export async function release(sql: Sql, node: string, mine: readonly LeaseRow[]): Promise<void> {
  if (mine.length === 0) return
  await sql`
    update account_leases l set expires_at = least(expires_at, clock_timestamp())
    from unnest(${mine.map((lease) => lease.accountId)}::uuid[], ${mine.map((lease) => lease.fence)}::bigint[])
      as m(account_id, fence)
    where l.account_id = m.account_id and l.fence = m.fence and l.node = ${node}`
}
