/** Bodies of calls: JSON, and forms with a file. */
import type { IncomingMessage } from 'node:http'
import { refusals } from './refusal.ts'

const maxBytes = 32 * 1024 * 1024

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw refusals.mediaSize
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export function jsonIn(bytes: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {
    // Told below.
  }
  throw refusals.json
}

/** The part `media` of a form. */
export function fileIn(bytes: Buffer, contentType: string): { name: string; mimeType: string; bytes: Buffer } {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/iu.exec(contentType)?.[1]
  if (!boundary) throw refusals.noMedia
  const mark = Buffer.from(`--${boundary}`)
  for (let at = bytes.indexOf(mark); at !== -1; ) {
    const next = bytes.indexOf(mark, at + mark.length)
    if (next === -1) break
    const part = bytes.subarray(at + mark.length, next)
    const split = part.indexOf('\r\n\r\n')
    const head = part.subarray(0, Math.max(0, split)).toString('utf8')
    const name = /filename="([^"]*)"/u.exec(head)?.[1]
    if (/name="media"/u.test(head) && name !== undefined) {
      const mimeType = /content-type:\s*([^\r\n;]+)/iu.exec(head)?.[1] ?? ''
      return { name, mimeType, bytes: Buffer.from(part.subarray(split + 4, part.length - 2)) }
    }
    at = next
  }
  throw refusals.noMedia
}
