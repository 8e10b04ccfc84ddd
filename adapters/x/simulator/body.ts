/** A request's body: JSON, form or multipart. */
import type { IncomingMessage } from 'node:http'

export interface Body {
  readonly json: Readonly<Record<string, unknown>>
  readonly form: URLSearchParams | null
  readonly parts: ReadonlyMap<string, Buffer>
}

const nothing: Body = { json: {}, form: null, parts: new Map() }

/** Throws SyntaxError on JSON that is none. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (bytes.length === 0) return nothing
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { ...nothing, form: new URLSearchParams(bytes.toString('utf8')) }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/u.exec(type)?.[1]
  if (boundary) return { ...nothing, parts: partsOf(bytes, boundary) }
  const json: unknown = JSON.parse(bytes.toString('utf8'))
  return { ...nothing, json: typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {} }
}

function partsOf(bytes: Buffer, boundary: string): Map<string, Buffer> {
  const parts = new Map<string, Buffer>()
  const mark = Buffer.from(`--${boundary}`)
  let at = bytes.indexOf(mark)
  while (at >= 0) {
    const next = bytes.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = bytes.subarray(at + mark.length + 2, next - 2)
    const split = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/u.exec(part.subarray(0, split).toString('utf8'))?.[1]
    if (name !== undefined && split >= 0) parts.set(name, part.subarray(split + 4))
    at = next
  }
  return parts
}
