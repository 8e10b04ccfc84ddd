/** `Idempotency-Key`: the same request twice has one effect and one answer. Unique per actor and ticket. */
import { createHash } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { canonicalJson } from './auth/canonical.ts'
import type { Db, Tx } from './db/client.ts'
import { idempotencyKeys } from './db/schema.ts'
import { unprocessable } from './problem.ts'

/** The header's schema for routes; loose, so that the other headers stay. A header sent twice is refused. */
export const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .max(255)
    .regex(/^[\x21-\x7e]+$/u, { error: 'must be 1 to 255 visible ASCII characters' })
    .optional(),
})

/** For how long a key is remembered. */
export const idempotencyKeptMs = 24 * 3_600_000

export interface IdempotentRequest {
  /** `Actor.id`. */
  readonly actor: string
  readonly ticketId: string
  /** Undefined: the client sent none, and every request counts. */
  readonly key: string | undefined
  /** `reply`, `note`: the same key for another operation is another body. */
  readonly operation: string
  /** The body after its schema, so that a default left out and one written are the same. */
  readonly body: unknown
}

export interface Answer<T> {
  readonly status: number
  /** As the API sends it: JSON, no `Date`. */
  readonly body: T
}

/**
 * Runs `work` at most once per key. Call it as the transaction's first statement that locks: a second request with the
 * same key waits here for the first to commit, and only then may it hold anything the first could want. What `work`
 * throws rolls the key back with everything else, so a refused request may be sent again with the same key.
 *
 * Check beforehand that the actor may see the ticket: a repeated request does not run `work`.
 * Throws 422 `idempotency_mismatch` when the key came with another body before.
 */
export async function withIdempotency<T>(
  tx: Tx,
  request: IdempotentRequest,
  work: () => Promise<Answer<T>>,
): Promise<Answer<T> & { readonly repeated: boolean }> {
  const { actor, ticketId, key } = request
  if (key === undefined) return { ...(await work()), repeated: false }
  const bodyHash = hashOf({ operation: request.operation, body: request.body })
  const taken = await tx
    .insert(idempotencyKeys)
    .values({ actor, ticketId, key, bodyHash, status: 0, response: {} })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  const row = and(
    eq(idempotencyKeys.actor, actor),
    eq(idempotencyKeys.ticketId, ticketId),
    eq(idempotencyKeys.key, key),
  )
  if (taken.length === 0) {
    const [first] = await tx.select().from(idempotencyKeys).where(row)
    // Pruned between the two statements: 24 hours old to the millisecond. The request as such is new.
    if (!first) return await withIdempotency(tx, request, work)
    if (first.bodyHash !== bodyHash) {
      throw unprocessable('idempotency_mismatch', 'This Idempotency-Key was used for another request.')
    }
    return { status: first.status, body: first.response as T, repeated: true }
  }
  const answer = await work()
  await tx.update(idempotencyKeys).set({ status: answer.status, response: answer.body }).where(row)
  return { ...answer, repeated: false }
}

/** Forgets keys that are older than {@link idempotencyKeptMs}. Returns how many. */
export async function pruneIdempotencyKeys(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - idempotencyKeptMs)
  const gone = await db
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, before))
    .returning({ key: idempotencyKeys.key })
  return gone.length
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url')
}
