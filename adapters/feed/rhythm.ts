/** When a feed is asked again: by the settings, and by what the feed and its server ask for, within bounds. */
import type { Hints } from './document.ts'

const hour = 3_600_000
/** The most a feed may put off its next read: a complaint has to be seen the same day. */
const longestMs = 6 * hour
/** A feed that is over is asked again after a week: administrators put old addresses back. */
export const overMs = 7 * 24 * hour
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

export function nextRead(now: Date, pollSeconds: number, hints: Hints | null, maxAgeSeconds: number | null): Date {
  const pollMs = pollSeconds * 1000
  const askedMs = Math.max((hints?.minutes ?? 0) * 60_000, (maxAgeSeconds ?? 0) * 1000)
  const at = now.getTime() + Math.max(pollMs, Math.min(askedMs, longestMs))
  return new Date(awake(at, Math.max(at, now.getTime() + 24 * hour), hints))
}

/** skipHours and skipDays: the first hour that is not skipped. A feed that skips them all is asked after a day. */
function awake(at: number, latest: number, hints: Hints | null): number {
  let time = at
  while (hints && isSkipped(new Date(time), hints)) {
    time = Math.floor(time / hour) * hour + hour
    if (time >= latest) return latest
  }
  return time
}

const isSkipped = (time: Date, { skipHours, skipDays }: Hints) =>
  skipHours.includes(time.getUTCHours()) || skipDays.includes(days[time.getUTCDay()]!)

/** `max-age=600`; null: it says none, or that nothing may be kept. */
export function maxAgeIn(headers: Headers): number | null {
  const said = headers.get('cache-control') ?? ''
  const seconds = Number(/(?:^|[\s,])max-age=(\d{1,9})/iu.exec(said)?.[1] ?? Number.NaN)
  return Number.isFinite(seconds) && !/no-(?:cache|store)/iu.test(said) ? seconds : null
}

/** Seconds, or a date. At most a day. */
export function retryAfter(headers: Headers, now: Date): Date | null {
  const said = headers.get('retry-after')?.trim() ?? ''
  const at = /^\d{1,9}$/u.test(said) ? now.getTime() + Number(said) * 1000 : Date.parse(said)
  return Number.isFinite(at) && at > now.getTime() ? new Date(Math.min(at, now.getTime() + 24 * hour)) : null
}

/** After the n-th failure in a row: a minute, doubling, but not above what a reading waits for anyway (or an hour). */
export function afterFailure(now: Date, failures: number, pollSeconds: number): Date {
  const ms = Math.min(60_000 * 2 ** Math.min(failures - 1, 10), Math.max(pollSeconds * 1000, hour))
  return new Date(now.getTime() + Math.min(ms, Math.max(pollSeconds * 1000, 5_000) * 2 ** Math.min(failures - 1, 10)))
}
