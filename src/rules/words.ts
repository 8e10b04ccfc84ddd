/** Looks for the words of a rule in a text: which hit, and which would if they were not denied, a saying, or a quotation. */
import type { RuleMark } from '../wire-rules.ts'
import { quotedFrom, type Span, sentencesOf } from './clauses.ts'
import { negationOf } from './negation.ts'
import { type Plain, plainOf } from './plain.ts'

export interface WordsAsked {
  readonly words: readonly string[]
  readonly except: readonly string[]
  readonly negated: 'skip' | 'count'
}

/** At most so many marks of a text are told. */
const mostMarks = 50
/** Of one word in one text: nobody repeats it oftener and means something else at the end. */
const mostPlaces = 200
/** So far around a word is looked for what denies it: a sentence may be as long as the text. */
const reach = { before: 120, after: 60 }

export function findWords(text: Plain, asked: WordsAsked): { hit: boolean; marks: RuleMark[] } {
  const sentences = sentencesOf(text.text)
  const sayings = asked.except.flatMap((word) => sayingsOf(text.text, word))
  const marks: RuleMark[] = []
  for (const word of asked.words) {
    if (marks.length >= mostMarks) break
    const places = partsOf(word).map((part) => bySentence(sentences, spansOf(text.text, part)))
    const [first, ...others] = places
    for (const [index, spans] of first ?? []) {
      if (others.some((other) => !other.has(index))) continue
      const found = [spans, ...others.map((other) => other.get(index)!)].map((ofPart) =>
        judgeAll(text.text, sentences[index]!, ofPart, sayings, asked.negated),
      )
      marks.push(markOf(text, word, found))
    }
  }
  return { hit: marks.some(({ why }) => why === 'hit'), marks: marks.slice(0, mostMarks) }
}

interface Place extends Span {
  readonly why: RuleMark['why']
  readonly by: string | null
}

/** Of every part its place; why it counts is why the first one does not, or that all do. */
function markOf({ at }: Plain, word: string, found: readonly Place[]): RuleMark {
  const decisive = found.find(({ why }) => why !== 'hit') ?? found[0]!
  const [from, to] = [Math.min(...found.map((one) => one.from)), Math.max(...found.map((one) => one.to))]
  return { word, from: at[from] ?? 0, to: at[to] ?? 0, why: decisive.why, by: decisive.by }
}

/** The first that counts; where none does, the first. */
function judgeAll(
  text: string,
  sentence: Span,
  spans: readonly Span[],
  sayings: readonly Span[],
  negated: WordsAsked['negated'],
): Place {
  let first: Place | null = null
  for (const span of spans) {
    const place = judge(text, sentence, span, sayings, negated)
    if (place.why === 'hit') return place
    first ??= place
  }
  return first!
}

function judge(
  text: string,
  sentence: Span,
  span: Span,
  sayings: readonly Span[],
  negated: WordsAsked['negated'],
): Place {
  const saying = sayings.find(({ from, to }) => from < span.to && to > span.from)
  if (saying) return { ...span, why: 'except', by: text.slice(saying.from, saying.to) }
  const near = {
    from: Math.max(sentence.from, span.from - reach.before),
    to: Math.min(sentence.to, span.to + reach.after),
  }
  const quoted = quotedFrom(text, span.from)
  if (quoted !== null) return { ...span, why: 'quoted', by: quoted }
  const denied = negated === 'skip' ? negationOf(text, near, span) : null
  if (denied !== null) return { ...span, why: 'negated', by: denied }
  return { ...span, why: 'hit', by: null }
}

/** Both in order; a place that lies over the end of a sentence belongs to none. */
function bySentence(sentences: readonly Span[], spans: readonly Span[]): Map<number, Span[]> {
  const found = new Map<number, Span[]>()
  let index = 0
  for (const span of spans) {
    while (index < sentences.length && sentences[index]!.to <= span.from) index += 1
    const sentence = sentences[index]
    if (!sentence || span.to > sentence.to) continue
    found.set(index, [...(found.get(index) ?? []), span])
  }
  return found
}

/** Between the two parts of a saying (`气得 & 冒烟`) stand so many letters at most. */
const gap = 12

function sayingsOf(text: string, word: string): Span[] {
  const [head, tail] = partsOf(word)
  const heads = spansOf(text, head ?? '')
  if (tail === undefined || heads.length === 0) return heads
  const tails = spansOf(text, tail)
  return heads.flatMap(({ from, to }) => {
    const end = tails.find((one) => one.from >= to && one.from - to <= gap)
    return end ? [{ from, to: end.to }] : []
  })
}

/** `a & b`, each as rules read texts. */
function partsOf(word: string): string[] {
  const known = cache.get(word)
  if (known) return known
  const parts = word
    .split('&')
    .map((part) => plainOf(part).text.trim())
    .filter((part) => part !== '' && part !== '*')
  if (cache.size > 20_000) cache.clear()
  cache.set(word, parts)
  return parts
}
const cache = new Map<string, string[]>()

/** Every place of a part. Latin words stand alone, or begin so where they end in `*`. */
function spansOf(text: string, part: string): Span[] {
  const open = part.endsWith('*')
  const word = open ? part.slice(0, -1) : part
  if (word === '') return []
  const spans: Span[] = []
  for (let from = text.indexOf(word); from >= 0 && spans.length < mostPlaces; from = text.indexOf(word, from + 1)) {
    let to = from + word.length
    if (isLatin(word[0]) && isLatin(text[from - 1])) continue
    if (!open && isLatin(word.at(-1)) && isLatin(text[to])) continue
    // The whole word is the hit: what denies it may stand right behind.
    while (open && to - from < 40 && isLatin(text[to])) to += 1
    spans.push({ from, to })
  }
  return spans
}

const isLatin = (letter: string | undefined) => letter !== undefined && /[\p{Script=Latin}\p{N}_]/u.test(letter)
