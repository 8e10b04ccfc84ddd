import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

/** Only a ticket nobody has. */
export const assignee: ActionHandler<Extract<RuleAction, { type: 'assignee' }>> = {
  gone: ({ to }, { people }) => (people.has(to) ? null : 'assignee_gone'),
  apply: ({ to }, ticket, { fixed }) =>
    fixed.has('assignee') || ticket.assignee !== null ? ticket : { ...ticket, assignee: to },
}
