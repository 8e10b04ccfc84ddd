/**
 * Signatures as Standard Webhooks has them: HMAC-SHA256 over `<id>.<timestamp>.<body>`, base64, behind `v1,`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, read 2026-11-25
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far a call's time may lie from ours, in both directions. */
export const toleranceMs = 5 * 60_000

export function isSecret(secret: string): boolean {
  const key = keyOf(secret)
  return key !== null && key.length >= 24 && key.length <= 64
}

function keyOf(secret: string): Buffer | null {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/u.exec(secret)?.[1]
  return text === undefined ? null : Buffer.from(text, 'base64')
}

/** `v1,…`, as the header has it. */
export function sign(secret: string, id: string, timestamp: number, body: string | Uint8Array): string {
  const key = keyOf(secret)
  if (!key) throw new Error('the signing secret is none')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}

export type Verdict = 'genuine' | 'incomplete' | 'bad_time' | 'too_old' | 'wrong'

/** Several signatures stand in one header while a secret is being changed: one that fits is enough. */
export function verify(secret: string, headers: Headers, body: Uint8Array, receivedAt: Date): Verdict {
  const id = headers.get('webhook-id')
  const time = headers.get('webhook-timestamp')
  const given = headers.get('webhook-signature')
  if (!id || !time || !given) return 'incomplete'
  if (!/^[0-9]{1,12}$/u.test(time)) return 'bad_time'
  const ours = Buffer.from(sign(secret, id, Number(time), body))
  const fits = given
    .split(' ')
    .slice(0, 10)
    .map((one) => isSame(Buffer.from(one), ours))
    .includes(true)
  if (!fits) return 'wrong'
  return Math.abs(receivedAt.getTime() - Number(time) * 1_000) > toleranceMs ? 'too_old' : 'genuine'
}

function isSame(given: Buffer, ours: Buffer): boolean {
  return given.length === ours.length && timingSafeEqual(given, ours)
}
