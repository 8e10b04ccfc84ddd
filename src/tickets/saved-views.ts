/** Saved views: one's own, and those supervisors share with everybody. */
import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { savedViews } from '../db/schema.ts'
import { forbidden, notFound, unprocessable } from '../problem.ts'
import type { NewSavedView, SavedView } from '../wire.ts'

type Row = typeof savedViews.$inferSelect

/** A list longer than this is no help, and each has a figure that is counted. */
const mostOfOne = 20

/** The shared ones and one's own, in the order they were made. */
export async function listSavedViews(db: Db, actor: Actor): Promise<SavedView[]> {
  const rows = await db
    .select()
    .from(savedViews)
    .where(visible(actor))
    .orderBy(asc(savedViews.createdAt), asc(savedViews.id))
  return rows.map((row) => show(row, actor))
}

/** Throws 403 for a shared one that is not the actor's to make, 422 `too_many`. */
export async function addSavedView(db: Db, actor: Actor, wanted: NewSavedView): Promise<SavedView> {
  if (wanted.shared && !mayActAs(actor, 'supervisor')) throw forbidden()
  return db.transaction(async (tx) => {
    const ownerId = wanted.shared ? null : actor.id
    // One at a time of each owner, so that two at once do not both find room.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`saved-views ${ownerId ?? ''}`}, 0))`)
    const owned = ownerId === null ? isNull(savedViews.ownerId) : eq(savedViews.ownerId, ownerId)
    if ((await tx.$count(savedViews, owned)) >= mostOfOne) {
      throw unprocessable('too_many', 'There are too many saved views.', { most: mostOfOne })
    }
    const [added] = await tx
      .insert(savedViews)
      .values({ id: newId(), ownerId, ...valuesOf(wanted) })
      .returning()
    await writeAudit(tx, actor, 'saved_view.added', `saved_view:${added!.id}`, { shared: wanted.shared })
    return show(added!, actor)
  })
}

/** Gives it another name or other filters; whose it is stays. Throws 404, 403. */
export async function changeSavedView(db: Db, actor: Actor, id: string, wanted: NewSavedView): Promise<SavedView> {
  return db.transaction(async (tx) => {
    await lockOwn(tx, actor, id)
    const [changed] = await tx.update(savedViews).set(valuesOf(wanted)).where(eq(savedViews.id, id)).returning()
    await writeAudit(tx, actor, 'saved_view.changed', `saved_view:${id}`)
    return show(changed!, actor)
  })
}

/** Throws 404, 403. */
export async function deleteSavedView(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockOwn(tx, actor, id)
    await tx.delete(savedViews).where(eq(savedViews.id, id))
    await writeAudit(tx, actor, 'saved_view.deleted', `saved_view:${id}`)
  })
}

async function lockOwn(tx: Tx, actor: Actor, id: string): Promise<void> {
  const [row] = await tx
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.id, id), visible(actor)))
    .for('update')
  if (!row) throw notFound('saved view')
  if (!mayChange(actor, row)) throw forbidden()
}

const visible = (actor: Actor) => or(eq(savedViews.ownerId, actor.id), isNull(savedViews.ownerId))
const mayChange = (actor: Actor, { ownerId }: Row) =>
  ownerId === null ? mayActAs(actor, 'supervisor') : ownerId === actor.id

const valuesOf = ({ name, view, search }: NewSavedView) => ({
  name: cleanText(name),
  view,
  search: Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, cleanText(value)]])),
  ),
})

function show(row: Row, actor: Actor): SavedView {
  const { id, name, view, search, ownerId } = row
  return { id, name, view, search, shared: ownerId === null, mine: mayChange(actor, row) }
}
