/** Which conversations of the queue are chosen: one by one, or all that the list has. */
import { useSyncExternalStore } from 'react'
import type { QueueQuery } from '../inbox/views.ts'

/** As many as one request takes by name. */
export const mostChosen = 200

export interface Selection {
  /** Check boxes are shown. */
  readonly on: boolean
  readonly ids: ReadonlySet<string>
  /** Where a range goes on from. */
  readonly anchor: string | null
  /** Everything the list has, also what was not loaded. */
  readonly all: { readonly query: QueueQuery; readonly count: number } | null
}

export const nothing: Selection = { on: false, ids: new Set(), anchor: null, all: null }

/** Turns one round. Pure. */
export function toggled(now: Selection, id: string): Selection {
  const ids = new Set(now.ids)
  if (!ids.delete(id)) ids.add(id)
  return { on: now.on || ids.size > 0, ids: first(ids), anchor: id, all: null }
}

/** From the anchor to this one, both with it, as they stand in the list. Pure. */
export function ranged(now: Selection, id: string, shown: readonly string[]): Selection {
  const [from, to] = [shown.indexOf(now.anchor ?? ''), shown.indexOf(id)]
  if (from === -1 || to === -1) return toggled(now, id)
  const between = shown.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { on: true, ids: first(new Set([...now.ids, ...between])), anchor: id, all: null }
}

const first = (ids: ReadonlySet<string>) => (ids.size > mostChosen ? new Set([...ids].slice(0, mostChosen)) : ids)

let selection = nothing
const listeners = new Set<() => void>()

export function select(next: Selection): void {
  selection = next
  for (const listener of listeners) listener()
}
export const selected = () => selection
export const clearSelection = () => select(nothing)

export function useSelection(): Selection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => selection,
  )
}
