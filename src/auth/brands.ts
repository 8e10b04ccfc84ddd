/** Brands, and who sees them. Administrators see every brand and are members of none. */
import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, brandMembers, brands } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { Brand } from '../wire.ts'
import { type Actor, inScope } from './actor.ts'
import { writeAudit } from './audit.ts'

/** The brands the actor sees, oldest first. */
export async function listBrands(db: Db, actor: Actor): Promise<Brand[]> {
  return db
    .select({ id: brands.id, name: brands.name })
    .from(brands)
    .where(inScope(actor, brands.id))
    .orderBy(asc(brands.createdAt), asc(brands.id))
}

export async function createBrand(db: Db, actor: Actor, name: string): Promise<Brand> {
  return db.transaction(async (tx) => {
    const brand = { id: newId(), name: cleanText(name) }
    await tx.insert(brands).values(brand)
    await writeAudit(tx, actor, 'brand.created', `brand:${brand.id}`)
    return brand
  })
}

export async function renameBrand(db: Db, actor: Actor, id: string, name: string): Promise<Brand> {
  return db.transaction(async (tx) => {
    const [brand] = await tx
      .update(brands)
      .set({ name: cleanText(name) })
      .where(and(eq(brands.id, id), inScope(actor, brands.id)))
      .returning({ id: brands.id, name: brands.name })
    if (!brand) throw notFound('brand')
    await writeAudit(tx, actor, 'brand.renamed', `brand:${id}`)
    return brand
  })
}

/** Ids of the users given the brand; administrators, who see it anyway, are not among them. */
export async function listMembers(db: Db, actor: Actor, brandId: string): Promise<string[]> {
  await requireBrand(db, actor, brandId)
  const rows = await db
    .select({ userId: brandMembers.userId })
    .from(brandMembers)
    .where(eq(brandMembers.brandId, brandId))
    .orderBy(asc(brandMembers.userId))
  return rows.map((row) => row.userId)
}

/** Gives the brand to exactly these users. */
export async function replaceMembers(
  db: Db,
  actor: Actor,
  brandId: string,
  userIds: readonly string[],
): Promise<string[]> {
  return db.transaction(async (tx) => {
    await requireBrand(tx, actor, brandId, true)
    const wanted = [...new Set(userIds)].sort()
    const found = await tx
      .select({ id: authUser.id })
      .from(authUser)
      .where(and(inArray(authUser.id, wanted), ne(authUser.role, 'administrator')))
    if (found.length < wanted.length) {
      throw unprocessable('unknown_user', 'Only agents and supervisors can be given a brand.')
    }
    await tx.delete(brandMembers).where(eq(brandMembers.brandId, brandId))
    if (wanted.length > 0) await tx.insert(brandMembers).values(wanted.map((userId) => ({ brandId, userId })))
    await writeAudit(tx, actor, 'brand.members_replaced', `brand:${brandId}`, { userIds: wanted })
    return wanted
  })
}

async function requireBrand(db: Db | Tx, actor: Actor, id: string, lock = false): Promise<void> {
  const query = db
    .select({ id: brands.id })
    .from(brands)
    .where(and(eq(brands.id, id), inScope(actor, brands.id)))
  const [row] = await (lock ? query.for('update') : query)
  if (!row) throw notFound('brand')
}

/** The same ids, each once and sorted. Throws 422 when one is no brand. */
export async function requireBrands(db: Db | Tx, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)].sort()
  const found = await db.select({ id: brands.id }).from(brands).where(inArray(brands.id, wanted))
  if (found.length < wanted.length) throw unprocessable('unknown_brand', 'One of the brands does not exist.')
  return wanted
}

/** The oldest brand, which every installation has from its first start. */
export async function defaultBrandId(db: Db | Tx): Promise<string | null> {
  const [row] = await db.select({ id: brands.id }).from(brands).orderBy(asc(brands.createdAt), asc(brands.id)).limit(1)
  return row?.id ?? null
}
