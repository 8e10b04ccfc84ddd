/**
 * Reads the stream so that nothing is ever skipped.
 *
 * A sequence is handed out when a row is written, not when it is committed: whoever reads "everything above the highest
 * id I saw" loses the row that was written first and committed last. So rows carry their transaction's id, and only those
 * of transactions below the snapshot's horizon are read: every transaction below it is over, so nothing can appear there
 * any more. What is above waits for the next read.
 */
import type { Db, Sql } from '../db/client.ts'
import { installation } from '../db/schema.ts'
import type { StreamEvent } from '../wire.ts'
import { compare, type Position } from './position.ts'

export interface StreamRow extends Position {
  readonly brandId: string
  readonly type: Exclude<StreamEvent['type'], 'reset'>
  readonly ticketId: string | null
  readonly version: number | null
}

export interface Page {
  readonly rows: readonly StreamRow[]
  /** Everything up to here was read. */
  readonly position: Position
  /** There may be more to read at once. */
  readonly more: boolean
  /** Rows between the position asked for and this page may be gone: fetch everything again. */
  readonly reset: boolean
}

/** Where the stream stands now: everything written from here on comes after it. */
export async function readHorizon(sql: Sql): Promise<Position> {
  const [row] = await sql<{ xmin: string }[]>`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`
  return { xid: BigInt(row!.xmin), id: 0 }
}

interface RawRow {
  readonly xmin: string
  readonly xmax: string
  readonly pruned: string | null
  readonly xid: string | null
  readonly id: string | null
  readonly brand: string
  readonly type: StreamRow['type']
  readonly ticket: string | null
  readonly version: number | null
}

/** The next rows after `after`, of these brands (null: all). One statement, so one snapshot. */
export async function readAfter(
  sql: Sql,
  after: Position,
  brandIds: readonly string[] | null,
  limit: number,
): Promise<Page> {
  const brands = brandIds && `{${brandIds.join(',')}}`
  const raw = await sql<RawRow[]>`
    with now as materialized (select pg_current_snapshot() as snapshot)
    select pg_snapshot_xmin(now.snapshot)::text as xmin,
           pg_snapshot_xmax(now.snapshot)::text as xmax,
           (select value from installation where key = 'events_pruned') as pruned,
           e.xid::text as xid, e.id::text as id, e.brand_id as brand, e.type, e.ticket_id as ticket, e.version
    from now left join lateral (
      select * from events
      where (xid, id) > (${String(after.xid)}::xid8, ${after.id}::bigint)
        and xid < pg_snapshot_xmin(now.snapshot)
        and (${brands}::uuid[] is null or brand_id = any(${brands}::uuid[]))
      order by xid, id
      limit ${limit}
    ) e on true
    order by e.xid, e.id`
  const first = raw[0]!
  const rows = raw.filter((row) => row.xid !== null).map(toRow)
  const horizon: Position = { xid: BigInt(first.xmin), id: 0 }
  const more = rows.length === limit
  return {
    rows,
    more,
    position: more ? rows.at(-1)! : later(after, horizon),
    // From the future: the database was restored under us. Before the last row pruned: too late.
    reset: after.xid > BigInt(first.xmax) || (first.pruned !== null && compare(after, parse(first.pruned)) < 0),
  }
}

const later = (a: Position, b: Position) => (compare(a, b) > 0 ? a : b)

const toRow = (row: RawRow): StreamRow => ({
  xid: BigInt(row.xid!),
  id: Number(row.id),
  brandId: row.brand,
  type: row.type,
  ticketId: row.ticket,
  version: row.version,
})

/**
 * Milliseconds the oldest event that cannot be read yet has been waiting: a transaction somewhere stays open and holds the
 * horizon. Zero when nothing waits.
 */
export async function readLag(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as ms
    from events where xid >= pg_snapshot_xmin(pg_current_snapshot())`
  return row!.ms
}

/** The epoch of this installation; made when it is missing. */
export async function readEpoch(db: Db): Promise<string> {
  await db
    .insert(installation)
    .values({ key: 'epoch', value: crypto.randomUUID().replaceAll('-', '') })
    .onConflictDoNothing()
  const row = await db.query.installation.findFirst({ where: (t, { eq }) => eq(t.key, 'epoch') })
  if (!row) throw new Error('the epoch was just stored and is not there')
  return row.value
}

function parse(pruned: string): Position {
  const [xid, id] = pruned.split('.')
  return { xid: BigInt(xid!), id: Number(id) }
}
