/** A case that is somebody else's is closed with where to go: the reason is kept, and the agent is handed the words. */
import { and, eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { closeReasons, otherParties, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import { afterStatusChange } from '../tickets/status.ts'
import { languageOfTicket } from './language.ts'
import { seen } from './other-parties.ts'
import { readSettings, silentSettings } from './settings.ts'

/** Throws 404, 409 `version_conflict`, 422 `other_brand`. Once more with another party: that one counts. */
export async function closeAsNotOurs(
  deps: Pick<Deps, 'db' | 'now' | 'nudge'>,
  actor: Actor,
  ticketId: string,
  { partyId, version }: { readonly partyId: string; readonly version?: number | undefined },
): Promise<{ words: string }> {
  const words = await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, ticketId)
    if (version !== undefined && version !== ticket.version) {
      throw conflict('version_conflict', 'Somebody changed this ticket since you opened it.')
    }
    const [party] = await tx
      .select()
      .from(otherParties)
      .where(and(eq(otherParties.id, partyId), seen(actor)))
    if (!party) throw notFound('entry')
    if (party.brandId !== null && party.brandId !== ticket.brandId) {
      throw unprocessable('other_brand', 'This entry is of another brand than the ticket.')
    }
    const now = deps.now()
    const reason = { reason: 'not_ours' as const, partyId, by: actor.id, at: now }
    await tx
      .insert(closeReasons)
      .values({ ticketId, ...reason })
      .onConflictDoUpdate({ target: closeReasons.ticketId, set: reason })
    const patch = { ...afterStatusChange(ticket, 'closed', now, null), version: ticket.version + 1 }
    await tx.update(tickets).set(patch).where(eq(tickets.id, ticketId))
    const { brandId } = ticket
    await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version: patch.version }])
    await writeAudit(tx, actor, 'ticket.changed', `ticket:${ticketId}`, {
      status: { from: ticket.status, to: 'closed' },
      why: 'not_ours',
      partyId,
    })
    const settings = (await readSettings(tx, ticket.accountId)) ?? silentSettings
    return party[await languageOfTicket(tx, ticketId, settings.language)]
  })
  deps.nudge()
  return { words }
}
