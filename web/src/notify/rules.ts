/** What somebody wants to be told of, and when not. Pure; kept with the preferences of this browser. */
import type { FreshKind, Notice } from '../api/wire.ts'

export interface Rules {
  /** Notifications of the browser, once it allowed them. */
  readonly browser: boolean
  readonly sound: boolean
  readonly mine: boolean
  readonly unassigned: boolean
  readonly delivery: boolean
  readonly task: boolean
  /** What is in the list of the bell. */
  readonly kept: boolean
  /** Brands whose mentions are told. */
  readonly mentions: readonly string[]
  /** By the clock of this browser; null: none. */
  readonly quiet: { readonly from: string; readonly to: string } | null
}

export const usualRules: Rules = {
  browser: false,
  sound: false,
  mine: true,
  unassigned: false,
  delivery: true,
  task: true,
  kept: true,
  mentions: [],
  quiet: null,
}

const clock = /^([01]\d|2[0-3]):[0-5]\d$/u

/** Reads what is stored, field by field: an old or broken value never stops the desk. */
export function readRules(value: unknown): Rules {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const yes = (name: keyof Rules & string) =>
    typeof given[name] === 'boolean' ? (given[name] as boolean) : (usualRules[name] as boolean)
  const { mentions, quiet } = given
  const times = typeof quiet === 'object' && quiet !== null ? (quiet as Record<string, unknown>) : {}
  const isQuietGood = clock.test(String(times.from)) && clock.test(String(times.to))
  return {
    browser: yes('browser'),
    sound: yes('sound'),
    mine: yes('mine'),
    unassigned: yes('unassigned'),
    delivery: yes('delivery'),
    task: yes('task'),
    kept: yes('kept'),
    mentions: Array.isArray(mentions) ? mentions.filter((id) => typeof id === 'string').slice(0, 200) : [],
    quiet: isQuietGood ? { from: String(times.from), to: String(times.to) } : null,
  }
}

/** The kinds that are worth asking for. */
export function kindsOf(rules: Rules): FreshKind[] {
  const kinds = (['mine', 'unassigned', 'delivery', 'task', 'kept'] as const).filter((kind) => rules[kind])
  return rules.mentions.length > 0 ? [...kinds, 'mention'] : kinds
}

export function wants(rules: Rules, { kind, brandId }: Pick<Notice, 'kind' | 'brandId'>): boolean {
  if (kind === 'mention') return rules.mentions.includes(brandId)
  return kind === 'mine' || kind === 'unassigned' || kind === 'delivery' || kind === 'task' ? rules[kind] : rules.kept
}

/** `22:00` to `08:00` goes over midnight. The same time twice: never. */
export function isQuiet({ quiet }: Pick<Rules, 'quiet'>, now: Date): boolean {
  if (!quiet || quiet.from === quiet.to) return false
  const at = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`
  return quiet.from < quiet.to ? at >= quiet.from && at < quiet.to : at >= quiet.from || at < quiet.to
}

/** Something is told: by the browser, or by a sound. */
export const tellsAnything = (rules: Rules) => kindsOf(rules).length > 0
