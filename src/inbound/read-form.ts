/** Reads a multipart form with one file, whoever sends it and however it ends. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { FileTooLarge, type MediaStore, type ReceivedFile } from '../media-store.ts'
import { Refused, unprocessable } from '../problem.ts'
import { Id, MediaKind } from '../wire.ts'
import { cleanFileName } from './file-name.ts'

const Fields = z.strictObject({
  ticketId: Id.optional(),
  accountId: Id.optional(),
  kind: MediaKind.exclude(['sticker']).optional(),
})

export interface Form {
  readonly fields: z.infer<typeof Fields>
  readonly file: ReceivedFile
  readonly name: string
}

/** One more of each than is right, so that the refusal is ours and says what is wrong. */
export const formLimits = { files: 2, fields: 5, parts: 7, fieldSize: 1_000, fieldNameSize: 100, headerPairs: 20 }

/** Fields and boundaries, on top of the file. */
const overhead = 1024 * 1024
const lingerMs = 2_000

/**
 * The parts in whatever order they come. Nothing of a form that is refused stays behind. Throws 400 `invalid_form`, 422
 * `empty_file`, or {@link FileTooLarge}.
 */
export async function readForm(request: FastifyRequest, store: MediaStore, maxBytes: number): Promise<Form> {
  const values: Record<string, unknown> = {}
  let received: { file: ReceivedFile; name: string } | null = null
  const length = watchLength(request.raw, maxBytes + overhead)
  try {
    for await (const part of malformed(request.parts(), length.tooLong)) {
      if (part.type === 'field') values[part.fieldname] = part.value
      else if (received) throw badForm('There must be one file.')
      else {
        const file = await store.receive(malformed(part.file, length.tooLong), { maxBytes })
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
    length.stop()
  }
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
export function dropRest(request: IncomingMessage, response: ServerResponse): void {
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
