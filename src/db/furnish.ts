import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import { newId } from './id.ts'
import { brands, installation } from './schema.ts'

const LOCK = 4_853_002

/** What every installation has from its first start: the stream's epoch and one brand. Nodes that start together make one. */
export async function furnish(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
    const epoch = randomBytes(8).toString('hex')
    await tx.insert(installation).values({ key: 'epoch', value: epoch }).onConflictDoNothing()
    const [brand] = await tx.select({ id: brands.id }).from(brands).limit(1)
    if (!brand) await tx.insert(brands).values({ id: newId(), name: 'Huixin' })
  })
}
