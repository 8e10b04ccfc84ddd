/** Choosing rows of the queue by mouse and by keys. */
import { useEffect } from 'react'
import type { QueueQuery } from '../inbox/views.ts'
import { useCommands } from '../keyboard/commands.ts'
import { clearSelection, ranged, select, selected, toggled, useSelection } from './selection.ts'

export const selectionBarId = 'selection-bar'

/** `cursor`: the row the keys are at. Another list begins with nothing chosen. */
export function useSelecting(query: QueueQuery, rows: readonly { readonly id: string }[], cursor: () => string | null) {
  const selection = useSelection()
  // What it asks, not the object: the same list may be asked for anew.
  const list = JSON.stringify(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each list that is shown
  useEffect(() => clearSelection, [list])
  useCommands({
    select: () => {
      const id = cursor() ?? rows[0]?.id
      if (id) select(toggled(selected(), id))
    },
    ...(selection.on
      ? { selectionBar: () => document.getElementById(selectionBarId)?.querySelector<HTMLElement>('button')?.focus() }
      : {}),
  })
  return selection
}

/** A press on a row's box. */
export function pick(id: string, range: boolean, rows: readonly { readonly id: string }[]): void {
  select(
    range
      ? ranged(
          selected(),
          id,
          rows.map((row) => row.id),
        )
      : toggled(selected(), id),
  )
}
