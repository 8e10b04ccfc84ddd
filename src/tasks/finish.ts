/** A task comes to its end: what was said is the reply. */
import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { deliveries, messageRevisions, messages, tasks } from '../db/schema.ts'
import { undoReply } from '../outbound/resolve.ts'
import { change, type SettleHooks } from '../outbound/settle.ts'
import { unprocessable } from '../problem.ts'
import { moveAnswered } from '../tickets/move-answered.ts'
import { searchVector } from '../tickets/search.ts'
import { recordAct } from '../together/acts.ts'
import type { TaskAgain } from '../wire.ts'
import { endDepartmentTask, requireOwner } from './department-task.ts'
import { lockTask, type TaskRow } from './lock-task.ts'
import { tell } from './tell.ts'

export interface FinishDeps {
  readonly db: Db
  readonly now: () => Date
  readonly hooks: SettleHooks
}

/**
 * What was said becomes the text of the reply (what was planned stays as its earlier one), its delivery is settled, and the
 * ticket is answered as by every reply. Of a department's task it becomes a note. Throws 404, 403 `not_a_member`, 409 `task_not_open`.
 */
export async function finishTask(deps: FinishDeps, actor: Actor, id: string, words: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { task, ticket } = await lockTask(tx, actor, id)
    const now = deps.now()
    const text = cleanText(words)
    if (task.kind === 'department') {
      await endDepartmentTask(tx, { task, ticket, actor, now, text }, 'done')
      await writeAudit(tx, actor, 'task.done', `task:${id}`, { ticketId: ticket.id })
      return
    }
    const version = await moveAnswered(tx, ticket, now)
    await writeDone(tx, task, { actor, now, text, version })
    const done = { state: 'done' as const, result: text, doneBy: actor.id, doneName: actor.name, doneAt: now }
    await tx.update(tasks).set(done).where(eq(tasks.id, id))
    await tell(tx, task)
    await writeAudit(tx, actor, 'task.done', `task:${id}`, { ticketId: ticket.id })
  })
}

interface Done {
  readonly actor: Actor
  readonly now: Date
  readonly text: string
  readonly version: number
}

/** It stands where it was said, not where it was planned. */
async function writeDone(tx: Tx, task: TaskRow, { actor, now, text, version: ticketVersion }: Done): Promise<void> {
  const { messageId } = task
  if (messageId === null) return
  if (text !== task.text) {
    await tx.insert(messageRevisions).values({ id: newId(), messageId, text, editedAt: now, receivedAt: now })
  }
  const said = { sentAt: now, receivedAt: now, orderedAt: now, ticketVersion, search: searchVector(text) }
  await tx
    .update(messages)
    .set({ ...said, userId: actor.id, authorName: actor.name })
    .where(eq(messages.id, messageId))
  const waiting = and(eq(deliveries.messageId, messageId), eq(deliveries.state, 'queued'))
  const rows = await tx.select().from(deliveries).where(waiting).for('update')
  for (const row of rows)
    await change(tx, row, { state: 'sent', settledAt: sql`now()`, reasonCode: null, reason: null })
}

/** Not reached: due again later, and the try is kept. Throws 404, 409 `task_not_open`, 422 `task_kind`. */
export async function tryAgain(deps: FinishDeps, actor: Actor, id: string, again: TaskAgain): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { task } = await lockTask(tx, actor, id)
    if (task.kind !== 'reply') throw unprocessable('task_kind', 'Only an answer in person is tried again.')
    const note = again.note === undefined || again.note === '' ? null : cleanText(again.note)
    const tries = [...task.tries, { at: deps.now().toISOString(), by: actor.id, name: actor.name, note }]
    await tx
      .update(tasks)
      .set({ tries: tries.slice(-100), dueAt: new Date(again.dueAt) })
      .where(eq(tasks.id, id))
    await tell(tx, task)
    await writeAudit(tx, actor, 'task.not_reached', `task:${id}`, { ticketId: task.ticketId, dueAt: again.dueAt })
  })
}

/** Nobody need do it any more: the reply counts as taken back. Throws 404, 403, 409 `task_not_open`. */
export async function cancelTask(deps: FinishDeps, actor: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { task, ticket } = await lockTask(tx, actor, id)
    if (task.kind === 'department') {
      requireOwner(actor, task, ticket)
      await recordAct(tx, actor, ticket, 'task_cancelled', deps.now(), { text: task.text })
    }
    await tx.update(tasks).set({ state: 'cancelled' }).where(eq(tasks.id, id))
    if (task.messageId !== null) {
      await undoReply(tx, task.messageId)
      await deps.hooks.lostReply(tx, task.ticketId)
    }
    await tell(tx, task)
    await writeAudit(tx, actor, 'task.cancelled', `task:${id}`, { ticketId: task.ticketId })
  })
}
