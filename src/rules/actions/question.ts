import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

/** Prepared for whoever answers; the first rule's question stays. */
export const question: ActionHandler<Extract<RuleAction, { type: 'question' }>> = {
  gone: () => null,
  apply: ({ en, zh }, ticket) => (ticket.question ? ticket : { ...ticket, question: { en, zh } }),
}
