/** What an account says by itself: read under the caller's transaction, written by administrators, previewed with an example. */
import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { visibleAccount } from '../accounts/scoped.ts'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { accounts, automaticSettings, brands } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { notFound, unprocessable } from '../problem.ts'
import {
  type AutomaticAccount,
  AutomaticKind,
  type AutomaticPreview,
  AutomaticSettings,
  type Speech,
} from '../wire-automatic.ts'
import { sayTime } from './hours.ts'
import { statusAddress } from './links.ts'
import { progressWords } from './progress-words.ts'
import { faultOf, fill, type Language, shipped, variablesOf, variableWords } from './texts.ts'

export const silentSettings: AutomaticSettings = AutomaticSettings.parse({})

/** Null: nothing was ever turned on. What an older version stored is filled up; what cannot be read is silent. */
export async function readSettings(db: Db | Tx, accountId: string): Promise<AutomaticSettings | null> {
  const [row] = await db
    .select({ settings: automaticSettings.settings })
    .from(automaticSettings)
    .where(eq(automaticSettings.accountId, accountId))
  if (!row) return null
  const parsed = AutomaticSettings.safeParse(row.settings)
  return parsed.success ? parsed.data : silentSettings
}

/** The account's own words, or the shipped ones. */
export function wordsOf(settings: AutomaticSettings, kind: AutomaticKind, language: Language): string {
  return settings.kinds[kind][language].trim() || shipped[kind][language]
}

type SettingsDeps = Pick<Deps, 'db' | 'now' | 'nudge' | 'config' | 'channels'>

/** Throws 404. */
export async function showAutomatic(deps: SettingsDeps, actor: Actor, accountId: string): Promise<AutomaticAccount> {
  const [account] = await deps.db.select().from(accounts).where(visibleAccount(actor, accountId))
  if (!account) throw notFound('account')
  const surfaces = deps.channels.get(account.channel)?.capabilities.surfaces ?? {}
  return {
    settings: (await readSettings(deps.db, accountId)) ?? silentSettings,
    reopenWithinMs: account.reopenWithinMs,
    shipped: Object.fromEntries(Object.entries(shipped).map(([kind, texts]) => [kind, { ...texts }])) as never,
    variables: Object.fromEntries(
      AutomaticKind.options.map((kind) => [kind, variablesOf[kind].map((name) => ({ ...variableWords[name] }))]),
    ) as never,
    surfaces: (Object.keys(surfaces) as Surface[]).filter((surface) => surfaces[surface]?.byHand === undefined),
    statusUrl: statusAddress(deps.config),
  }
}

/** Replaces them. Throws 404, and 422 `unknown_variable`, `missing_variable`. */
export async function changeAutomatic(
  deps: SettingsDeps,
  actor: Actor,
  accountId: string,
  wanted: { readonly settings: AutomaticSettings; readonly reopenWithinMs?: number | undefined },
): Promise<void> {
  const settings = { ...wanted.settings, kinds: cleaned(wanted.settings.kinds) }
  await deps.db.transaction(async (tx) => {
    const [account] = await tx.select().from(accounts).where(visibleAccount(actor, accountId)).for('update')
    if (!account) throw notFound('account')
    await tx
      .insert(automaticSettings)
      .values({ accountId, settings, updatedAt: deps.now() })
      .onConflictDoUpdate({ target: automaticSettings.accountId, set: { settings, updatedAt: deps.now() } })
    const { reopenWithinMs } = wanted
    if (reopenWithinMs !== undefined && reopenWithinMs !== account.reopenWithinMs) {
      // The version tells every node to look at the account again.
      const settingsVersion = sql`${accounts.settingsVersion} + 1`
      await tx.update(accounts).set({ reopenWithinMs, settingsVersion }).where(eq(accounts.id, accountId))
    }
    await appendEvents(tx, [{ brandId: account.brandId, type: 'account', ticketId: null, version: null }])
    const on = AutomaticKind.options.filter((kind) => settings.kinds[kind].on)
    await writeAudit(tx, actor, 'account.automatic', `account:${accountId}`, {
      on,
      onPublic: on.filter((kind) => settings.kinds[kind].onPublic),
      ...(reopenWithinMs === undefined ? {} : { reopenWithinMs }),
    })
  })
  deps.nudge()
}

function cleaned(kinds: AutomaticSettings['kinds']): AutomaticSettings['kinds'] {
  const entries = AutomaticKind.options.map((kind): [AutomaticKind, Speech] => {
    const speech = kinds[kind]
    const texts = { zh: cleanText(speech.zh).trim(), en: cleanText(speech.en).trim() }
    for (const [language, text] of Object.entries(texts)) refuseFault(kind, language, text)
    return [kind, { ...speech, ...texts, onPublic: speech.onPublic && kind !== 'proof' }]
  })
  return Object.fromEntries(entries) as AutomaticSettings['kinds']
}

function refuseFault(kind: AutomaticKind, language: string, text: string): void {
  const fault = faultOf(kind, text)
  if (!fault) return
  if ('unknown' in fault) {
    throw unprocessable('unknown_variable', 'A text has a variable that it cannot be filled with.', {
      kind,
      language,
      name: fault.unknown.slice(0, 50),
    })
  }
  const words = variableWords[fault.missing]
  throw unprocessable('missing_variable', 'A text lacks the variable that it is there for.', {
    kind,
    language,
    zh: words.zh,
    en: words.en,
  })
}

/** The text as a customer would read it, with an example's values. Throws 404, 422 as above. */
export async function previewAutomatic(
  deps: SettingsDeps,
  actor: Actor,
  accountId: string,
  { kind, language, text }: z.output<typeof AutomaticPreview>,
): Promise<string> {
  const [row] = await deps.db
    .select({ brand: brands.name })
    .from(accounts)
    .innerJoin(brands, eq(brands.id, accounts.brandId))
    .where(and(visibleAccount(actor, accountId)))
  if (!row) throw notFound('account')
  refuseFault(kind, language, text)
  const settings = (await readSettings(deps.db, accountId)) ?? silentSettings
  const code = '1042-7KQ9F-2MXPD'
  const address = statusAddress(deps.config)
  return fill(text.trim() || shipped[kind][language], {
    customer: language === 'zh' ? '王女士' : 'Ms Wang',
    brand: row.brand,
    ticket: '#1042',
    code,
    link: address ? `${address}?c=${code}` : '',
    progress: progressWords('open', language),
    opens: sayTime(deps.now(), settings.hours.timeZone, language),
    answer: address ? `${address}/answer/…` : '',
    facts:
      language === 'zh'
        ? '为了尽快核实，请告诉我们机型、序列号（IMEI）和购买日期。'
        : 'So that we can look into it, please tell us the model, the serial number (IMEI) and the date of purchase.',
    otp: '123456',
  })
}
