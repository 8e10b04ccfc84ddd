/** A customer's "1", "yes" or "my ticket", read as what it is. */
import { answeredItem } from '../automatic/answer.ts'
import type { InboundMessage } from '../channel/events.ts'
import { newId } from '../db/id.ts'
import type { Changes } from './changes.ts'
import { at, type Identity } from './identify.ts'
import type { Known, ThreadRow, TicketRow } from './known.ts'
import type { Reading } from './readings.ts'
import { sharedKey } from './shared-ticket.ts'
import type { Incoming } from './take-keys.ts'

/**
 * Null: an ordinary message. An answer belongs to the ticket it was asked about, as it stands now: one that was reopened
 * meanwhile is talked about, not rated. "My ticket" belongs to the newest there is; with none it waits as a mention.
 */
export function readingOf(
  { account }: Incoming,
  thread: ThreadRow,
  person: Identity,
  message: InboundMessage,
  known: Known,
):
  | { readonly ticket: TicketRow; readonly question: NonNullable<Reading['question']>; readonly answer: number }
  | { readonly ticket: TicketRow | null; readonly question: null; readonly answer: null }
  | null {
  const reading = known.readings.get(at(account.id, message.externalId))
  if (!reading) return null
  const current = thread.currentTicketId ? known.tickets.get(thread.currentTicketId) : undefined
  const { question, words } = reading
  const answer = question ? words.answers[question.kind] : undefined
  if (question && answer !== undefined && current?.id === question.ticketId) {
    const isAsked = current.status === 'resolved' || (question.kind === 'satisfaction' && current.status === 'closed')
    return isAsked ? { ticket: current, question, answer } : null
  }
  if (!words.asksForTicket || !reading.answersLookup) return null
  const shared = known.shared.get(sharedKey(account, message, person) ?? '')
  const ticket = current ?? (shared ? known.tickets.get(shared) : undefined) ?? null
  return { ticket, question: null, answer: null }
}

export function takeReading(
  reading: NonNullable<ReturnType<typeof readingOf>>,
  of: {
    readonly id: string
    readonly thread: ThreadRow
    readonly ticket: TicketRow
    readonly at: Date
    readonly receivedAt: Date
  },
  changes: Changes,
): void {
  const { id: messageId, thread, ticket, receivedAt: dueAt } = of
  const { id: ticketId, accountId, version } = ticket
  if (reading.question === null) {
    const payload = { ticketId, threadId: thread.id, version }
    changes.due.push({ kind: 'automatic.lookup', subject: messageId, accountId, dueAt, payload })
    return
  }
  const { id: questionId, kind } = reading.question
  const answer = { id: newId(), questionId, ticketId, kind, value: reading.answer, messageId, at: of.at }
  changes.answers.push({ ...answer, comment: null, via: 'chat' })
  changes.due.push(answeredItem(ticketId, accountId, dueAt))
}
