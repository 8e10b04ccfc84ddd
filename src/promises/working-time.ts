/**
 * Time as a calendar counts it. An instant is worked when its wall clock, in the calendar's zone, stands in hours of its
 * local day: an hour that a zone skips in spring is not there, and one that comes twice in autumn is worked twice. Pure.
 */
import type { Calendar } from './calendar.ts'
import { planOf } from './calendar.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

/** So long without a working minute means that there are none. */
const mostEmptyDays = 800

/** The calendar has no working time, or none for years: nothing can be due by it. */
export class NoWorkingTime extends Error {
  override readonly name = 'NoWorkingTime'
}

/** Milliseconds of working time from `a` to `b`; negative when `b` lies before `a`. */
export function workingMsBetween(calendar: Calendar, a: Date, b: Date): number {
  if (b < a) return 0 - workingMsBetween(calendar, b, a)
  const end = b.getTime()
  let sum = 0
  for (const [from, to] of stretches(calendar, a.getTime())) {
    if (from >= end) break
    sum += Math.min(to, end) - from
  }
  return sum
}

/**
 * The first instant by which that much working time has passed since `start`; `start` itself for none. Throws
 * `NoWorkingTime`.
 */
export function addWorkingMs(calendar: Calendar, start: Date, ms: number): Date {
  if (ms <= 0) return start
  let left = ms
  let searched = start.getTime()
  for (const [from, to] of stretches(calendar, start.getTime())) {
    if (from - searched > mostEmptyDays * dayMs) break
    if (to - from >= left && to > from) return new Date(from + left)
    // An empty stretch only says how far the search has come.
    if (to > from) searched = to
    left -= to - from
  }
  throw new NoWorkingTime(`no working time within ${mostEmptyDays} days`)
}

export function isWorkingAt(calendar: Calendar, at: Date): boolean {
  return workingMsBetween(calendar, at, new Date(at.getTime() + 1)) > 0
}

/**
 * The working time from `start` on, in order, without end; one that is empty for each day without any, so that a reader
 * can give up. The line of time is cut where a local day or the zone's offset changes: in between, wall clock and instant
 * run side by side.
 */
function* stretches(calendar: Calendar, start: number): Generator<readonly [number, number]> {
  const { offsetMs, minutesOf } = planOf(calendar)
  let at = start
  while (true) {
    const offset = offsetMs(at)
    const day = Math.floor((at + offset) / dayMs)
    const midnight = (day + 1) * dayMs - offset
    const end = offsetMs(midnight) === offset ? midnight : changeIn(offsetMs, at, midnight)
    const dayStart = day * dayMs - offset
    let found = false
    for (const [from, to] of minutesOf(day)) {
      const worked = [Math.max(dayStart + from * minuteMs, at), Math.min(dayStart + to * minuteMs, end)] as const
      if (worked[0] >= worked[1]) continue
      found = true
      yield worked
    }
    if (!found) yield [end, end]
    at = end
  }
}

/** The first instant after `from` with another offset than there; there is one at `to`. */
function changeIn(offsetMs: (at: number) => number, from: number, to: number): number {
  const offset = offsetMs(from)
  let [before, after] = [from, to]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetMs(middle) === offset) before = middle
    else after = middle
  }
  return after
}
