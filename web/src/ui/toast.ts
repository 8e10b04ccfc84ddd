/** Short words about something that just happened, with at most one thing to do about it. */
import { useSyncExternalStore } from 'react'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'danger'
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly durationMs: number
}

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** What needs an answer or tells of a failure stays longer. */
export function toast(text: string, options: Partial<Pick<Toast, 'tone' | 'action' | 'durationMs'>> = {}): void {
  const { tone = 'plain', action } = options
  const durationMs = options.durationMs ?? (action || tone === 'danger' ? 12_000 : 5_000)
  // Only the newest few: a desk that lost its network would pile them up.
  set([...toasts.slice(-2), { id: nextId++, text, tone, durationMs, ...(action ? { action } : {}) }])
}

export function dismiss(id: number): void {
  set(toasts.filter((other) => other.id !== id))
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
