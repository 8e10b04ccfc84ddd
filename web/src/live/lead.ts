/** Which tab speaks for all of them: the one that reads the stream. And what it hears. */
import type { StreamEvent } from '../api/wire.ts'

let leads = false
const listeners = new Set<(type: StreamEvent['type']) => void>()

export function setLead(next: boolean): void {
  leads = next
}

export const isLeading = (): boolean => leads

export function heard(type: StreamEvent['type']): void {
  for (const listener of listeners) listener(type)
}

export function onHeard(listener: (type: StreamEvent['type']) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
