/** A ticket is put before a supervisor, with the reason; and taken from them again. */

import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, escalations } from '../db/schema.ts'
import { supervisorsOf } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { conflict, forbidden, unprocessable } from '../problem.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import type { Escalation, EscalationEnd, NewEscalation } from '../wire.ts'
import { recordAct } from './acts.ts'

export interface TogetherDeps {
  readonly db: Db
  readonly now: () => Date
}

type Row = typeof escalations.$inferSelect

/** Throws 404, 409 `already_escalated`, 422 `not_a_supervisor`. */
export async function escalate(deps: TogetherDeps, actor: Actor, ticketId: string, body: NewEscalation): Promise<void> {
  const now = deps.now()
  try {
    await deps.db.transaction(async (tx) => {
      const ticket = await lockTicket(tx, actor, ticketId)
      const to = body.to === null ? null : await supervisorOf(tx, body.to, ticket.brandId)
      const reason = cleanText(body.reason)
      const id = newId()
      await tx.insert(escalations).values({
        id,
        brandId: ticket.brandId,
        ticketId,
        toId: to?.id ?? null,
        toName: to?.name ?? null,
        reason,
        byId: actor.id,
        byName: actor.name,
        createdAt: now,
      })
      await recordAct(tx, actor, ticket, 'escalated', now, { to: to?.name ?? null, reason })
      const told = to ? [to.id] : await supervisorsOf(tx, ticket)
      await tellPeople(tx, told, { ticket, kind: 'escalated', by: actor })
      await writeAudit(tx, actor, 'ticket.escalated', `ticket:${ticketId}`, { escalationId: id, to: to?.id ?? null })
    })
  } catch (error) {
    // The ticket's lock makes it rare, the index certain.
    if (databaseCode(error) === '23505') throw conflict('already_escalated', 'This ticket is escalated already.')
    throw error
  }
}

async function supervisorOf(tx: Tx, id: string, brandId: string): Promise<{ id: string; name: string }> {
  const [user] = await tx
    .select({ id: authUser.id, name: authUser.name })
    .from(authUser)
    .where(
      and(
        eq(authUser.id, cleanText(id)),
        eq(authUser.banned, false),
        inArray(authUser.role, ['supervisor', 'administrator']),
        sql`(${authUser.role} = 'administrator' or exists (
          select from brand_members where user_id = ${authUser.id} and brand_id = ${brandId}))`,
      ),
    )
  if (!user) throw unprocessable('not_a_supervisor', 'Nobody of that name decides for this brand.')
  return user
}

/**
 * With an answer: it is the supervisors' to give. Without: it became needless, which who escalated may say too. Throws 404,
 * 403, 409 `not_escalated`.
 */
export async function endEscalation(
  deps: TogetherDeps,
  actor: Actor,
  ticketId: string,
  { answer }: EscalationEnd,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.now()
    const ticket = await lockTicket(tx, actor, ticketId)
    const row = await openOf(tx, ticketId)
    if (!row) throw conflict('not_escalated', 'This ticket is not escalated any more.')
    const decides = mayActAs(actor, 'supervisor')
    if (!decides && (answer !== undefined || row.byId !== actor.id)) throw forbidden()
    const words = answer === undefined ? null : cleanText(answer)
    const state = words === null ? 'ended' : 'answered'
    await tx
      .update(escalations)
      .set({ state, answer: words, endedBy: actor.id, endedName: actor.name, endedAt: now })
      .where(eq(escalations.id, row.id))
    await recordAct(tx, actor, ticket, `escalation_${state}`, now, { answer: words })
    if (words !== null) {
      await tellPeople(tx, [row.byId, ticket.assigneeId], { ticket, kind: 'escalation_answered', by: actor })
    }
    await writeAudit(tx, actor, `ticket.escalation_${state}`, `ticket:${ticketId}`, { escalationId: row.id })
  })
}

export async function openOf(db: Db | Tx, ticketId: string): Promise<Row | null> {
  const [row] = await db
    .select()
    .from(escalations)
    .where(and(eq(escalations.ticketId, ticketId), eq(escalations.state, 'open')))
  return row ?? null
}

export function showEscalation(row: Row): Escalation {
  const { id, toId, toName, reason, byId, byName, createdAt, state } = row
  const to = toId === null ? null : { id: toId, name: toName ?? toId }
  return { id, to, reason, by: { id: byId, name: byName }, at: createdAt.toISOString(), state }
}
