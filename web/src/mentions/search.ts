/** What the address of the mentions says, and what it asks of the API. Pure. */
import { listOf } from '../inbox/views.ts'

export const mentionStates = ['open', 'dismissed', 'ticket'] as const
export type MentionState = (typeof mentionStates)[number]
export const spans = ['1h', '24h', '7d', '30d'] as const
export type Span = (typeof spans)[number]
const spanMs: Record<Span, number> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
}

/** Those `mentions/language.ts` of the server can tell. */
export const languages = 'zh en ja ko es fr de pt it id vi ru ar th hi el he und'.split(' ')

/** The part of the address behind `?`. Lists are joined with commas; days are local, `2026-11-25`. */
export interface MentionSearch {
  readonly q?: string
  readonly state?: 'dismissed' | 'ticket'
  readonly account?: string
  readonly channel?: string
  readonly brand?: string
  readonly language?: string
  readonly surface?: 'direct' | 'public'
  readonly since?: Span
  readonly from?: string
  readonly to?: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u

/** Reads an address anybody may have written: what is not known is left away. */
export function readMentionSearch(raw: Readonly<Record<string, unknown>>): MentionSearch {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name].trim().slice(0, 2_000) : '')
  const all = (name: string, is: (one: string) => boolean) => listOf(text(name)).filter(is).slice(0, 50).join(',')
  const one = (name: string, allowed: readonly string[]) => (allowed.includes(text(name)) ? text(name) : '')
  const day = (name: string) => (startOf(text(name)) === null ? '' : text(name))
  const since = one('since', spans)
  const found: Record<string, string> = {
    q: text('q').slice(0, 200),
    state: one('state', mentionStates.slice(1)),
    account: all('account', (id) => uuid.test(id)),
    channel: all('channel', (name) => /^[\w-]{1,50}$/u.test(name)),
    brand: all('brand', (id) => uuid.test(id)),
    language: all('language', (name) => languages.includes(name)),
    surface: one('surface', ['direct', 'public']),
    since,
    from: since ? '' : day('from'),
    to: since ? '' : day('to'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ''))
}

/** For the list: times made of days and spans. */
export function listQueryOf({ since, from, to, ...rest }: MentionSearch, now: number): Record<string, string> {
  const start = since ? new Date(now - spanMs[since]) : startOf(from ?? '')
  const last = startOf(to ?? '')
  // The day itself is in it.
  const end = last && new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1)
  return {
    ...rest,
    ...(start ? { from: start.toISOString() } : {}),
    ...(end ? { to: end.toISOString() } : {}),
  }
}

/** For the counts, which are of the past hours whatever the list shows. */
export function countQueryOf({ since: _s, from: _f, to: _t, ...rest }: MentionSearch): Record<string, string> {
  return rest
}

export const hasFilters = ({ state: _, ...rest }: MentionSearch): boolean => Object.keys(rest).length > 0

function startOf(day: string): Date | null {
  const [, year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})$/u.exec(day) ?? []).map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  const start = new Date(year, month - 1, date)
  return year > 1970 && start.getMonth() === month - 1 && start.getDate() === date ? start : null
}
