import { eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { tasks } from '../db/schema.ts'
import { assigneeOf } from '../tickets/assignee.ts'
import type { TaskPatch } from '../wire.ts'
import { requireMember } from './departments.ts'
import type { FinishDeps } from './finish.ts'
import { lockTask } from './lock-task.ts'
import { tell } from './tell.ts'

/** By when, and by whom. Throws 404, 403 `not_a_member` for who would take another department's, 409 `task_not_open`, 422 `assignee_unknown`. */
export async function changeTask(deps: FinishDeps, actor: Actor, id: string, patch: TaskPatch): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { task } = await lockTask(tx, actor, id)
    if (patch.assignee === 'me' && task.departmentId !== null) await requireMember(tx, actor, task.departmentId)
    const assigneeId =
      patch.assignee === undefined ? task.assigneeId : await assigneeOf(tx, actor, task, patch.assignee)
    const dueAt = patch.dueAt === undefined ? task.dueAt : new Date(patch.dueAt)
    if (assigneeId === task.assigneeId && dueAt.getTime() === task.dueAt.getTime()) return
    await tx.update(tasks).set({ assigneeId, dueAt }).where(eq(tasks.id, id))
    await tell(tx, task)
    await writeAudit(tx, actor, 'task.changed', `task:${id}`, { ticketId: task.ticketId, ...patch })
  })
}
