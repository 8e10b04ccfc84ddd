/** The list of those whose a case can be: read by everybody, changed by administrators. */
import { and, asc, eq, isNull, or, type SQL } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { otherParties } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { forbidden, notFound } from '../problem.ts'
import type { NewOtherParty, OtherParty } from '../wire-other-parties.ts'

type Row = typeof otherParties.$inferSelect

/** Those of the actor's brands and those of every brand, by kind and name. */
export async function listParties(db: Db, actor: Actor): Promise<OtherParty[]> {
  const rows = await db
    .select()
    .from(otherParties)
    .where(seen(actor))
    .orderBy(asc(otherParties.kind), asc(otherParties.name), asc(otherParties.id))
  return rows.map(show)
}

/** Throws 403, 422 `unknown_brand`. */
export async function addParty(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  wanted: NewOtherParty,
): Promise<OtherParty> {
  return deps.db.transaction(async (tx) => {
    if (wanted.brandId !== null) await requireBrands(tx, [wanted.brandId])
    refuseForeign(actor, wanted.brandId)
    const now = deps.now()
    const row = { id: newId(), ...valuesOf(wanted), createdAt: now, updatedAt: now }
    const [added] = await tx.insert(otherParties).values(row).returning()
    await writeAudit(tx, actor, 'other_party.added', `other_party:${row.id}`, { kind: wanted.kind })
    return show(added!)
  })
}

/** Replaces it; tickets closed for it stay so. Throws also 404. */
export async function changeParty(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  id: string,
  wanted: NewOtherParty,
): Promise<OtherParty> {
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(otherParties)
      .where(and(eq(otherParties.id, id), seen(actor)))
      .for('update')
    if (!row) throw notFound('entry')
    if (wanted.brandId !== null) await requireBrands(tx, [wanted.brandId])
    refuseForeign(actor, row.brandId)
    refuseForeign(actor, wanted.brandId)
    const set = { ...valuesOf(wanted), updatedAt: deps.now() }
    const [changed] = await tx.update(otherParties).set(set).where(eq(otherParties.id, id)).returning()
    await writeAudit(tx, actor, 'other_party.changed', `other_party:${id}`, { kind: wanted.kind })
    return show(changed!)
  })
}

/** It stays where tickets were closed for it. Throws 404, 403. */
export async function removeParty(deps: Pick<Deps, 'db' | 'now'>, actor: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(otherParties)
      .where(and(eq(otherParties.id, id), seen(actor)))
      .for('update')
    if (!row) throw notFound('entry')
    refuseForeign(actor, row.brandId)
    await tx.update(otherParties).set({ removedAt: deps.now() }).where(eq(otherParties.id, id))
    await writeAudit(tx, actor, 'other_party.removed', `other_party:${id}`)
  })
}

export const seen = (actor: Actor): SQL | undefined =>
  and(isNull(otherParties.removedAt), or(isNull(otherParties.brandId), inScope(actor, otherParties.brandId)))

/** One for every brand is changed by those who see every brand. */
function refuseForeign(actor: Actor, brandId: string | null): void {
  if (actor.brandIds === null) return
  if (brandId === null || !actor.brandIds.includes(brandId)) throw forbidden()
}

const valuesOf = ({ brandId, kind, name, zh, en }: NewOtherParty) => ({
  brandId,
  kind,
  name: cleanText(name),
  zh: cleanText(zh),
  en: cleanText(en),
})

const show = ({ id, brandId, kind, name, zh, en }: Row): OtherParty => ({ id, brandId, kind, name, zh, en })
