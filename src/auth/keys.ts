/** API keys for programs: `hx_<id>_<secret>`. Only a hash of the secret is kept; the key is shown once. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { apiKeys } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { ApiKey, Role } from '../wire.ts'
import type { Actor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { requireBrands } from './brands.ts'

export interface NewKey {
  readonly name: string
  readonly role: Role
  /** Null or left out: every brand. */
  readonly brandIds?: readonly string[] | null | undefined
  /** Null or left out: never. */
  readonly expiresAt?: Date | null | undefined
}

/** 256 random bits need no slow hash: nobody guesses them, however fast the hash. */
const hashOf = (secret: string) => createHash('sha256').update(secret).digest()
const nobody = hashOf(randomBytes(32).toString('base64url'))
const shape = /^hx_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([\w-]{43})$/u

/** Throws `Refused` 422 when the brands or the expiry make no sense. `key` cannot be read again. */
export async function createKey(
  db: Db,
  actor: Actor,
  input: NewKey,
  now: Date = new Date(),
): Promise<{ apiKey: ApiKey; key: string }> {
  const id = newId()
  const secret = randomBytes(32).toString('base64url')
  if (input.role === 'administrator' && input.brandIds) {
    throw unprocessable('administrators_see_all', 'An administrator’s key cannot be limited to brands.')
  }
  if (input.expiresAt && input.expiresAt <= now) throw unprocessable('already_expired', 'The key would have expired.')
  const row = await db.transaction(async (tx) => {
    const brandIds = input.brandIds ? await requireBrands(tx, input.brandIds) : null
    const [inserted] = await tx
      .insert(apiKeys)
      .values({
        id,
        name: cleanText(input.name),
        secretHash: hashOf(secret),
        role: input.role,
        brandIds,
        expiresAt: input.expiresAt ?? null,
        createdBy: actor.id,
      })
      .returning()
    await writeAudit(tx, actor, 'key.created', `key:${id}`, { role: input.role, brandIds, expiresAt: input.expiresAt })
    return inserted!
  })
  return { apiKey: keyToWire(row), key: `hx_${id}_${secret}` }
}

/** Null for a key that is unknown, wrong, expired or revoked. `now` decides expiry. */
export async function actorOfKey(db: Db, key: string, now: Date): Promise<Actor | null> {
  const [, id, secret] = shape.exec(key) ?? []
  if (!id || !secret) return null
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id))
  const matches = timingSafeEqual(hashOf(secret), row?.secretHash ?? nobody)
  if (!row || !matches || !isLive(row, now)) return null
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= 60_000) await markUsed(db, id, now)
  return keyActor(row)
}

/** Of these (`key:<id>`), the actors whose key is neither expired nor revoked. */
export async function liveKeys(db: Db, actorIds: readonly string[], now: Date): Promise<Actor[]> {
  const ids = [...new Set(actorIds)].map((id) => id.replace(/^key:/u, ''))
  const rows = await db.select().from(apiKeys).where(inArray(apiKeys.id, ids))
  return rows.filter((row) => isLive(row, now)).map(keyActor)
}

const keyActor = (row: typeof apiKeys.$inferSelect): Actor => ({
  kind: 'key',
  id: `key:${row.id}`,
  name: row.name,
  email: null,
  role: row.role,
  brandIds: row.brandIds,
})

const isLive = (row: typeof apiKeys.$inferSelect, now: Date) =>
  !row.revokedAt && (!row.expiresAt || row.expiresAt > now)

/** At most once a minute however many nodes and requests: not every read should write. */
async function markUsed(db: Db, id: string, now: Date): Promise<void> {
  const stale = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, new Date(now.getTime() - 60_000)))
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), stale))
}

/** Newest first; revoked and expired ones too, so that one sees what was. */
export async function listKeys(db: Db): Promise<ApiKey[]> {
  return (await db.select().from(apiKeys).orderBy(desc(apiKeys.id))).map(keyToWire)
}

/** At once and for ever. Doing it again changes nothing. */
export async function revokeKey(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .select({ revokedAt: apiKeys.revokedAt })
      .from(apiKeys)
      .where(eq(apiKeys.id, id))
      .for('update')
    if (!row) throw notFound('key')
    if (row.revokedAt) return
    await tx.update(apiKeys).set({ revokedAt: sql`now()` }).where(eq(apiKeys.id, id))
    await writeAudit(tx, actor, 'key.revoked', `key:${id}`)
  })
}

const keyToWire = (row: typeof apiKeys.$inferSelect): ApiKey => ({
  id: row.id,
  name: row.name,
  role: row.role,
  brandIds: row.brandIds,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
})
