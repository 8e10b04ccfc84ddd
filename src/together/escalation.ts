/** A ticket is put before a supervisor, with the reason; and taken from them again. */

import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, escalations, teams } from '../db/schema.ts'
import { supervisorsOf, teamOrSupervisors } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { conflict, forbidden, unprocessable } from '../problem.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import { isInTeam, teamOf } from '../tickets/team.ts'
import type { Escalation, EscalationEnd, NewEscalation } from '../wire.ts'
import { recordAct } from './acts.ts'

export interface TogetherDeps {
  readonly db: Db
  readonly now: () => Date
}

type Row = typeof escalations.$inferSelect

/** Throws 404, 409 `already_escalated`, 422 `not_a_supervisor`, `team_unknown`. */
export async function escalate(deps: TogetherDeps, actor: Actor, ticketId: string, body: NewEscalation): Promise<void> {
  const now = deps.now()
  try {
    await deps.db.transaction(async (tx) => {
      const ticket = await lockTicket(tx, actor, ticketId)
      const to = body.to === null ? null : await supervisorOf(tx, body.to, ticket.brandId)
      const team = body.team === null ? null : await namedTeam(tx, ticket.brandId, body.team)
      const toName = to?.name ?? team?.name ?? null
      const reason = cleanText(body.reason)
      const id = newId()
      await tx.insert(escalations).values({
        id,
        brandId: ticket.brandId,
        ticketId,
        toId: to?.id ?? null,
        teamId: team?.id ?? null,
        toName,
        reason,
        byId: actor.id,
        byName: actor.name,
        createdAt: now,
      })
      await recordAct(tx, actor, ticket, 'escalated', now, { to: toName, reason })
      const told = to
        ? [to.id]
        : team
          ? await teamOrSupervisors(tx, ticket.brandId, team.id)
          : await supervisorsOf(tx, ticket)
      await tellPeople(tx, told, { ticket, kind: 'escalated', by: actor })
      await writeAudit(tx, actor, 'ticket.escalated', `ticket:${ticketId}`, {
        escalationId: id,
        to: to?.id ?? null,
        team: team?.id ?? null,
      })
    })
  } catch (error) {
    // The ticket's lock makes it rare, the index certain.
    if (databaseCode(error) === '23505') throw conflict('already_escalated', 'This ticket is escalated already.')
    throw error
  }
}

async function namedTeam(tx: Tx, brandId: string, wanted: string): Promise<{ id: string; name: string }> {
  const id = await teamOf(tx, { brandId, teamId: null }, wanted)
  const [team] = await tx
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(eq(teams.id, id ?? wanted))
  if (!team) throw unprocessable('team_unknown', 'No team of that name takes tickets of this brand.')
  return team
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
 * With an answer: it is the supervisors' to give, and the team's it was put before. Without: it became needless, which who escalated may say too. Throws 404,
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
    const decides = mayActAs(actor, 'supervisor') || (row.teamId !== null && (await isInTeam(tx, row.teamId, actor.id)))
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

export async function showEscalation(db: Db | Tx, actor: Actor, row: Row): Promise<Escalation> {
  const { id, toId, teamId, toName, reason, byId, byName, createdAt, state } = row
  const to = toId === null ? null : { id: toId, name: toName ?? toId }
  const team = teamId === null ? null : { name: toName ?? '', mine: await isInTeam(db, teamId, actor.id) }
  return { id, to, team, reason, by: { id: byId, name: byName }, at: createdAt.toISOString(), state }
}
