import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import type { Db } from '../../db/client.ts'
import type { BulkState } from '../../db/schema.ts'
import { notFound } from '../../problem.ts'
import type { Bulk } from '../../wire-bulk.ts'

interface Row {
  [column: string]: unknown
  id: string
  state: BulkState
  reason: string | null
  macro: string | null
  total: number
  missing: number
  waiting: number
  changed: number
  same: number
  failed: number
  undone: number
  kept: number
  problems: Bulk['problems'] | null
  created_at: string
  ended_at: string | null
}

/** Yours alone. Throws 404. */
export async function requireBulk(db: Db, actor: Actor, id: string): Promise<Bulk> {
  const [bulk] = await read(db, actor, sql`b.id = ${id}`, 1)
  if (!bulk) throw notFound('change')
  return bulk
}

/** Yours of the past day, newest first: what a page that was loaded again goes on showing. */
export async function recentBulks(db: Db, actor: Actor, now: Date): Promise<Bulk[]> {
  const since = new Date(now.getTime() - 86_400_000).toISOString()
  return read(db, actor, sql`b.created_at > ${since}::timestamptz`, 5)
}

async function read(db: Db, actor: Actor, where: ReturnType<typeof sql>, limit: number): Promise<Bulk[]> {
  const rows = await db.execute<Row>(sql`
    select b.id, b.state, b.reason, b.macro, b.total, b.missing, b.created_at, b.ended_at, n.*, p.problems
    from bulk_changes b
    cross join lateral (
      select count(*) filter (where i.state = 'waiting')::int as waiting,
        count(*) filter (where i.state = 'changed')::int as changed, count(*) filter (where i.state = 'same')::int as same,
        count(*) filter (where i.state = 'failed')::int as failed, count(*) filter (where i.state = 'undone')::int as undone,
        count(*) filter (where i.state = 'kept')::int as kept
      from bulk_items i where i.bulk_id = b.id
    ) n
    cross join lateral (
      select json_agg(json_build_object('ticketId', f.ticket_id, 'number', f.number, 'name', f.name, 'code', f.code)
        order by f.position) as problems
      from (
        select i.ticket_id, t.number, c.name, coalesce(i.code, 'internal') as code, i.position
        from bulk_items i join tickets t on t.id = i.ticket_id join contacts c on c.id = t.contact_id
        where i.bulk_id = b.id and i.state in ('failed', 'kept') order by i.position limit 50
      ) f
    ) p
    where b.user_id = ${actor.id} and ${where}
    order by b.created_at desc, b.id desc limit ${limit}`)
  return rows.map(({ created_at, ended_at, problems, ...row }) => ({
    ...row,
    problems: problems ?? [],
    createdAt: new Date(created_at).toISOString(),
    endedAt: ended_at && new Date(ended_at).toISOString(),
  }))
}
