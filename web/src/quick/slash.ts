/** The `/` an agent is writing behind, and what it finds. Pure. */
import type { QuickReply } from '../api/wire.ts'

export interface Slash {
  /** Where the `/` stands. */
  readonly start: number
  /** What was written behind it, up to the caret. */
  readonly query: string
}

const mostLetters = 30

/**
 * The one the caret stands behind; null where there is none. It begins a word: after a space, a new line, or Han and its
 * marks, which no space follows. So neither dates nor addresses of the web are meant.
 */
export function slashAt(text: string, caret: number): Slash | null {
  const found = /(?:^|[\s\p{Script=Han}，。！？、；：）】》”…])\/(?<query>[^\s/]*)$/u.exec(text.slice(0, caret))
  const query = found?.groups?.query
  if (query === undefined || query.length > mostLetters) return null
  return { start: caret - query.length - 1, query }
}

/** Those that fit, the best first: by the shortcut's beginning, then by name, then by text. */
export function findQuick(replies: readonly QuickReply[], query: string): QuickReply[] {
  const wanted = fold(query)
  if (wanted === '') return [...replies]
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank < 5)
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply)
}

function rankOf({ shortcut, title, zh, en }: QuickReply, wanted: string): number {
  if (fold(shortcut) === wanted) return 0
  if (fold(shortcut).startsWith(wanted)) return 1
  if (fold(title).startsWith(wanted)) return 2
  if (fold(`${shortcut}\n${title}`).includes(wanted)) return 3
  return fold(`${zh}\n${en}`).includes(wanted) ? 4 : 5
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase()
