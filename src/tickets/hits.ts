import { cleanText } from '../channel/text.ts'
import { foldCharacter } from './fold.ts'

/** Of a text, from and to, as JavaScript counts: where a search found it. */
export type Hit = readonly [number, number]

/** More than these nobody looks at. */
const MOST = 50

/** Where the terms of `q` stand in the text, by the same rules as the search finds it: case, width, traditional characters. */
export function hitsOf(text: string, q: string): Hit[] {
  const { folded, places } = foldedOf(text)
  const hits: [number, number][] = []
  for (const term of new Set(cleanText(q).normalize('NFKC').split(/\s+/u))) {
    const wanted = foldedOf(term).folded
    if (wanted === '') continue
    for (
      let at = folded.indexOf(wanted);
      at >= 0 && hits.length < MOST;
      at = folded.indexOf(wanted, at + wanted.length)
    ) {
      hits.push([places[at]![0], places[at + wanted.length - 1]![1]])
    }
  }
  const merged: [number, number][] = []
  for (const [from, to] of hits.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** What search compares, and of each unit of it where it came from. */
function foldedOf(text: string): { readonly folded: string; readonly places: readonly Hit[] } {
  let folded = ''
  const places: Hit[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    for (const low of [...character.normalize('NFKC').toLowerCase()].map(foldCharacter)) {
      folded += low
      for (let unit = 0; unit < low.length; unit += 1) places.push([at, end])
    }
    at = end
  }
  return { folded, places }
}
