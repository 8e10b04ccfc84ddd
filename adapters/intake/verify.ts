/** Is this call from the brand's program? A signature, or the key in a header. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { WebhookRejected } from '#channel/errors.ts'
import type { Settings } from './settings.ts'
import { type Verdict, verify } from './standard-webhooks.ts'

const hints: Record<Exclude<Verdict, 'genuine'>, string> = {
  incomplete: 'Send webhook-id, webhook-timestamp and webhook-signature, or the key as "authorization: Bearer …".',
  bad_time: 'webhook-timestamp has to be seconds since 1970.',
  too_old: 'webhook-timestamp is more than 5 minutes away from our clock.',
  wrong: 'webhook-signature does not fit. It is made over the raw body.',
}

/** Throws {@link WebhookRejected}. A call with a signature is judged by it, whatever key it brings. */
export function requireGenuine(settings: Settings, headers: Headers, body: Uint8Array, receivedAt: Date): void {
  if (headers.has('webhook-signature') || !headers.has('authorization')) {
    const verdict = verify(settings.secret, headers, body, receivedAt)
    if (verdict !== 'genuine') throw new WebhookRejected(`signature: ${verdict}`, { hint: hints[verdict] })
    return
  }
  const given = /^bearer (.+)$/iu.exec(headers.get('authorization') ?? '')?.[1]?.trim() ?? ''
  // An empty key fits nobody.
  if (settings.key === '' || !isSame(given, settings.key)) {
    throw new WebhookRejected('the key is wrong', { hint: 'The key does not fit.' })
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const isSame = (given: string, ours: string) => timingSafeEqual(digest(given), digest(ours))
