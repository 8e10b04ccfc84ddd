/** What came of a complaint, formally. A change is another row; the newest holds. */
import { desc, eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { ticketResults } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import type { NewResult, TicketResult } from '../wire.ts'
import { recordAct } from './acts.ts'
import { conductOf } from './conduct.ts'
import type { TogetherDeps } from './escalation.ts'

/** The same as the present one once more changes nothing. Throws 404. */
export async function setResult(
  { db, now: clock }: TogetherDeps,
  actor: Actor,
  ticketId: string,
  body: NewResult,
): Promise<TicketResult> {
  return db.transaction(async (tx) => {
    const now = clock()
    const ticket = await lockTicket(tx, actor, ticketId)
    const reason = cleanText(body.reason)
    const [present] = await resultsOf(tx, ticketId)
    if (present?.outcome === body.outcome && present.reason === reason) return present
    // The newest holds: never before the one it replaces, should a clock have gone back.
    const at = present && now.getTime() <= Date.parse(present.at) ? new Date(Date.parse(present.at) + 1) : now
    const by = { byId: actor.id, byName: actor.name, at }
    const row = { id: newId(), brandId: ticket.brandId, ticketId, outcome: body.outcome, reason, ...by }
    await tx.insert(ticketResults).values(row)
    const from = present?.outcome ?? null
    await recordAct(tx, actor, ticket, 'result_set', now, { outcome: body.outcome, reason, from })
    await writeAudit(tx, actor, 'ticket.result_set', `ticket:${ticketId}`, { from, to: body.outcome })
    return showResult(row)
  })
}

/** Newest first. */
export async function resultsOf(db: Db | Tx, ticketId: string): Promise<TicketResult[]> {
  const rows = await db
    .select()
    .from(ticketResults)
    .where(eq(ticketResults.ticketId, ticketId))
    .orderBy(desc(ticketResults.at), desc(ticketResults.id))
  return rows.map(showResult)
}

/** Asked under the ticket's lock before it is finished. Throws 422 `result_needed` where the brand wants one. */
export async function requireResult(tx: Tx, ticket: { readonly id: string; readonly brandId: string }): Promise<void> {
  const { resultNeeded } = await conductOf(tx, ticket.brandId)
  if (!resultNeeded) return
  const [present] = await resultsOf(tx, ticket.id)
  if (!present) throw unprocessable('result_needed', 'Say what came of the complaint first.')
}

export function showResult(row: typeof ticketResults.$inferSelect): TicketResult {
  const { id, ticketId, outcome, reason, byId, byName, at } = row
  return { id, ticketId, outcome, reason, by: { id: byId, name: byName }, at: at.toISOString() }
}
