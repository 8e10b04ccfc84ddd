import type { Sql } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'

/** Events older than this are gone; who resumes before them gets `reset`. */
export const retentionMs = 24 * 3_600_000
const everyMs = 10 * 60_000
const atOnce = 5_000

/**
 * Deletes the oldest events that are older than `before`, at most 5,000, and writes down how far it came, in one
 * statement: a reader must never find rows gone and the mark not there. Returns how many.
 */
export async function pruneEvents(sql: Sql, before: Date, limit: number = atOnce): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    with old as materialized (
      select xid, id from events
      where created_at < ${before.toISOString()}::timestamptz and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, id limit ${limit} for update skip locked
    ), gone as (
      delete from events using old where events.xid = old.xid and events.id = old.id returning events.xid, events.id
    ), last as (
      select xid, id from gone order by xid desc, id desc limit 1
    ), mark as (
      insert into installation (key, value) select 'events_pruned', last.xid::text || '.' || last.id::text from last
      on conflict (key) do update set value = excluded.value
      where (split_part(installation.value, '.', 1)::xid8, split_part(installation.value, '.', 2)::bigint)
          < (split_part(excluded.value, '.', 1)::xid8, split_part(excluded.value, '.', 2)::bigint)
    )
    select count(*)::int as count from gone`
  return row!.count
}

/** Due work `prune_events`, recurring. */
export function pruneHandler({ sql, now }: { sql: Sql; now: () => Date }): DueHandler {
  return async (_item, { signal }) => {
    const before = new Date(now().getTime() - retentionMs)
    while ((await pruneEvents(sql, before)) === atOnce) signal.throwIfAborted()
    return { again: new Date(now().getTime() + everyMs) }
  }
}
