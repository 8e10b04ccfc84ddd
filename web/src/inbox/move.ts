/** Moving through the queue by keys. */
import type { VirtualizerHandle } from 'virtua'

/** The row `step` away from the one named; the first one when none is named or it is not there. Null at the ends. */
export function neighbour<T extends { readonly id: string }>(
  rows: readonly T[],
  id: string | null,
  step: 1 | -1,
): T | null {
  const index = rows.findIndex((row) => row.id === id)
  if (index === -1) return (step === 1 ? rows[0] : null) ?? null
  return rows[index + step] ?? null
}

/** Puts the focus on a row that may not be drawn yet: the list draws only what is in sight. */
export function focusRow(list: VirtualizerHandle | null, index: number, id: string, tries = 10): void {
  const row = document.querySelector<HTMLElement>(`[data-ticket="${CSS.escape(id)}"]`)
  if (row) {
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'nearest' })
  } else if (tries > 0) {
    list?.scrollToIndex(index, { align: 'nearest' })
    requestAnimationFrame(() => focusRow(list, index, id, tries - 1))
  }
}
