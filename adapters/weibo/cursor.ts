/**
 * How far a list was read. Lists come newest first, a page at a time, so one reading may take several calls, and the process
 * may die between them: what is done is told apart from what is under way.
 */

export interface Cursor {
  /** Everything up to this id is stored, but for what appeared late. */
  readonly since: string
  /** While a reading is under way: the newest id it saw, and the id from which the next page goes down. */
  readonly run: { readonly top: string; readonly max: string } | null
  /** Where the first reading stood: what is older is never read. */
  readonly base: string
  /** When the list was last asked for, in milliseconds. */
  readonly at: number
}

export function readCursor(text: string | null): Cursor | null {
  if (text === null) return null
  const [since = '', top = '', max = '', base = '', at = ''] = text.split(' ')
  if (!isId(since) || !isId(base)) return null
  const asked = Number(at)
  return { since, run: isId(top) && isId(max) ? { top, max } : null, base, at: Number.isFinite(asked) ? asked : 0 }
}

export function writeCursor({ since, run, base, at }: Cursor): string {
  return [since, run?.top ?? '-', run?.max ?? '-', base, at].join(' ')
}

const isId = (text: string): boolean => /^\d{1,20}$/u.test(text)

export const isNewer = (id: string, than: string): boolean => BigInt(id) > BigInt(than)
const less = (id: string, by: bigint): string => (BigInt(id) > by ? String(BigInt(id) - by) : '0')

/**
 * An id counts seconds above its 22nd bit. Weibo says of a busy hour that a post may take one or two minutes to appear (20032), and
 * then it appears below newer ones: so five minutes are read again each time. What comes twice is stored once. [U] the bits: were
 * they others, more or less would be read again, and nothing else.
 */
const overlap = 300n << 22n

/** What is asked for and taken: everything above it. */
export function floorOf({ since, base }: Cursor): string {
  const late = less(since, overlap)
  return isNewer(late, base) ? late : base
}

/**
 * `since_id` gives what is strictly newer. At least one less than what is stored is asked for, so that the page which reaches down
 * to it shows it: a full page, a short one (Weibo takes out what was deleted after counting) and the last one look alike otherwise,
 * and the call that finds an empty page is one of a hundred a day. Null: from the beginning.
 */
export function sinceId(cursor: Cursor): string | null {
  const [floor, justBefore] = [floorOf(cursor), less(cursor.since, 1n)]
  const since = isNewer(floor, justBefore) ? justBefore : floor
  return since === '0' ? null : since
}

/**
 * The cursor after a page, and whether there is more. `ids` are those of the page in (since, max]; `reached`: the page went down
 * to what is stored already.
 */
export function afterPage(cursor: Cursor, ids: readonly string[], reached: boolean, at: number): [Cursor, boolean] {
  const sorted = ids.toSorted((a, b) => (isNewer(a, b) ? -1 : 1))
  const [newest, oldest] = [sorted[0], sorted.at(-1)]
  const top = cursor.run?.top ?? newest ?? cursor.since
  if (reached || newest === undefined || oldest === undefined) return [{ ...cursor, since: top, run: null, at }, false]
  // `max_id` is inclusive.
  return [{ ...cursor, run: { top, max: less(oldest, 1n) }, at }, true]
}
