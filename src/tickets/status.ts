/** What moves a ticket from one status to another. Pure: the callers hold the row's lock and write the patch. */
import type { TicketStatus } from '../db/schema.ts'

/** The part of a ticket these rules read and write. */
export interface TicketState {
  readonly status: TicketStatus
  readonly snoozedUntil: Date | null
  readonly resolvedAt: Date | null
  /** The customer's first message nobody has answered yet. */
  readonly unansweredSince: Date | null
}

/** Only the fields that change; empty when nothing does. */
export type StatePatch = Partial<TicketState>

/**
 * A customer's message arrives for the thread's current ticket. `at` is the message's `orderedAt`: a message the
 * platform held back for days counts from when it was written. `new`: open another ticket for it.
 *
 * - `new` and `open` stay; `waiting_customer` and `waiting_other` become `open`; a snoozed ticket wakes.
 * - `resolved` reopens when the message was written within `reopenWithinMs` of the resolution (0: never).
 * - `closed` never reopens.
 */
export function afterInbound(
  ticket: TicketState,
  at: Date,
  reopenWithinMs: number,
): { readonly kind: 'same'; readonly patch: StatePatch } | { readonly kind: 'new' } {
  if (ticket.status === 'closed') return { kind: 'new' }
  if (ticket.status === 'resolved' && !reopens(ticket.resolvedAt, at, reopenWithinMs)) return { kind: 'new' }
  const since = ticket.unansweredSince
  return {
    kind: 'same',
    patch: changesOf(ticket, {
      status: ticket.status === 'new' ? 'new' : 'open',
      snoozedUntil: null,
      resolvedAt: null,
      // A message that comes late may be the earlier one of two.
      unansweredSince: since && since <= at ? since : at,
    }),
  }
}

function reopens(resolvedAt: Date | null, at: Date, reopenWithinMs: number): boolean {
  if (reopenWithinMs <= 0) return false
  return resolvedAt === null || at.getTime() - resolvedAt.getTime() <= reopenWithinMs
}

/**
 * A reply was written. A person's answers the customer: `new` and `open` become `waiting_customer` and the clock
 * stops. `waiting_other` stays, because "we are still on it" leaves us waiting for the same third party; a last word on
 * a `resolved` or `closed` ticket reopens nothing; a snooze set before the answer holds. Automatic replies change nothing.
 */
export function afterReply(ticket: TicketState, reply: { readonly automatic: boolean }): StatePatch {
  if (reply.automatic) return {}
  const answered = ticket.status === 'new' || ticket.status === 'open'
  return changesOf(ticket, { status: answered ? 'waiting_customer' : ticket.status, unansweredSince: null })
}

/** A reply was planned that a person has to carry out: somebody works on the ticket, and the customer waits on. */
export function afterPlan(ticket: TicketState): StatePatch {
  return changesOf(ticket, { status: ticket.status === 'new' ? 'open' : ticket.status })
}

/** The last department that was waited for has spoken: somebody looks at it now. */
export function afterTask(ticket: TicketState): StatePatch {
  if (ticket.status !== 'waiting_other') return {}
  return changesOf(ticket, { status: 'open', snoozedUntil: null })
}

/**
 * A person's reply was undone, failed or was dropped: the ticket returns to the agent. `unansweredSince` is what is
 * unanswered without it (`readUnansweredSince`). A `closed` ticket stays closed; the failed delivery itself is listed.
 */
export function afterLostReply(ticket: TicketState, unansweredSince: Date | null): StatePatch {
  if (ticket.status === 'closed') return {}
  return changesOf(ticket, {
    status: ticket.status === 'new' || ticket.status === 'waiting_other' ? ticket.status : 'open',
    snoozedUntil: null,
    resolvedAt: null,
    unansweredSince,
  })
}

/**
 * A person sets the status; every status may follow every other. Finishing (`resolved`, `closed`) stops the clock and
 * ends the snooze. `unansweredSince` is what is unanswered now: taken up again when a finished ticket is reopened.
 */
export function afterStatusChange(
  ticket: TicketState,
  status: TicketStatus,
  now: Date,
  unansweredSince: Date | null,
): StatePatch {
  if (isFinished(status)) {
    return changesOf(ticket, {
      status,
      snoozedUntil: null,
      resolvedAt: isFinished(ticket.status) ? (ticket.resolvedAt ?? now) : now,
      unansweredSince: null,
    })
  }
  if (isFinished(ticket.status)) return changesOf(ticket, { status, resolvedAt: null, unansweredSince })
  return changesOf(ticket, { status })
}

export function isFinished(status: TicketStatus): boolean {
  return status === 'resolved' || status === 'closed'
}

/** `wanted` without what is so already: an empty patch means that there is nothing to write and nobody to tell. */
function changesOf(ticket: TicketState, wanted: StatePatch): StatePatch {
  const entries = Object.entries(wanted).filter(([key, value]) => {
    const present = ticket[key as keyof TicketState]
    return value instanceof Date && present instanceof Date ? value.getTime() !== present.getTime() : value !== present
  })
  return Object.fromEntries(entries)
}
