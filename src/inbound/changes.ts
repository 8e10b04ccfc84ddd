import type { Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { DueItem } from '../db/due.ts'
import type {
  answers,
  identities,
  keptPosts,
  media,
  mentions,
  messageParts,
  messageRevisions,
  messages,
  rawPayloads,
  ticketLanguages,
  tickets,
} from '../db/schema.ts'
import type { NewEvent } from '../live/append.ts'
import type { TriageDue } from '../tickets/triage-due.ts'
import type { Identity } from './identify.ts'
import type { Known, KnownMessage, ThreadRow, TicketRow } from './known.ts'
import type { Incoming } from './take-keys.ts'

/** Every row a batch writes, worked out in memory; `write.ts` puts them down. */
export interface Changes {
  readonly newTickets: (typeof tickets.$inferInsert & { id: string })[]
  readonly languages: (typeof ticketLanguages.$inferInsert)[]
  readonly changedTickets: Set<TicketRow>
  readonly changedThreads: Set<ThreadRow>
  readonly changedIdentities: Map<
    string,
    Pick<typeof identities.$inferSelect, 'id' | 'reachable' | 'unreachableReason' | 'unreachableOn'> & {
      reachabilityAt: Date | null
    }
  >
  readonly newMentions: (typeof mentions.$inferInsert)[]
  /** Of blocked people. */
  readonly kept: (typeof keptPosts.$inferInsert)[]
  /** Brands whose list of mentions changed: each is told once. */
  readonly mentionsOf: Set<string>
  readonly newMessages: (typeof messages.$inferInsert & { id: string })[]
  readonly changedMessages: Map<string, KnownMessage>
  readonly parts: (typeof messageParts.$inferInsert)[]
  readonly revisions: (typeof messageRevisions.$inferInsert)[]
  readonly media: (typeof media.$inferInsert)[]
  readonly raws: (typeof rawPayloads.$inferInsert)[]
  readonly unread: { account: Incoming['account']; reason: string; raw: unknown; receivedAt: Date }[]
  /** Chats that go on under another id. */
  readonly moves: { readonly accountId: string; readonly from: string; readonly to: string }[]
  readonly answers: (typeof answers.$inferInsert)[]
  readonly due: DueItem[]
  /** Messages that rules look at, where there are any. */
  readonly triage: TriageDue[]
  readonly events: NewEvent[]
}

export const noChanges = (): Changes => ({
  newTickets: [],
  languages: [],
  changedTickets: new Set(),
  changedThreads: new Set(),
  changedIdentities: new Map(),
  newMentions: [],
  kept: [],
  mentionsOf: new Set(),
  newMessages: [],
  changedMessages: new Map(),
  parts: [],
  revisions: [],
  media: [],
  raws: [],
  unread: [],
  moves: [],
  answers: [],
  due: [],
  triage: [],
  events: [],
})

/** The ticket counts what happened to it, and the desks hear of it. */
export function bump(ticket: TicketRow, changes: Changes): void {
  ticket.version += 1
  changes.changedTickets.add(ticket)
  changes.events.push({ brandId: ticket.brandId, type: 'message', ticketId: ticket.id, version: ticket.version })
}

export function markDeleted(message: KnownMessage, brandId: string, when: Date, known: Known, changes: Changes): void {
  if (message.deletedAt) return
  message.deletedAt = when
  changes.changedMessages.set(message.id, message)
  if (message.ticketId === null) changes.mentionsOf.add(brandId)
  const ticket = message.ticketId === null ? undefined : known.tickets.get(message.ticketId)
  if (ticket) bump(ticket, changes)
}

export function setReachable(
  person: Identity,
  reachable: boolean,
  reason: string | null,
  surface: Surface | null,
  when: Date,
  changes: Changes,
): void {
  if (person.reachabilityAt && person.reachabilityAt >= when) return
  const { id } = person
  const unreachableOn = reachable ? null : surface
  const unreachableReason = reachable || reason === null ? null : cleanText(reason)
  Object.assign(person, { reachable, unreachableOn, reachabilityAt: when })
  changes.changedIdentities.set(id, { id, reachable, unreachableReason, unreachableOn, reachabilityAt: when })
}
