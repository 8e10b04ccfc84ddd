/** What the address of the figures says, and what it asks of the API. Pure. */
import { listOf } from '../inbox/views.ts'
import { offsetAt, startOfDay } from './zone.ts'

export const spans = ['1d', '7d', '30d', '90d', '365d'] as const
export type Span = (typeof spans)[number]
export const dimensions = ['time', 'channel', 'brand', 'category', 'agent', 'hour'] as const
export type DimensionName = (typeof dimensions)[number]
export const measures = [
  'opened',
  'backlog',
  'firstAnswer',
  'answers',
  'resolved',
  'resolution',
  'reopened',
  'quality',
  'kept',
  'satisfaction',
] as const
export type MeasureName = (typeof measures)[number]

/** The part of the address behind `?`. Days are the zone's, `2026-11-25`. */
export interface FigureSearch {
  readonly since?: Span
  readonly from?: string
  readonly to?: string
  readonly zone?: string
  readonly brand?: string
  readonly channel?: string
  readonly by?: DimensionName
  readonly show?: MeasureName
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u

/** Reads an address anybody may have written: what is not known is left away. */
export function readFigureSearch(raw: Readonly<Record<string, unknown>>): FigureSearch {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name].trim().slice(0, 500) : '')
  const one = (name: string, allowed: readonly string[]) => (allowed.includes(text(name)) ? text(name) : '')
  const all = (name: string, is: RegExp) =>
    listOf(text(name))
      .filter((value) => is.test(value))
      .slice(0, 50)
      .join(',')
  const day = (name: string) => (readDay(text(name)) ? text(name) : '')
  const since = one('since', spans)
  const found: Record<string, string> = {
    since,
    from: since ? '' : day('from'),
    to: since ? '' : day('to'),
    zone: /^[A-Za-z]/u.test(text('zone')) && offsetAt(0, text('zone')) !== null ? text('zone') : '',
    brand: all('brand', uuid),
    channel: all('channel', /^[\w-]{1,50}$/u),
    by: one('by', dimensions),
    show: one('show', measures),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ''))
}

const minute = 60_000
const day = 24 * 60 * minute
const longest = 400 * day

/** The span asked for; null where it ends before it begins or is longer than the server counts. */
export function rangeOf(search: FigureSearch, zone: string, now: number): { from: Date; to: Date } | null {
  const first = readDay(search.from ?? '')
  const last = readDay(search.to ?? '')
  if (first && last) {
    const from = startOfDay(first.year, first.month, first.date, zone)
    const to = startOfDay(last.year, last.month, last.date + 1, zone)
    return to > from && to.getTime() - from.getTime() <= longest ? { from, to } : null
  }
  // The same question for some minutes, so that it is not asked anew with every look.
  const to = new Date(Math.ceil(now / (5 * minute)) * 5 * minute)
  const days = Number.parseInt(search.since ?? '30d', 10)
  const local = new Date(to.getTime() + (offsetAt(to.getTime(), zone) ?? 0))
  const from = startOfDay(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate() - days + 1, zone)
  return { from, to }
}

export function queryOf(search: FigureSearch, zone: string, range: { from: Date; to: Date }): Record<string, string> {
  const { brand, channel } = search
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    zone,
    ...(brand ? { brand } : {}),
    ...(channel ? { channel } : {}),
  }
}

function readDay(text: string): { year: number; month: number; date: number } | null {
  const [, year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})$/u.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || date === undefined || year < 2000) return null
  const there = new Date(Date.UTC(year, month - 1, date))
  return there.getUTCMonth() === month - 1 && there.getUTCDate() === date ? { year, month, date } : null
}
