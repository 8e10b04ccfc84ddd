/** Limits of X, by quarters of an hour and by day. https://docs.x.com/fundamentals/rate-limits, read 2026-11-24 */
import { problem, Refusal } from './refusal.ts'

interface Limit {
  readonly route: RegExp
  readonly calls: number
  readonly perDay?: number
}

const limits: readonly Limit[] = [
  { route: /^POST \/2\/tweets$/u, calls: 100, perDay: 10_000 },
  { route: /^POST \/2\/dm_conversations\/.+\/messages$/u, calls: 15, perDay: 1440 },
  { route: /^GET \/2\/dm_events$/u, calls: 15 },
  { route: /^GET \/2\/users\/\d+\/mentions$/u, calls: 300 },
  { route: /^GET \/2\/users\/\d+\/tweets$/u, calls: 900 },
  { route: /^GET \/2\/users\/me$/u, calls: 75 },
  { route: /^\w+ \/2\/media\//u, calls: 500 },
  { route: /^\w+ \/2\/webhooks/u, calls: 450 },
  { route: /^\w+ \/2\/activity\//u, calls: 500 },
]

const quarterMs = 15 * 60_000
const dayMs = 24 * 3_600_000

export interface RateKeeper {
  /** Headers of the answer. Throws a {@link Refusal} when it was one call too many. */
  count(call: string): Record<string, string>
  reset(): void
}

/** `generous` multiplies every limit: for a demo, which lasts minutes and not days. */
export function createRateKeeper(now: () => number, generous = 1): RateKeeper {
  const used = new Map<string, { count: number; since: number }>()

  function take(name: string, max: number, lengthMs: number): { remaining: number; reset: number; over: boolean } {
    const at = now()
    let window = used.get(name)
    if (!window || at - window.since >= lengthMs) {
      window = { count: 0, since: at }
      used.set(name, window)
    }
    window.count += 1
    return {
      remaining: Math.max(0, max - window.count),
      reset: Math.ceil((window.since + lengthMs) / 1000),
      over: window.count > max,
    }
  }

  return {
    count(call) {
      const limit = limits.find(({ route }) => route.test(call))
      if (!limit) return {}
      const max = limit.calls * generous
      const quarter = take(`${limit.route}`, max, quarterMs)
      const headers: Record<string, string> = {
        'x-rate-limit-limit': String(max),
        'x-rate-limit-remaining': String(quarter.remaining),
        'x-rate-limit-reset': String(quarter.reset),
      }
      if (limit.perDay) {
        const day = take(`day ${limit.route}`, limit.perDay * generous, dayMs)
        headers['x-user-limit-24hour-limit'] = String(limit.perDay * generous)
        headers['x-user-limit-24hour-remaining'] = String(day.remaining)
        headers['x-user-limit-24hour-reset'] = String(day.reset)
        quarter.over ||= day.over
      }
      if (quarter.over) throw new Refusal(429, problem(429, 'Too Many Requests').body, headers)
      return headers
    },
    reset: () => used.clear(),
  }
}
