/** Macros. One's own are changed by oneself; shared ones by supervisors who see their brand. */
import { and, asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, inScope, mayActAs } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import { requireBrands } from '../../auth/brands.ts'
import { cleanText } from '../../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../../db/client.ts'
import { newId } from '../../db/id.ts'
import { macros } from '../../db/schema.ts'
import { conflict, forbidden, notFound, unprocessable } from '../../problem.ts'
import { type Macro, MacroActs, type NewMacro } from '../../wire-bulk.ts'

type Row = typeof macros.$inferSelect
const mostOfOne = 200

/** Those the actor may use, by name. */
export async function listMacros(db: Db, actor: Actor): Promise<Macro[]> {
  const rows = await db.select().from(macros).where(seenBy(actor)).orderBy(asc(sql`lower(name)`), asc(macros.id))
  return rows.map((row) => show(row, actor))
}

/** Throws 404. */
export async function requireMacro(db: Db | Tx, actor: Actor, id: string): Promise<Macro> {
  const [row] = await db
    .select()
    .from(macros)
    .where(and(eq(macros.id, id), seenBy(actor)))
  if (!row) throw notFound('macro')
  return show(row, actor)
}

/** Throws 403 for a shared one that is not the actor's to make, 409 `name_taken`, 422 `too_many`, `unknown_brand`. */
export async function addMacro(db: Db, actor: Actor, wanted: NewMacro): Promise<Macro> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      const row = { id: newId(), ...(await valuesOf(tx, actor, wanted)), createdAt: new Date() }
      // One at a time of each owner, so that two at once do not both find room.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`macros ${row.ownerId ?? ''}`}, 0))`)
      const owned = row.ownerId === null ? isNull(macros.ownerId) : eq(macros.ownerId, row.ownerId)
      if ((await tx.$count(macros, owned)) >= mostOfOne) {
        throw unprocessable('too_many', 'There are too many macros.', { most: mostOfOne })
      }
      const [added] = await tx.insert(macros).values(row).returning()
      await writeAudit(tx, actor, 'macro.added', `macro:${row.id}`, { shared: wanted.shared })
      return show(added!, actor)
    }),
  )
}

/** Replaces it. Throws also 404. */
export async function changeMacro(db: Db, actor: Actor, id: string, wanted: NewMacro): Promise<Macro> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      await lockOwn(tx, actor, id)
      const [changed] = await tx
        .update(macros)
        .set(await valuesOf(tx, actor, wanted))
        .where(eq(macros.id, id))
        .returning()
      await writeAudit(tx, actor, 'macro.changed', `macro:${id}`, { shared: wanted.shared })
      return show(changed!, actor)
    }),
  )
}

export async function deleteMacro(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockOwn(tx, actor, id)
    await tx.delete(macros).where(eq(macros.id, id))
    await writeAudit(tx, actor, 'macro.deleted', `macro:${id}`)
  })
}

/** Throws 404 for one the actor does not see, 403 for one that is theirs to use only. */
async function lockOwn(tx: Tx, actor: Actor, id: string): Promise<void> {
  const [row] = await tx
    .select()
    .from(macros)
    .where(and(eq(macros.id, id), seenBy(actor)))
    .for('update')
  if (!row) throw notFound('macro')
  if (!mayChange(actor, row)) throw forbidden()
}

async function valuesOf(tx: Tx, actor: Actor, { shared, name, acts, brandId: brand }: NewMacro) {
  const brandId = shared ? brand : null
  if (brandId !== null) await requireBrands(tx, [brandId])
  const ownerId = shared ? null : actor.id
  if (!mayChange(actor, { ownerId, brandId })) throw forbidden()
  const clean = JSON.parse(JSON.stringify(acts), (_key, value) =>
    typeof value === 'string' ? cleanText(value) : value,
  )
  return { ownerId, brandId, name: cleanText(name), acts: clean, updatedAt: new Date() }
}

/** One for every brand is changed by those who see every brand. */
function mayChange(actor: Actor, { ownerId, brandId }: Pick<Row, 'ownerId' | 'brandId'>): boolean {
  if (ownerId !== null) return ownerId === actor.id
  if (!mayActAs(actor, 'supervisor')) return false
  return actor.brandIds === null || (brandId !== null && actor.brandIds.includes(brandId))
}

const seenBy = (actor: Actor): SQL | undefined =>
  or(
    eq(macros.ownerId, actor.id),
    and(isNull(macros.ownerId), sql`(brand_id is null or ${inScope(actor, macros.brandId)})`),
  )

async function keepUnique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (databaseCode(error) === '23505') throw conflict('name_taken', 'Another macro has this name.')
    throw error
  }
}

function show(row: Row, actor: Actor): Macro {
  const { id, name, brandId, ownerId, updatedAt } = row
  const acts = MacroActs.parse(row.acts)
  return {
    id,
    name,
    acts,
    brandId,
    shared: ownerId === null,
    mine: mayChange(actor, row),
    updatedAt: updatedAt.toISOString(),
  }
}
