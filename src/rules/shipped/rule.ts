/** How shipped rules are written down. */
import type { RuleAction, RuleCondition } from '../../wire-rules.ts'

export interface ShippedRule {
  /** Never changes: what an administrator made of the rule is kept under it. */
  readonly name: string
  readonly en: string
  readonly zh: string
  readonly conditions: readonly RuleCondition[]
  readonly actions: readonly RuleAction[]
  readonly stops?: boolean
}

/** Words as lists are easiest to read: separated by `|`, over several lines. */
export const list = (text: string): string[] => [
  ...new Set(
    text
      .split('|')
      .map((word) => word.replace(/\s+/gu, ' ').trim())
      .filter(Boolean),
  ),
]

export const words = (text: string, except = ''): RuleCondition => ({
  type: 'words',
  not: false,
  words: list(text),
  except: list(except),
  negated: 'skip',
})
/** Words that say what is missing or was not done: a denial in them is the complaint. */
export const plainWords = (text: string, except = ''): RuleCondition => ({
  type: 'words',
  not: false,
  words: list(text),
  except: list(except),
  negated: 'count',
})
export const category = (to: string): RuleAction => ({ type: 'category', to, replace: false })
export const raiseTo = (to: 'high' | 'urgent'): RuleAction => ({ type: 'priority', to, lower: false })
