/** Which ticket a customer's message belongs to. */
import type { InboundMessage } from '../channel/events.ts'
import { newId } from '../db/id.ts'
import { languageOf } from '../mentions/language.ts'
import { afterInbound } from '../tickets/status.ts'
import type { Changes } from './changes.ts'
import type { Identity } from './identify.ts'
import type { Known, ThreadRow, TicketRow } from './known.ts'
import { sharedKey } from './shared-ticket.ts'
import type { Incoming } from './take-keys.ts'

/**
 * Null: nobody has made a ticket of a watched account's post, so there is none and no clock runs; or the person is blocked,
 * and what they write is only kept.
 */
export function ticketFor(
  { account, receivedAt }: Incoming,
  thread: ThreadRow,
  person: Identity,
  orderedAt: Date,
  message: InboundMessage,
  known: Known,
  changes: Changes,
): TicketRow | null {
  if (person.blocked) return null
  const isWatched = account.intake === 'watch'
  const key = isWatched ? null : sharedKey(account, message, person)
  for (const id of [thread.currentTicketId, key && known.shared.get(key)]) {
    const current = id ? known.tickets.get(id) : undefined
    const after = current && afterInbound(current, orderedAt, account.reopenWithinMs)
    if (after?.kind !== 'same') continue
    if (key && current) known.shared.set(key, current.id)
    return Object.assign(current as TicketRow, after.patch)
  }
  if (isWatched) return null
  const ticket: Omit<TicketRow, 'number'> = {
    id: newId(),
    brandId: account.brandId,
    accountId: account.id,
    contactId: person.contactId,
    status: 'new',
    priority: 'normal',
    category: null,
    assigneeId: null,
    teamId: null,
    tags: [],
    snoozedUntil: null,
    surface: message.surface,
    version: 0,
    preview: '',
    lastMessageAt: orderedAt,
    unansweredSince: orderedAt,
    resolvedAt: null,
    createdAt: receivedAt,
  }
  changes.newTickets.push(ticket)
  changes.languages.push({ ticketId: ticket.id, language: languageOf(message.text) })
  if (key) known.shared.set(key, ticket.id)
  // The database gives the number; nothing here reads it.
  known.tickets.set(ticket.id, ticket as TicketRow)
  return ticket as TicketRow
}
