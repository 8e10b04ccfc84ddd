import { systemActor } from '../auth/actor.ts'
import { createKey } from '../auth/keys.ts'
import { StartError } from '../start-error.ts'
import { NewApiKey, type Role } from '../wire.ts'
import { findBrands } from './brand.ts'
import { print, withHouse } from './house.ts'

export interface KeyOptions {
  readonly name: string
  readonly role: Role
  readonly brand?: readonly string[]
  readonly expires?: string
}

export async function addKey(options: KeyOptions): Promise<void> {
  const { name, role } = NewApiKey.pick({ name: true, role: true }).parse({ name: options.name, role: options.role })
  const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires, new Date())
  await withHouse(async ({ database: { db } }) => {
    const brandIds = options.brand ? await findBrands(db, options.brand) : null
    const { key } = await createKey(db, systemActor, { name, role, brandIds, expiresAt })
    print(
      `A key for ${name}, ${role}${expiresAt ? `, until ${expiresAt.toISOString()}` : ''}. It is shown once:\n${key}`,
    )
  })
}

/** `2027-01-31` (the end of that day, UTC), a full ISO 8601 time, or `12h`, `90d` from now. Throws {@link StartError}. */
export function parseExpiry(text: string, now: Date): Date {
  const span = /^(\d{1,5})([hd])$/u.exec(text)
  if (span) return new Date(now.getTime() + Number(span[1]) * (span[2] === 'h' ? 3_600_000 : 86_400_000))
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text)
  const time = new Date(day ? `${text}T23:59:59.999Z` : text)
  // `new Date('2027-02-31')` is a day in March.
  const real = day
    ? time.toISOString?.call(time).startsWith(text)
    : /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/u.test(text)
  if (Number.isNaN(time.getTime()) || !real) {
    throw new StartError(`--expires ${text}: give a date (2027-01-31), a time with its zone, or a span (12h, 90d).`)
  }
  if (time <= now) throw new StartError(`--expires ${text}: that is over.`)
  return time
}
