/** Finds the addresses in a text. Only http and https become links; everything else stays text. Pure. */
export type Piece = { readonly text: string } | { readonly text: string; readonly href: string }

/** Up to white space, quotes, or the punctuation and letters of Chinese: 见https://a.cn/b，谢谢 */
const address = /https?:\/\/[^\s<>"'`“”‘’«»\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]+/giu

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0])
    const href = hrefOf(found)
    if (!href) continue
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push({ text: found, href })
    end = match.index + found.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}

/** A sentence's own punctuation is not part of the address, nor is a bracket that was opened before it. */
function trimEnd(found: string): string {
  let rest = found
  for (;;) {
    const last = rest.at(-1)!
    const isLooseBracket =
      (last === ')' && count(rest, ')') > count(rest, '(')) || (last === ']' && count(rest, ']') > count(rest, '['))
    if (!/[.,;:!?*_~|]/u.test(last) && !isLooseBracket) return rest
    rest = rest.slice(0, -1)
    if (rest === '') return rest
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

function hrefOf(found: string): string | null {
  const url = URL.parse(found)
  return url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.href : null
}
