/** What a ticket is once another came into it, and once it is by itself again. Pure. */
import type { TicketRow } from '../lock-ticket.ts'
import { afterInbound, afterPlan, afterReply, isFinished, type TicketState } from '../status.ts'

/** The fields of a ticket that a move may set. */
export type Joined = Pick<
  TicketRow,
  | 'status'
  | 'priority'
  | 'category'
  | 'assigneeId'
  | 'tags'
  | 'snoozedUntil'
  | 'resolvedAt'
  | 'unansweredSince'
  | 'lastMessageAt'
  | 'preview'
>

export function joinedOf(ticket: Joined): Joined {
  const { status, priority, category, assigneeId, tags, snoozedUntil } = ticket
  const { resolvedAt, unansweredSince, lastMessageAt, preview } = ticket
  return {
    status,
    priority,
    category,
    assigneeId,
    tags,
    snoozedUntil,
    resolvedAt,
    unansweredSince,
    lastMessageAt,
    preview,
  }
}

const order = ['low', 'normal', 'high', 'urgent'] as const

/** `from` comes into `into`: nothing that waits is hidden by it, and nothing that was said of either is lost. */
export function join(into: Joined, from: Joined): Joined {
  const fromIsLater = from.lastMessageAt > into.lastMessageAt
  return {
    ...joinState(into, from),
    priority: order[Math.max(order.indexOf(into.priority), order.indexOf(from.priority))]!,
    category: into.category ?? from.category,
    assigneeId: into.assigneeId ?? from.assigneeId,
    tags: [...into.tags, ...from.tags.filter((tag) => !into.tags.some((own) => sameTag(own, tag)))],
    lastMessageAt: fromIsLater ? from.lastMessageAt : into.lastMessageAt,
    preview: fromIsLater ? from.preview : into.preview,
  }
}

const sameTag = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function joinState(into: Joined, from: Joined): TicketState {
  const { status, snoozedUntil, resolvedAt, unansweredSince } = into
  if (isFinished(from.status)) return { status, snoozedUntil, resolvedAt, unansweredSince }
  if (isFinished(status)) {
    return {
      status: from.status,
      snoozedUntil: from.snoozedUntil,
      resolvedAt: null,
      unansweredSince: from.unansweredSince,
    }
  }
  const waits = from.unansweredSince !== null
  const wasWaiting = status === 'waiting_customer' || status === 'waiting_other'
  return {
    status: (wasWaiting && waits) || (status === 'new' && from.status !== 'new') ? 'open' : status,
    snoozedUntil: waits && from.snoozedUntil === null ? null : snoozedUntil,
    resolvedAt: null,
    unansweredSince: earlier(unansweredSince, from.unansweredSince),
  }
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

/** One message that came or was written while two tickets were one. */
export interface Later {
  readonly direction: 'inbound' | 'outbound' | 'note'
  readonly at: Date
  readonly automatic: boolean
  /** Of an outbound one: it arrived, or may; waits for a person to carry it out; did not arrive. */
  readonly fate: 'sent' | 'planned' | 'lost'
  readonly preview: string
}

/** What the ticket would be, had it been by itself when these came. In the order in which they came. */
export function goOn(ticket: Joined, later: readonly Later[]): Joined {
  return later.reduce(after, ticket)
}

function after(ticket: Joined, message: Later): Joined {
  if (message.direction === 'note' || message.fate === 'lost') return ticket
  const isNewest = message.at >= ticket.lastMessageAt
  const lastMessageAt = isNewest ? message.at : ticket.lastMessageAt
  if (message.direction === 'outbound') {
    const patch = message.fate === 'planned' ? afterPlan(ticket) : afterReply(ticket, message)
    return { ...ticket, ...patch, lastMessageAt }
  }
  const { at } = message
  const came = afterInbound(ticket, at, Number.POSITIVE_INFINITY)
  // A closed one has taken it in, as a part of the other: it is open again, or nobody would see the message.
  const patch =
    came.kind === 'same'
      ? came.patch
      : { status: 'open' as const, snoozedUntil: null, resolvedAt: null, unansweredSince: at }
  return { ...ticket, ...patch, lastMessageAt, preview: isNewest ? message.preview : ticket.preview }
}

/** As the database keeps it: times as texts. */
export function readJoined(stored: unknown): Joined {
  const value = stored as Record<keyof Joined, unknown>
  const date = (name: keyof Joined) => (value[name] === null ? null : new Date(String(value[name])))
  return {
    ...(value as unknown as Joined),
    snoozedUntil: date('snoozedUntil'),
    resolvedAt: date('resolvedAt'),
    unansweredSince: date('unansweredSince'),
    lastMessageAt: new Date(String(value.lastMessageAt)),
  }
}

/**
 * `now` when two tickets come apart. `joined` is what it was set to and `later` all that came since; `own` what it was and
 * `mine` what came that stays. A field somebody set since keeps what they set.
 */
export function comeApart(
  now: Joined,
  joined: Joined,
  later: readonly Later[],
  own: Joined,
  mine: readonly Later[],
): Joined {
  const expected = goOn(joined, later)
  const wanted = goOn(own, mine)
  const kept = <K extends keyof Joined>(name: K): Pick<Joined, K> =>
    ({ [name]: same(now[name], expected[name]) ? wanted[name] : now[name] }) as Pick<Joined, K>
  const isUntouched = now.status === expected.status
  return {
    ...kept('priority'),
    ...kept('category'),
    ...kept('assigneeId'),
    ...kept('tags'),
    ...kept('snoozedUntil'),
    status: isUntouched ? wanted.status : now.status,
    resolvedAt: isUntouched ? wanted.resolvedAt : now.resolvedAt,
    unansweredSince: !isUntouched && isFinished(now.status) ? null : wanted.unansweredSince,
    lastMessageAt: wanted.lastMessageAt,
    preview: wanted.preview,
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
