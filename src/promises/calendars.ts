/** Working calendars: read by supervisors, kept by administrators. */
import { asc, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { calendars, policies } from '../db/schema.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { NewWorkCalendar, WorkCalendar } from '../wire.ts'
import { isPublished } from './chinese-days.ts'
import { askAnew } from './recompute.ts'
import type { CalendarRow } from './rules.ts'
import { addWorkingMs, isWorkingAt, NoWorkingTime } from './working-time.ts'

/** Promises made now may be due in the next year: its holidays are needed by then. */
const lookAheadMs = 60 * 86_400_000

export async function listCalendars(db: Db, now: Date): Promise<WorkCalendar[]> {
  const rows = await db
    .select({
      calendar: calendars,
      policies: sql<number>`(select count(*)::int from policies p where p.calendar_id = calendars.id)`,
    })
    .from(calendars)
    .orderBy(asc(calendars.name), asc(calendars.id))
  return rows.map((row) => show(row.calendar, row.policies, now))
}

/** Throws 422 `no_working_time`. */
export async function addCalendar(db: Db, actor: Actor, now: Date, wanted: NewWorkCalendar): Promise<WorkCalendar> {
  const values = valuesOf(wanted, now)
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(calendars)
      .values({ id: newId(), ...values })
      .returning()
    await writeAudit(tx, actor, 'calendar.added', `calendar:${row!.id}`, values)
    return show(row!, 0, now)
  })
}

/** Replaces it; every clock that counts by it is worked out again. Throws 404, 422 `no_working_time`. */
export async function changeCalendar(
  db: Db,
  actor: Actor,
  now: Date,
  id: string,
  wanted: NewWorkCalendar,
): Promise<WorkCalendar> {
  const values = valuesOf(wanted, now)
  return db.transaction(async (tx) => {
    await askAnew(tx, now)
    const [row] = await tx.update(calendars).set(values).where(eq(calendars.id, id)).returning()
    if (!row) throw notFound('calendar')
    await writeAudit(tx, actor, 'calendar.changed', `calendar:${id}`, values)
    return show(row, await tx.$count(policies, eq(policies.calendarId, id)), now)
  })
}

/** Throws 404, 409 `calendar_in_use`. */
export async function deleteCalendar(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.select({ id: calendars.id }).from(calendars).where(eq(calendars.id, id)).for('update')
    if (!row) throw notFound('calendar')
    if ((await tx.$count(policies, eq(policies.calendarId, id))) > 0) {
      throw conflict('calendar_in_use', 'A policy counts by this calendar.')
    }
    await tx.delete(calendars).where(eq(calendars.id, id))
    await writeAudit(tx, actor, 'calendar.deleted', `calendar:${id}`)
  })
}

function valuesOf(wanted: NewWorkCalendar, now: Date) {
  const exceptions = wanted.exceptions.map((day) => ({ ...day, name: cleanText(day.name) }))
  const values = { ...wanted, name: cleanText(wanted.name), exceptions }
  try {
    addWorkingMs(values, now, 1)
  } catch (error) {
    if (!(error instanceof NoWorkingTime)) throw error
    throw unprocessable('no_working_time', 'This calendar has no working time: nothing could ever be due by it.')
  }
  return values
}

function show(row: CalendarRow, count: number, now: Date): WorkCalendar {
  const { createdAt: _, ...calendar } = row
  const years = [now, new Date(now.getTime() + lookAheadMs)].map((at) => at.getUTCFullYear())
  return {
    ...calendar,
    unpublishedYear: row.chineseHolidays ? (years.find((year) => !isPublished(year)) ?? null) : null,
    working: isWorkingAt(row, now),
    policies: count,
  }
}
