/** Tickets came, or moved: a trigger wrote down which. Their clocks are worked out, and their teams asked. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'
import { askAssign, askForPerson } from '../teams/ask.ts'
import { refreshClocks } from './refresh.ts'
import { loadRules } from './rules.ts'

/** As `tickets_came` and `tickets_moved` write it in the migration. */
export const movedKind = 'tickets_moved'

const Payload = z.object({ tickets: z.array(z.string()), people: z.array(z.string().nullable()).nullish() })
const slice = 200

export function movedHandler(deps: {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}): DueHandler {
  return async ({ payload }, run) => {
    const { tickets, people } = Payload.parse(payload)
    for (let at = 0; at < tickets.length; at += slice) {
      run.signal.throwIfAborted()
      const ids = tickets.slice(at, at + slice)
      await deps.db.transaction(async (tx) => {
        await refreshClocks(tx, await loadRules(tx), ids)
        await askAssign(tx, await teamsWanting(tx, ids), deps.now())
      })
      deps.nudge()
    }
    await askForPerson(
      deps.db,
      (people ?? []).filter((id) => id !== null),
      deps.now(),
    )
  }
}

/** Teams that give out one of these by themselves. */
async function teamsWanting(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select distinct m.id from tickets t join teams m on m.auto_assign and (m.id = t.team_id or (
      t.team_id is null and m.takes_new and (m.brand_ids is null or t.brand_id = any(m.brand_ids))))
    where t.id = any(${`{${ids.join(',')}}`}::uuid[]) and t.assignee_id is null and t.status in ('new', 'open')`)
  return rows.map(({ id }) => id)
}
