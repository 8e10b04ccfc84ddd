import type { Actor } from '../auth/actor.ts'
import { mayActAs } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { Together } from '../wire.ts'
import { actsOf } from './acts.ts'
import { shownOnTicket } from './approvals.ts'
import { conductOf } from './conduct.ts'
import { openOf, showEscalation } from './escalation.ts'
import { remediesOf } from './remedies.ts'
import { resultsOf } from './results.ts'
import { showApprovals } from './show-approvals.ts'
import { templateValuesOf } from './template-values.ts'

/** The caller has seen to it that the reader may see the ticket. */
export async function togetherOf(
  db: Db,
  actor: Actor,
  ticket: { readonly id: string; readonly brandId: string },
): Promise<Together> {
  const [escalation, remedies, results, approvals, conduct, acts, values] = await Promise.all([
    openOf(db, ticket.id),
    remediesOf(db, ticket.id),
    resultsOf(db, ticket.id),
    showApprovals(db, shownOnTicket(actor, ticket.id)),
    conductOf(db, ticket.brandId),
    actsOf(db, ticket.id),
    templateValuesOf(db, ticket.id),
  ])
  return {
    escalation: escalation && (await showEscalation(db, actor, escalation)),
    remedies,
    results,
    approvals,
    needsApproval: conduct.approvePublic && !mayActAs(actor, 'supervisor'),
    resultNeeded: conduct.resultNeeded,
    acts,
    values,
  }
}
