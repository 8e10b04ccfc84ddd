/** A reply that a person has to carry out becomes a task, in the transaction that writes the reply. */
import type { Actor } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { tasks } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'

export interface NewTask {
  readonly brandId: string
  readonly ticketId: string
  readonly messageId: string
  readonly text: string
  readonly dueAt: Date
  readonly assigneeId: string | null
  readonly actor: Pick<Actor, 'id' | 'name'>
  readonly now: Date
}

export async function openTask(tx: Tx, task: NewTask): Promise<void> {
  const { brandId, ticketId, messageId, text, dueAt, assigneeId, actor, now: createdAt } = task
  const by = { createdBy: actor.id, createdName: actor.name }
  const row = { id: newId(), kind: 'reply' as const, brandId, ticketId, messageId, text, dueAt, assigneeId, ...by }
  await tx.insert(tasks).values({ ...row, createdAt })
  await appendEvents(tx, [{ brandId, type: 'task', ticketId, version: null }])
}
