/** A text as rules read it, and where each of its letters stands in the text as it was written. */
import { simplify } from './han.ts'

export interface Plain {
  readonly text: string
  /** Of each UTF-16 unit of `text`: where it begins in the original. One more at the end. */
  readonly at: readonly number[]
}

/** What is longer is not read further: nobody's complaint is. */
export const mostRead = 10_000

/** Width and case gone, traditional characters made simplified, apostrophes straight, spaces single. */
export function plainOf(original: string): Plain {
  const source = original.slice(0, mostRead)
  const letters: string[] = []
  const at: number[] = []
  let offset = 0
  for (const point of source) {
    for (const letter of fold(point)) {
      if (letter === ' ' && (letters.length === 0 || letters.at(-1) === ' ')) continue
      for (let unit = 0; unit < letter.length; unit += 1) at.push(offset)
      letters.push(letter)
    }
    offset += point.length
  }
  return { text: letters.join(''), at: [...at, offset] }
}

/** Joiners, marks of direction and order, which split words for machines only. */
const unseen = new Set(['\u200b', '\u200c', '\u200d', '\u2060', '\ufe0f', '\ufeff'])

function fold(point: string): string[] {
  if (unseen.has(point)) return []
  if (point === '\n' || point === '\r') return ['\n']
  if (/^\s$/u.test(point)) return [' ']
  if (point === '’' || point === '‘' || point === '`' || point === '´') return ["'"]
  // NFKC makes three full stops of an ellipsis, and they end a sentence; lower case may be two letters.
  return [...point.normalize('NFKC').toLowerCase()].map(simplify)
}
