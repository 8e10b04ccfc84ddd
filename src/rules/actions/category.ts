import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

/** Where there is none yet; with `replace` also over one that another rule has set. */
export const category: ActionHandler<Extract<RuleAction, { type: 'category' }>> = {
  gone: ({ to }, { categories }) => (categories.has(to) ? null : 'category_gone'),
  apply({ to, replace }, ticket, { fixed }) {
    if (fixed.has('category') || ticket.category === to) return ticket
    return ticket.category === null || replace ? { ...ticket, category: to } : ticket
  },
}
