/** Asks the rules about one message, in their order, and works out what becomes of the ticket. Writes nothing. */
import type { RuleAction, RuleCondition, RuleMark } from '../wire-rules.ts'
import type { Field, Guards, Outcome, Targets } from './actions/action.ts'
import { handlerOf } from './actions/index.ts'
import { type Asked, ask } from './conditions.ts'
import type { Patterns } from './pattern.ts'
import { RuleFailed } from './rule-failed.ts'

export interface RuleToRun {
  readonly id: string
  readonly conditions: readonly RuleCondition[]
  readonly actions: readonly RuleAction[]
  readonly stops: boolean
}

export interface RuleOutcome {
  readonly id: string
  readonly hits: boolean
  readonly stopped: boolean
  /** Why it could not be asked, or could not do what it says. */
  readonly failure: string | null
  readonly conditions: readonly {
    readonly type: string
    readonly holds: boolean
    readonly marks: readonly RuleMark[]
  }[]
  /** Fields it changed. */
  readonly did: readonly (Field | 'question')[]
  /** The ticket after it; left out where it was not asked. */
  readonly after?: Outcome
}

export interface Run {
  readonly rules: readonly RuleOutcome[]
  readonly outcome: Outcome
}

export interface Situation {
  readonly message: Omit<Asked, 'category'>
  readonly ticket: Outcome
  readonly guards: Omit<Guards, 'thisRun'>
  readonly targets: Targets
  /** Ask every condition, also where one has said no already. */
  readonly explain?: boolean
}

/** A rule that fails changes nothing, and holds up none after it. */
export async function runRules(rules: readonly RuleToRun[], situation: Situation, patterns: Patterns): Promise<Run> {
  const done: RuleOutcome[] = []
  const thisRun = new Set<Field>()
  let ticket = situation.ticket
  let stopped = false
  for (const rule of rules) {
    if (stopped) {
      done.push({ id: rule.id, hits: false, stopped, failure: null, conditions: [], did: [] })
      continue
    }
    const told = await runOne(rule, { ...situation, ticket }, thisRun, patterns)
    ticket = told.after
    for (const field of told.did) if (field !== 'question') thisRun.add(field)
    stopped = told.hits && rule.stops
    done.push(told)
  }
  return { rules: done, outcome: ticket }
}

async function runOne(
  rule: RuleToRun,
  { message, ticket, guards, targets, explain = false }: Situation,
  thisRun: ReadonlySet<Field>,
  patterns: Patterns,
): Promise<RuleOutcome & { readonly after: Outcome }> {
  const conditions: { type: string; holds: boolean; marks: readonly RuleMark[] }[] = []
  const told = { id: rule.id, stopped: false, conditions }
  try {
    for (const condition of rule.conditions) {
      const verdict = await ask(condition, { ...message, category: ticket.category }, patterns)
      conditions.push({ type: condition.type, ...verdict })
      if (!verdict.holds && !explain) break
    }
    if (!conditions.every(({ holds }) => holds)) return { ...told, hits: false, failure: null, did: [], after: ticket }
    let after = ticket
    let failure: string | null = null
    for (const action of rule.actions) {
      const handler = handlerOf(action)
      const gone = handler.gone(action, targets)
      if (gone === null) after = handler.apply(action, after, { ...guards, thisRun })
      else failure ??= gone
    }
    return { ...told, hits: true, failure, did: changed(ticket, after), after }
  } catch (error) {
    return { ...told, hits: false, failure: codeOf(error), did: [], after: ticket }
  }
}

const fields = ['category', 'priority', 'tags', 'team', 'assignee', 'question'] as const
const changed = (before: Outcome, after: Outcome) => fields.filter((field) => before[field] !== after[field])

/** What went wrong with the rule. Anything else (the database is away) is not its fault, and is thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof RuleFailed) return error.code
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return 'broken'
  throw error
}
