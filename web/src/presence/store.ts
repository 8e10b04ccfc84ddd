/** Who is in which ticket, as the stream last said. */
import { useSyncExternalStore } from 'react'
import type { Presence, PresenceEvent } from '../api/wire.ts'

const nobody: readonly Presence[] = []
let tickets = new Map<string, readonly Presence[]>()
const listeners = new Set<() => void>()

export function applyPresence({ all, tickets: told }: PresenceEvent): void {
  if (all) tickets = new Map()
  for (const { ticketId, people } of told) put(ticketId, people)
  tell()
}

/** What the answer to one's own report said of one ticket. */
export function putPeople(ticketId: string, people: readonly Presence[]): void {
  put(ticketId, people)
  tell()
}

/** Everything, for a page that has just come. */
export function presenceNow(): PresenceEvent {
  return {
    type: 'presence',
    all: true,
    tickets: [...tickets].map(([ticketId, people]) => ({ ticketId, people: [...people] })),
  }
}

export function usePeople(ticketId: string): readonly Presence[] {
  return useSyncExternalStore(listen, () => tickets.get(ticketId) ?? nobody)
}

function put(ticketId: string, people: readonly Presence[]) {
  if (people.length === 0) tickets.delete(ticketId)
  // The same people stay the same object: nothing is drawn anew for them.
  else if (JSON.stringify(people) !== JSON.stringify(tickets.get(ticketId))) tickets.set(ticketId, people)
}

function tell() {
  for (const listener of listeners) listener()
}

function listen(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
