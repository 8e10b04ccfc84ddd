/** Gives a file to a browser, so that whatever is in it cannot run there. */
import { and, eq, isNotNull, or } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, inScope } from '../auth/actor.ts'
import { media } from '../db/schema.ts'
import { FileMissing } from '../media-store.ts'
import { mayShowInline } from '../media-type.ts'
import { conflict, notFound, Refused, unavailable } from '../problem.ts'
import { cleanFileName, contentDisposition, withExtension } from './file-name.ts'
import type { MediaRouteDeps } from './media-routes.ts'

/** Opened by itself in a tab, a file is a page without scripts, forms or an origin. */
const policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

type MediaRow = typeof media.$inferSelect

export async function serveFile(
  deps: MediaRouteDeps,
  actor: Actor,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const row = await findReady(deps, actor, id)
  const tag = `"${row.sha256}"`
  const size = row.bytes!
  if (matches(request.headers['if-none-match'], tag)) return reply.code(304).headers(headersOf(row, tag)).send()

  const ifRange = request.headers['if-range']
  const range = ifRange === undefined || ifRange === tag ? parseRange(request.headers.range, size) : null
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new Refused(416, 'range_not_satisfiable', 'There is no such part of the file.')
  }
  const stream = await openFile(deps, row, range)
  reply.headers(headersOf(row, tag))
  if (!range) return reply.header('content-length', size).send(stream)
  reply.code(206).headers({
    'content-range': `bytes ${range.start}-${range.end}/${size}`,
    'content-length': range.end - range.start + 1,
  })
  return reply.send(stream)
}

function headersOf(row: MediaRow, tag: string): Record<string, string> {
  const mimeType = row.mimeType ?? 'application/octet-stream'
  const name = withExtension(cleanFileName(row.name, row.kind), mimeType)
  return {
    'content-type': mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType,
    'content-disposition': contentDisposition(mayShowInline(mimeType, row) ? 'inline' : 'attachment', name),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    // Kept by the browser of whoever may see it, and not for the next person at it.
    'cache-control': 'private, max-age=300',
    vary: 'cookie, authorization',
    'accept-ranges': 'bytes',
    etag: tag,
  }
}

/** Who asks is part of the question: another brand's file is one that does not exist. */
async function findReady({ db }: MediaRouteDeps, actor: Actor, id: string): Promise<MediaRow & { sha256: string }> {
  const [row] = await db
    .select()
    .from(media)
    .where(
      and(
        eq(media.id, id),
        inScope(actor, media.brandId),
        // Not part of a message yet: nobody's but its uploader's.
        or(isNotNull(media.messageId), eq(media.uploadedBy, actor.id)),
      ),
    )
  if (!row) throw notFound('file')
  if (row.state === 'pending') throw conflict('media_pending', 'The file is still being fetched.')
  if (row.state === 'failed' || row.sha256 === null) {
    throw new Refused(410, 'media_failed', 'The file could not be fetched.', { reason: row.reason })
  }
  return { ...row, sha256: row.sha256 }
}

async function openFile(
  { media: store, log }: MediaRouteDeps,
  row: MediaRow & { sha256: string },
  range: Range | null,
) {
  try {
    const { bytes, stream } = await store.open(row.sha256, range ?? undefined)
    if (bytes === row.bytes) return stream
    stream.destroy()
    throw new FileMissing()
  } catch (error) {
    if (!(error instanceof FileMissing)) throw error
    // A folder that is not shared between the nodes, or was not restored with the database.
    log.error({ err: error, media: row.id }, 'a stored file is not in the media folder')
    throw unavailable('media_missing', 'The file is not where it should be.')
  }
}

interface Range {
  readonly start: number
  readonly end: number
}

/** One range; several, or none that is understood, get the whole file, as RFC 9110 §14.2 allows. */
export function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/u.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [first, last] = [match[1]!, match[2]!]
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  return start >= size || (first === '' && Number(last) === 0) ? 'unsatisfiable' : { start, end }
}

function matches(header: string | undefined, tag: string): boolean {
  const tags = header?.split(',').map((one) => one.trim().replace(/^W\//u, '')) ?? []
  return tags.includes(tag) || tags.includes('*')
}
