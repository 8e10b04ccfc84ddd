import { inArray } from 'drizzle-orm'
import type { OutboundMedia } from '../channel/reply.ts'
import type { Db } from '../db/client.ts'
import { media } from '../db/schema.ts'
import type { MediaStore } from '../media-store.ts'

/** The files of a delivery, in order, read from the store when the adapter asks for them. */
export function outboundMediaReader({ db, store }: { readonly db: Db; readonly store: MediaStore }) {
  return async (ids: readonly string[]): Promise<readonly OutboundMedia[]> => {
    if (ids.length === 0) return []
    const rows = await db
      .select()
      .from(media)
      .where(inArray(media.id, [...ids]))
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => {
      const row = byId.get(id)
      if (!row?.sha256) throw new Error('a delivery without its file')
      const { kind, name, mimeType, bytes, sha256 } = row
      return {
        kind,
        name: name ?? id,
        mimeType: mimeType ?? 'application/octet-stream',
        size: bytes ?? 0,
        bytes: () => store.read(sha256),
      }
    })
  }
}
