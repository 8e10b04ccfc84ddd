import { and, asc, eq, isNull } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Intake } from '../channel/adapter.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { accounts, brands, type TicketPer } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { unprocessable } from '../problem.ts'
import { checkDue } from './check-due.ts'
import { checkSettings, type Settings, sealSettings } from './settings.ts'

export interface AccountInput {
  readonly channel: string
  readonly name: string
  /** Default: the oldest brand the actor sees. */
  readonly brandId?: string | undefined
  /** As a person gave them; checked here. `settingsFromText` makes them of a command line's texts. */
  readonly settings: Settings
  readonly reopenWithinMs?: number | undefined
  readonly undoMs?: number | null | undefined
  readonly ticketPer?: TicketPer | undefined
  /** Default: the channel's. */
  readonly intake?: Intake | undefined
}

export type AccountDeps = Pick<Deps, 'db' | 'seal' | 'channels' | 'now'> & {
  /** A server's; a command beside one has none, and the server looks by itself. */
  readonly nudge?: () => void
}

/**
 * Stores a new account. A server opens it within two seconds, and checks it at `checkAt` (default: at once). Throws 422
 * `unknown_channel`, `unknown_brand` or `invalid_settings` (with `details.errors`).
 */
export async function addAccount(
  deps: AccountDeps,
  actor: Actor,
  input: AccountInput,
  checkAt: Date = deps.now(),
): Promise<{ readonly id: string }> {
  const adapter = deps.channels.get(input.channel)
  if (!adapter) throw unprocessable('unknown_channel', 'There is no such channel.')
  const settings = checkSettings(adapter, input.settings)
  const id = newId()
  await deps.db.transaction(async (tx) => {
    const brandId = await brandFor(tx, actor, input.brandId)
    await tx.insert(accounts).values({
      id,
      brandId,
      channel: adapter.channel,
      name: cleanText(input.name),
      settingsSealed: sealSettings(deps.seal, id, settings),
      ...(input.reopenWithinMs === undefined ? {} : { reopenWithinMs: input.reopenWithinMs }),
      ...(input.undoMs === undefined ? {} : { undoMs: input.undoMs }),
      ...(input.ticketPer === undefined ? {} : { ticketPer: input.ticketPer }),
      intake: input.intake ?? adapter.intake ?? 'tickets',
    })
    await followUp(tx, [checkDue(id, checkAt)])
    await appendEvents(tx, [{ brandId, type: 'account', ticketId: null, version: null }])
    await writeAudit(tx, actor, 'account.added', `account:${id}`, { channel: adapter.channel, brandId })
  })
  deps.nudge?.()
  return { id }
}

/** A brand the actor sees; without an id the oldest of them. */
export async function brandFor(tx: Tx, actor: Actor, id: string | undefined): Promise<string> {
  const [brand] = await tx
    .select({ id: brands.id })
    .from(brands)
    .where(and(inScope(actor, brands.id), isNull(brands.archivedAt), id === undefined ? undefined : eq(brands.id, id)))
    .orderBy(asc(brands.createdAt), asc(brands.id))
    .limit(1)
  if (!brand) throw unprocessable('unknown_brand', 'There is no such brand.')
  return brand.id
}
