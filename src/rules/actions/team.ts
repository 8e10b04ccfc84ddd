import type { RuleAction } from '../../wire-rules.ts'
import type { ActionHandler } from './action.ts'

/** Only a ticket no team has. */
export const team: ActionHandler<Extract<RuleAction, { type: 'team' }>> = {
  gone: ({ to }, { teams }) => (teams.has(to) ? null : 'team_gone'),
  apply: ({ to }, ticket, { fixed }) => (fixed.has('team') || ticket.team !== null ? ticket : { ...ticket, team: to }),
}
