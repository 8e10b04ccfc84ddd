/** Work for another department: opened from a ticket, and back with a result or a reason. */

import { and, eq, ne } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { departments, tasks, tickets } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { tellPeople } from '../notices/notices.ts'
import { forbidden, unprocessable } from '../problem.ts'
import { lockTicket, requireTicket, type TicketRow } from '../tickets/lock-ticket.ts'
import { writeNote } from '../tickets/note.ts'
import { afterPlan, afterTask, isFinished } from '../tickets/status.ts'
import { recordAct } from '../together/acts.ts'
import type { NewTask } from '../wire.ts'
import { requireDepartment, requireMember } from './departments.ts'
import { lockTask, type TaskRow } from './lock-task.ts'
import { tell } from './tell.ts'

export interface DepartmentTaskDeps {
  readonly db: Db
  readonly now: () => Date
}

/** At most once per key. Throws 404, 422 `unknown_department`. Answers the task's id. */
export async function openDepartmentTask(
  { db, now }: DepartmentTaskDeps,
  actor: Actor,
  ticketId: string,
  body: NewTask,
  key: string | undefined,
): Promise<Answer<{ id: string }>> {
  return db.transaction(async (tx) => {
    await requireTicket(tx, actor, ticketId)
    return withIdempotency(tx, { actor: actor.id, ticketId, key, operation: 'task', body }, async () => ({
      status: 201,
      body: { id: await write(tx, now(), actor, ticketId, body) },
    }))
  })
}

async function write(tx: Tx, now: Date, actor: Actor, ticketId: string, body: NewTask): Promise<string> {
  const ticket = await lockTicket(tx, actor, ticketId)
  const department = await requireDepartment(tx, body.departmentId, ticket.brandId)
  const id = newId()
  await tx.insert(tasks).values({
    id,
    kind: 'department',
    departmentId: department.id,
    brandId: ticket.brandId,
    ticketId,
    text: cleanText(body.text),
    dueAt: new Date(body.dueAt),
    createdBy: actor.id,
    createdName: actor.name,
    createdAt: now,
  })
  await tell(tx, { brandId: ticket.brandId, ticketId })
  const waits = body.wait && !isFinished(ticket.status) && ticket.status !== 'waiting_other'
  const moved = await moveTo(tx, ticket, waits ? waiting : afterPlan(ticket))
  await recordAct(tx, actor, moved, 'task_opened', now, { ...named(department), text: body.text })
  await writeAudit(tx, actor, 'task.opened', `task:${id}`, { ticketId, departmentId: department.id })
  return id
}

const waiting = { status: 'waiting_other' } as const
const named = ({ zh, en }: { readonly zh: string; readonly en: string }) => ({ zh, en })

/** What came of it goes into the ticket as a note, in the transaction that ends the task. */
export async function endDepartmentTask(
  tx: Tx,
  { task, ticket, actor, now, text }: EndOf,
  as: 'done' | 'returned',
): Promise<void> {
  await requireMember(tx, actor, task.departmentId ?? '')
  const result = cleanText(text)
  const [department] = await tx
    .select({ zh: departments.zh, en: departments.en })
    .from(departments)
    .where(eq(departments.id, task.departmentId ?? ''))
  await tx
    .update(tasks)
    .set({ state: as, result, doneBy: actor.id, doneName: actor.name, doneAt: now })
    .where(eq(tasks.id, task.id))
  await writeNote(tx, now, actor, ticket.id, { text: result, mediaIds: [] })
  let moved: TicketRow = { ...ticket, version: ticket.version + 1 }
  const [other] = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(
      and(eq(tasks.ticketId, ticket.id), eq(tasks.kind, 'department'), eq(tasks.state, 'open'), ne(tasks.id, task.id)),
    )
    .limit(1)
  if (!other) moved = await moveTo(tx, moved, afterTask(ticket))
  await recordAct(tx, actor, moved, `task_${as}`, now, named(department ?? { zh: '', en: '' }))
  await tellPeople(tx, [ticket.assigneeId ?? task.createdBy, as === 'returned' ? task.createdBy : null], {
    ticket,
    kind: `task_${as}`,
    by: actor,
  })
  await tell(tx, task)
}

interface EndOf {
  readonly task: TaskRow
  readonly ticket: TicketRow
  readonly actor: Actor
  readonly now: Date
  readonly text: string
}

/** The department cannot do it. Throws 404, 403 `not_a_member`, 409 `task_not_open`, 422 `task_kind`. */
export async function returnTask(deps: DepartmentTaskDeps, actor: Actor, id: string, reason: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { task, ticket } = await lockTask(tx, actor, id)
    if (task.kind !== 'department') throw unprocessable('task_kind', 'Only a department gives a task back.')
    await endDepartmentTask(tx, { task, ticket, actor, now: deps.now(), text: reason }, 'returned')
    await writeAudit(tx, actor, 'task.returned', `task:${id}`, { ticketId: ticket.id })
  })
}

/** Taken back by whoever opened it, the ticket's assignee, or a supervisor. */
export function requireOwner(actor: Actor, task: TaskRow, ticket: TicketRow): void {
  if (task.createdBy === actor.id || ticket.assigneeId === actor.id || mayActAs(actor, 'supervisor')) return
  throw forbidden()
}

async function moveTo(tx: Tx, ticket: TicketRow, patch: Partial<TicketRow>): Promise<TicketRow> {
  if (Object.keys(patch).length === 0) return ticket
  const set = { ...patch, version: ticket.version + 1 }
  await tx.update(tickets).set(set).where(eq(tickets.id, ticket.id))
  return { ...ticket, ...set }
}
