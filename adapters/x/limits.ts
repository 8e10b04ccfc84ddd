/** What X's headers say about how much may still be asked. https://docs.x.com/fundamentals/rate-limits, read 2026-11-24 */

export interface Limits {
  readonly remaining: number
  readonly resetAt: Date
  /** The used-up limit of a whole day opens again then; null when none is used up. */
  readonly dayResetAt: Date | null
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

export function limitsOf(headers: Headers | undefined): Limits | null {
  const day = ['x-app-limit-24hour', 'x-user-limit-24hour']
    .filter((name) => numberIn(headers, `${name}-remaining`) === 0)
    .map((name) => dateIn(headers, `${name}-reset`))
    .filter((date) => date !== null)
    .sort((a, b) => b.getTime() - a.getTime())[0]
  const resetAt = dateIn(headers, 'x-rate-limit-reset')
  const remaining = numberIn(headers, 'x-rate-limit-remaining')
  if (resetAt === null && day === undefined) return null
  return { remaining: remaining ?? 0, resetAt: resetAt ?? day ?? new Date(0), dayResetAt: day ?? null }
}

function numberIn(headers: Headers | undefined, name: string): number | null {
  const value = headers?.[name]
  return typeof value === 'string' && /^\d{1,12}$/u.test(value) ? Number(value) : null
}

/** Unix seconds. */
function dateIn(headers: Headers | undefined, name: string): Date | null {
  const seconds = numberIn(headers, name)
  return seconds === null || seconds === 0 ? null : new Date(seconds * 1000)
}

/**
 * When to look again, so that what is left lasts until the limit opens: a fast rhythm while there is plenty, a slow one
 * for the 15 looks at messages in 15 minutes.
 */
export function nextLook(now: Date, everyMs: number, limits: Limits | null): Date {
  const left = limits ? limits.resetAt.getTime() - now.getTime() : 0
  const pace = limits && left > 0 ? (limits.remaining > 0 ? left / limits.remaining : left + 1000) : 0
  return new Date(now.getTime() + Math.max(everyMs, Math.min(pace, 16 * 60_000)))
}
