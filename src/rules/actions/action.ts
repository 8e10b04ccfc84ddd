/** What an action may see and change. Handlers are pure: `apply.ts` writes what came of them. */
import type { Priority } from '../../db/schema.ts'

export type Field = 'category' | 'priority' | 'tags' | 'team' | 'assignee'

/** A ticket as far as rules change it. */
export interface Outcome {
  readonly category: string | null
  readonly priority: Priority
  readonly tags: readonly string[]
  readonly team: string | null
  readonly assignee: string | null
  readonly question: { readonly en: string; readonly zh: string } | null
}

/** Who may still change what. */
export interface Guards {
  /** Fields a person has set: rules leave them alone. */
  readonly fixed: ReadonlySet<Field>
  /** Set by an earlier rule of this run. */
  readonly thisRun: ReadonlySet<Field>
  /** Set by a rule at an earlier message. */
  readonly earlier: ReadonlySet<Field>
}

/** What there is to name. */
export interface Targets {
  /** Those that are offered. */
  readonly categories: ReadonlySet<string>
  readonly teams: ReadonlySet<string>
  /** Who can work on the ticket's brand. */
  readonly people: ReadonlySet<string>
}

export interface ActionHandler<A> {
  /** The code of what it names and is not there (any more), or null. */
  gone(action: A, targets: Targets): string | null
  /** The ticket after it; the same one where it changes nothing. */
  apply(action: A, ticket: Outcome, guards: Guards): Outcome
}
