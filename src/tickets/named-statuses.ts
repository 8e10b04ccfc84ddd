/** Finer names of the six statuses. The fixed one is what everything else goes by. */
import { asc, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { namedStatuses, ticketNames } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { NamedStatus, NamedStatusPatch, NewNamedStatus } from '../wire.ts'

type Row = typeof namedStatuses.$inferSelect

/** More than this no menu shows well. */
const most = 100

const inOrder = [asc(namedStatuses.position), asc(namedStatuses.id)]

/** All of them, archived ones too: tickets may still have them. */
export async function listNamedStatuses(db: Db): Promise<NamedStatus[]> {
  const rows = await db
    .select()
    .from(namedStatuses)
    .orderBy(...inOrder)
  return rows.map(show)
}

/** Behind the others. Throws 422 `too_many`. */
export async function addNamedStatus(db: Db, actor: Actor, wanted: NewNamedStatus): Promise<NamedStatus> {
  return db.transaction(async (tx) => {
    await lockOrder(tx)
    const count = await tx.$count(namedStatuses)
    if (count >= most) throw unprocessable('too_many', 'There are too many named statuses.', { most })
    const { status, color } = wanted
    const row = { id: newId(), status, color, zh: cleanText(wanted.zh), en: cleanText(wanted.en), position: count }
    const [added] = await tx.insert(namedStatuses).values(row).returning()
    await writeAudit(tx, actor, 'named_status.added', `named_status:${row.id}`, { status })
    return show(added!)
  })
}

/** Which fixed status it is of stays: tickets have it because of that. Throws 404. */
export async function changeNamedStatus(
  db: Db,
  actor: Actor,
  id: string,
  patch: NamedStatusPatch,
  now: Date,
): Promise<NamedStatus> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select().from(namedStatuses).where(eq(namedStatuses.id, id)).for('update')
    if (!row) throw notFound('named status')
    const { archived } = patch
    const [changed] = await tx
      .update(namedStatuses)
      .set({
        zh: patch.zh === undefined ? row.zh : cleanText(patch.zh),
        en: patch.en === undefined ? row.en : cleanText(patch.en),
        color: patch.color ?? row.color,
        archivedAt: archived === undefined ? row.archivedAt : archived ? (row.archivedAt ?? now) : null,
      })
      .where(eq(namedStatuses.id, id))
      .returning()
    await writeAudit(tx, actor, 'named_status.changed', `named_status:${id}`, { ...patch })
    return show(changed!)
  })
}

/** The whole list in its new order. Throws 422 `order_changed` when it is not the whole list any more. */
export async function orderNamedStatuses(db: Db, actor: Actor, ids: readonly string[]): Promise<NamedStatus[]> {
  await db.transaction(async (tx) => {
    await lockOrder(tx)
    const rows = await tx.select({ id: namedStatuses.id }).from(namedStatuses)
    const known = new Set(rows.map(({ id }) => id))
    const wanted = new Set(ids)
    if (wanted.size !== known.size || [...wanted].some((id) => !known.has(id)))
      throw unprocessable('order_changed', 'The list has changed. Load it again.')
    for (const [position, id] of ids.entries())
      await tx.update(namedStatuses).set({ position }).where(eq(namedStatuses.id, id))
    await writeAudit(tx, actor, 'named_status.ordered', 'named_status:all')
  })
  return listNamedStatuses(db)
}

/** One at a time: two at once would take the same place. */
const lockOrder = (tx: Tx) => tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('named-statuses', 0))`)

/** To be given to a ticket. Throws 422 `unknown_named_status` also for an archived one. */
export async function requireNamed(tx: Tx, id: string): Promise<Row> {
  const [row] = await tx.select().from(namedStatuses).where(eq(namedStatuses.id, id)).for('share')
  if (!row || row.archivedAt !== null)
    throw unprocessable('unknown_named_status', 'There is no such status to be chosen.')
  return row
}

export async function nameOf(tx: Tx, ticketId: string): Promise<string | null> {
  const [row] = await tx.select().from(ticketNames).where(eq(ticketNames.ticketId, ticketId))
  return row?.namedId ?? null
}

/** After the fixed status was written: its change takes the old name away. */
export async function writeName(tx: Tx, ticketId: string, namedId: string | null): Promise<void> {
  if (namedId === null) await tx.delete(ticketNames).where(eq(ticketNames.ticketId, ticketId))
  else
    await tx
      .insert(ticketNames)
      .values({ ticketId, namedId })
      .onConflictDoUpdate({ target: ticketNames.ticketId, set: { namedId } })
}

function show({ id, status, zh, en, color, archivedAt }: Row): NamedStatus {
  return { id, status, zh, en, color, archived: archivedAt !== null }
}
