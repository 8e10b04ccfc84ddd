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
  readonly type: Exclude<StreamEvent['type'], 'reset' | 'typing'>
  readonly ticketId: string | null
  readonly version: number | null
}

export interface Page {
  readonly rows: readonly StreamRow[]
  /** Everything up to here was read. */
  readonly position: Position
  /** There may be more to read at once. */
  readonly more: boolean
  /** Committed events wait above the horizon for a transaction that began earlier. */
  readonly held: boolean
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
  readonly pruned: string | null
  readonly held: boolean | null
  readonly scanned: number
  readonly last: string | null
  readonly xid: string | null
  readonly id: string
  readonly brand: string
  readonly type: StreamRow['type']
  readonly ticket: string | null
  readonly version: number | null
}

/**
 * Looks at the next `limit` rows after `after`, whosesoever they are, and returns those of these brands (null: all). One
 * statement, so one snapshot. `order by … limit 1` makes sure of the index: the planner guesses that a third of the table
 * lies above the horizon, and would read all of it.
 */
export async function readAfter(
  sql: Sql,
  after: Position,
  brandIds: readonly string[] | null,
  limit: number,
): Promise<Page> {
  const brands = brandIds && `{${brandIds.join(',')}}`
  const raw = await sql<RawRow[]>`
    with now as materialized (
      select pg_snapshot_xmin(pg_current_snapshot()) as xmin
    ), page as materialized (
      select e.* from now, lateral (
        select xid, id, brand_id, type, ticket_id, version from events
        where (xid, id) > (${String(after.xid)}::xid8, ${after.id}::bigint) and xid < now.xmin
        order by xid, id limit ${limit}
      ) e
    ), facts as materialized (
      select xmin::text as xmin,
             (select value from installation where key = 'events_pruned') as pruned,
             (select true from events where xid >= now.xmin order by xid, id limit 1) as held,
             (select count(*)::int from page) as scanned,
             (select xid::text || '.' || id::text from page order by page.xid desc, page.id desc limit 1) as last
      from now
    )
    select facts.*, page.xid::text as xid, page.id::text as id, page.brand_id as brand, page.type,
           page.ticket_id as ticket, page.version
    from facts left join page on ${brands}::uuid[] is null or page.brand_id = any(${brands}::uuid[])
    order by page.xid, page.id`
  const facts = raw[0]!
  const more = facts.scanned === limit
  return {
    rows: raw.filter((row) => row.xid !== null).map(toRow),
    more,
    held: facts.held === true,
    position: more ? parse(facts.last!) : later(after, { xid: BigInt(facts.xmin), id: 0 }),
    reset: facts.pruned !== null && compare(after, parse(facts.pruned)) < 0,
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
  const rows = await sql<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as ms from events
    where xid >= (select pg_snapshot_xmin(pg_current_snapshot())) order by xid, id limit 1`
  return rows[0]?.ms ?? 0
}

/** Are there more than `count` rows, of whatever brand, after this place? */
export async function isFurtherThan(sql: Sql, after: Position, count: number): Promise<boolean> {
  const rows = await sql`
    select 1 from events where (xid, id) > (${String(after.xid)}::xid8, ${after.id}::bigint)
    order by xid, id offset ${count} limit 1`
  return rows.length > 0
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

function parse(place: string): Position {
  const [xid, id] = place.split('.')
  return { xid: BigInt(xid!), id: Number(id) }
}
