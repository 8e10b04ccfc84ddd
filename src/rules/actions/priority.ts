import { priorities } from '../../db/schema.ts'
import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

const rank = (priority: (typeof priorities)[number]) => priorities.indexOf(priority)

/** Raises; with `lower` also lowers, but nothing that another rule has raised at this message. */
export const priority: ActionHandler<Extract<RuleAction, { type: 'priority' }>> = {
  gone: () => null,
  apply({ to, lower }, ticket, { fixed, thisRun }) {
    if (fixed.has('priority') || ticket.priority === to) return ticket
    const raises = rank(to) > rank(ticket.priority)
    return raises || (lower && !thisRun.has('priority')) ? { ...ticket, priority: to } : ticket
  },
}
