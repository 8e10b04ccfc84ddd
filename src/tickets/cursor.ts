/** Opaque, URL-safe places in a list. A cursor is not a permission: the page behind it is scoped like the first. */
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { Refused } from '../problem.ts'

export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws 400 `bad_cursor` for everything that `writeCursor` did not write for this kind of list. */
export function readCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  const place = schema.safeParse(decode(cursor))
  if (!place.success) throw new Refused(400, 'bad_cursor', 'This cursor is not one of this list.')
  return place.data
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

/** Microseconds since 1970, as the database keeps them: a `Date` would skip or repeat what shares its millisecond. */
export const Micros = z.int().min(0)

export function microsOf(time: AnyColumn | SQL): SQL<number> {
  return sql<number>`(extract(epoch from ${time}) * 1000000)::float8`
}

export function timeOf(micros: number): SQL {
  return sql`(timestamptz 'epoch' + ${micros}::float8 * interval '1 microsecond')`
}
