import { eq, or, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { brands } from '../db/schema.ts'
import { StartError } from '../start-error.ts'

/** Ids of brands given by id or by their exact name. Throws {@link StartError} when one is not there, or its name is twice. */
export async function findBrands(db: Db, given: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const text of given) {
    const found = await db
      .select({ id: brands.id })
      .from(brands)
      .where(or(eq(sql`${brands.id}::text`, text), eq(brands.name, text)))
    if (found.length !== 1)
      throw new StartError(`There ${found.length === 0 ? 'is no brand' : 'are several brands'} "${text}".`)
    ids.push(found[0]!.id)
  }
  return ids
}
