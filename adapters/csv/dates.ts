/**
 * Times as exports and spreadsheets write them. A time without a zone is in the account's; what could be two days is refused,
 * because nobody notices a complaint that was sorted half a year away.
 */
export type ReadDate = { readonly at: Date } | { readonly problem: 'bad_date' | 'ambiguous_date' | 'future_date' }

const clock =
  /^(?:(?<before>上午|下午|凌晨|早上|中午|晚上)\s*)?(?<h>\d{1,2}):(?<m>\d{2})(?::(?<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?<after>am|pm)?$/iu
const zoned = /(?<zone>Z|[+-]\d{2}:?\d{2})$/iu
/** Excel counts days from 1899-12-30. */
const excelEpochMs = Date.UTC(1899, 11, 30)
const dayMs = 86_400_000

export function readDate(cell: string, timeZone: string, now: Date): ReadDate {
  const text = cell.normalize('NFKC').replace(/\s+/gu, ' ').trim()
  const found = number(text, timeZone) ?? written(text, timeZone)
  if (!(found instanceof Date)) return { problem: found ?? 'bad_date' }
  if (Number.isNaN(found.getTime()) || found.getTime() < Date.UTC(2000, 0, 1)) return { problem: 'bad_date' }
  return found.getTime() > now.getTime() + dayMs ? { problem: 'future_date' } : { at: found }
}

/** Seconds or milliseconds since 1970, or a spreadsheet's days. */
function number(text: string, timeZone: string): Date | null {
  if (/^\d{10}$/u.test(text)) return new Date(Number(text) * 1000)
  if (/^\d{13}$/u.test(text)) return new Date(Number(text))
  if (!/^\d{5}(?:\.\d+)?$/u.test(text)) return null
  return inZone(new Date(excelEpochMs + Math.round(Number(text) * 86_400) * 1000), timeZone)
}

function written(text: string, timeZone: string): Date | 'ambiguous_date' | null {
  const zone = zoned.exec(text)?.groups?.zone ?? null
  const bare = (zone === null || !text.includes(':') ? text : text.slice(0, -zone.length)).trim()
  const [, day = '', time = ''] =
    /^(\d{4}年\d{1,2}月\d{1,2}日?|[\d./-]{8,10})(?:[ T]?(?:星期.|周.)?[ T]?(.+))?$/u.exec(bare) ?? []
  const date = dayOf(day)
  const at = time === '' ? [0, 0, 0] : clockOf(time.trim())
  if (date === null || date === 'ambiguous_date' || at === null) return date === 'ambiguous_date' ? date : null
  const [year, month, dayOfMonth] = date
  const utc = new Date(Date.UTC(year!, month! - 1, dayOfMonth, at[0], at[1], at[2]))
  // 31 February is no day.
  if (utc.getUTCMonth() !== month! - 1 || utc.getUTCDate() !== dayOfMonth) return null
  if (zone === null || !text.includes(':')) return inZone(utc, timeZone)
  return new Date(utc.getTime() - zoneMs(zone))
}

function dayOf(text: string): readonly number[] | 'ambiguous_date' | null {
  const [, ...first] = /^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$/u.exec(text) ?? []
  if (first.length === 3) return first.map(Number)
  const [, ...german] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/u.exec(text) ?? []
  if (german.length === 3) return german.map(Number).reverse()
  const [, a, b, year] = (/^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/u.exec(text) ?? []).map(Number)
  if (a === undefined || b === undefined || year === undefined) return null
  if (a === b) return [year, a, b]
  if (a > 12) return [year, b, a]
  return b > 12 ? [year, a, b] : 'ambiguous_date'
}

function clockOf(text: string): readonly number[] | null {
  const { h, m, s = '0', before, after } = clock.exec(text)?.groups ?? {}
  if (h === undefined || m === undefined) return null
  let hour = Number(h)
  const half = after?.toLowerCase() ?? (before === undefined ? null : /下午|晚上|中午/u.test(before) ? 'pm' : 'am')
  if (half === 'pm' && hour < 12 && !(before === '中午' && hour === 11)) hour += 12
  if (half === 'am' && hour === 12) hour = 0
  const [minute, second] = [Number(m), Number(s)]
  return hour < 24 && minute < 60 && second < 60 ? [hour, minute, second] : null
}

function zoneMs(zone: string): number {
  if (/^z$/iu.test(zone)) return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The moment at which clocks of the zone show what `wall` shows in UTC. */
function inZone(wall: Date, timeZone: string): Date {
  const guess = new Date(wall.getTime() - offsetMs(wall, timeZone))
  // Around a change of clocks the offset at the guess is the right one.
  return new Date(wall.getTime() - offsetMs(guess, timeZone))
}

function offsetMs(at: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000
}
