/** Due work that failed too often, for the people who mend what it failed on. */
import { and, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Db } from '../db/client.ts'
import { accounts, dueWork } from '../db/schema.ts'
import { notFound, Refused } from '../problem.ts'
import { Id, type ParkedWork } from '../wire.ts'

/** The last parked first. */
export async function listParked(
  db: Db,
  actor: Actor,
  query: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ parked: ParkedWork[]; next: string | null }> {
  // Milliseconds: a timestamp of the database has microseconds, and a cursor made of a Date would lose rows.
  const parkedMs = sql<number>`trunc(extract(epoch from ${dueWork.parkedAt}) * 1000)::float8`
  const after = query.after === undefined ? null : fromCursor(query.after)
  const rows = await db
    .select({
      id: dueWork.id,
      kind: dueWork.kind,
      subject: dueWork.subject,
      accountId: dueWork.accountId,
      attempts: dueWork.attempts,
      reason: dueWork.reason,
      parkedMs,
    })
    .from(dueWork)
    .leftJoin(accounts, eq(accounts.id, dueWork.accountId))
    .where(
      and(
        isNotNull(dueWork.parkedAt),
        isSeenBy(actor),
        after ? sql`(${parkedMs}, ${dueWork.id}) < (${after.ms}::float8, ${after.id}::uuid)` : undefined,
      ),
    )
    .orderBy(desc(parkedMs), desc(dueWork.id))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    parked: page.map(({ parkedMs: ms, ...row }) => ({ ...row, parkedAt: new Date(ms).toISOString() })),
    next: rows.length > query.limit && last ? toCursor(last.parkedMs, last.id) : null,
  }
}

/** Lets it run again, from its first attempt. Throws 404 when it is not parked, or not for this actor. */
export async function replayParked(db: Db, actor: Actor, id: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .select({ id: dueWork.id, kind: dueWork.kind })
      .from(dueWork)
      .leftJoin(accounts, eq(accounts.id, dueWork.accountId))
      .where(and(eq(dueWork.id, id), isNotNull(dueWork.parkedAt), isSeenBy(actor)))
      .for('update', { of: dueWork })
    if (!row) throw notFound('parked work')
    await tx
      .update(dueWork)
      .set({ parkedAt: null, attempts: 0, reason: null, leaseUntil: null, dueAt: now })
      .where(eq(dueWork.id, row.id))
    await writeAudit(tx, actor, 'work.replayed', `work:${row.id}`, { kind: row.kind })
  })
}

/** Work that belongs to no account is for those who see every brand. */
function isSeenBy(actor: Actor): SQL | undefined {
  const ofNobody = actor.brandIds === null ? isNull(dueWork.accountId) : undefined
  return or(and(isNotNull(accounts.id), inScope(actor, accounts.brandId)), ofNobody)
}

const toCursor = (ms: number, id: string) => Buffer.from(`p${ms}.${id}`).toString('base64url')

function fromCursor(cursor: string): { ms: number; id: string } {
  const match = /^p(\d{1,15})\.(.+)$/u.exec(Buffer.from(cursor, 'base64url').toString())
  const id = Id.safeParse(match?.[2])
  if (!match || !id.success) throw new Refused(400, 'bad_cursor', 'This place in the list does not exist.')
  return { ms: Number(match[1]), id: id.data }
}
