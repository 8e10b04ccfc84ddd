import { z } from 'zod'
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

/** `2027-01-31` (to the end of that day, UTC), an ISO 8601 time with its zone, or `12h`, `90d` from now. Throws {@link StartError}. */
export function parseExpiry(text: string, now: Date): Date {
  const time = fromSpan(text, now) ?? fromDay(text) ?? fromTime(text)
  if (!time) throw new StartError('--expires takes a date (2027-01-31), a time with its zone, or a span (12h, 90d).')
  if (time <= now) throw new StartError(`--expires ${text} is over already.`)
  return time
}

function fromSpan(text: string, now: Date): Date | null {
  const span = /^(\d{1,5})([hd])$/u.exec(text)
  return span && new Date(now.getTime() + Number(span[1]) * (span[2] === 'h' ? 3_600_000 : 86_400_000))
}

function fromDay(text: string): Date | null {
  const time = new Date(`${text}T23:59:59.999Z`)
  // `2027-02-31` would be a day in March.
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text ? time : null
}

function fromTime(text: string): Date | null {
  const time = z.iso.datetime({ offset: true }).safeParse(text)
  return time.success ? new Date(time.data) : null
}
