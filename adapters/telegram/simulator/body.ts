/** A Bot API request's arguments: query, JSON, form or multipart, all as text beside the files. */
import type { IncomingMessage } from 'node:http'

export interface UploadedFile {
  readonly field: string
  readonly name: string
  readonly bytes: Buffer
}

export interface Arguments {
  readonly params: Readonly<Record<string, string>>
  readonly files: readonly UploadedFile[]
}

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}
export class BodyUnreadable extends Error {
  override readonly name = 'BodyUnreadable'
}

/** A little over the 50 MB a file may have. */
const maxBytes = 52 * 1024 * 1024

export async function readArguments(request: IncomingMessage, query: URLSearchParams): Promise<Arguments> {
  const bytes = await readAll(request)
  const type = request.headers['content-type'] ?? ''
  const given = Object.fromEntries(query)
  if (bytes.length === 0) return { params: given, files: [] }
  if (type.startsWith('application/json')) return { params: { ...given, ...fromJson(bytes) }, files: [] }
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { params: { ...given, ...Object.fromEntries(new URLSearchParams(utf8(bytes))) }, files: [] }
  }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/iu.exec(type)?.[1]
  if (!boundary) return { params: given, files: [] }
  const { params, files } = fromMultipart(bytes, boundary)
  return { params: { ...given, ...params }, files }
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Telegram takes text for everything: numbers as they are written, objects as their JSON. */
function fromJson(bytes: Buffer): Record<string, string> {
  let body: unknown
  try {
    body = JSON.parse(utf8(bytes))
  } catch (cause) {
    throw new BodyUnreadable("can't parse JSON object", { cause })
  }
  if (typeof body !== 'object' || body === null) throw new BodyUnreadable("can't parse JSON object")
  const entries = Object.entries(body).filter(([, value]) => value !== null)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

function fromMultipart(bytes: Buffer, boundary: string): Arguments {
  const params: Record<string, string> = {}
  const files: UploadedFile[] = []
  const mark = Buffer.from(`--${boundary}`)
  let at = bytes.indexOf(mark)
  while (at !== -1) {
    const start = at + mark.length
    const next = bytes.indexOf(mark, start)
    if (next === -1) break
    const part = bytes.subarray(start, next)
    const split = part.indexOf('\r\n\r\n')
    if (split === -1) throw new BodyUnreadable('wrong multipart body')
    const head = part.subarray(0, split).toString('utf8')
    const body = part.subarray(split + 4, part.length - 2)
    const field = /name="([^"]*)"/u.exec(head)?.[1] ?? ''
    const name = /filename="([^"]*)"/u.exec(head)?.[1]
    if (name === undefined) params[field] = utf8(body)
    else files.push({ field, name, bytes: Buffer.from(body) })
    at = next
  }
  return { params, files }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new BodyUnreadable('strings must be encoded in UTF-8', { cause })
  }
}
