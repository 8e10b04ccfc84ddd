/** What a running clock has to say, and when. Pure. */
import type { EscalationStep } from '../db/schema-promises.ts'
import type { ClockRow } from './refresh.ts'
import type { Rule } from './rules.ts'

export type Alarm =
  | { readonly what: 'warn'; readonly at: Date }
  | { readonly what: 'breach'; readonly at: Date }
  | { readonly what: 'step'; readonly at: Date; readonly step: EscalationStep; readonly index: number }

type Told = Pick<ClockRow, 'kind' | 'state' | 'dueAt' | 'warnAt' | 'warnedFor' | 'breachedFor' | 'stepsDone'>

/** The first thing it has not said of this `dueAt` yet. A warning that was slept through is left out. */
export function nextAlarm(clock: Told, rule: Pick<Rule, 'steps'>, now: Date = new Date(0)): Alarm | null {
  const { dueAt, warnAt } = clock
  if (clock.state !== 'running' || !dueAt) return null
  if (!isFor(clock.breachedFor, dueAt)) {
    if (warnAt && warnAt < dueAt && !isFor(clock.warnedFor, dueAt) && now < dueAt) return { what: 'warn', at: warnAt }
    return { what: 'breach', at: dueAt }
  }
  const step = stepsOf(clock, rule)[clock.stepsDone]
  if (!step) return null
  return { what: 'step', at: new Date(dueAt.getTime() + step.afterMs), step, index: clock.stepsDone }
}

/** Those of this kind, in the order in which they come. */
function stepsOf({ kind }: Pick<ClockRow, 'kind'>, { steps }: Pick<Rule, 'steps'>): EscalationStep[] {
  return steps.filter((step) => step.kind === null || step.kind === kind).toSorted((a, b) => a.afterMs - b.afterMs)
}

const isFor = (told: Date | null, dueAt: Date) => told?.getTime() === dueAt.getTime()
