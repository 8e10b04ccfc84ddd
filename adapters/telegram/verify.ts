/** Is this request Telegram's, and is its body an update? https://core.telegram.org/bots/api#setwebhook, read 2026-11-22 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'

/** Throws {@link WebhookRejected}. The time it takes tells nothing: hashes have one length. An empty secret fits nobody. */
export function verify(request: Request, secret: string): void {
  const given = request.headers.get('x-telegram-bot-api-secret-token') ?? ''
  const same = timingSafeEqual(hash(given), hash(secret))
  if (!same || secret === '') throw new WebhookRejected('The secret header is missing or wrong.')
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** An update's deepest part is a quoted message's file or a rich message's list. Far deeper is an attack on recursion. */
const maxDepth = 200

/** Throws {@link WebhookMalformed}: no UTF-8, no JSON, or nested too deeply for whoever walks it later. */
export async function readBody(request: Request): Promise<unknown> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (depthOf(bytes) > maxDepth) throw new WebhookMalformed('nested too deeply')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    // The parser's own message quotes the body.
    const kind = error instanceof TypeError ? 'no UTF-8' : 'no JSON'
    throw new WebhookMalformed(kind)
  }
}

/** Deepest nesting of brackets outside strings, in one pass and without recursion. Bytes of UTF-8 never look like them. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inString) {
      if (byte === 0x5c) at += 1
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return deepest
}
