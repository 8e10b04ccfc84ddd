import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { media } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'

/**
 * Files the actor uploaded for a message that is about to be written, locked, in the order asked for and each once. Only
 * those that are ready, not attached yet, and of the ticket's brand: a file goes nowhere its uploader could not put it.
 * Throws 422 `media_unknown`.
 */
export async function takeMedia(tx: Tx, actor: Actor, brandId: string, ids: readonly string[]) {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const rows = await tx
    .select({ id: media.id, kind: media.kind, mimeType: media.mimeType, bytes: media.bytes })
    .from(media)
    .where(
      and(
        inArray(media.id, wanted),
        isNull(media.messageId),
        eq(media.state, 'ready'),
        eq(media.uploadedBy, actor.id),
        eq(media.brandId, brandId),
      ),
    )
    .orderBy(media.id)
    .for('update')
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wanted.map((id) => {
    const row = byId.get(id)
    if (!row) throw unprocessable('media_unknown', 'A file of this message is not there any more, or was used already.')
    return row
  })
}

/** In the transaction that wrote the message. */
export async function attachMedia(tx: Tx, messageId: string, files: readonly { readonly id: string }[]): Promise<void> {
  for (const [position, { id }] of files.entries()) {
    await tx.update(media).set({ messageId, position }).where(eq(media.id, id))
  }
}
