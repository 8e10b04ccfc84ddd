/**
 * Is this request the fan service's? `sha1` over app secret, timestamp and nonce, sorted and joined, stands in every address it
 * calls. It does not cover the body. https://open.weibo.com/wiki/粉丝服务平台开发接口接入指南, read 2026-11-24
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import { NotJson, parseBytes } from './json.ts'

/** Three tries of 5 seconds, a slow clock, and some more. [U] Weibo names no limit. */
export const replayMs = 10 * 60_000

export function signature(secret: string, timestamp: string, nonce: string): string {
  // Sorted by code units, as PHP's sort of strings does.
  const joined = [secret, timestamp, nonce].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('')
  return createHash('sha1').update(joined).digest('hex')
}

/** Throws {@link WebhookRejected}. Judged by when the request came, not by when it is read. */
export function verify(request: Request, secret: string, receivedAt: Date): URLSearchParams {
  const query = new URL(request.url).searchParams
  const [given, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ]
  const right = createHash('sha256')
    .update(signature(secret, timestamp, nonce))
    .digest()
  const same = timingSafeEqual(createHash('sha256').update(given.toLowerCase()).digest(), right)
  if (!same || secret === '' || timestamp === '' || nonce === '') {
    throw new WebhookRejected('The signature is missing or wrong.')
  }
  const number = Number(timestamp)
  const at = number < 1e11 ? number * 1000 : number
  if (!(Math.abs(receivedAt.getTime() - at) <= replayMs)) throw new WebhookRejected('The request is an old one.')
  return query
}

/**
 * Throws {@link WebhookMalformed}; and for XML an error of no kind, so that the core keeps the request: it is genuine, and which of
 * the two formats comes is a setting at Weibo.
 */
export async function readBody(request: Request): Promise<unknown> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.find((byte) => byte > 0x20) === 0x3c) {
    throw new Error('the push is XML: set the push format of the fan service to JSON')
  }
  try {
    return parseBytes(bytes)
  } catch (error) {
    if (error instanceof NotJson) throw new WebhookMalformed(error.message)
    throw error
  }
}
