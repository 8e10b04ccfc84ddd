/** Stopping a change of many tickets, and putting back what it did. */
import { and, eq } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { Tx } from '../../db/client.ts'
import { followUp } from '../../db/due.ts'
import { bulkChanges } from '../../db/schema.ts'
import { conflict, notFound } from '../../problem.ts'
import { type Bulk, mostChosen } from '../../wire-bulk.ts'
import { type BulkDeps, type BulkRow, bulkKind, work } from './run.ts'
import { requireBulk } from './show.ts'

/** What is done stays done; the rest is left alone. Twice is once. Throws 404. */
export async function stopBulk(deps: BulkDeps, actor: Actor, id: string): Promise<Bulk> {
  await deps.db.transaction(async (tx) => {
    const bulk = await lock(tx, actor, id)
    if (bulk.state !== 'running' && bulk.state !== 'undoing') return
    await tx.update(bulkChanges).set({ state: 'stopped', endedAt: deps.now() }).where(eq(bulkChanges.id, id))
    await writeAudit(tx, actor, 'bulk.stopped', `bulk:${id}`)
  })
  deps.nudge()
  return requireBulk(deps.db, actor, id)
}

/**
 * Each ticket gets back what it had, where nobody has changed it since; notes and drafts stay. Goes on where a stopped one
 * stopped. Throws 404, 409 `bulk_running` while it is at work.
 */
export async function undoBulk(deps: BulkDeps, actor: Actor, id: string): Promise<Bulk> {
  const total = await deps.db.transaction(async (tx) => {
    const bulk = await lock(tx, actor, id)
    if (bulk.state === 'running') throw conflict('bulk_running', 'It is still at work. Stop it first.')
    if (bulk.state === 'undoing' || bulk.state === 'undone') return bulk.total
    await tx.update(bulkChanges).set({ state: 'undoing', reason: null, endedAt: null }).where(eq(bulkChanges.id, id))
    await followUp(tx, [{ kind: bulkKind, subject: id, dueAt: deps.now() }])
    await writeAudit(tx, actor, 'bulk.undone', `bulk:${id}`)
    return bulk.total
  })
  if (total <= mostChosen) await work(deps, id, total)
  deps.nudge()
  return requireBulk(deps.db, actor, id)
}

async function lock(tx: Tx, actor: Actor, id: string): Promise<BulkRow> {
  const mine = and(eq(bulkChanges.id, id), eq(bulkChanges.userId, actor.id))
  const [bulk] = await tx.select().from(bulkChanges).where(mine).for('update')
  if (!bulk) throw notFound('change')
  return bulk
}
