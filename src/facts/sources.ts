/** Where a brand's own system is asked. The token is sealed, and never answered. */
import { eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import type { Db } from '../db/client.ts'
import { warrantyAnswers, warrantySources } from '../db/schema.ts'
import type { Seal } from '../seal.ts'
import type { WarrantySource, WarrantySourcePut } from '../wire-facts.ts'
import { sealedTokenOf } from './warranty.ts'

export async function listSources(db: Db): Promise<WarrantySource[]> {
  const rows = await db.select().from(warrantySources)
  return rows.map(({ brandId, url, tokenSealed, updatedAt }) => {
    return { brandId, url, hasToken: tokenSealed !== null, updatedAt: updatedAt.toISOString() }
  })
}

/** What another address answered is forgotten. A token stays with its own host. Throws 422 `unknown_brand`. */
export async function putSource(
  { db, seal, now }: { db: Db; seal: Seal; now: () => Date },
  actor: Actor,
  brandId: string,
  { url, token }: WarrantySourcePut,
): Promise<WarrantySource[]> {
  await db.transaction(async (tx) => {
    await requireBrands(tx, [brandId])
    const [there] = await tx.select().from(warrantySources).where(eq(warrantySources.brandId, brandId)).for('update')
    const sameHost = there !== undefined && hostOf(there.url) === hostOf(url)
    const kept = sameHost ? there.tokenSealed : null
    const tokenSealed = token === undefined ? kept : token ? seal.seal(token, sealedTokenOf(brandId)) : null
    const values = { url, tokenSealed, updatedAt: now() }
    await tx
      .insert(warrantySources)
      .values({ brandId, ...values })
      .onConflictDoUpdate({ target: warrantySources.brandId, set: values })
    await tx.delete(warrantyAnswers).where(eq(warrantyAnswers.brandId, brandId))
    await writeAudit(tx, actor, 'warranty_source.set', `brand:${brandId}`)
  })
  return listSources(db)
}

export async function removeSource(db: Db, actor: Actor, brandId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const gone = await tx.delete(warrantySources).where(eq(warrantySources.brandId, brandId)).returning()
    await tx.delete(warrantyAnswers).where(eq(warrantyAnswers.brandId, brandId))
    if (gone.length > 0) await writeAudit(tx, actor, 'warranty_source.removed', `brand:${brandId}`)
  })
}

const hostOf = (url: string) => URL.parse(url.replaceAll('{serial}', '0'))?.host ?? null
