/** Is this request X's, and is its body a document? https://docs.x.com/x-api/webhooks/quickstart, read 2026-11-24 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { Settings } from './settings.ts'

type Secrets = Pick<Settings, 'apiSecret' | 'clientSecret'>

export function sign(secret: string, message: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(message).digest('base64')}`
}

/**
 * X proves the address with the key and the way it signs bodies with. Whoever could have anything signed here could have a
 * body of his own signed: so only what looks like X's tokens is, and of JSON only numbers do, which {@link readBody} takes for no document.
 */
const token = /^[A-Za-z0-9+/=_-]{16,128}$/u

/** The answer to a challenge. Throws {@link WebhookRejected}. */
export function answerChallenge(url: URL, secrets: Secrets): Response {
  const given = url.searchParams.getAll('crc_token')
  // "generate it with the OAuth 2.0 client secret when available": x-api/webhooks/introduction, read 2026-11-24
  const secret = secrets.clientSecret || secrets.apiSecret
  // A plus sign comes as a space when it was not escaped.
  const crc = given[0]?.replaceAll(' ', '+') ?? ''
  if (given.length !== 1 || !token.test(crc) || secret === '') throw new WebhookRejected('No challenge of X.')
  return Response.json({ response_token: sign(secret, crc) })
}

/** The document in a genuine request. Throws {@link WebhookRejected} and {@link WebhookMalformed}. */
export async function readBody(request: Request, secrets: Secrets): Promise<unknown> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const { headers } = request
  const genuine =
    isSigned(headers.get('x-twitter-webhooks-signature-oauth2'), secrets.clientSecret, bytes) ||
    isSigned(headers.get('x-twitter-webhooks-signature'), secrets.apiSecret, bytes)
  if (!genuine) throw new WebhookRejected('The signature is missing or wrong.')
  if (depthOf(bytes) > maxDepth) throw new WebhookMalformed('nested too deeply')
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    // The parser's own message quotes the body.
    throw new WebhookMalformed(error instanceof TypeError ? 'no UTF-8' : 'no JSON')
  }
  if (typeof document !== 'object' || document === null) throw new WebhookMalformed('no document')
  return document
}

function isSigned(given: string | null, secret: string, bytes: Uint8Array): boolean {
  if (given === null || secret === '') return false
  const right = Buffer.from(sign(secret, bytes))
  const theirs = Buffer.from(given)
  return theirs.length === right.length && timingSafeEqual(theirs, right)
}

/** X nests about ten deep. Far deeper is an attack on recursion. */
const maxDepth = 100

/** Deepest nesting of brackets outside strings, in one pass and without recursion. */
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
