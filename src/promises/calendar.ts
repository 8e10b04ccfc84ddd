/** Which minutes of which local day are worked. Pure. */
import { IANAZone } from 'luxon'
import { type ChineseDay, chineseDay } from './chinese-days.ts'

/** `HH:MM`; `to` may be `24:00`. A span that ends at or before its start runs over midnight. */
export interface Hours {
  readonly from: string
  readonly to: string
}

export interface Calendar {
  /** IANA. */
  readonly timeZone: string
  /** Of each week; `day` 1 is Monday. They may overlap. */
  readonly hours: readonly (Hours & { readonly day: number })[]
  readonly chineseHolidays: boolean
  /** Days that are unlike the others; no hours: not worked. They win over everything. */
  readonly exceptions: readonly { readonly date: string; readonly hours: readonly Hours[] }[]
}

/** Minutes since the local midnight, from and to, in order and apart. */
export type Minutes = readonly (readonly [number, number])[]

export interface Plan {
  /** Of the wall clock, in milliseconds, at an instant. */
  offsetMs(at: number): number
  /** `day` counts local days since 1970-01-01. */
  minutesOf(day: number): Minutes
}

export const dayMinutes = 1_440

const plans = new WeakMap<Calendar, Plan>()

/** Made once of each calendar. Throws for a time zone that is none. */
export function planOf(calendar: Calendar): Plan {
  const known = plans.get(calendar)
  if (known) return known
  const zone = IANAZone.create(calendar.timeZone)
  if (!zone.isValid) throw new RangeError(`${calendar.timeZone} is no time zone`)
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => calendar.hours.filter((span) => span.day === day).map(read))
  // Which of the weekdays a worked weekend day is meant to be nobody says: all usually are the same.
  const workday = week.slice(0, 5).find((spans) => spans.length > 0) ?? []
  const exceptions = new Map(calendar.exceptions.map(({ date, hours }) => [date, hours.map(read)]))
  const days = new Map<number, Minutes>()
  const offsets = new Map<number, number>()

  /** What begins on that day; may end on the next. */
  function begun(day: number): Minutes {
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10)
    const exception = exceptions.get(date)
    if (exception) return exception
    const special: ChineseDay = calendar.chineseHolidays ? chineseDay(date) : null
    if (special === 'holiday') return []
    const own = week[(((day + 3) % 7) + 7) % 7] ?? []
    return special === 'workday' && own.length === 0 ? workday : own
  }

  const plan: Plan = {
    offsetMs(at) {
      // Midnights are asked for again and again, and an answer takes 15 µs.
      const known = offsets.get(at)
      if (known !== undefined) return known
      const offset = zone.offset(at) * 60_000
      if (at % 900_000 === 0 && offsets.size < 5_000) offsets.set(at, offset)
      return offset
    },
    minutesOf(day) {
      const found = days.get(day)
      if (found) return found
      const yesterday = begun(day - 1).map(([from, to]) => [from - dayMinutes, to - dayMinutes] as const)
      const minutes = merge([...yesterday, ...begun(day)])
      days.set(day, minutes)
      return minutes
    },
  }
  plans.set(calendar, plan)
  return plan
}

function read({ from, to }: Hours): readonly [number, number] {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return [start, end > start ? end : end + dayMinutes]
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** Cut to the day, sorted, those that touch made one. */
function merge(spans: Minutes): Minutes {
  const merged: [number, number][] = []
  const cut = spans.map(([from, to]) => [Math.max(from, 0), Math.min(to, dayMinutes)] as const)
  for (const [from, to] of cut.filter(([a, b]) => a < b).sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}
