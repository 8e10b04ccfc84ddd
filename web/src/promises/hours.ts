/** Working hours as people write them: `09:00-12:00, 13:00-18:00`. Pure. */
import type { WorkCalendar } from '../api/wire.ts'

export type Span = { readonly from: string; readonly to: string }

/** Null: it cannot be read. Empty: no hours. Full-width marks, a dot or a single digit are what people type, too. */
export function readHours(text: string): Span[] | null {
  const parts = text
    .normalize('NFKC')
    .split(/[,;、，；\n]/u)
    .map((part) => part.trim())
    .filter(Boolean)
  const spans = parts.map((part) => {
    const match = /^(\d{1,2})[:.](\d{2})\s*(?:-|–|—|~|至|到)\s*(\d{1,2})[:.](\d{2})$/u.exec(part)
    if (!match) return null
    const [from, to] = [time(match[1], match[2]), time(match[3], match[4])]
    return from === null || to === null || from === '24:00' || from === to ? null : { from, to }
  })
  return spans.every((span) => span !== null) ? spans : null
}

function time(hours = '', minutes = ''): string | null {
  const [hour, minute] = [Number(hours), Number(minutes)]
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null
  return `${hours.padStart(2, '0')}:${minutes}`
}

export const writeHours = (spans: readonly Span[]): string => spans.map(({ from, to }) => `${from}-${to}`).join(', ')

/** By the day of the week, Monday first. */
export function weekOf({ hours }: Pick<WorkCalendar, 'hours'>): string[] {
  return [1, 2, 3, 4, 5, 6, 7].map((day) => writeHours(hours.filter((span) => span.day === day)))
}

/** `周一`, `Monday`: 1 is Monday. */
export function dayName(day: number, locale: string): string {
  // The fifth of January 1970 was a Monday.
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date((3 + day) * 86_400_000))
}

/** Hours a form holds as milliseconds, to the minute; null: no number, or none that is allowed. */
export function readMs(text: string): number | null {
  const hours = Number(text.trim().replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(hours)) return null
  const ms = Math.round(hours * 60) * 60_000
  return ms >= 60_000 && ms <= 366 * 86_400_000 ? ms : null
}

export const writeMs = (ms: number): string => String(Math.round((ms / 3_600_000) * 100) / 100)
