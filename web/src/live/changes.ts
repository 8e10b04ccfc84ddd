/** Which cached things a batch of stream events makes old. Pure. */
import type { PresenceEvent, StreamEvent } from '../api/wire.ts'

export interface Changes {
  /** The stream could not go on where it stopped: everything may be old. */
  readonly all: boolean
  readonly queues: boolean
  readonly accounts: boolean
  readonly mentions: boolean
  readonly tasks: boolean
  readonly notices: boolean
  readonly agents: boolean
  readonly details: ReadonlySet<string>
  readonly messages: ReadonlySet<string>
}

export function changesOf(events: readonly StreamEvent[]): Changes {
  const details = new Set<string>()
  const messages = new Set<string>()
  let [all, queues, accounts, mentions, tasks] = [false, false, false, false, false]
  let [notices, agents] = [false, false]
  for (const { type, ticketId } of events) {
    if (type === 'reset') all = true
    else if (type === 'account') accounts = true
    else if (type === 'mention') mentions = true
    else if (type === 'notice') notices = true
    else if (type === 'agent') agents = true
    else if (ticketId === null || type === 'typing') continue
    else if (type === 'media') messages.add(ticketId)
    else if (type === 'task') {
      tasks = true
      details.add(ticketId)
    } else {
      // A delivery changes the ticket's marks and what is left of its reply window; a message changes everything.
      queues = true
      details.add(ticketId)
      if (type !== 'ticket') messages.add(ticketId)
    }
  }
  return { all, queues, accounts, mentions, tasks, notices, agents, details, messages }
}

/** An event as it comes over the wire; null for what this desk does not know. */
export function readEvent(data: string): StreamEvent | null {
  try {
    const event = JSON.parse(data) as Partial<StreamEvent> | null
    return typeof event?.id === 'string' && typeof event.type === 'string'
      ? { id: event.id, type: event.type, ticketId: event.ticketId ?? null, version: event.version ?? null }
      : null
  } catch {
    return null
  }
}

/** Who is where, as it comes over the wire; null for what this desk does not know. */
export function readPresence(data: string): PresenceEvent | null {
  try {
    const event = JSON.parse(data) as Partial<PresenceEvent> | null
    return event?.type === 'presence' && Array.isArray(event.tickets)
      ? { type: 'presence', all: event.all === true, tickets: event.tickets }
      : null
  } catch {
    return null
  }
}
