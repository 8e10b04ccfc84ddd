/** A change of many tickets begins: which ones is fixed here, so that nothing that comes meanwhile is taken along. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import { followUp } from '../../db/due.ts'
import { newId } from '../../db/id.ts'
import { bulkChanges } from '../../db/schema.ts'
import { notFound, unprocessable } from '../../problem.ts'
import type { TicketQuery } from '../../wire.ts'
import { type Bulk, mostMatching, type NewBulk, type TicketActs } from '../../wire-bulk.ts'
import { pageQuery, stretchesOf } from '../list.ts'
import { requireMacro } from '../macros/macros.ts'
import { type BulkDeps, bulkKind, work } from './run.ts'
import { requireBulk } from './show.ts'

/** Those chosen by hand are done while the request waits; a node that dies meanwhile leaves the rest to the due work. */
const TAKE_OVER_MS = 30_000

/** Throws 404 for none or a macro that is not there, 422 `too_many` and `snooze_past`. */
export async function startBulk(deps: BulkDeps, actor: Actor, wanted: NewBulk): Promise<Bulk> {
  const { acts, macro } = await actsOf(deps, actor, wanted)
  const id = newId()
  const isChosen = wanted.ids !== undefined
  await deps.db.transaction(async (tx) => {
    const { id: userId } = actor
    await tx.insert(bulkChanges).values({ id, userId, actor, acts, macro, total: 0, createdAt: deps.now() })
    const which = wanted.ids ? chosen(actor, wanted.ids) : matching(deps, actor, wanted.query!)
    const [row] = await tx.execute<{ total: number }>(sql`
      with taken as (
        insert into bulk_items (bulk_id, ticket_id, position)
        select ${id}, w.id, row_number() over () from (${which}) as w returning 1
      ) select count(*)::int as total from taken`)
    const total = row?.total ?? 0
    if (total === 0)
      throw isChosen ? notFound('ticket') : unprocessable('nothing_matches', 'No ticket is in this list any more.')
    if (total > mostMatching) throw unprocessable('too_many', 'These are too many at once.', { most: mostMatching })
    const missing = (wanted.ids ? new Set(wanted.ids).size : total) - total
    await tx.execute(sql`update bulk_changes set total = ${total}, missing = ${missing} where id = ${id}`)
    const dueAt = isChosen ? new Date(deps.now().getTime() + TAKE_OVER_MS) : deps.now()
    await followUp(tx, [{ kind: bulkKind, subject: id, dueAt }])
    await writeAudit(tx, actor, 'bulk.started', `bulk:${id}`, { total, fields: Object.keys(acts) })
  })
  if (isChosen) await work(deps, id, total(wanted))
  deps.nudge()
  return requireBulk(deps.db, actor, id)
}

const total = ({ ids }: NewBulk) => ids?.length ?? 0

/** How many a list has, up to one more than can be taken. */
export async function countMatching(deps: BulkDeps, actor: Actor, query: TicketQuery): Promise<number> {
  const [row] = await deps.db.execute<{ count: number }>(
    sql`select count(*)::int as count from (${matching(deps, actor, query)}) as few`,
  )
  return row?.count ?? 0
}

async function actsOf(
  deps: BulkDeps,
  actor: Actor,
  { acts, macro }: NewBulk,
): Promise<{ acts: TicketActs; macro: string | null }> {
  if (macro !== undefined) {
    const { name, acts: its } = await requireMacro(deps.db, actor, macro)
    return { acts: its, macro: name }
  }
  if (acts?.snoozedUntil && new Date(acts.snoozedUntil) <= deps.now()) {
    throw unprocessable('snooze_past', 'The time to wake up must lie in the future.')
  }
  return { acts: acts!, macro: null }
}

const brandsOf = (actor: Actor) =>
  actor.brandIds === null ? sql`true` : sql`brand_id = any(${`{${actor.brandIds.join(',')}}`}::uuid[])`

const chosen = (actor: Actor, ids: readonly string[]) => sql`
  select id from tickets where id = any(${`{${ids.join(',')}}`}::uuid[]) and ${brandsOf(actor)} order by id`

function matching({ channels, now }: BulkDeps, actor: Actor, query: TicketQuery) {
  const [newest] = stretchesOf('newest', now(), channels)
  return pageQuery(actor, query, now(), newest!, null, mostMatching + 1, channels)
}
