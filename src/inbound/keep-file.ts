/** The table `media` and the folder of files, kept in agreement. */
import { and, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { media } from '../db/schema.ts'
import type { MediaStore, ReceivedFile } from '../media-store.ts'

/**
 * Puts a file in its place inside the transaction that writes its row, holding the lock that {@link dropUnused} needs: a
 * clean-up can neither find the file without its row nor take it away in between. When the transaction fails the file is
 * there unused, and goes with the next clean-up.
 */
export async function keepFile(tx: Tx, file: ReceivedFile): Promise<void> {
  await lock(tx, file.sha256)
  await file.keep()
}

/** Removes a file no row names. True when it is gone. */
export async function dropUnused(db: Db, store: MediaStore, sha256: string): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await lock(tx, sha256)
    const used = await tx.select({ id: media.id }).from(media).where(eq(media.sha256, sha256)).limit(1)
    if (used.length > 0) return false
    await store.remove(sha256)
    return true
  })
}

/** Files of this list that no row names. */
export async function unusedOf(db: Db, hashes: readonly string[]): Promise<string[]> {
  const rows = await db.execute<{ sha256: string }>(
    sql`select name as sha256 from json_array_elements_text(${JSON.stringify(hashes)}::json) as file(name)
        where not exists (select 1 from ${media} where ${media.sha256} = file.name)`,
  )
  return rows.map((row) => row.sha256)
}

/**
 * Uploads that never became part of a message or of a scheduled reply. Returns the hashes that may be unused now. Who puts
 * one into a reply holds its row: such rows are stepped over, and what was committed until then is seen by the second
 * statement, which a single one would not see.
 */
export async function forgetUploads(db: Db, before: Date): Promise<string[]> {
  const gone = await db.transaction(async (tx) => {
    const old = await tx
      .select({ id: media.id })
      .from(media)
      .where(and(isNull(media.messageId), isNotNull(media.uploadedBy), lt(media.createdAt, before)))
      .orderBy(media.id)
      .for('update', { skipLocked: true })
    if (old.length === 0) return []
    const ids = sql`select id::uuid from json_array_elements_text(${JSON.stringify(old.map(({ id }) => id))}::json) as old(id)`
    return await tx
      .delete(media)
      .where(
        and(
          sql`${media.id} in (${ids})`,
          isNull(media.messageId),
          sql`not exists (select 1 from drafts where drafts.body->'mediaIds' ? ${media.id}::text)`,
          sql`not exists (select 1 from approvals where state in ('waiting', 'returned', 'refused')
            and approvals.body->'mediaIds' ? ${media.id}::text)`,
        ),
      )
      .returning({ sha256: media.sha256 })
  })
  return [...new Set(gone.flatMap((row) => (row.sha256 ? [row.sha256] : [])))]
}

async function lock(tx: Tx, sha256: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`media:${sha256}`}, 0))`)
}
