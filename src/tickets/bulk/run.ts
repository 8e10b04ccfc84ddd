/**
 * Due handler `bulk`, subject = the change's id: one ticket after the other, each in a transaction of its own that also
 * writes down what became of it. So a node that dies leaves nothing half done and nothing done twice, two nodes share
 * the work, and one bad ticket is told and spoils no other.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import { currentActor } from '../../auth/resolve.ts'
import { type Db, isRace, isUnavailable, type Tx } from '../../db/client.ts'
import type { DueHandler } from '../../db/run-due.ts'
import { type BulkItemState, bulkChanges, bulkItems } from '../../db/schema.ts'
import { Refused } from '../../problem.ts'
import type { TicketActs } from '../../wire-bulk.ts'
import { applyActs } from '../acts.ts'
import type { Channels } from '../window.ts'
import { putBack } from './put-back.ts'

export const bulkKind = 'bulk'
/** Tickets a run takes before other work gets its turn. */
const SLICE = 200
/** Tickets after which desks are told to look. */
const TELL_EVERY = 25
const TRIES = 4

export interface BulkDeps {
  readonly db: Db
  readonly channels: Channels
  readonly now: () => Date
  readonly nudge: () => void
}

export type BulkRow = typeof bulkChanges.$inferSelect

export function bulkHandler(deps: BulkDeps): DueHandler {
  return async (item, run) => ((await work(deps, item.subject, SLICE, run.signal)) ? { again: deps.now() } : undefined)
}

/** Does at most so many. True: there is more to do. */
export async function work(deps: BulkDeps, id: string, most: number, signal?: AbortSignal): Promise<boolean> {
  const [bulk] = await deps.db.select().from(bulkChanges).where(eq(bulkChanges.id, id))
  if (!bulk || !isAtWork(bulk)) return false
  const actor = await currentActor(deps.db, bulk.actor as Actor, deps.now())
  if (!actor) {
    await end(deps, id, 'stopped', 'actor_gone')
    return false
  }
  for (let done = 0; done < most; done += 1) {
    signal?.throwIfAborted()
    const went = await next(deps, actor, id)
    if ((done + 1) % TELL_EVERY === 0 || went !== 'one') deps.nudge()
    if (went === 'end') return await finish(deps, id)
    if (went === 'stopped') return false
  }
  return await finish(deps, id)
}

const isAtWork = ({ state }: Pick<BulkRow, 'state'>) => state === 'running' || state === 'undoing'

async function next(deps: BulkDeps, actor: Actor, id: string): Promise<'one' | 'end' | 'stopped'> {
  let ticketId: string | null = null
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.db.transaction(async (tx) => {
        const [bulk] = await tx.select().from(bulkChanges).where(eq(bulkChanges.id, id))
        if (!bulk || !isAtWork(bulk)) return 'stopped'
        const item = await take(tx, bulk)
        if (!item) return 'end'
        ticketId = item.ticketId
        await settle(
          tx,
          item,
          bulk.state === 'undoing' ? await undone(tx, actor, bulk, item) : await changed(tx, deps, actor, bulk, item),
        )
        return 'one'
      })
    } catch (error) {
      if (ticketId === null || isUnavailable(error)) throw error
      if (isRace(error) && attempt < TRIES) continue
      await setAside(deps, id, ticketId, error instanceof Refused ? error.code : 'internal')
      return 'one'
    }
  }
}

type Item = typeof bulkItems.$inferSelect
type Settled = Pick<Item, 'state'> & Partial<Pick<Item, 'code' | 'before' | 'after'>>

/** Another node may be at one of them: that one is passed by. */
async function take(tx: Tx, { id, state }: BulkRow): Promise<Item | undefined> {
  const [item] = await tx
    .select()
    .from(bulkItems)
    .where(and(eq(bulkItems.bulkId, id), eq(bulkItems.state, waitingFor(state))))
    .orderBy(bulkItems.position)
    .limit(1)
    .for('update', { skipLocked: true })
  return item
}

const waitingFor = (state: BulkRow['state']): BulkItemState => (state === 'undoing' ? 'changed' : 'waiting')

async function changed(tx: Tx, deps: BulkDeps, actor: Actor, bulk: BulkRow, item: Item): Promise<Settled> {
  const via = { bulk: bulk.id, ...(bulk.macro === null ? {} : { macro: bulk.macro }) }
  const { before, after, wrote } = await applyActs(tx, deps, actor, item.ticketId, bulk.acts as TicketActs, via)
  return { state: after || wrote ? 'changed' : 'same', before, after }
}

async function undone(tx: Tx, actor: Actor, bulk: BulkRow, item: Item): Promise<Settled> {
  const all = await putBack(tx, actor, item, { undoes: bulk.id })
  return all ? { state: 'undone' } : { state: 'kept', code: 'changed_since' }
}

async function settle(tx: Tx, { bulkId, ticketId }: Item, settled: Settled): Promise<void> {
  await tx
    .update(bulkItems)
    .set(settled)
    .where(and(eq(bulkItems.bulkId, bulkId), eq(bulkItems.ticketId, ticketId)))
}

/** It failed, and all that was done to it is taken back with its transaction. */
async function setAside({ db }: BulkDeps, id: string, ticketId: string, code: string): Promise<void> {
  await db.execute(sql`
    update bulk_items i set state = case b.state when 'undoing' then 'kept' else 'failed' end, code = ${code}
    from bulk_changes b
    where b.id = i.bulk_id and i.bulk_id = ${id} and i.ticket_id = ${ticketId} and i.state in ('waiting', 'changed')`)
}

/** True: another node still has some in hand, or there is more. */
async function finish(deps: BulkDeps, id: string): Promise<boolean> {
  const [row] = await deps.db.execute<{ state: BulkRow['state']; left: number }>(sql`
    select b.state, (select count(*)::int from bulk_items i where i.bulk_id = b.id
      and i.state = case b.state when 'undoing' then 'changed' else 'waiting' end) as left
    from bulk_changes b where b.id = ${id}`)
  if (!row || !isAtWork(row)) return false
  if (row.left > 0) return true
  await end(deps, id, row.state === 'undoing' ? 'undone' : 'done', null)
  return false
}

async function end(deps: BulkDeps, id: string, state: BulkRow['state'], reason: string | null): Promise<void> {
  await deps.db.execute(sql`
    update bulk_changes set state = ${state}, reason = ${reason}, ended_at = ${deps.now().toISOString()}::timestamptz
    where id = ${id} and state in ('running', 'undoing')`)
  deps.nudge()
}
