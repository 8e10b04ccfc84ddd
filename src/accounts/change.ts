import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Intake } from '../channel/adapter.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { accounts, identities, type TicketPer } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { type AccountDeps, brandFor } from './add.ts'
import { checkDue } from './check-due.ts'
import { visibleAccount } from './scoped.ts'
import { checkSettings, mergeSettings, openSettings, type Settings, sealSettings } from './settings.ts'

export interface AccountChange {
  readonly name?: string | undefined
  readonly brandId?: string | undefined
  readonly settings?: Settings | undefined
  readonly reopenWithinMs?: number | undefined
  readonly undoMs?: number | null | undefined
  readonly ticketPer?: TicketPer | undefined
  readonly intake?: Intake | undefined
}

type Row = typeof accounts.$inferSelect

/**
 * Changes an account; what is left out stays. New settings raise the version, by which every node opens the connection
 * again, and are checked at `checkAt`. Throws 404, 422 as `addAccount`, and 409 `account_in_use` for another brand when
 * people have written already: their tickets and contacts would stay behind.
 */
export async function changeAccount(
  deps: AccountDeps & { readonly connections?: Pick<Deps['connections'], 'changed'> },
  actor: Actor,
  id: string,
  change: AccountChange,
  checkAt: Date = deps.now(),
): Promise<{ readonly settingsChanged: boolean }> {
  const settingsChanged = await deps.db.transaction(async (tx) => {
    const [row] = await tx.select().from(accounts).where(visibleAccount(actor, id)).for('update')
    if (!row) throw notFound('account')
    const brandId = change.brandId === undefined ? row.brandId : await moveTo(tx, actor, row, change.brandId)
    const sealed = change.settings && reseal(deps, row, change.settings)
    // The name is told to the adapter too.
    const reopens = sealed !== undefined || (change.name !== undefined && change.name !== row.name)
    await tx
      .update(accounts)
      .set({
        brandId,
        name: change.name === undefined ? row.name : cleanText(change.name),
        ...(change.reopenWithinMs === undefined ? {} : { reopenWithinMs: change.reopenWithinMs }),
        ...(change.undoMs === undefined ? {} : { undoMs: change.undoMs }),
        ...(change.ticketPer === undefined ? {} : { ticketPer: change.ticketPer }),
        ...(change.intake === undefined ? {} : { intake: change.intake }),
        ...(sealed ? { settingsSealed: sealed } : {}),
        ...(reopens ? { settingsVersion: sql`${accounts.settingsVersion} + 1` } : {}),
      })
      .where(eq(accounts.id, id))
    if (sealed) await followUp(tx, [checkDue(id, checkAt)])
    await appendEvents(tx, [{ brandId, type: 'account', ticketId: null, version: null }])
    await writeAudit(tx, actor, 'account.changed', `account:${id}`, {
      fields: Object.keys(change).filter((name) => change[name as keyof AccountChange] !== undefined),
      settings: Object.keys(change.settings ?? {}),
    })
    return sealed !== undefined
  })
  deps.connections?.changed(id)
  deps.nudge?.()
  return { settingsChanged }
}

async function moveTo(tx: Tx, actor: Actor, row: Row, brandId: string): Promise<string> {
  if (brandId === row.brandId) return brandId
  const target = await brandFor(tx, actor, brandId)
  const [person] = await tx
    .select({ id: identities.id })
    .from(identities)
    .where(eq(identities.accountId, row.id))
    .limit(1)
  if (person) throw conflict('account_in_use', 'People have written to this account; it stays with its brand.')
  return target
}

function reseal(deps: AccountDeps, row: Row, patch: Settings): Buffer {
  const adapter = deps.channels.get(row.channel)
  if (!adapter) throw unprocessable('unknown_channel', 'There is no such channel.')
  return sealSettings(deps.seal, row.id, checkSettings(adapter, mergeSettings(present(deps, row), patch)))
}

/** Nothing, when they cannot be read any more: then everything has to be entered again, which is the way out. */
function present(deps: AccountDeps, row: Row): Settings {
  try {
    return openSettings(deps.seal, row.id, row.settingsSealed)
  } catch {
    return {}
  }
}
