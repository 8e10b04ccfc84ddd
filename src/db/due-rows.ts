/**
 * What can happen to a row of due work. Every statement names the claim it was made under, so a node that was frozen past
 * its lease changes nothing; and `attempts`, which `followUp` sets back to zero, tells whether the work was asked for
 * again while it ran.
 */
import { and, asc, eq, gt, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { claimRows, leaseFor } from './claim.ts'
import type { Db } from './client.ts'
import { newId } from './id.ts'
import { dueWork } from './schema.ts'

export type DueRow = typeof dueWork.$inferSelect
/** The row and the number of the claim under which it is worked on. */
export type Claimed = Pick<DueRow, 'id' | 'claims'>

/** Those of the kinds with a row to claim. Asked at every hint, mostly to hear that there is none: prepared, not planned. */
export async function kindsDue(db: Db, kinds: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await db.$client<{ kind: string }[]>`
    select k.kind from unnest(${kinds as string[]}::text[]) as k (kind)
    where exists (
      select from due_work d
      where d.kind = k.kind and d.parked_at is null and d.due_at <= ${now.toISOString()}::timestamptz
        and (d.lease_until is null or d.lease_until < now()))`
  return new Set(rows.map(({ kind }) => kind))
}

export async function claimDue(
  db: Db,
  options: { kinds: readonly string[]; limit: number; leaseMs: number; now: Date },
): Promise<DueRow[]> {
  const rows = await claimRows(db, dueWork, {
    where: and(isNull(dueWork.parkedAt), lte(dueWork.dueAt, options.now), inArray(dueWork.kind, [...options.kinds])),
    orderBy: asc(dueWork.dueAt),
    limit: options.limit,
    leaseMs: options.leaseMs,
    set: { claims: sql`${dueWork.claims} + 1`, attempts: sql`${dueWork.attempts} + 1` },
  })
  return rows.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
}

/** Returns those that are still ours. */
export async function renewLeases<T extends Claimed>(db: Db, rows: readonly T[], leaseMs: number): Promise<Set<T>> {
  if (rows.length === 0) return new Set()
  const ours = rows.map((row) => sql`(${row.id}::uuid, ${row.claims}::int)`)
  const kept = await db
    .update(dueWork)
    .set({ leaseUntil: leaseFor(leaseMs) })
    .where(sql`(${dueWork.id}, ${dueWork.claims}) in (${sql.join(ours, sql`, `)})`)
    .returning({ id: dueWork.id, claims: dueWork.claims })
  return new Set(rows.filter((row) => kept.some((one) => one.id === row.id && one.claims === row.claims)))
}

/** The work is done: the row goes, unless it was asked for again meanwhile. */
export async function finish(db: Db, row: Claimed): Promise<void> {
  const gone = await db
    .delete(dueWork)
    .where(and(ours(row), notAskedAgain))
    .returning({ id: dueWork.id })
  if (gone.length === 0) await letGo(db, row)
}

/** The handler wants to run once more at `at`; sooner when it was asked for again meanwhile. */
export async function runAgain(db: Db, row: Claimed, at: Date): Promise<void> {
  // A Date inside a raw fragment has no column to encode it.
  const then = sql`${at.toISOString()}::timestamptz`
  await db
    .update(dueWork)
    .set({
      dueAt: sql`case when ${dueWork.attempts} = 0 then least(${dueWork.dueAt}, ${then}) else ${then} end`,
      attempts: 0,
      reason: null,
      leaseUntil: null,
    })
    .where(ours(row))
}

/** Once more at `at`: the run failed, or the server stopped under it, which is not counted. */
export async function retryAt(
  db: Db,
  row: Claimed,
  at: Date,
  why: { readonly reason: string | null; readonly counts: boolean },
): Promise<void> {
  const changed = await db
    .update(dueWork)
    .set({
      dueAt: at,
      reason: why.reason,
      leaseUntil: null,
      attempts: why.counts ? sql`${dueWork.attempts}` : sql`${dueWork.attempts} - 1`,
    })
    .where(and(ours(row), notAskedAgain))
    .returning({ id: dueWork.id })
  if (changed.length === 0) await letGo(db, row)
}

/** Failed for good: it waits for a person. */
export async function park(db: Db, row: Claimed, now: Date, reason: string): Promise<void> {
  const parked = await db
    .update(dueWork)
    .set({ parkedAt: now, reason, leaseUntil: null })
    .where(and(ours(row), notAskedAgain))
    .returning({ id: dueWork.id })
  if (parked.length === 0) await letGo(db, row)
}

/** Work that is always there. Rows that exist keep their time. */
export async function ensureRecurring(db: Db, kinds: readonly string[], now: Date): Promise<void> {
  if (kinds.length === 0) return
  await db
    .insert(dueWork)
    .values(kinds.map((kind) => ({ id: newId(), kind, subject: 'all', dueAt: now })))
    .onConflictDoNothing()
}

async function letGo(db: Db, row: Claimed): Promise<void> {
  await db.update(dueWork).set({ leaseUntil: null }).where(ours(row))
}

const ours = (row: Claimed): SQL => and(eq(dueWork.id, row.id), eq(dueWork.claims, row.claims))!
const notAskedAgain = gt(dueWork.attempts, 0)
