/** The views of the inbox, and what the address asks of the API. Pure. */
import type { Priority, Status } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'

export const viewNames = ['mine', 'unassigned', 'all', 'waiting', 'snoozed', 'unknown', 'failed', 'resolved'] as const
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
export const sorts = ['newest', 'oldest', 'waiting'] as const
export type Sort = (typeof sorts)[number]

const unresolved = 'new,open,waiting_customer,waiting_other'

/** A query for the API, without its page; also the cache's key. */
export type QueueQuery = Readonly<Record<string, string>>

const views: Record<ViewName, QueueQuery> = {
  mine: { assignee: 'me', status: unresolved, snoozed: 'false' },
  unassigned: { assignee: 'none', status: unresolved, snoozed: 'false' },
  all: { status: unresolved, snoozed: 'false' },
  waiting: { status: 'waiting_customer', snoozed: 'false' },
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
  snoozed: 'moon',
  unknown: 'question',
  failed: 'warning',
  resolved: 'doneAll',
}

/** The part of the address behind `?`. Lists are joined with commas. */
export interface InboxSearch {
  readonly q?: string
  readonly status?: string
  readonly channel?: string
  readonly priority?: string
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
    channel: listOf(text('channel'))
      .filter((one) => /^[\w-]{1,50}$/u.test(one))
      .join(','),
    priority: among('priority', priorities),
    sort: among('sort', sorts.slice(1)).split(',')[0] ?? '',
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ''))
}

export function listOf(joined: string | undefined): string[] {
  return joined ? [...new Set(joined.split(',').filter(Boolean))] : []
}

/** A chosen status replaces the view's own; looking for words looks at snoozed conversations too. */
export function queueQueryOf(view: ViewName, search: InboxSearch): QueueQuery {
  const { snoozed, ...base } = views[view]
  return {
    ...base,
    ...(snoozed === undefined || (search.q && view !== 'snoozed') ? {} : { snoozed }),
    ...search,
  }
}

export function isViewName(name: string): name is ViewName {
  return (viewNames as readonly string[]).includes(name)
}

/** Filters beside the view, for the chips and the "nothing found" state. */
export function hasFilters({ q, status, channel, priority }: InboxSearch): boolean {
  return Boolean(q || status || channel || priority)
}
