/** A person's pause of an account's sends: what is written meanwhile waits in the queue and is kept from expiring. */
import { eq, sql } from 'drizzle-orm'
import { type Actor, systemActor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { type DueItem, followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { accountHolds, accounts, deliveries } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { Hold, NewHold } from '../wire.ts'
import { visibleAccount } from './scoped.ts'

export type HoldDeps = Pick<Deps, 'db' | 'now' | 'nudge'>
export type HoldRow = typeof accountHolds.$inferSelect

/** The kind of due work that ends a pause whose time is over. */
export const holdKind = 'account.hold'
const endOf = (accountId: string, dueAt: Date): DueItem => ({ kind: holdKind, subject: accountId, accountId, dueAt })

/** A second pause takes the first one's place, its start stays. Throws 404, and 422 `already_expired`. */
export async function holdAccount(deps: HoldDeps, actor: Actor, id: string, hold: NewHold): Promise<Hold> {
  const until = hold.until ? new Date(hold.until) : null
  if (until && until <= deps.now()) throw unprocessable('already_expired', 'The end has to lie in the future.')
  const row = await deps.db.transaction(async (tx) => {
    const brandId = await lockAccount(tx, actor, id)
    const reason = cleanText(hold.reason)
    const by = { reason, until, heldBy: actor.id, heldByName: actor.name }
    const [held] = await tx
      .insert(accountHolds)
      .values({ accountId: id, ...by })
      .onConflictDoUpdate({ target: accountHolds.accountId, set: by })
      .returning()
    if (until) await followUp(tx, [endOf(id, until)])
    await tellOf(tx, brandId)
    await writeAudit(tx, actor, 'account.paused', `account:${id}`, { until: until?.toISOString() ?? null })
    return held!
  })
  deps.nudge()
  return showHold(row)
}

/** Ends a pause. One that is not there any more is ended. Throws 404. */
export async function endHold(deps: HoldDeps, actor: Actor, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const brandId = await lockAccount(tx, actor, id)
    if (await end(tx, id)) {
      await tellOf(tx, brandId)
      await writeAudit(tx, actor, 'account.resumed', `account:${id}`)
    }
  })
  deps.nudge()
}

/** Due work {@link holdKind}: the time of a pause is over. Sends went on by themselves a moment ago. */
export function holdHandler(deps: HoldDeps): DueHandler {
  return async ({ subject }) => {
    const again = await deps.db.transaction(async (tx) => {
      const [account] = await tx
        .select({ brandId: accounts.brandId })
        .from(accounts)
        .where(eq(accounts.id, subject))
        .for('update')
      const [hold] = await tx
        .select({ until: accountHolds.until, isOver: sql<boolean>`until <= now()` })
        .from(accountHolds)
        .where(eq(accountHolds.accountId, subject))
      // Ended by hand, or made endless meanwhile.
      if (!account || !hold?.until) return null
      if (!hold.isOver) return hold.until
      await end(tx, subject)
      await tellOf(tx, account.brandId)
      await writeAudit(tx, systemActor, 'account.resumed', `account:${subject}`)
      return null
    })
    deps.nudge()
    if (again) return { again }
  }
}

/** What waited has as long as it had left when the pause began, or when it was written. */
async function end(tx: Tx, accountId: string): Promise<boolean> {
  const [hold] = await tx.delete(accountHolds).where(eq(accountHolds.accountId, accountId)).returning()
  if (!hold) return false
  // Tickets are locked in this order, as on the way in.
  await tx.execute(sql`
    with waiting as materialized (
      select id from ${deliveries} where account_id = ${accountId} and state = 'queued' order by ticket_id, position for update)
    update ${deliveries} d
    set expires_at = d.expires_at + greatest(interval '0', now() - greatest(${hold.since.toISOString()}::timestamptz, d.created_at))
    from waiting where d.id = waiting.id`)
  return true
}

async function lockAccount(tx: Tx, actor: Actor, id: string): Promise<string> {
  const [row] = await tx
    .select({ brandId: accounts.brandId })
    .from(accounts)
    .where(visibleAccount(actor, id))
    .for('update')
  if (!row) throw notFound('account')
  return row.brandId
}

const tellOf = (tx: Tx, brandId: string) =>
  appendEvents(tx, [{ brandId, type: 'account', ticketId: null, version: null }])

export const showHold = ({ since, until, reason, heldBy, heldByName }: HoldRow): Hold => ({
  since: since.toISOString(),
  until: until?.toISOString() ?? null,
  reason,
  by: { id: heldBy, name: heldByName },
})
