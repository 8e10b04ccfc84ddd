/** What a rule asks, kind by kind. Each says whether it holds, and what in the text is why. */
import type { RuleCondition, RuleMark } from '../wire-rules.ts'
import type { Patterns } from './pattern.ts'
import type { Plain } from './plain.ts'
import { RuleFailed } from './rule-failed.ts'
import { findWords } from './words.ts'

/** A message and its ticket, as conditions see them. */
export interface Asked {
  readonly original: string
  readonly text: Plain
  readonly channel: string | null
  readonly surface: 'direct' | 'public'
  /** Null: not known. */
  readonly followers: number | null
  readonly language: string
  readonly at: Date
  /** So many tickets of this person in so many days, this one among them. */
  readonly history: (days: number) => Promise<number>
  /** Those that are neither known nor written in the message. */
  readonly missing: ReadonlySet<string>
  /** As the ticket is by now. */
  readonly category: string | null
  /** A category and everything above it. */
  readonly above: (category: string) => readonly string[]
}

export interface Verdict {
  readonly holds: boolean
  readonly marks: readonly RuleMark[]
}

type Kinds = { [K in RuleCondition['type']]: Extract<RuleCondition, { type: K }> }
type Ask<C> = (condition: C, asked: Asked, patterns: Patterns) => boolean | Verdict | Promise<boolean | Verdict>

const kinds: { readonly [K in keyof Kinds]: Ask<Kinds[K]> } = {
  words: (condition, { text }) => {
    const { hit, marks } = findWords(text, condition)
    return { holds: hit, marks }
  },
  async pattern({ pattern }, { original }, patterns) {
    const found = await patterns.find(pattern, original.slice(0, 10_000))
    if (!found) return false
    return { holds: true, marks: [{ word: pattern, ...found, why: 'hit', by: null }] }
  },
  channel: ({ any }, { channel }) => channel !== null && any.includes(channel),
  surface: ({ any }, { surface }) => any.includes(surface),
  followers: ({ min }, { followers }) => followers !== null && followers >= min,
  language: ({ any }, { language }) => any.includes(language),
  hour: ({ from, to, timeZone }, { at }) => {
    const hour = hourIn(timeZone, at)
    return from < to ? hour >= from && hour < to : hour >= from || hour < to
  },
  history: async ({ tickets, days }, { history }) => (await history(days)) >= tickets,
  category: ({ any }, { category, above }) =>
    category === null ? any.includes(null) : above(category).some((one) => any.includes(one)),
  missing: ({ facts }, { missing }) => facts.some((fact) => missing.has(fact)),
}

export async function ask(condition: RuleCondition, asked: Asked, patterns: Patterns): Promise<Verdict> {
  const answer = await (kinds[condition.type] as Ask<RuleCondition>)(condition, asked, patterns)
  const { holds, marks } = typeof answer === 'boolean' ? { holds: answer, marks: [] } : answer
  return { holds: holds !== condition.not, marks }
}

/** 0–23. Throws {@link RuleFailed} `bad_time_zone`. */
export function hourIn(timeZone: string, at: Date): number {
  try {
    return Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(at))
  } catch (cause) {
    if (cause instanceof RangeError) throw new RuleFailed('bad_time_zone')
    throw cause
  }
}
