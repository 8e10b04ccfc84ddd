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

let latest = 0

/**
 * Puts the focus on a row that may not be drawn yet: the list draws only what is in sight. A row that was just drawn may be
 * drawn anew while the list measures itself, so the focus is given until it stays. The last call wins.
 */
export function focusRow(
  list: VirtualizerHandle | null,
  index: number,
  id: string,
  name: 'ticket' | 'mention' = 'ticket',
): void {
  latest += 1
  const mine = latest
  let hadIt = false
  const tryAgain = (tries: number, stayed: number) => {
    if (mine !== latest || tries === 0 || stayed === 4) return
    const row = document.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(id)}"]`)
    const stays = row !== null && row === document.activeElement
    // A row that is taken away leaves the focus to the page; anywhere else, somebody has gone on.
    if (hadIt && !stays && document.activeElement !== document.body) return
    hadIt ||= stays
    if (!row) list?.scrollToIndex(index, { align: 'nearest' })
    else if (!stays) {
      row.focus({ preventScroll: true })
      row.scrollIntoView({ block: 'nearest' })
    }
    requestAnimationFrame(() => tryAgain(tries - 1, stays ? stayed + 1 : 0))
  }
  tryAgain(30, 0)
}
