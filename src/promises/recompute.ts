/** When policies or calendars change, every clock that may run by them is worked out again, in slices. */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { refreshClocks } from './refresh.ts'
import { loadRules, raiseRevision } from './rules.ts'

export const recomputeKind = 'clocks_anew'

/** Tickets of one transaction. */
const slice = 200

/** First in the transaction that changes the rules: such changes come one after the other. */
export async function askAnew(tx: Tx, now: Date): Promise<void> {
  await raiseRevision(tx)
  await followUp(tx, [{ kind: recomputeKind, subject: 'all', dueAt: now }])
}

/**
 * Every ticket that is not finished, and those whose clock runs all the same. A run that ends in the middle begins anew;
 * rules that change meanwhile ask for another one.
 */
export function recomputeHandler(deps: { readonly db: Db; readonly nudge: () => void }): DueHandler {
  return async (_row, run) => {
    let after = '00000000-0000-0000-0000-000000000000'
    while (true) {
      run.signal.throwIfAborted()
      const ids = await nextTickets(deps.db, after)
      const last = ids.at(-1)
      if (last === undefined) return
      const told = await deps.db.transaction(async (tx) => refreshClocks(tx, await loadRules(tx), ids))
      if (told.length > 0) deps.nudge()
      after = last
    }
  }
}

async function nextTickets(db: Db, after: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select t.id from tickets t
    where t.id > ${after}::uuid and (
      t.status not in ('resolved', 'closed')
      or exists (select from clocks c where c.ticket_id = t.id and c.stopped_at is null))
    order by t.id limit ${slice}`)
  return rows.map(({ id }) => id)
}
