/** What the kinds differ in. Pure. */
import type { AutomaticKind, AutomaticSettings } from '../wire-automatic.ts'

interface KindRules {
  /**
   * Says what a person's answer makes needless: it is not said when one was written since, waits while one is on its way,
   * and what still waits itself is taken back when one is written. The others answer what the customer asked for.
   */
  readonly yields: boolean
  /** Kinds of which at most one is said in a conversation within `everyMs`. */
  readonly sameAs: readonly AutomaticKind[]
  readonly everyMs: (settings: AutomaticSettings) => number
}

const minute = 60_000
const hour = 60 * minute
const acknowledgements = ['acknowledgement', 'acknowledgement_closed'] as const

export const rulesOf: Readonly<Record<AutomaticKind, KindRules>> = {
  acknowledgement: { yields: true, sameAs: acknowledgements, everyMs: () => hour },
  acknowledgement_closed: { yields: true, sameAs: acknowledgements, everyMs: () => hour },
  progress: { yields: true, sameAs: ['progress'], everyMs: ({ progressEveryMs }) => progressEveryMs },
  solved: { yields: true, sameAs: ['solved'], everyMs: () => hour },
  satisfaction: { yields: true, sameAs: ['satisfaction'], everyMs: () => 24 * hour },
  follow_up: { yields: true, sameAs: ['follow_up'], everyMs: () => 24 * hour },
  facts: { yields: true, sameAs: ['facts'], everyMs: () => 24 * hour },
  lookup: { yields: true, sameAs: ['lookup'], everyMs: () => minute },
  proof: { yields: false, sameAs: [], everyMs: () => 0 },
}
