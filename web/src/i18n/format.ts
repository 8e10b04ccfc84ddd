/** Times, spans, sizes and figures in the reader's language. Pure. */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** To make one takes a hundred times as long as to use it, and a list uses the same ones for every row. */
const numbers = new Map<string, Intl.NumberFormat>()
const dates = new Map<string, Intl.DateTimeFormat>()

function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numbers, JSON.stringify([locale, options]), () => new Intl.NumberFormat(locale, options))
}

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(dates, JSON.stringify([locale, options]), () => new Intl.DateTimeFormat(locale, options))
}

function kept<Format>(formats: Map<string, Format>, key: string, make: () => Format): Format {
  const format = formats.get(key) ?? make()
  formats.set(key, format)
  return format
}

function unit(value: number, name: string, locale: string, display: 'short' | 'long' = 'short'): string {
  return numberFormat(locale, { style: 'unit', unit: name, unitDisplay: display }).format(value)
}

/** One unit, for a glance: `3 min`, `2 hr`, `5 days`. Under a minute it is null: "just now" in the reader's words. */
export function roughSpan(ms: number, locale: string): string | null {
  if (ms < minute) return null
  if (ms < hour) return unit(Math.floor(ms / minute), 'minute', locale)
  if (ms < day) return unit(Math.floor(ms / hour), 'hour', locale)
  return unit(Math.floor(ms / day), 'day', locale)
}

/** Two units, for a countdown people plan with: `21 hr 4 min`; the last minute in seconds. */
export function exactSpan(ms: number, locale: string): string {
  const left = Math.max(0, ms)
  if (left < minute) return unit(Math.ceil(left / second), 'second', locale)
  if (left < hour) return unit(Math.floor(left / minute), 'minute', locale)
  const [big, bigName, small, smallName] =
    left < day
      ? ([Math.floor(left / hour), 'hour', Math.floor((left % hour) / minute), 'minute'] as const)
      : ([Math.floor(left / day), 'day', Math.floor((left % day) / hour), 'hour'] as const)
  const parts = [unit(big, bigName, locale)]
  if (small > 0) parts.push(unit(small, smallName, locale))
  return parts.join(' ')
}

/** `14:05`, the same in both languages. */
export function clockTime(time: Date, locale: string): string {
  return dateFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(time)
}

/** The day a message belongs to, as its separator says it. Null for today and yesterday: those have words. */
export function dayName(time: Date, now: Date, locale: string): { near: 'today' | 'yesterday' } | { text: string } {
  const distance = dayNumber(now) - dayNumber(time)
  if (distance === 0) return { near: 'today' }
  if (distance === 1) return { near: 'yesterday' }
  const sameYear = time.getFullYear() === now.getFullYear()
  return {
    text: dateFormat(locale, {
      month: 'long',
      day: 'numeric',
      weekday: 'short',
      ...(sameYear ? {} : { year: 'numeric' }),
    }).format(time),
  }
}

/** A whole date with its time, for titles and tables. */
export function fullTime(time: Date, locale: string): string {
  return dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(time)
}

/** Days since 1970 by the local calendar: two times on either side of midnight differ by one. */
export function dayNumber(time: Date): number {
  return Math.floor(Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / day)
}

/** `840 KB`, `3.2 MB`: sizes as people see them elsewhere, by 1,024. */
export function fileSize(bytes: number, locale: string): string {
  const names = ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let index = 0
  while (value >= 1024 && index < names.length - 1) {
    value /= 1024
    index += 1
  }
  const digits = value < 10 && index > 0 ? 1 : 0
  return `${numberFormat(locale, { maximumFractionDigits: digits }).format(value)} ${names[index]}`
}

/** Between Chinese and Latin words stands a space; between Chinese words none. */
export function afterHan(word: string): string {
  return /^\p{Script=Han}/u.test(word) ? word : ` ${word}`
}

/** `3.42 USD`; small prices keep what makes them different. */
export function money(value: number, currency: string, locale: string): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 4 }
  return `${numberFormat(locale, digits).format(value)} ${currency}`
}

/** The same for a word with Chinese on both sides of it. */
export function amongHan(word: string): string {
  return `${afterHan(word)}${/\p{Script=Han}$/u.test(word) ? '' : ' '}`
}

export function figure(value: number, locale: string): string {
  return numberFormat(locale).format(value)
}
