/** What an account used of its platform, counted by the hour over all nodes. */
import type { Usage } from '../channel/tools.ts'
import type { Sql } from '../db/client.ts'

export function createUsage({ sql, accountId, now }: { sql: Sql; accountId: string; now: () => Date }): Usage {
  const counted = async (at: Sql, kind: string, since: Date) => {
    const [row] = await at<{ used: number }[]>`
      select coalesce(sum(count), 0)::int as used from account_usage
      where account_id = ${accountId} and kind = ${kind} and hour >= date_trunc('hour', ${since.toISOString()}::timestamptz, 'UTC')`
    return row?.used ?? 0
  }
  /** What it is counted against: shown to people, never asked again here. */
  const noteQuota = (at: Sql, kind: string, { since, max }: { since: Date; max: number }) => at`
    insert into account_quotas as q (account_id, kind, max, since) values (${accountId}, ${kind}, ${max}, ${since.toISOString()})
    on conflict (account_id, kind) do update set max = excluded.max, since = excluded.since
    where (q.max, q.since) is distinct from (excluded.max, excluded.since)`
  return {
    count: (kind, since) => counted(sql, kind, since),
    async add(kind, count, { cost = 0, within } = {}) {
      return sql.begin(async (tx) => {
        const at = tx as unknown as Sql
        if (within) {
          // One at a time, or two nodes would both find room for the last call.
          await at`select pg_advisory_xact_lock(hashtextextended(${`usage:${accountId}:${kind}`}, 0))`
          await noteQuota(at, kind, within)
          if ((await counted(at, kind, within.since)) + count > within.max) return false
        }
        await at`
          insert into account_usage as u (account_id, hour, kind, count, cost)
          values (${accountId}, date_trunc('hour', ${now().toISOString()}::timestamptz, 'UTC'), ${kind}, ${count}, ${cost})
          on conflict (account_id, hour, kind) do update
          set count = u.count + excluded.count, cost = u.cost + excluded.cost`
        return true
      })
    },
  }
}
