/** The views of the inbox, and what the address asks of the API. Pure. */
import type { Priority, Status, Surface } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'

export const viewNames = [
  'mine',
  'unassigned',
  'all',
  'waiting',
  'closing',
  'escalated',
  'breached',
  'soon',
  'snoozed',
  'unknown',
  'failed',
  'resolved',
] as const
export type ViewName = (typeof viewNames)[number]

export const statuses = [
  'new',
  'open',
  'waiting_customer',
  'waiting_other',
  'resolved',
  'closed',
] as const satisfies Status[]
export const priorities = ['urgent', 'high', 'normal', 'low'] as const satisfies Priority[]
export const surfaces = ['direct', 'public'] as const satisfies Surface[]
export const sorts = ['newest', 'oldest', 'waiting', 'window', 'due', 'priority'] as const
export type Sort = (typeof sorts)[number]

const unresolved = 'new,open,waiting_customer,waiting_other'

/** A query for the API, without its page; also the cache's key. */
export type QueueQuery = Readonly<Record<string, string>>

const views: Record<ViewName, QueueQuery> = {
  mine: { assignee: 'me', status: unresolved, snoozed: 'false' },
  unassigned: { assignee: 'none', status: unresolved, snoozed: 'false' },
  all: { status: unresolved, snoozed: 'false' },
  waiting: { status: 'waiting_customer', snoozed: 'false' },
  // Snoozed or not: somebody waits for a supervisor's word.
  escalated: { escalated: 'any', status: unresolved },
  // Snoozed or not: what closes meanwhile cannot be answered any more.
  closing: { window: 'closing', status: unresolved, sort: 'window' },
  // Snoozed or not: a promise of an answer does not sleep.
  breached: { clock: 'breached', status: unresolved, sort: 'due' },
  soon: { clock: 'soon', status: unresolved, sort: 'due' },
  snoozed: { snoozed: 'true' },
  // Of any status: a message nobody knows about matters in a resolved conversation too.
  unknown: { delivery: 'unknown' },
  failed: { delivery: 'failed' },
  resolved: { status: 'resolved,closed' },
}

export const viewIcons: Record<ViewName, IconName> = {
  mine: 'person',
  unassigned: 'inbox',
  all: 'all',
  waiting: 'hourglass',
  closing: 'clock',
  escalated: 'flag',
  breached: 'warning',
  soon: 'hourglass',
  snoozed: 'moon',
  unknown: 'question',
  failed: 'warning',
  resolved: 'doneAll',
}

/** The part of the address behind `?`. Lists are joined with commas. */
export interface InboxSearch {
  readonly q?: string
  readonly status?: string
  /** Named statuses, by their ids. */
  readonly named?: string
  readonly channel?: string
  readonly priority?: string
  readonly brand?: string
  /** `me`, `none` or a user's id. */
  readonly assignee?: string
  /** Teams' ids, `mine`, `none`. */
  readonly team?: string
  readonly tag?: string
  readonly surface?: string
  /** ISO 639-1, `und`. */
  readonly language?: string
  /** Ids, `none`; each with all below it. */
  readonly category?: string
  readonly sort?: Sort
}

/** Reads an address anybody may have written: what is not known is left away. */
export function readInboxSearch(raw: Readonly<Record<string, unknown>>): InboxSearch {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name].trim().slice(0, 200) : '')
  const among = (name: string, allowed: readonly string[]) =>
    listOf(text(name))
      .filter((one) => allowed.includes(one))
      .join(',')
  const found: Record<string, string> = {
    q: text('q'),
    status: among('status', statuses),
    named: listOf(text('named'))
      .filter((one) => uuid.test(one))
      .join(','),
    channel: listOf(text('channel'))
      .filter((one) => /^[\w-]{1,50}$/u.test(one))
      .join(','),
    priority: among('priority', priorities),
    brand: listOf(text('brand'))
      .filter((one) => uuid.test(one))
      .join(','),
    team: listOf(text('team'))
      .filter((one) => one === 'mine' || one === 'none' || uuid.test(one))
      .join(','),
    assignee: /^[\w:-]{1,100}$/u.test(text('assignee')) ? text('assignee') : '',
    tag: text('tag').slice(0, 100),
    surface: among('surface', surfaces),
    language: listOf(text('language'))
      .filter((one) => /^[a-z]{2,3}$/u.test(one))
      .join(','),
    category: listOf(text('category'))
      .filter((one) => /^[\w.-]{1,100}$/u.test(one))
      .join(','),
    sort: among('sort', sorts.slice(1)).split(',')[0] ?? '',
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ''))
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/iu

export function listOf(joined: string | undefined): string[] {
  return joined ? [...new Set(joined.split(',').filter(Boolean))] : []
}

/** A chosen status replaces the view's own; looking for words looks at snoozed conversations too. */
export function queueQueryOf(view: ViewName, search: InboxSearch): QueueQuery {
  const { snoozed, ...base } = views[view]
  const { assignee, ...rest } = search
  return {
    ...base,
    ...(snoozed === undefined || (search.q && view !== 'snoozed') ? {} : { snoozed }),
    ...rest,
    // Whose it is, is what these views are about.
    ...(assignee === undefined || base.assignee !== undefined ? {} : { assignee }),
  }
}

export function isViewName(name: string): name is ViewName {
  return (viewNames as readonly string[]).includes(name)
}

/** Filters beside the view, for the chips and the "nothing found" state. */
export function hasFilters({ sort: _, ...filters }: InboxSearch): boolean {
  return Object.values(filters).some(Boolean)
}

/** Of the saved ones, the one that is on the screen. */
export function savedAs<T extends { readonly view: string; readonly search: Readonly<Record<string, string>> }>(
  saved: readonly T[],
  view: ViewName,
  search: InboxSearch,
): T | null {
  const here = sameText(queueQueryOf(view, search))
  return (
    saved.find((one) => one.view === view && sameText(queueQueryOf(view, readInboxSearch(one.search))) === here) ?? null
  )
}

const sameText = (query: QueueQuery) =>
  JSON.stringify(
    Object.entries(query)
      .map(([name, value]) => [name, listOf(value).sort().join()])
      .sort(),
  )

/** A figure people can read at a glance. */
export function shownCount(count: number): string {
  return count > 999 ? '999+' : String(count)
}
