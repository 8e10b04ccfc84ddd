/** Takes a file an agent or a program wants to send. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Multipart } from '@fastify/multipart'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Adapter } from '../channel/adapter.ts'
import type { MediaKind } from '../channel/events.ts'
import { newId } from '../db/id.ts'
import { brands, media, tickets } from '../db/schema.ts'
import { FileTooLarge, type ReceivedFile } from '../media-store.ts'
import { kindOf } from '../media-type.ts'
import { notFound, Refused, unprocessable } from '../problem.ts'
import { Id, type Media, MediaKind as MediaKindSchema } from '../wire.ts'
import { cleanFileName } from './file-name.ts'
import { keepFile } from './keep-file.ts'
import type { MediaRouteDeps } from './media-routes.ts'

const mebibyte = 1024 * 1024
const mostBytes = 50 * mebibyte
/** Of one person, uploaded and not sent yet. */
const quota = { files: 100, bytes: 1024 * mebibyte }
/** Of one person, at the same time, on this node. */
const atOnce = 4
const lingerMs = 2_000

const Fields = z.strictObject({ ticketId: Id.optional(), kind: MediaKindSchema.exclude(['sticker']).optional() })
type Fields = z.infer<typeof Fields>

interface Form {
  readonly fields: Fields
  readonly file: ReceivedFile
  readonly name: string
}

export function createUploads(deps: MediaRouteDeps) {
  const maxBytes = largestAllowed(deps.channels)
  const underWay = new Map<string, number>()

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<Media> {
    const { actor } = request
    if (!request.isMultipart())
      throw new Refused(415, 'unsupported_media_type', 'The body must be multipart/form-data.')
    const open = underWay.get(actor.id) ?? 0
    if (open >= atOnce)
      throw new Refused(429, 'too_many_uploads', 'Too many uploads at the same time.', { retryAfterSeconds: 5 })
    underWay.set(actor.id, open + 1)
    try {
      await refuseBeforehand(actor, Number(request.headers['content-length'] ?? 0))
      return await store(actor, await readForm(request))
    } catch (error) {
      dropRest(request.raw, reply.raw)
      throw error instanceof FileTooLarge ? tooLarge() : error
    } finally {
      const left = underWay.get(actor.id)! - 1
      if (left > 0) underWay.set(actor.id, left)
      else underWay.delete(actor.id)
    }
  }

  /** What is known before a byte of the file was read. */
  async function refuseBeforehand(actor: Actor, declaredBytes: number): Promise<void> {
    if (declaredBytes > maxBytes + mebibyte) throw tooLarge()
    const [used] = await deps.db
      .select({ files: sql<number>`count(*)::int`, bytes: sql<number>`coalesce(sum(${media.bytes}), 0)::float8` })
      .from(media)
      .where(and(eq(media.uploadedBy, actor.id), isNull(media.messageId)))
    if (used!.files >= quota.files || used!.bytes >= quota.bytes) {
      throw new Refused(429, 'upload_quota', 'Too many files were uploaded and not sent.', {
        ...quota,
        retryAfterSeconds: 3_600,
      })
    }
  }

  /** The parts in whatever order they come. Nothing of a form that is refused stays behind. */
  async function readForm(request: FastifyRequest): Promise<Form> {
    const values: Record<string, unknown> = {}
    let received: { file: ReceivedFile; name: string } | null = null
    const flood = watchLength(request.raw, maxBytes + mebibyte)
    try {
      for await (const part of malformed(request.parts(), flood.tooLong)) {
        if (part.type === 'field') values[part.fieldname] = part.value
        else if (received) throw badForm('There must be one file.')
        else {
          const file = await deps.media.receive(malformed(part.file, flood.tooLong), { maxBytes })
          received = { file, name: cleanFileName(part.filename ?? null) }
        }
      }
      if (!received) throw badForm('There is no file.')
      if (received.file.bytes === 0) throw unprocessable('empty_file', 'The file is empty.')
      const fields = Fields.safeParse(values)
      if (!fields.success) throw badForm('A field is unknown or wrong.')
      return { fields: fields.data, ...received }
    } catch (error) {
      await received?.file.discard()
      throw error
    } finally {
      flood.stop()
    }
  }

  async function store(actor: Actor, { fields, file, name }: Form): Promise<Media> {
    try {
      const { bytes, sha256, mimeType, size } = file
      const row = {
        id: newId(),
        kind: chosenKind(fields.kind, mimeType),
        state: 'ready' as const,
        name,
        mimeType,
        bytes,
        width: size?.width ?? null,
        height: size?.height ?? null,
      }
      const brandId = await brandOf(actor, fields.ticketId)
      await deps.db.transaction(async (tx) => {
        await keepFile(tx, file)
        await tx.insert(media).values({ ...row, brandId, sha256, uploadedBy: actor.id, createdAt: deps.now() })
      })
      return { ...row, reason: null, durationMs: null }
    } catch (error) {
      await file.discard()
      throw error
    }
  }

  async function brandOf(actor: Actor, ticketId: string | undefined): Promise<string> {
    if (ticketId !== undefined) {
      const [ticket] = await deps.db
        .select({ brandId: tickets.brandId })
        .from(tickets)
        .where(and(eq(tickets.id, ticketId), inScope(actor, tickets.brandId)))
      if (!ticket) throw notFound('ticket')
      return ticket.brandId
    }
    const seen = await deps.db.select({ id: brands.id }).from(brands).where(inScope(actor, brands.id)).limit(2)
    if (seen.length !== 1) throw unprocessable('ticket_needed', 'Say by `ticketId` what the file is for.')
    return seen[0]!.id
  }

  const tooLarge = () => new Refused(413, 'too_large', 'The file is too large.', { max: maxBytes })

  return {
    take,
    limits: {
      files: 2,
      fields: 5,
      parts: 7,
      fieldSize: 1_000,
      fieldNameSize: 100,
      headerPairs: 20,
      fileSize: maxBytes + 1,
    },
  }
}

/** What no channel can send need not come in. */
function largestAllowed(channels: ReadonlyMap<string, Adapter<unknown>>): number {
  const limits = [...channels.values()].flatMap(({ capabilities }) =>
    Object.values(capabilities.surfaces).flatMap((surface) => Object.values(surface.media).map((one) => one.maxBytes)),
  )
  return limits.length === 0 ? mostBytes : Math.min(Math.max(...limits), mostBytes)
}

function chosenKind(wanted: MediaKind | undefined, mimeType: string): MediaKind {
  if (wanted === undefined) return kindOf(mimeType)
  const family = { photo: 'image/', video: 'video/', audio: 'audio/', voice: 'audio/', document: '', sticker: '' }[
    wanted
  ]
  if (!mimeType.startsWith(family))
    throw unprocessable('media_kind_mismatch', 'The file is of another kind.', { mimeType })
  return wanted
}

/**
 * The parser bounds files and fields; a header of a part that never ends, or a preamble, it reads for ever. Attached in the
 * same turn as the parser's pipe, so that nothing flows before it.
 */
function watchLength(stream: IncomingMessage, most: number) {
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  tooLong.catch(() => {})
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > most) reject(new FileTooLarge())
  }
  stream.on('data', count)
  return { tooLong, stop: () => void stream.off('data', count) }
}

/**
 * Reads on for a moment without keeping anything: a connection that is closed on a client that still sends takes the
 * answer with it, and the client would not learn why.
 */
function dropRest(request: IncomingMessage, response: ServerResponse): void {
  request.unpipe()
  request.resume()
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => request.destroy(), lingerMs)
    request.once('close', () => clearTimeout(timer))
  })
}

/** Whatever the parser or the connection complains of is the client's doing; what we do with the parts is not. */
async function* malformed<T extends Multipart | Uint8Array>(
  source: AsyncIterable<T>,
  tooLong: Promise<never>,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), tooLong]).catch((error: unknown) => {
        throw error instanceof FileTooLarge ? error : badForm('The form cannot be read.', error)
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not waited for: the parser answers only when it is fed, or when the connection is gone. It has been heard by then.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function badForm(title: string, cause?: unknown): Refused {
  const refused = new Refused(400, 'invalid_form', title)
  if (cause !== undefined) refused.cause = cause
  return refused
}
