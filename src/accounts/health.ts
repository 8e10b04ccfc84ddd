import { and, eq, isNull, sql } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import type { Health } from '../channel/tools.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { accounts } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { checkAgainMs, checkDue } from './check-due.ts'

export interface HealthDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/**
 * Stores how an account is doing and tells the desks; true when that is news. `settingsVersion` is of the settings the
 * news is about: what an old token came to must not stand against a new one. Null: whatever they are.
 */
export async function setHealth(
  deps: HealthDeps,
  accountId: string,
  settingsVersion: number | null,
  health: Health,
): Promise<boolean> {
  const changed = await deps.db.transaction((tx) => writeHealth(tx, deps.now(), accountId, settingsVersion, health))
  if (changed) deps.nudge()
  return changed
}

/** The same inside a transaction; the caller nudges after the commit. */
export async function writeHealth(
  tx: Tx,
  now: Date,
  accountId: string,
  settingsVersion: number | null,
  health: Health,
): Promise<boolean> {
  // The name the platform gave stays until it gives another, and so does how long the credentials are good.
  const kept = sql`jsonb_build_object('name', ${accounts.health}->'name', 'credentials', ${accounts.health}->'credentials')`
  const next = sql`${kept} || ${JSON.stringify(clean(health))}::jsonb`
  const stored = sql<Health>`jsonb_strip_nulls(${next})`
  const [row] = await tx
    .update(accounts)
    .set({ health: stored })
    .where(
      and(
        eq(accounts.id, accountId),
        isNull(accounts.removedAt),
        settingsVersion === null ? sql`true` : eq(accounts.settingsVersion, settingsVersion),
        sql`${accounts.health} is distinct from ${stored}`,
      ),
    )
    .returning({ brandId: accounts.brandId })
  if (!row) return false
  await appendEvents(tx, [{ brandId: row.brandId, type: 'account', ticketId: null, version: null }])
  if (health.state === 'refused') await followUp(tx, [checkDue(accountId, new Date(now.getTime() + checkAgainMs))])
  return true
}

/** jsonb refuses NUL; and what an adapter says of a platform's answer is kept short. */
function clean(health: Health): Health {
  const short = (text: string) => cleanText(text).slice(0, 500)
  return {
    state: health.state,
    ...(health.name === undefined ? {} : { name: short(health.name) }),
    ...(health.scan === undefined ? {} : { scan: cleanText(health.scan).slice(0, 2_000) }),
    ...(health.credentials === undefined ? {} : { credentials: health.credentials }),
    ...(health.text === undefined ? {} : { text: { en: short(health.text.en), zh: short(health.text.zh) } }),
  }
}
