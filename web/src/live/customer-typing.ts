/** Which customers are typing now. Told by the stream, and true for a few seconds. */
import { useSyncExternalStore } from 'react'

const shownMs = 6_000
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const listeners = new Set<() => void>()

function changed() {
  for (const listener of listeners) listener()
}

export function customerTypes(ticketId: string): void {
  clearTimeout(timers.get(ticketId))
  const isNew = !timers.has(ticketId)
  timers.set(
    ticketId,
    setTimeout(() => customerIsSilent(ticketId), shownMs),
  )
  if (isNew) changed()
}

/** What they typed has come, or they stopped. */
export function customerIsSilent(ticketId: string): void {
  clearTimeout(timers.get(ticketId))
  if (timers.delete(ticketId)) changed()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useCustomerTyping = (ticketId: string): boolean =>
  useSyncExternalStore(subscribe, () => timers.has(ticketId))
