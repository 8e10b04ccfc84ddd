import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { patience } from '../../test/helpers/patience.ts'
import type { Calendar, Hours } from './calendar.ts'
import { chineseDay, isPublished } from './chinese-days.ts'
import { addWorkingMs, isWorkingAt, NoWorkingTime, workingMsBetween } from './working-time.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const office: Calendar = {
  timeZone: 'Asia/Shanghai',
  hours: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
  chineseHolidays: true,
  exceptions: [],
}
const local = (text: string, timeZone = 'Asia/Shanghai') => DateTime.fromISO(text, { zone: timeZone }).toJSDate()
const shown = (at: Date, timeZone = 'Asia/Shanghai') =>
  DateTime.fromJSDate(at, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm")

/** The definition, one minute after the other: nothing of `calendar.ts` is in it. */
function isWorkedSlowly(calendar: Calendar, at: number): boolean {
  const now = DateTime.fromMillis(at, { zone: calendar.timeZone })
  const minute = now.hour * 60 + now.minute
  return [0, 1].some((ago) => {
    const day = DateTime.utc(now.year, now.month, now.day).minus({ days: ago })
    const date = day.toISODate() ?? ''
    const exception = calendar.exceptions.find((one) => one.date === date)
    const special = calendar.chineseHolidays ? chineseDay(date) : null
    const ofDay = (weekday: number): readonly Hours[] => calendar.hours.filter((one) => one.day === weekday)
    const own = ofDay(day.weekday)
    const worked = [1, 2, 3, 4, 5].map(ofDay).find((hours) => hours.length > 0) ?? []
    const hours =
      exception?.hours ?? (special === 'holiday' ? [] : special === 'workday' && own.length === 0 ? worked : own)
    return hours.some(({ from, to }) => {
      const [a, b] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) as [number, number]
      const end = b > a ? b : b + 1_440
      return minute + ago * 1_440 >= a && minute + ago * 1_440 < end
    })
  })
}
function slowMsBetween(calendar: Calendar, a: number, b: number): number {
  let sum = 0
  for (let at = a; at < b; at += minuteMs) if (isWorkedSlowly(calendar, at)) sum += minuteMs
  return sum
}
function slowAdd(calendar: Calendar, start: number, minutes: number, most: number): number | null {
  let left = minutes
  for (let at = start; at < start + most; at += minuteMs) {
    if (left === 0) return at
    if (isWorkedSlowly(calendar, at)) left -= 1
  }
  return null
}

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const span = fc.record({ from: time, to: fc.oneof(time, fc.constant('24:00')) }).filter(({ from, to }) => from !== to)
/** Days on which something happens: the clock changes, also at midnight or by half an hour; a day is skipped; the year ends. */
const scenes = [
  ['Europe/Berlin', '2026-03-28T12:00'],
  ['Europe/Berlin', '2026-10-24T12:00'],
  ['America/New_York', '2026-11-01T00:00'],
  ['America/Havana', '2026-03-07T20:00'],
  ['America/Havana', '2026-10-31T20:00'],
  ['Asia/Beirut', '2026-03-28T20:00'],
  ['Australia/Lord_Howe', '2026-04-04T12:00'],
  ['Australia/Lord_Howe', '2026-10-03T12:00'],
  ['Pacific/Apia', '2011-12-29T12:00'],
  ['America/St_Johns', '2010-11-06T20:00'],
  ['Asia/Kathmandu', '2026-12-30T12:00'],
  ['Asia/Shanghai', '2026-02-12T12:00'],
  ['Asia/Shanghai', '2026-09-30T12:00'],
  ['Asia/Shanghai', '2026-12-30T12:00'],
  ['UTC', '2026-02-28T12:00'],
] as const
const scene = fc
  .record({
    place: fc.constantFrom(...scenes),
    hours: fc.array(
      fc.tuple(fc.integer({ min: 1, max: 7 }), span).map(([day, hours]) => ({ day, ...hours })),
      { maxLength: 12 },
    ),
    chineseHolidays: fc.boolean(),
    exceptional: fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.array(span, { maxLength: 2 })), {
      maxLength: 3,
    }),
    startMinutes: fc.integer({ min: 0, max: 2_000 }),
    lengthMinutes: fc.integer({ min: 0, max: 2_500 }),
  })
  .map(({ place: [timeZone, from], hours, chineseHolidays, exceptional, startMinutes, lengthMinutes }) => {
    const first = DateTime.fromISO(from, { zone: timeZone })
    const exceptions = [
      ...new Map(exceptional.map(([days, of]) => [first.plus({ days }).toISODate() ?? '', of] as const)),
    ].map(([date, of]) => ({ date, hours: of }))
    const calendar: Calendar = { timeZone, hours, chineseHolidays, exceptions }
    return { calendar, start: first.toMillis() + startMinutes * minuteMs, lengthMinutes }
  })

describe('against the definition, minute by minute', () => {
  test('the working time between two moments', { timeout: 60_000 * patience }, () => {
    fc.assert(
      fc.property(scene, ({ calendar, start, lengthMinutes }) => {
        const end = start + lengthMinutes * minuteMs
        const [a, b] = [new Date(start), new Date(end)]
        expect(workingMsBetween(calendar, a, b)).toBe(slowMsBetween(calendar, start, end))
        expect(workingMsBetween(calendar, b, a)).toBe(0 - workingMsBetween(calendar, a, b))
      }),
      { numRuns: 60 },
    )
  })

  test('the moment at which so much of it has passed', { timeout: 60_000 * patience }, () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 900 }), ({ calendar, start }, minutes) => {
        const slow = slowAdd(calendar, start, minutes, 3 * 24 * hourMs)
        fc.pre(slow !== null)
        expect(addWorkingMs(calendar, new Date(start), minutes * minuteMs).getTime()).toBe(slow)
      }),
      { numRuns: 40 },
    )
  })

  test('one is the other way round', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 0, max: 400 * hourMs }), ({ calendar, start }, ms) => {
        fc.pre(calendar.hours.length > 0)
        const from = new Date(start)
        const due = addWorkingMs(calendar, from, ms)
        expect(workingMsBetween(calendar, from, due)).toBe(ms)
        expect(ms === 0 || isWorkingAt(calendar, new Date(due.getTime() - 1))).toBe(true)
      }),
    )
  })

  test('parts add up', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 0, max: 4_000 }), ({ calendar, start, lengthMinutes }, more) => {
        const [a, b] = [new Date(start), new Date(start + lengthMinutes * 61_007)]
        const c = new Date(b.getTime() + more * 59_003)
        const whole = workingMsBetween(calendar, a, c)
        expect(workingMsBetween(calendar, a, b) + workingMsBetween(calendar, b, c)).toBe(whole)
      }),
    )
  })
})

describe('a week in Shanghai', () => {
  test.each([
    // Friday evening, a weekend, Monday.
    ['2026-11-20T17:00', 2, '2026-11-23T10:00'],
    // The end of a day is the end of that day, not the next morning.
    ['2026-11-20T17:00', 1, '2026-11-20T18:00'],
    // National Day, and Saturday the tenth that is worked for it.
    ['2026-09-30T17:00', 2, '2026-10-08T10:00'],
    ['2026-10-09T17:00', 2, '2026-10-10T10:00'],
    // New Year: the third day of a holiday at the end of a year, and a Sunday that is worked.
    ['2025-12-31T17:00', 2, '2026-01-04T10:00'],
    // Not published yet: the first of January is a holiday, the second (a Saturday) a weekend.
    ['2026-12-31T17:00', 2, '2027-01-04T10:00'],
    ['2027-02-04T17:00', 2, '2027-02-09T10:00'],
  ])('from %s, %i hours are over at %s', (from, hours, to) => {
    expect(shown(addWorkingMs(office, local(from), hours * hourMs))).toBe(to)
  })

  test('an exception wins over a holiday, and over a working day', () => {
    const calendar: Calendar = {
      ...office,
      exceptions: [
        { date: '2026-10-01', hours: [{ from: '22:00', to: '02:00' }] },
        { date: '2026-10-08', hours: [] },
      ],
    }
    const hours = (from: string, to: string) => workingMsBetween(calendar, local(from), local(to)) / hourMs
    expect(hours('2026-10-01T00:00', '2026-10-03T00:00')).toBe(4)
    expect(hours('2026-10-08T00:00', '2026-10-09T00:00')).toBe(0)
  })
})

describe('the clock is changed', () => {
  const night: Calendar = {
    timeZone: 'Europe/Berlin',
    hours: [{ day: 7, from: '01:30', to: '04:00' }],
    chineseHolidays: false,
    exceptions: [],
  }
  test.each([
    ['2026-03-29', 1.5],
    ['2026-10-25', 3.5],
    ['2026-11-01', 2.5],
  ])('on %s the night has %f hours', (date, hours) => {
    const [a, b] = [local(`${date}T00:00`, 'Europe/Berlin'), local(`${date}T12:00`, 'Europe/Berlin')]
    expect(workingMsBetween(night, a, b)).toBe(hours * hourMs)
  })
})

describe('no working time', () => {
  const from = local('2026-11-25T12:00')
  test.each<[string, Partial<Calendar>]>([
    ['no hours at all', { hours: [] }],
    ['one day, long ago', { hours: [], exceptions: [{ date: '2020-01-01', hours: [{ from: '09:00', to: '18:00' }] }] }],
  ])('%s: said, not searched for ever', (_what, change) => {
    const calendar = { ...office, ...change }
    expect(() => addWorkingMs(calendar, from, 1)).toThrow(NoWorkingTime)
    expect(workingMsBetween(calendar, from, local('2027-11-25T12:00'))).toBe(0)
    expect(addWorkingMs(calendar, from, 0)).toEqual(from)
  })
  test('a single day that comes is found', () => {
    const calendar = {
      ...office,
      hours: [],
      exceptions: [{ date: '2028-01-01', hours: [{ from: '09:00', to: '18:00' }] }],
    }
    expect(shown(addWorkingMs(calendar, from, hourMs))).toBe('2028-01-01T10:00')
  })
  test('more than the only day has is said', () => {
    const calendar = {
      ...office,
      hours: [],
      exceptions: [{ date: '2026-12-01', hours: [{ from: '09:00', to: '10:00' }] }],
    }
    expect(() => addWorkingMs(calendar, from, hourMs + 1)).toThrow(NoWorkingTime)
  })
  test('a zone that is none is refused', () => {
    expect(() => addWorkingMs({ ...office, timeZone: 'Mars/Olympus' }, from, 1)).toThrow(RangeError)
  })
})

describe('Chinese days', () => {
  test.each([
    ['2026-10-10', 'workday'],
    ['2026-10-07', 'holiday'],
    ['2026-10-11', null],
    ['2026-11-25', null],
    // By the law alone.
    ['2027-01-01', 'holiday'],
    ['2027-02-05', 'holiday'],
    ['2027-02-08', 'holiday'],
    ['2027-02-09', null],
    ['2027-04-05', 'holiday'],
    ['2027-05-02', 'holiday'],
    ['2027-06-09', 'holiday'],
    ['2027-09-15', 'holiday'],
    ['2027-10-03', 'holiday'],
    ['2027-10-04', null],
    ['2150-10-01', 'holiday'],
  ])('%s: %s', (date, kind) => expect(chineseDay(date)).toBe(kind))
  test('a year is published or is not', () => {
    expect([2004, 2025, 2026, 2027, 2100].map(isPublished)).toEqual([true, true, true, false, false])
  })
})
