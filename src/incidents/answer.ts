/** One answer to all tickets of an incident: started once, stopped at any moment, gone on with later. */
import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { databaseCode, type Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { incidentAnswers } from '../db/schema.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import { conflict, notFound } from '../problem.ts'
import type { NewAnswer } from '../wire-incidents.ts'
import type { IncidentDeps } from './change.ts'
import { lockIncident, requireIncident } from './refs.ts'
import { withdrawQueued } from './withdraw.ts'

/** Due work whose subject is an answer's id. */
export const answerKind = 'incident_answer'

export type AnswerRow = typeof incidentAnswers.$inferSelect

/**
 * Twice is once: the id is the client's. Throws 404, 409 `answer_running`, 409 `answer_known` for an id that was used for
 * another text, and 409 `answer_repeated` when the newest answer of the incident says the same: that one is gone on with.
 */
export async function startAnswer(
  deps: IncidentDeps,
  actor: Actor,
  incidentId: string,
  body: NewAnswer,
): Promise<void> {
  const texts = { zh: cleanText(body.zh).trim(), en: cleanText(body.en).trim() }
  try {
    await deps.db.transaction(async (tx) => {
      await lockIncident(tx, actor, incidentId)
      const [known] = await tx.select().from(incidentAnswers).where(eq(incidentAnswers.id, body.id))
      if (known) {
        if (known.incidentId === incidentId && known.zh === texts.zh && known.en === texts.en) return
        throw conflict('answer_known', 'This answer was started with another text.')
      }
      const [newest] = await tx
        .select()
        .from(incidentAnswers)
        .where(eq(incidentAnswers.incidentId, incidentId))
        .orderBy(sql`created_at desc, id desc`)
        .limit(1)
      if (newest && newest.zh === texts.zh && newest.en === texts.en) {
        throw conflict('answer_repeated', 'The last answer of this incident says the same. Go on with that one.')
      }
      const { sessionId: _, ...stored } = actor
      await tx.insert(incidentAnswers).values({
        id: body.id,
        incidentId,
        state: 'running',
        ...texts,
        actor: stored,
        createdAt: deps.now(),
      })
      const waiting = await fill(tx, body.id, incidentId, deps.now())
      await followUp(tx, [{ kind: answerKind, subject: body.id, dueAt: deps.now() }])
      await writeAudit(tx, actor, 'incident.answer_started', `incident:${incidentId}`, {
        answerId: body.id,
        tickets: waiting,
      })
    })
  } catch (error) {
    throw databaseCode(error) === '23505' ? running() : error
  }
  deps.nudge()
}

const running = () => conflict('answer_running', 'Another answer of this incident is still being sent. Stop it first.')

/** Every ticket of the incident that the answer has not reached yet. Returns how many wait. */
async function fill(tx: Tx, answerId: string, incidentId: string, now: Date): Promise<number> {
  await tx.execute(sql`
    insert into incident_sends (answer_id, ticket_id, state, changed_at)
    select ${answerId}, ticket_id, 'waiting', ${now.toISOString()} from incident_tickets where incident_id = ${incidentId}
    on conflict do nothing`)
  // Nothing was sent there: not written, or taken back before it left.
  const rows = await tx.execute<{ count: number }>(sql`
    with again as (
      update incident_sends s set state = 'waiting', reason = null, message_id = null, changed_at = ${now.toISOString()}
      where s.answer_id = ${answerId} and s.state in ('stopped', 'withdrawn', 'refused') and exists (
        select from incident_tickets m where m.incident_id = ${incidentId} and m.ticket_id = s.ticket_id)
      returning 1
    )
    select ((select count(*) from again)
      + (select count(*) from incident_sends where answer_id = ${answerId} and state = 'waiting'))::int as count`)
  return rows[0]?.count ?? 0
}

/**
 * The tickets that came later, and those it was stopped before; in the name of whoever goes on with it, unless it still runs.
 * Throws 404, 409 `answer_running` for another one, 409 `nothing_left`.
 */
export async function continueAnswer(deps: IncidentDeps, actor: Actor, incidentId: string, id: string): Promise<void> {
  try {
    await deps.db.transaction(async (tx) => {
      await lockIncident(tx, actor, incidentId)
      const answer = await lockAnswer(tx, incidentId, id)
      const waiting = await fill(tx, id, incidentId, deps.now())
      if (waiting === 0) throw conflict('nothing_left', 'Every ticket of this incident has this answer.')
      if (answer.state !== 'running') {
        const { sessionId: _, ...stored } = actor
        await tx
          .update(incidentAnswers)
          .set({ state: 'running', actor: stored, reason: null, stoppedBy: null, endedAt: null })
          .where(eq(incidentAnswers.id, id))
      }
      await followUp(tx, [{ kind: answerKind, subject: id, dueAt: deps.now() }])
      await writeAudit(tx, actor, 'incident.answer_continued', `incident:${incidentId}`, {
        answerId: id,
        tickets: waiting,
      })
    })
  } catch (error) {
    throw databaseCode(error) === '23505' ? running() : error
  }
  deps.nudge()
}

/**
 * At once for what is not written yet; what is queued is taken back, what is with the platform is not. Should this process
 * die in between, the due row goes on with the taking back.
 */
export async function stopAnswer(
  deps: IncidentDeps & { readonly hooks: SettleHooks },
  actor: Actor,
  incidentId: string,
  id: string,
): Promise<void> {
  await requireIncident(deps.db, actor, incidentId)
  await deps.db.transaction(async (tx) => {
    const answer = await lockAnswer(tx, incidentId, id)
    if (answer.state !== 'running') return
    await markStopped(tx, id, deps.now(), { stoppedBy: actor.id, reason: null })
    await followUp(tx, [{ kind: answerKind, subject: id, dueAt: deps.now() }])
    await writeAudit(tx, actor, 'incident.answer_stopped', `incident:${incidentId}`, { answerId: id })
  })
  await withdrawQueued(deps, id)
  deps.nudge()
}

/** The caller holds the answer's lock: whoever writes into a ticket holds it shared, so nobody does now. */
export async function markStopped(
  tx: Tx,
  id: string,
  now: Date,
  why: { readonly stoppedBy: string | null; readonly reason: string | null },
): Promise<void> {
  await tx
    .update(incidentAnswers)
    .set({ state: 'stopped', endedAt: now, ...why })
    .where(eq(incidentAnswers.id, id))
  await tx.execute(sql`
    update incident_sends set state = 'stopped', changed_at = ${now.toISOString()}
    where answer_id = ${id} and state = 'waiting'`)
}

export async function lockAnswer(tx: Tx, incidentId: string, id: string): Promise<AnswerRow> {
  const [answer] = await tx
    .select()
    .from(incidentAnswers)
    .where(and(eq(incidentAnswers.id, id), eq(incidentAnswers.incidentId, incidentId)))
    .for('update')
  if (!answer) throw notFound('answer')
  return answer
}
