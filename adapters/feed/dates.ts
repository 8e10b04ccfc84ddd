/** Dates as feeds write them. */

const earliest = Date.UTC(1995, 0, 1)
const latest = Date.UTC(2100, 0, 1)
/** At the end: `Z`, `+08:00`, `+0800`, `GMT`. */
const zone = /(?:[Zz]|[+-]\d{2}:?\d{2}|\b[A-Z]{2,4})$/u

/**
 * RFC 822, ISO 8601, `2026年11月24日 08:00`, seconds or milliseconds since 1970. Null: none, or no time a feed can mean.
 * Without a zone it is UTC: the feed does not say, and the machine's own zone would differ from server to server.
 */
export function readDate(written: string | null): Date | null {
  if (written === null || written.length > 100) return null
  const time = /^\d{10}(?:\d{3})?$/u.test(written) ? epoch(written) : Date.parse(plain(written))
  return time >= earliest && time < latest ? new Date(time) : null
}

const epoch = (digits: string) => Number(digits) * (digits.length === 10 ? 1000 : 1)

function plain(written: string): string {
  // The day of the week is often in another language, and says nothing.
  const date = written
    .replace(/^[^,\d]{1,20},\s*/u, '')
    .replace(/(\d{4})年(\d{1,2})月(\d{1,2})日/u, (_, year, month, day) => `${year}-${pad(month)}-${pad(day)}`)
    .replace(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})/u, (_, year, month, day) => `${year}-${pad(month)}-${pad(day)}`)
    .trim()
  if (/^\d{4}(?:-\d\d){0,2}$/u.test(date)) return date
  const iso = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d.*)$/u.exec(date)
  const joined = iso ? `${iso[1]}T${iso[2]!.replace(/\s+(?=[+-])/u, '')}` : date
  if (zone.test(joined)) return joined
  return iso ? `${joined}Z` : `${joined} UTC`
}

const pad = (digits: string) => digits.padStart(2, '0')
