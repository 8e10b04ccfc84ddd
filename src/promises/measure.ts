/** A span that begins, pauses and ends, by a calendar or by the clock on the wall. Pure. */
import type { Calendar } from './calendar.ts'
import { addWorkingMs, NoWorkingTime, workingMsBetween } from './working-time.ts'

export interface Pause {
  readonly from: Date
  /** Null: it goes on. */
  readonly to: Date | null
}

/** When so much time has passed since `start`; `leftMs` while it is paused. Both null: the calendar has no time to give. */
export interface Due {
  readonly dueAt: Date | null
  readonly leftMs: number | null
}

/** `pauses` are in order and apart. Time that has passed before one begins is not given back. */
export function dueAfter(start: Date, ms: number, calendar: Calendar | null, pauses: readonly Pause[]): Due {
  let from = start
  let left = ms
  for (const pause of pauses) {
    if (pause.to && pause.to <= from) continue
    if (pause.from > from) {
      const passed = between(calendar, from, pause.from)
      if (passed >= left) return { dueAt: add(calendar, from, left), leftMs: null }
      left -= passed
    }
    if (pause.to === null) return { dueAt: null, leftMs: left }
    from = pause.to
  }
  return { dueAt: add(calendar, from, left), leftMs: null }
}

function between(calendar: Calendar | null, a: Date, b: Date): number {
  return calendar ? workingMsBetween(calendar, a, b) : b.getTime() - a.getTime()
}

function add(calendar: Calendar | null, from: Date, ms: number): Date | null {
  if (!calendar) return new Date(from.getTime() + ms)
  try {
    return addWorkingMs(calendar, from, ms)
  } catch (error) {
    if (error instanceof NoWorkingTime) return null
    throw error
  }
}
