/** Brands, and who sees them. Administrators see every brand and are members of none. */
import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, brandMembers, brands } from '../db/schema.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { Brand, BrandOverview, BrandPatch } from '../wire.ts'
import { type Actor, inScope } from './actor.ts'
import { writeAudit } from './audit.ts'

/** The brands the actor sees, oldest first; archived ones are in no list. */
export async function listBrands(db: Db, actor: Actor): Promise<Brand[]> {
  return db
    .select({ id: brands.id, name: brands.name })
    .from(brands)
    .where(and(inScope(actor, brands.id), isNull(brands.archivedAt)))
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

/** Every brand with what stands in it, archived ones last. */
export async function overlookBrands(db: Db, actor: Actor): Promise<BrandOverview[]> {
  const rows = await db
    .select({
      id: brands.id,
      name: brands.name,
      archived: sql<boolean>`${brands.archivedAt} is not null`,
      accounts: accountsIn,
      open: openIn,
      userIds: sql<string[]>`array(select user_id from brand_members m where m.brand_id = brands.id order by 1)`,
    })
    .from(brands)
    .where(inScope(actor, brands.id))
    .orderBy(sql`${brands.archivedAt} nulls first`, asc(brands.createdAt), asc(brands.id))
  return rows
}

const accountsIn = sql<number>`(
  select count(*)::int from accounts a where a.brand_id = brands.id and a.removed_at is null)`
const openIn = sql<number>`(
  select count(*)::int from tickets t where t.brand_id = brands.id
  and t.status in ('new', 'open', 'waiting_customer', 'waiting_other'))`

/** Renames, archives or brings back. Throws 404, and 409 `brand_in_use` or `last_brand`. */
export async function changeBrand(db: Db, actor: Actor, id: string, patch: BrandPatch): Promise<Brand> {
  return db.transaction(async (tx) => {
    // All of them, in one order: two who archive the last two at once would each see the other's.
    const all = await tx
      .select({ id: brands.id, name: brands.name, archivedAt: brands.archivedAt })
      .from(brands)
      .where(inScope(actor, brands.id))
      .orderBy(asc(brands.id))
      .for('update')
    const brand = all.find((one) => one.id === id)
    if (!brand) throw notFound('brand')
    const archives = patch.archived === true && brand.archivedAt === null
    if (archives) await requireEmpty(tx, id)
    if (archives && all.every((one) => one.id === id || one.archivedAt !== null)) {
      throw conflict('last_brand', 'This is the last brand: add another one first.')
    }
    const name = patch.name === undefined ? brand.name : cleanText(patch.name)
    const archivedAt = patch.archived === undefined ? brand.archivedAt : patch.archived ? sql`now()` : null
    await tx.update(brands).set({ name, archivedAt }).where(eq(brands.id, id))
    if (name !== brand.name) await writeAudit(tx, actor, 'brand.renamed', `brand:${id}`)
    if (archives) await writeAudit(tx, actor, 'brand.archived', `brand:${id}`)
    if (patch.archived === false && brand.archivedAt) await writeAudit(tx, actor, 'brand.restored', `brand:${id}`)
    return { id, name }
  })
}

async function requireEmpty(tx: Tx, id: string): Promise<void> {
  const [found] = await tx.select({ accounts: accountsIn, open: openIn }).from(brands).where(eq(brands.id, id))
  if (found && (found.accounts > 0 || found.open > 0)) {
    throw conflict('brand_in_use', 'It still has accounts or open tickets.', found)
  }
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

/** The oldest brand in use, which every installation has from its first start. */
export async function defaultBrandId(db: Db | Tx): Promise<string | null> {
  const [row] = await db
    .select({ id: brands.id })
    .from(brands)
    .where(isNull(brands.archivedAt))
    .orderBy(asc(brands.createdAt), asc(brands.id))
    .limit(1)
  return row?.id ?? null
}
