import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

/** As many as a person may give. */
const most = 30

export const tag: ActionHandler<Extract<RuleAction, { type: 'tag' }>> = {
  gone: () => null,
  apply({ tag: name }, ticket, { fixed }) {
    const has = ticket.tags.some((one) => one.toLowerCase() === name.toLowerCase())
    return fixed.has('tags') || has || ticket.tags.length >= most ? ticket : { ...ticket, tags: [...ticket.tags, name] }
  },
}
