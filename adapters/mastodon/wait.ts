/** When a server that asks us to wait may be asked again. */
import type { Answer } from './api.ts'

/**
 * `X-RateLimit-Reset` is an ISO time by the server's clock; the answer's own `Date` says how far that is from now.
 * https://docs.joinmastodon.org/api/rate-limits/#headers, read 2026-11-24
 */
export function resetOf({ headers }: Answer, now: Date): Date {
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '')
  const theirNow = Date.parse(headers.get('date') ?? '')
  const seconds = Number(headers.get('retry-after'))
  const told = Number.isNaN(reset) ? seconds * 1000 : reset - (Number.isNaN(theirNow) ? now.getTime() : theirNow)
  return new Date(now.getTime() + Math.min(Math.max(told > 0 ? told : 60_000, 1_000), longestMs))
}

/** The longest window is 30 minutes, for uploads. */
const longestMs = 35 * 60_000

/** Few calls are left in this window: they are for answers. */
export function isNearlyUsedUp({ headers }: Answer): boolean {
  const left = headers.get('x-ratelimit-remaining')
  return left !== null && Number(left) < 40
}
