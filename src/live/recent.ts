/** The newest events of the stream, in memory, ready to be written. */
import { compare, type Position } from './position.ts'
import type { StreamRow } from './read.ts'

/** What one write to a connection carries at most. */
export const mostEvents = 256
const mostBytes = 64 * 1024

/** What to send next. `position` is where the connection stands once that is sent. */
export interface Batch {
  /** Empty: nothing for these brands, only the position moved. */
  readonly text: string
  readonly position: Position
}

export interface Framed {
  readonly row: StreamRow
  /** As it is written. */
  readonly frame: string
}

export interface Recent {
  /** Everything up to here was read; null: not begun. */
  position(): Position | null
  begin(at: Position): void
  /** The rows between the position and `to`. */
  add(list: readonly Framed[], to: Position): void
  forget(): void
  /** Null: `at` is older than what is kept. */
  after(at: Position, brandIds: readonly string[] | null): Batch | null
}

/** Keeps at most `keep` events, about 300 bytes each. */
export function createRecent(keep: number): Recent {
  /** Events in (`from`, `position`], the newest last. */
  let kept: Framed[] = []
  let from: Position | null = null
  let position: Position | null = null
  /** Texts, shared by the connections that stand at the same place with the same brands: nearly always all. */
  const shared = new Map<string, Batch>()
  const mostShared = 32

  return {
    position: () => position,
    begin(at) {
      from = at
      position = at
    },
    add(list, to) {
      kept = [...kept, ...list]
      if (kept.length > keep) {
        const dropped = kept.length - keep
        from = kept[dropped - 1]!.row
        kept = kept.slice(dropped)
      }
      position = to
      shared.clear()
    },
    forget() {
      kept = []
      from = null
      position = null
      shared.clear()
    },
    after(at, brandIds) {
      if (!from || !position || compare(at, from) < 0) return null
      const key = `${at.xid}.${at.id} ${brandIds?.join() ?? '*'}`
      const known = shared.get(key)
      if (known) return known
      const batch = toBatch(kept, firstAfter(kept, at), brandIds, position)
      if (shared.size === mostShared) shared.clear()
      shared.set(key, batch)
      return batch
    },
  }
}

/** Frames from `index` on, as many as one write may carry; `end` is where the list ends. */
export function toBatch(
  list: readonly Framed[],
  index: number,
  brandIds: readonly string[] | null,
  end: Position,
): Batch {
  const texts: string[] = []
  let bytes = 0
  for (let at = index; at < list.length; at += 1) {
    const { row, frame } = list[at]!
    if (brandIds && !brandIds.includes(row.brandId)) continue
    // Frames are ASCII: ids, names of types and numbers.
    if (texts.length === mostEvents || bytes + frame.length > mostBytes) {
      return { text: texts.join(''), position: list[at - 1]!.row }
    }
    texts.push(frame)
    bytes += frame.length
  }
  return { text: texts.join(''), position: end }
}

/** Index of the first row after `at`; the list is sorted. */
function firstAfter(list: readonly Framed[], at: Position): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(list[middle]!.row, at) > 0) high = middle
    else low = middle + 1
  }
  return low
}
