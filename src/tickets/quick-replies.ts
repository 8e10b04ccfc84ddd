/** Quick replies. One's own are changed by oneself; shared ones by supervisors who see their brand. */
import { and, asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, inScope, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { quickReplies } from '../db/schema.ts'
import { conflict, forbidden, notFound, unprocessable } from '../problem.ts'
import type { NewQuickReply, QuickReply } from '../wire.ts'

type Row = typeof quickReplies.$inferSelect

/** More than this nobody finds their way in, and all are sent to the desk at once. */
const mostOfOne = 500

/** Those the actor may use, by shortcut. */
export async function listQuickReplies(db: Db, actor: Actor): Promise<QuickReply[]> {
  const rows = await db
    .select()
    .from(quickReplies)
    .where(or(eq(quickReplies.ownerId, actor.id), and(isNull(quickReplies.ownerId), ofSeenBrand(actor))))
    .orderBy(asc(quickReplies.shortcut), asc(quickReplies.id))
  return rows.map((row) => show(row, actor))
}

/** Throws 403 for a shared one that is not the actor's to make, 409 `shortcut_taken`, 422 `too_many`, `unknown_brand`. */
export async function addQuickReply(db: Db, actor: Actor, wanted: NewQuickReply): Promise<QuickReply> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      const row = { id: newId(), ...(await valuesOf(tx, actor, wanted)), createdAt: new Date() }
      // One at a time of each owner, so that two at once do not both find room.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`quick-replies ${row.ownerId ?? ''}`}, 0))`)
      const owned = row.ownerId === null ? isNull(quickReplies.ownerId) : eq(quickReplies.ownerId, row.ownerId)
      if ((await tx.$count(quickReplies, owned)) >= mostOfOne) {
        throw unprocessable('too_many', 'There are too many quick replies.', { most: mostOfOne })
      }
      const [added] = await tx.insert(quickReplies).values(row).returning()
      await writeAudit(tx, actor, 'quick_reply.added', `quick_reply:${row.id}`, { shared: wanted.shared })
      return show(added!, actor)
    }),
  )
}

/** Replaces it. Throws also 404. */
export async function changeQuickReply(db: Db, actor: Actor, id: string, wanted: NewQuickReply): Promise<QuickReply> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      await lockOwn(tx, actor, id)
      const [changed] = await tx
        .update(quickReplies)
        .set(await valuesOf(tx, actor, wanted))
        .where(eq(quickReplies.id, id))
        .returning()
      await writeAudit(tx, actor, 'quick_reply.changed', `quick_reply:${id}`, { shared: wanted.shared })
      return show(changed!, actor)
    }),
  )
}

export async function deleteQuickReply(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockOwn(tx, actor, id)
    await tx.delete(quickReplies).where(eq(quickReplies.id, id))
    await writeAudit(tx, actor, 'quick_reply.deleted', `quick_reply:${id}`)
  })
}

/** Throws 404 for one the actor does not see, 403 for one that is theirs to use only. */
async function lockOwn(tx: Tx, actor: Actor, id: string): Promise<void> {
  const [row] = await tx
    .select()
    .from(quickReplies)
    .where(
      and(
        eq(quickReplies.id, id),
        or(eq(quickReplies.ownerId, actor.id), and(isNull(quickReplies.ownerId), ofSeenBrand(actor))),
      ),
    )
    .for('update')
  if (!row) throw notFound('quick reply')
  if (!mayChange(actor, row)) throw forbidden()
}

async function valuesOf(tx: Tx, actor: Actor, wanted: NewQuickReply) {
  const { shared, shortcut, title, zh, en } = wanted
  const brandId = shared ? wanted.brandId : null
  if (brandId !== null) await requireBrands(tx, [brandId])
  const ownerId = shared ? null : actor.id
  if (!mayChange(actor, { ownerId, brandId })) throw forbidden()
  return {
    ownerId,
    brandId,
    shortcut: cleanText(shortcut).normalize('NFKC').toLowerCase(),
    title: cleanText(title),
    zh: cleanText(zh),
    en: cleanText(en),
    updatedAt: new Date(),
  }
}

/** One for every brand is changed by those who see every brand. */
function mayChange(actor: Actor, { ownerId, brandId }: Pick<Row, 'ownerId' | 'brandId'>): boolean {
  if (ownerId !== null) return ownerId === actor.id
  if (!mayActAs(actor, 'supervisor')) return false
  return actor.brandIds === null || (brandId !== null && actor.brandIds.includes(brandId))
}

const ofSeenBrand = (actor: Actor): SQL => sql`(brand_id is null or ${inScope(actor, quickReplies.brandId)})`

async function keepUnique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (databaseCode(error) === '23505') throw conflict('shortcut_taken', 'Another quick reply has this shortcut.')
    throw error
  }
}

function show(row: Row, actor: Actor): QuickReply {
  const { id, shortcut, title, zh, en, brandId, ownerId, updatedAt } = row
  const mine = mayChange(actor, row)
  return { id, shortcut, title, zh, en, brandId, shared: ownerId === null, mine, updatedAt: updatedAt.toISOString() }
}
