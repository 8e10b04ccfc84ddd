/** Every kind of action, a file each. */
import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'
import { assignee } from './assignee.ts'
import { category } from './category.ts'
import { priority } from './priority.ts'
import { question } from './question.ts'
import { tag } from './tag.ts'
import { team } from './team.ts'

type Handlers = { readonly [K in RuleAction['type']]: ActionHandler<Extract<RuleAction, { type: K }>> }

const handlers: Handlers = { category, priority, tag, team, assignee, question }

export const handlerOf = (action: RuleAction): ActionHandler<RuleAction> =>
  handlers[action.type] as ActionHandler<RuleAction>
