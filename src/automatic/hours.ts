/** Is anybody at work? By the account's own hours; Chinese public holidays and the days worked for them where it says so. */
import chineseDays from 'chinese-days'
import { DateTime } from 'luxon'
import type { Hours } from '../wire-automatic.ts'

export function isOpen(hours: Hours, at: Date): boolean {
  const local = DateTime.fromJSDate(at, { zone: hours.timeZone })
  const minutes = local.hour * 60 + local.minute
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)]
  // 22:00 to 06:00 is a shift over midnight; its second half belongs to the day it began.
  if (from > to) {
    return (minutes >= from && isWorked(hours, local)) || (minutes < to && isWorked(hours, local.minus({ days: 1 })))
  }
  return minutes >= from && minutes < to && isWorked(hours, local)
}

/** When somebody is there next; null: never within a year. */
export function opensAt(hours: Hours, at: Date): Date | null {
  const start = DateTime.fromJSDate(at, { zone: hours.timeZone }).startOf('day')
  const minutes = minutesOf(hours.from)
  for (let day = 0; day <= 366; day += 1) {
    const local = start.plus({ days: day })
    // By the clock on the wall, not by minutes from midnight: a day may have 23 hours.
    const opening = local.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
    if (opening.toJSDate() > at && isWorked(hours, local)) return opening.toJSDate()
  }
  return null
}

function isWorked(hours: Hours, local: DateTime): boolean {
  const regular = hours.days.includes(local.weekday)
  if (!hours.chineseHolidays) return regular
  const date = local.toFormat('yyyy-MM-dd')
  const works = chineseDays.isWorkday(date)
  const usual = local.weekday <= 5
  // Only where the state's calendar differs from an ordinary week does it decide.
  return works === usual ? regular : works
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** As a customer reads it: `11月26日 09:00`, `26 Nov, 09:00`. */
export function sayTime(at: Date, timeZone: string, language: 'zh' | 'en'): string {
  const local = DateTime.fromJSDate(at, { zone: timeZone })
  return language === 'zh' ? local.toFormat('M月d日 HH:mm') : local.setLocale('en').toFormat('d MMM, HH:mm')
}
