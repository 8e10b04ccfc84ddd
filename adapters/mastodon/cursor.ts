/** What one poll hands to the next. It is stored with the events, so what it says was read is stored too. */
import { z } from 'zod'
import { compareIds } from './ids.ts'

/** A post that came in: its conversation for the answers below it, and how it read, to notice an edit. */
export const Seen = z.object({
  id: z.string(),
  root: z.string(),
  editedAt: z.string().nullable(),
})
export type Seen = z.infer<typeof Seen>

export const Cursor = z.object({
  /**
   * Read on from here: the newest notification of the poll before. One poll's worth is read twice, because a server numbers
   * notifications before it commits them, and a lower number can appear after a higher one.
   */
  after: z.string(),
  newest: z.string(),
  /** When posts were last looked at for edits; milliseconds. */
  lookedAt: z.number(),
  seen: z.array(Seen),
})
export type Cursor = z.infer<typeof Cursor>

/** One spelling for a time, so that it can be compared. */
export const stamp = (time: string | Date | null | undefined): string | null =>
  time ? new Date(time).toISOString() : null

export const readCursor = (text: string): Cursor => Cursor.parse(JSON.parse(text))

/** Enough for the conversations that are going on; the others are asked for. */
const seenMax = 100

export function remember(seen: readonly Seen[], fresh: readonly Seen[]): Seen[] {
  const ids = new Set(fresh.map(({ id }) => id))
  return [...seen.filter(({ id }) => !ids.has(id)), ...fresh].slice(-seenMax)
}

/** After a page: a full one is followed by the next, the last one leaves its notifications to be read once more. */
export function moveOn(cursor: Cursor, ids: readonly string[], isFull: boolean): Pick<Cursor, 'after' | 'newest'> {
  const newest = [cursor.newest, ...ids].toSorted(compareIds).at(-1)!
  return { after: isFull ? newest : cursor.newest, newest }
}
