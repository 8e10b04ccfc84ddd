/** A text with what was looked for marked in it; of a long one, what stands around the first place. Pure. */
export interface Piece {
  readonly text: string
  readonly isHit: boolean
}

const LONG = 320
const BEFORE = 80

export function piecesOf(
  text: string,
  hits: readonly (readonly [number, number])[],
  whole: boolean,
): { readonly pieces: readonly Piece[]; readonly isCut: boolean } {
  const first = hits[0]?.[0] ?? 0
  const cuts = !whole && text.length > LONG
  const from = cuts ? edge(text, Math.max(0, Math.min(first - BEFORE, text.length - LONG))) : 0
  const to = cuts ? edge(text, Math.min(text.length, from + LONG)) : text.length
  const pieces: Piece[] = []
  const add = (start: number, end: number, isHit: boolean) => {
    if (end > start) pieces.push({ text: text.slice(start, end), isHit })
  }
  let at = from
  for (const [start, end] of hits) {
    if (end <= from || start >= to) continue
    add(at, Math.max(start, from), false)
    add(Math.max(start, from), Math.min(end, to), true)
    at = Math.min(end, to)
  }
  add(at, to, false)
  if (from > 0) pieces.unshift({ text: '…', isHit: false })
  if (to < text.length) pieces.push({ text: '…', isHit: false })
  return { pieces, isCut: cuts }
}

/** Never between the halves of a character. */
function edge(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
