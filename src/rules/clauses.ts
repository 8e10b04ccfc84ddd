/** Where sentences and their parts begin and end. A negation reaches to the end of its part, and a quotation to its mark. */

const sentenceEnd = /[。!?！？;；\n…]|\.(?=\s|$)/u
/** Words behind which something else is said. */
const turn =
  /(?:但是|但|不过|可是|却|结果|后来|然而|现在|今天|居然|竟然|反而|只是|就是|(?<![a-z])(?:but|however|although|though|until|yet|because|now|instead|just)(?![a-z]))/gu

export interface Span {
  readonly from: number
  readonly to: number
}

export function sentencesOf(text: string): Span[] {
  return cut(text, (letter, rest) => sentenceEnd.test(letter) && (letter !== '.' || /^\.(?:\s|$|\.)/u.test(rest)))
}

/** The part of its sentence a place is in: between commas and words that turn. A `、` goes on with what was begun. */
export function clauseOf(text: string, sentence: Span, place: number): Span {
  const { from, to } = sentence
  let [begin, end] = [from, to]
  for (let index = from; index < to; index += 1) {
    const letter = text[index]!
    const borders = /[,，:：—()（）]/u.test(letter) || (letter === '-' && /\s/u.test(text[index + 1] ?? ''))
    if (!borders) continue
    if (index < place) begin = index + 1
    else {
      end = index
      break
    }
  }
  turn.lastIndex = begin
  for (let found = turn.exec(text); found && found.index < end; found = turn.exec(text)) {
    if (found.index + found[0].length <= place) begin = found.index + found[0].length
    else if (found.index >= place) {
      end = found.index
      break
    }
  }
  return { from: begin, to: end }
}

function cut(text: string, ends: (letter: string, rest: string) => boolean): Span[] {
  const spans: Span[] = []
  let from = 0
  for (let index = 0; index < text.length; index += 1) {
    if (!ends(text[index]!, text.slice(index, index + 2))) continue
    if (index > from) spans.push({ from, to: index })
    from = index + 1
  }
  if (from < text.length) spans.push({ from, to: text.length })
  return spans
}

const opening = new Set('“「『《')
const closing = new Set('”」』》')
const booklet =
  /(?:说明书|手册|须知|条款|包装|广告|规定|manual|guide|leaflet|booklet|instructions|terms|warning label)[^。!?]{0,24}$/u

/** Is this place inside a quotation from something printed? Returns what was named before it. */
export function quotedFrom(text: string, place: number): string | null {
  const open = openQuote(text, place)
  return open < 0 ? null : (booklet.exec(text.slice(Math.max(0, open - 40), open))?.[0].trim() ?? null)
}

/** A quotation is not looked for further back than this. */
const longest = 300

function openQuote(text: string, place: number): number {
  const end = Math.max(0, place - longest)
  for (let index = place - 1; index >= end; index -= 1) {
    const letter = text[index]!
    if (closing.has(letter)) return -1
    if (opening.has(letter)) return index
    // Straight marks open and close in turn.
    if (letter === '"') return (text.slice(end, index).split('"').length - 1) % 2 === 0 ? index : -1
  }
  return -1
}
