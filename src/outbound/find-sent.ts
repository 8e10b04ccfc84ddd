import { and, eq } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import type { Db } from '../db/client.ts'
import { deliveries } from '../db/schema.ts'
import { mayRepeat, repeat, type SettleHooks, settle } from './settle.ts'
import { readTarget } from './target.ts'

export interface FindSentDeps {
  readonly db: Db
  readonly connections: Connections
  readonly hooks: SettleHooks
  readonly nudge: () => void
}

/**
 * Due handler `find-sent`, subject = delivery: asks the platform whether a delivery in doubt arrived. Where it cannot be
 * asked, or cannot tell, a person decides; it is never sent again on a guess. Where the other side knows the id, it is sent again.
 */
export function findSentHandler(deps: FindSentDeps) {
  return async (item: { readonly subject: string }): Promise<void> => {
    const [row] = await deps.db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.id, item.subject), eq(deliveries.state, 'unknown')))
    const account = row && (await deps.connections.get(row.accountId))
    if (!row || !account) return
    const { repeatWithinMs = 0 } = account.adapter.capabilities
    if (mayRepeat(row, { repeatWithinMs })) {
      // A process died during the call: as if the call had ended in doubt.
      await deps.db.transaction(async (tx) => {
        const still = and(
          eq(deliveries.id, row.id),
          eq(deliveries.state, 'unknown'),
          eq(deliveries.attempt, row.attempt),
        )
        const [held] = await tx.select().from(deliveries).where(still).for('update')
        if (held) await repeat(tx, held, { code: 'interrupted', text: held.reason })
      })
      deps.nudge()
      return
    }
    if (!account.connection.findSent) return
    const target = await readTarget(deps.db, row)
    const found = await account.connection.findSent({
      ...target,
      deliveryId: row.id,
      text: row.text,
      doubted: row.doubted,
    })
    if (found === 'cannot-tell') return
    await deps.db.transaction((tx) =>
      settle(
        tx,
        row,
        found === 'absent'
          ? { kind: 'retry', code: 'no_answer', text: null, after: null, scope: 'thread' }
          : { kind: 'sent', externalId: found.externalId },
        deps.hooks,
      ),
    )
    deps.nudge()
  }
}
