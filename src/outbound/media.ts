import { inArray } from 'drizzle-orm'
import { SendError } from '../channel/errors.ts'
import type { OutboundMedia } from '../channel/reply.ts'
import type { Db } from '../db/client.ts'
import { media } from '../db/schema.ts'
import { FileMissing, type MediaStore } from '../media-store.ts'

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
      if (!row?.sha256) throw gone(null)
      const { kind, name, mimeType, bytes, sha256 } = row
      return {
        kind,
        name: name ?? id,
        mimeType: mimeType ?? 'application/octet-stream',
        size: bytes ?? 0,
        bytes: async () => store.read(sha256).catch(missing),
      }
    })
  }
}

/** Not in the store any more: certainly not sent, and never will be. Any other failure stays what it is. */
function missing(error: unknown): never {
  if (error instanceof FileMissing) throw gone(error)
  throw error
}

function gone(cause: unknown): SendError {
  const text = { en: 'A file of this reply is not there any more.', zh: '此回复的附件已不存在。' }
  return new SendError('rejected', 'media_refused', { text, cause })
}
