/** Accounts as the API shows them. */
import { asc, count, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import type { Adapter } from '../channel/adapter.ts'
import type { EntryForm } from '../channel/entry.ts'
import type { Health } from '../channel/tools.ts'
import { accounts, inboundUnread } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../problem.ts'
import type { Account, Usage } from '../wire.ts'
import { type MonthUsage, readMonthUsage } from './month-usage.ts'
import { visibleAccount, visibleAccounts } from './scoped.ts'
import { openSettings, publicSettings } from './settings.ts'
import { showForm } from './show-form.ts'
import { webhookUrl } from './webhook-url.ts'

export type ListDeps = Pick<Deps, 'db' | 'seal' | 'channels' | 'config' | 'now' | 'connections'>

/**
 * Every account of the actor's brands, oldest first. Only administrators see settings and the webhook address (in some
 * channels a part of it is as good as a password); for everybody else these are empty. What was spent is for supervisors.
 */
export async function listAccounts(deps: ListDeps, actor: Actor): Promise<Account[]> {
  return show(deps, actor, await select(deps, visibleAccounts(actor)))
}

/** Throws 404 for one the actor may not see. */
export async function readAccount(deps: ListDeps, actor: Actor, id: string): Promise<Account> {
  const [account] = await show(deps, actor, await select(deps, visibleAccount(actor, id)))
  if (!account) throw notFound('account')
  return account
}

type Row = Awaited<ReturnType<typeof select>>[number]

function select({ db }: ListDeps, where: SQL | undefined) {
  const unread = db
    .select({ accountId: inboundUnread.accountId, count: count().as('unread_count') })
    .from(inboundUnread)
    .where(isNull(inboundUnread.replayedAt))
    .groupBy(inboundUnread.accountId)
    .as('unread')
  return db
    .select({ account: accounts, unread: sql<number>`coalesce(${unread.count}, 0)::int` })
    .from(accounts)
    .leftJoin(unread, eq(unread.accountId, accounts.id))
    .where(where)
    .orderBy(asc(accounts.createdAt), asc(accounts.id))
}

async function show(deps: ListDeps, actor: Actor, rows: readonly Row[]): Promise<Account[]> {
  const ids = rows.map(({ account }) => account.id)
  const usage = await readMonthUsage(deps.db, ids, deps.now())
  return Promise.all(
    rows.map(async (row) => {
      const open = row.account.removedAt ? null : await deps.connections.get(row.account.id)
      return toWire(deps, actor, row, usage.get(row.account.id)!, open?.entryForm ?? null)
    }),
  )
}

function toWire(
  deps: ListDeps,
  actor: Actor,
  { account, unread }: Row,
  used: MonthUsage,
  form: EntryForm | null,
): Account {
  const { id, brandId, channel, name, reopenWithinMs, undoMs, ticketPer, intake, health, pausedUntil, createdAt } =
    account
  const adapter = deps.channels.get(channel)
  const mayConfigure = mayActAs(actor, 'administrator')
  return {
    id,
    brandId,
    channel,
    name,
    ...(mayConfigure && adapter ? shownSettings(deps, adapter, account) : { settings: {}, secretsSet: [] }),
    webhookUrl: mayConfigure ? webhookUrl(deps.config, id) : null,
    reopenWithinMs,
    undoMs,
    ticketPer,
    intake,
    platform: adapter ? platformOf(deps, adapter, account) : null,
    health: mayConfigure ? health : withoutScan(health),
    pausedUntil: pausedUntil && pausedUntil > deps.now() ? pausedUntil.toISOString() : null,
    unread,
    usage: shownUsage(adapter, actor, used),
    entry: form && showForm(form),
    createdAt: createdAt.toISOString(),
  }
}

/** Not a setting that agents may not see: what they call the place. */
function platformOf(deps: ListDeps, adapter: Adapter<unknown>, account: Row['account']): string | null {
  if (!adapter.platform) return null
  try {
    return adapter.platform(openSettings(deps.seal, account.id, account.settingsSealed))
  } catch {
    // Sealed under another secret: health says so.
    return null
  }
}

/** What was spent is for supervisors; how much was used, for everybody. */
function shownUsage(adapter: Adapter<unknown> | undefined, actor: Actor, used: MonthUsage): Usage {
  const since = used.since.toISOString()
  if (mayActAs(actor, 'supervisor')) return { ...used, since, currency: currencyOf(adapter) }
  const free = <T extends object>(one: T) => ({ ...one, cost: null })
  const { items, replies, inDoubt } = used
  return { since, currency: null, items: items.map(free), replies: free(replies), inDoubt: free(inDoubt) }
}

/** Of what an account's platform bills in; null: it bills nothing. */
export function currencyOf(adapter: Adapter<unknown> | undefined): string | null {
  const surfaces = Object.values(adapter?.capabilities.surfaces ?? {})
  return surfaces.find(({ cost }) => cost)?.cost?.currency ?? null
}

/** Whoever scans it signs in: not for everybody who may see how the account is doing. */
export const withoutScan = ({ scan: _scan, ...health }: Health): Health => health

function shownSettings(
  deps: ListDeps,
  adapter: Adapter<unknown>,
  account: Row['account'],
): Pick<Account, 'settings' | 'secretsSet'> {
  try {
    const settings = openSettings(deps.seal, account.id, account.settingsSealed)
    return publicSettings(adapter, settings)
  } catch {
    // Sealed under another secret: health says so, and the form is to be filled in again.
    return { settings: {}, secretsSet: [] }
  }
}
