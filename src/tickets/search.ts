/**
 * Search in Chinese and English without an extension of the database: tokens made here, a `tsvector` with a GIN index,
 * then a recheck of the text itself, because tokens may match apart from one another.
 *
 * Every substring of a message finds it. Tokens of a run of Han, Kana or Hangul are its pairs and its single characters;
 * of a run of other letters and digits the three characters from each place, shorter at its end (`refund`: `ref efu fun
 * und nd d`), so that the last digits of an order number are found too; any other character is one by itself.
 */

import type { AnyColumn } from 'drizzle-orm'
import { type SQL, sql } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import { nameVector } from '../db/schema.ts'
import { foldCharacter, variantsOf } from './fold.ts'

/** Different tokens kept of one text. A message of 4,096 Han characters has fewer; a tsvector holds 1 MB. */
export const MAX_TOKENS = 10_000
/** Tokens asked of the index; the recheck sees to the rest of a long query. */
const MAX_QUERY_TOKENS = 24

const ideographic =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u30fc]$/u
const wordlike = /^[\p{L}\p{M}\p{N}]$/u
const blank = /^\s$/u

type Kind = 'ideographic' | 'word' | 'sign'
interface Run {
  readonly kind: Kind
  readonly characters: string[]
}

/** What a character is depends on nothing around it: the runs of a substring are parts of the whole text's runs. */
function runsOf(text: string): Run[] {
  const runs: Run[] = []
  let open: Run | null = null
  for (const character of cleanText(text).normalize('NFKC')) {
    const { kind, folded } = traitsOf(character)
    if (kind === 'blank') {
      open = null
      continue
    }
    if (!open || open.kind !== kind || kind === 'sign') {
      open = { kind, characters: [] }
      runs.push(open)
    }
    for (const character of folded) open.characters.push(character)
  }
  return runs
}

interface Traits {
  readonly kind: Kind | 'blank'
  /** Lower case by character, as that of a whole text looks at neighbours; one may become several. */
  readonly folded: readonly string[]
}
/** Of the basic plane, so that it is bounded. Measured: 4 times faster than asking the patterns each time. */
const known = new Map<string, Traits>()

function traitsOf(character: string): Traits {
  const found = known.get(character)
  if (found) return found
  const kind = blank.test(character)
    ? 'blank'
    : ideographic.test(character)
      ? 'ideographic'
      : wordlike.test(character)
        ? 'word'
        : 'sign'
  const traits = { kind, folded: [...character.toLowerCase()].map(foldCharacter) } as const
  if (character.length === 1) known.set(character, traits)
  return traits
}

/** Different tokens of a text to be found, at most {@link MAX_TOKENS}. */
export function searchTokens(text: string): string[] {
  const tokens = new Set<string>()
  for (const { kind, characters } of runsOf(text)) {
    for (let at = 0; at < characters.length; at++) {
      if (tokens.size >= MAX_TOKENS) return [...tokens].slice(0, MAX_TOKENS)
      const pair = characters[at]! + (characters[at + 1] ?? '')
      tokens.add(kind === 'word' ? pair + (characters[at + 2] ?? '') : pair)
      if (kind === 'ideographic') tokens.add(characters[at]!)
    }
  }
  return [...tokens]
}

/** The text's tokens as PostgreSQL reads a `tsvector`. Of the text that is shown: written again with every edit. */
export function searchVector(text: string): string {
  return searchTokens(text).map(lexeme).join(' ')
}

/** One search: what the index of messages is asked, and what is asked of each text it names. */
export interface Search {
  /** Quick, and now and then wrong: tokens may stand apart. */
  readonly matches: (vector: AnyColumn | SQL) => SQL
  /** Exact and slow: every term is in the text, in any order. */
  readonly contains: (text: AnyColumn | SQL) => SQL
  /** Exact and quick for names, where `nameVector` of the same expression has an index. */
  readonly isName: (name: SQL) => SQL
}

/** Spaces separate terms. Null: there is nothing to look for. */
export function searchFor(q: string): Search | null {
  const terms = termsOf(q)
  if (terms.length === 0) return null
  const ofMessage = tsquery(q)
  const ofName = nameQuery(terms)
  return {
    matches: (vector) => sql`${vector} @@ ${ofMessage}::tsquery`,
    contains: (text) => containsAll(terms, text),
    isName: (name) => sql`(${nameVector(name)} @@ ${ofName}::tsquery and ${containsAll(terms, name)})`,
  }
}

/** All characters of the terms, anywhere: names are short, so that is rare enough. */
function nameQuery(terms: readonly string[]): string {
  const parts = [...new Set(terms.join(''))].map((character) => {
    const low = character.toLowerCase()
    // As it is written too: a database whose locale knows only ASCII leaves É as it is.
    const ways = new Set([...[...low].flatMap((one) => variantsOf(foldCharacter(one))), character])
    return `(${[...ways].map(lexeme).join(' | ')})`
  })
  return parts.slice(0, MAX_QUERY_TOKENS).join(' & ')
}

/** What the index is asked, as PostgreSQL reads a `tsquery`. */
export function tsquery(q: string): string {
  const parts = new Set<string>()
  for (const { kind, characters } of runsOf(q)) {
    const width = kind === 'word' ? 3 : kind === 'ideographic' ? 2 : 1
    // Shorter than a token: any token that begins so. Single ideographs are tokens of their own.
    if (characters.length < width) {
      parts.add(lexeme(characters.join('')) + (kind === 'word' ? ':*' : ''))
    }
    for (let at = 0; at + width <= characters.length; at++) parts.add(lexeme(characters.slice(at, at + width).join('')))
  }
  return [...parts].slice(0, MAX_QUERY_TOKENS).join(' & ')
}

/** Only signs, which are one character long, can be a quote or a backslash. */
const lexeme = (token: string) => (token === "'" ? "''''" : token === '\\' ? "'\\\\'" : `'${token}'`)

const termsOf = (q: string) =>
  cleanText(q)
    .normalize('NFKC')
    .split(/\s+/u)
    .filter((term) => term !== '')

/** Both sides go through the database's own `lower`: a locale that knows only ASCII still finds what it should. */
function containsAll(terms: readonly string[], text: AnyColumn | SQL): SQL {
  const shown = sql`lower(normalize(${text}, NFKC))`
  return sql`(${sql.join(
    terms.map((term) => {
      const pattern = patternOf(term)
      return pattern === null ? sql`strpos(${shown}, lower(${term})) > 0` : sql`${shown} ~ lower(${pattern})`
    }),
    sql` and `,
  )})`
}

/** A regular expression where a character may be written in several ways; null where plain text will do. */
function patternOf(term: string): string | null {
  let several = false
  let pattern = ''
  for (const character of term) {
    const ways = variantsOf(foldCharacter(character.toLowerCase()))
    if (ways.length > 1) {
      several = true
      pattern += `[${ways.join('')}]`
    } else {
      pattern += /[\p{L}\p{N}]/u.test(character)
        ? character
        : `[${'\\^]['.includes(character) ? '\\' : ''}${character}]`
    }
  }
  return several ? pattern : null
}
