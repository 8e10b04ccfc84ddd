/** What is known of a feed between two reads. No address in it holds the access key. */
import { list, text } from './values.ts'

export interface Seen {
  /** Of the feed's own id; of link, title and date; of the text; of the text without figures; of the link; the date. */
  readonly own: string
  readonly content: string
  readonly text: string
  readonly words: string
  readonly link: string
  readonly date: string
  /** How its message was called. */
  readonly by: 'own' | 'content'
}

export interface Cursor {
  /** Where it moved for good; null: where the settings say. */
  readonly moved: string | null
  readonly etag: string | null
  readonly modified: string | null
  /** The feed said that it is over, or 410. */
  readonly over: boolean
  /** It uses one id for several items. */
  readonly reuses: boolean
  readonly seen: readonly Seen[]
}

export const maxSeen = 1500
const parts = ['own', 'content', 'text', 'words', 'link', 'date', 'by'] as const

export function writeCursor({ seen, ...cursor }: Cursor): string {
  return JSON.stringify({
    ...cursor,
    seen: seen.slice(0, maxSeen).map((one) => parts.map((part) => one[part]).join(' ')),
  })
}

/** Null: none, or none of this adapter: the next read is a first one. */
export function readCursor(written: string | null): Cursor | null {
  if (written === null) return null
  try {
    const { moved, etag, modified, over, reuses, seen } = JSON.parse(written) as Record<string, unknown>
    return {
      moved: text(moved),
      etag: text(etag),
      modified: text(modified),
      over: over === true,
      reuses: reuses === true,
      seen: list(seen).flatMap((line) => {
        const [own = '', content = '', words0 = '', words = '', link = '', date = '', by] = String(line).split(' ')
        return content === ''
          ? []
          : [{ own, content, text: words0, words, link, date, by: by === 'content' ? 'content' : 'own' }]
      }),
    }
  } catch {
    return null
  }
}
