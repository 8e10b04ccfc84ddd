/**
 * Nothing moves under the pointer. While the list is held, rows stay where they are: their contents go on changing, rows
 * that left the view stay until the hold ends, and what is new waits above, counted. Pure.
 */
export interface HeldList<T> {
  readonly rows: readonly T[]
  /** Rows that would come, go or move if the hold ended now. */
  readonly pending: number
}

export function holdOrder<T extends { readonly id: string }>(shown: readonly T[], fresh: readonly T[]): HeldList<T> {
  const byId = new Map(fresh.map((row) => [row.id, row]))
  const rows = shown.map((row) => byId.get(row.id) ?? row)
  const known = new Set(shown.map((row) => row.id))
  const lastShown = fresh.findLastIndex((row) => known.has(row.id))
  // Behind the last row that is shown comes the next page: growing there moves nothing.
  const tail = fresh.slice(lastShown + 1)
  const kept = fresh.slice(0, lastShown + 1)
  const places = new Map(shown.filter((row) => byId.has(row.id)).map((row, index) => [row.id, index]))
  const stayed = kept.filter((row) => known.has(row.id))
  const moved = stayed.filter((row, index) => places.get(row.id) !== index)
  // One row that jumps to the top shifts all below it by one; only rows that overtook another count.
  const overtaking = moved.filter((row) =>
    stayed.slice(stayed.indexOf(row) + 1).some((later) => places.get(later.id)! < places.get(row.id)!),
  )
  const came = kept.length - stayed.length
  const gone = shown.length - stayed.length
  return { rows: tail.length > 0 ? [...rows, ...tail] : rows, pending: came + gone + overtaking.length }
}
