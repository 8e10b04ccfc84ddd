import { and, eq, sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import { accounts, adapterState, dueWork } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { notFound } from '../problem.ts'
import { checkKind } from './check-due.ts'
import type { OpenAccount } from './connections.ts'
import { visibleAccount } from './scoped.ts'
import { sealSettings } from './settings.ts'

export type RemoveDeps = Pick<Deps, 'db' | 'seal' | 'connections' | 'nudge' | 'log'> & {
  /** In the same transaction: what waits to be sent is given up. Handed in, because sending stands above accounts. */
  readonly whenRemoved?: (tx: Tx, accountId: string) => Promise<void>
}

/**
 * Removes an account: its tickets stay, its credentials and tokens are gone for good, its webhooks get 404. The platform
 * is then asked to stop calling us, best effort. Throws 404.
 */
export async function removeAccount(deps: RemoveDeps, actor: Actor, id: string): Promise<void> {
  // Opened before the credentials are gone.
  const open = await deps.connections.get(id)
  await deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(accounts)
      .set({
        removedAt: sql`now()`,
        settingsSealed: sealSettings(deps.seal, id, {}),
        settingsVersion: sql`${accounts.settingsVersion} + 1`,
      })
      .where(visibleAccount(actor, id))
      .returning({ brandId: accounts.brandId })
    if (!row) throw notFound('account')
    await tx.delete(adapterState).where(eq(adapterState.accountId, id))
    await tx.delete(dueWork).where(and(eq(dueWork.kind, checkKind), eq(dueWork.subject, id)))
    await deps.whenRemoved?.(tx, id)
    await appendEvents(tx, [{ brandId: row.brandId, type: 'account', ticketId: null, version: null }])
    await writeAudit(tx, actor, 'account.removed', `account:${id}`)
  })
  deps.nudge()
  if (open) await release(open, deps.log)
  // Saying good-bye may have fetched a token once more.
  await deps.db.delete(adapterState).where(eq(adapterState.accountId, id))
  deps.connections.changed(id)
}

async function release(account: OpenAccount, log: FastifyBaseLogger): Promise<void> {
  if (!account.connection.release) return
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 5000)
  })
  try {
    await Promise.race([account.connection.release(), late])
  } catch (error) {
    // The account is gone whatever the platform says; its calls get 404.
    log.warn({ err: error, accountId: account.id }, 'the platform could not be told that the account was removed')
  } finally {
    clearTimeout(timer)
  }
}
