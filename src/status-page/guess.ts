/**
 * Who tries too often waits, longer each time. Counted in the database, so that neither a restart nor another node forgets;
 * right and wrong tries count alike, so that being slowed down says nothing.
 */
import { inArray, lt } from 'drizzle-orm'
import { guessCounts } from '../db/schema.ts'
import type { Deps } from '../deps.ts'

export interface GuessRule {
  /** What is counted, and under which name. */
  readonly key: string
  /** So many cost nothing. */
  readonly free: number
  /** The longest pause. */
  readonly mostMs: number
}

const day = 86_400_000

/** Null: go on. Otherwise so many milliseconds are to be waited; such a try is not looked at. */
export async function countTry(
  { db, seal, now }: Pick<Deps, 'db' | 'seal' | 'now'>,
  rules: readonly GuessRule[],
): Promise<number | null> {
  const at = now()
  const keyed = rules
    .map((rule) => ({ ...rule, hash: seal.hash(`guess:${rule.key}`) }))
    .sort((a, b) => Buffer.compare(a.hash, b.hash))
  const hashes = keyed.map(({ hash }) => hash)
  const longest = (rows: readonly { readonly blockedUntil: Date }[]) =>
    Math.max(0, ...rows.map(({ blockedUntil }) => blockedUntil.getTime() - at.getTime()))
  // Most of a flood ends here, with one look and nothing written.
  const known = await db
    .select({ blockedUntil: guessCounts.blockedUntil })
    .from(guessCounts)
    .where(inArray(guessCounts.key, hashes))
  if (longest(known) > 0) return longest(known)
  return db.transaction(async (tx) => {
    // The row is the lock: a hundred at once come one after the other.
    for (const { hash } of keyed) {
      await tx
        .insert(guessCounts)
        .values({ key: hash, count: 0, blockedUntil: at, expiresAt: new Date(at.getTime() + day) })
        .onConflictDoNothing()
    }
    const rows = await tx
      .select()
      .from(guessCounts)
      .where(inArray(guessCounts.key, hashes))
      .orderBy(guessCounts.key)
      .for('update')
    if (longest(rows) > 0) return longest(rows)
    for (const row of rows) {
      const rule = keyed.find(({ hash }) => hash.equals(row.key))!
      const count = (row.expiresAt > at ? row.count : 0) + 1
      const pauseMs = count < rule.free ? 0 : Math.min(rule.mostMs, 2 ** Math.min(count - rule.free, 30) * 1_000)
      const set = {
        count,
        blockedUntil: new Date(at.getTime() + pauseMs),
        expiresAt: new Date(at.getTime() + day),
      }
      await tx
        .update(guessCounts)
        .set(set)
        .where(inArray(guessCounts.key, [row.key]))
    }
    return null
  })
}

/** What nobody needs any more. */
export async function forgetTries({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await db.delete(guessCounts).where(lt(guessCounts.expiresAt, now()))
}
