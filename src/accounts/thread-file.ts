/** The files a thread shows its customer, and those kept for the message that brings them. */
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { ReadError } from '../channel/errors.ts'
import type { KeptFile, ThreadFile, Tools } from '../channel/tools.ts'
import type { Sql } from '../db/client.ts'
import { FileMissing, type MediaStore } from '../media-store.ts'
import { mayShowInline } from '../media-type.ts'

export type ThreadFiles = Pick<MediaStore, 'open' | 'receive'>

interface Row {
  readonly state: string
  readonly sha256: string | null
  readonly mimeType: string | null
  readonly bytes: number
  readonly width: number | null
  readonly height: number | null
}

/** `id` is a file's. Whose thread it is stands in the same WHERE: another's file is one that does not exist. */
export async function threadFile(
  { sql, accountId, files }: { readonly sql: Sql; readonly accountId: string; readonly files: ThreadFiles },
  threadId: string,
  id: string,
): Promise<ThreadFile | 'pending' | null> {
  const [row] = await sql<Row[]>`
    select f.state, f.sha256, f.mime_type as "mimeType", coalesce(f.bytes, 0)::float8 as bytes, f.width, f.height
    from media f
    join messages m on m.id = f.message_id and m.deleted_at is null
    join threads t on t.id = m.thread_id and t.account_id = ${accountId} and t.external_id = ${threadId}
    where f.id = ${id} and (m.direction = 'inbound' or exists (
      select from deliveries d
      where d.message_id = m.id and f.id = any(d.media_ids) and d.state in ('sent', 'delivered', 'read')))`
  if (row?.state === 'pending') return 'pending'
  if (row?.state !== 'ready' || row.sha256 === null) return null
  const { stream } = await files.open(row.sha256)
  const mimeType = row.mimeType ?? 'application/octet-stream'
  return { mimeType, bytes: row.bytes, inline: mayShowInline(mimeType, row), body: toWeb(stream) }
}

const toWeb = (stream: Readable) => Readable.toWeb(stream) as WebStream as unknown as ReadableStream<Uint8Array>

/** A customer's file is small: a whole one is held in memory when it comes here. */
const mostBytes = 10 * 1_048_576

export function lentFiles(store: ThreadFiles): Tools['files'] {
  return {
    async keep(bytes, { mimeTypes }): Promise<KeptFile | null> {
      const file = await store.receive(
        (async function* () {
          yield bytes
        })(),
        { maxBytes: mostBytes },
      )
      try {
        const { sha256, mimeType, size } = file
        if (!mimeTypes.includes(mimeType)) {
          await file.discard()
          return null
        }
        await file.keep()
        return { key: sha256, mimeType, bytes: file.bytes, width: size?.width ?? null, height: size?.height ?? null }
      } catch (error) {
        await file.discard()
        throw error
      }
    },
    async open(key) {
      try {
        const { bytes, stream } = await store.open(key)
        return new Response(toWeb(stream), { headers: { 'content-length': String(bytes) } })
      } catch (cause) {
        if (!(cause instanceof FileMissing)) throw cause
        throw new ReadError('gone', { text: { en: 'The file is not here any more.', zh: '文件已不存在。' }, cause })
      }
    },
  }
}
