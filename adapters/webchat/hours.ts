/** Office hours as an administrator writes them: `1-5 09:00-18:00, 6 10:00-16:00`. Days 1 (Monday) to 7. */

export interface Span {
  readonly days: readonly number[]
  /** Minutes of the day. */
  readonly from: number
  readonly to: number
}

const one = /^([1-7])(?:-([1-7]))? ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/u

/** Null: not written as above. An empty text: no span, which means always open. */
export function readHours(text: string): readonly Span[] | null {
  const spans: Span[] = []
  for (const part of text.split(/[,，;；]/u).map((piece) => piece.trim().replaceAll(/\s+/gu, ' '))) {
    if (part === '') continue
    const match = one.exec(part)
    if (!match) return null
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
    const [from, to] = [Number(match[3]) * 60 + Number(match[4]), Number(match[5]) * 60 + Number(match[6])]
    if (last < first || to <= from || to > 1440) return null
    spans.push({ days: Array.from({ length: last - first + 1 }, (_, i) => first + i), from, to })
  }
  return spans
}

export function isOpen(hours: string, timeZone: string, now: Date): boolean {
  const spans = readHours(hours) ?? []
  if (spans.length === 0) return true
  const { day, minute } = placeIn(timeZone, now)
  return spans.some(({ days, from, to }) => days.includes(day) && minute >= from && minute < to)
}

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function placeIn(timeZone: string, now: Date): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  return {
    day: names.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
