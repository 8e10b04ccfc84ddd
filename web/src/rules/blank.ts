/** Conditions and actions as they begin, and when they say enough. Pure. */
import type { RuleAction, RuleCondition } from '../api/wire.ts'

export const conditionTypes = [
  'words',
  'pattern',
  'channel',
  'surface',
  'followers',
  'language',
  'hour',
  'history',
  'category',
  'missing',
] as const satisfies RuleCondition['type'][]
export const actionTypes = [
  'category',
  'priority',
  'tag',
  'team',
  'assignee',
  'question',
] as const satisfies RuleAction['type'][]

const conditions: { readonly [K in RuleCondition['type']]: Extract<RuleCondition, { type: K }> } = {
  words: { type: 'words', not: false, words: [], except: [], negated: 'skip' },
  pattern: { type: 'pattern', not: false, pattern: '' },
  channel: { type: 'channel', not: false, any: [] },
  surface: { type: 'surface', not: false, any: ['public'] },
  followers: { type: 'followers', not: false, min: 10_000 },
  language: { type: 'language', not: false, any: ['zh'] },
  hour: { type: 'hour', not: false, from: 22, to: 8, timeZone: 'Asia/Shanghai' },
  history: { type: 'history', not: false, tickets: 3, days: 30 },
  category: { type: 'category', not: false, any: [] },
  missing: { type: 'missing', not: false, facts: ['serial'] },
}
const actions: { readonly [K in RuleAction['type']]: Extract<RuleAction, { type: K }> } = {
  category: { type: 'category', to: '', replace: false },
  priority: { type: 'priority', to: 'high', lower: false },
  tag: { type: 'tag', tag: '' },
  team: { type: 'team', to: '' },
  assignee: { type: 'assignee', to: '' },
  question: { type: 'question', en: '', zh: '' },
}

export const emptyCondition = (type: RuleCondition['type']): RuleCondition => conditions[type]
export const emptyAction = (type: RuleAction['type']): RuleAction => actions[type]

export function isComplete(asked: readonly RuleCondition[], done: readonly RuleAction[]): boolean {
  return asked.length > 0 && done.length > 0 && asked.every(saysEnough) && done.every(doesEnough)
}

function saysEnough(condition: RuleCondition): boolean {
  switch (condition.type) {
    case 'words':
      return condition.words.length > 0
    case 'pattern':
      return condition.pattern !== ''
    case 'missing':
      return condition.facts.length > 0
    case 'channel':
    case 'surface':
    case 'language':
    case 'category':
      return condition.any.length > 0
    default:
      return true
  }
}

function doesEnough(action: RuleAction): boolean {
  switch (action.type) {
    case 'tag':
      return action.tag.trim() !== ''
    case 'question':
      return `${action.en}${action.zh}`.trim() !== ''
    case 'priority':
      return true
    default:
      return action.to !== ''
  }
}

/** One word a line. */
export const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]
