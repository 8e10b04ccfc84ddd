/** How a brand wants its people to work: who approves what, and whether a result is needed. */
import { and, eq } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Db, Tx } from '../db/client.ts'
import { brandConduct, brands } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import type { Conduct, ConductPatch } from '../wire.ts'

const nothingAsked: Conduct = { approvePublic: false, approveWithinMs: 2 * 3_600_000, resultNeeded: false }

export async function conductOf(db: Db | Tx, brandId: string): Promise<Conduct> {
  const [row] = await db.select().from(brandConduct).where(eq(brandConduct.brandId, brandId))
  if (!row) return nothingAsked
  const { approvePublic, approveWithinMs, resultNeeded } = row
  return { approvePublic, approveWithinMs, resultNeeded }
}

/** Throws 404. */
export async function readConduct(db: Db, actor: Actor, brandId: string): Promise<Conduct> {
  await requireBrand(db, actor, brandId)
  return conductOf(db, brandId)
}

/** Holds for what is written from then on. Throws 404. */
export async function changeConduct(db: Db, actor: Actor, brandId: string, patch: ConductPatch): Promise<Conduct> {
  return db.transaction(async (tx) => {
    await requireBrand(tx, actor, brandId)
    const before = await conductOf(tx, brandId)
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
    const wanted: Conduct = { ...before, ...given }
    await tx
      .insert(brandConduct)
      .values({ brandId, ...wanted })
      .onConflictDoUpdate({ target: brandConduct.brandId, set: wanted })
    await writeAudit(tx, actor, 'brand.conduct_changed', `brand:${brandId}`, { from: before, to: wanted })
    return wanted
  })
}

async function requireBrand(db: Db | Tx, actor: Actor, id: string): Promise<void> {
  const [row] = await db
    .select({ id: brands.id })
    .from(brands)
    .where(and(eq(brands.id, id), inScope(actor, brands.id)))
  if (!row) throw notFound('brand')
}
