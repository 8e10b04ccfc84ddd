import { setTimeout as pause } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { Adapter, Connection, Intake } from '../channel/adapter.ts'
import type { Bilingual } from '../channel/errors.ts'
import type { Health, Tools } from '../channel/tools.ts'
import { accounts, type TicketPer } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import type { OpenAccount } from './connections.ts'
import { countCalls } from './in-flight.ts'
import { openSettings, parseSettings, type Settings, sealSettings, secretValues } from './settings.ts'
import { createTools, type ToolsDeps } from './tools.ts'
import { webhookUrl } from './webhook-url.ts'

/** An account with its open connection, and what it takes to close it. */
export interface Opened {
  account: OpenAccount
  readonly idle: () => Promise<void>
  readonly replace: () => void
  readonly close: () => Promise<void>
}

export type OpenResult = Opened | { readonly broken: Bilingual; readonly cause: unknown }

export interface AccountRow {
  readonly id: string
  readonly brandId: string
  readonly channel: string
  readonly name: string
  readonly settingsVersion: number
  readonly reopenWithinMs: number
  readonly ticketPer: TicketPer
  readonly intake: Intake
  readonly undoMs: number | null
}

type OpenDeps = ToolsDeps & Pick<Deps, 'config' | 'channels'>

/**
 * Reads the settings and connects; no call to the platform. One account that cannot be opened stops no other. Null:
 * another node has just changed the settings; look again.
 */
export async function openAccount(row: AccountRow, sealed: Uint8Array, deps: OpenDeps): Promise<OpenResult | null> {
  const adapter = deps.channels.get(row.channel)
  if (!adapter) return { broken: unknownChannel, cause: null }
  let stored: Settings
  try {
    stored = openSettings(deps.seal, row.id, sealed)
  } catch (cause) {
    return { broken: unreadable, cause }
  }
  const parsed = parseSettings(adapter, stored)
  if ('problems' in parsed)
    return { broken: outdated, cause: new Error(parsed.problems.map(({ path }) => path).join(', ')) }
  const { settings } = parsed
  const settingsVersion = await keepMade(row, stored, settings, deps)
  if (settingsVersion === null) return null

  const secrets = secretValues(adapter, settings)
  const { tools, close: closeTools } = createTools({ id: row.id, channel: row.channel, settingsVersion, secrets }, deps)
  let connection: Connection
  try {
    const facing = { id: row.id, name: row.name, settings, webhookUrl: webhookUrl(deps.config, row.id) }
    connection = adapter.connect(facing, tools)
  } catch (error) {
    closeTools()
    // Without the stack and cause: what an adapter throws over its settings may quote them.
    return { broken: refused, cause: new Error(tools.redact(String(error))) }
  }
  const counted = countCalls(connection)
  const controller = new AbortController()
  const { id, brandId, name, reopenWithinMs, ticketPer, intake, undoMs } = row
  return {
    account: {
      id,
      brandId,
      name,
      adapter: ofAccount(adapter, settings),
      connection: { ...counted.connection, check: async () => redacted(await counted.connection.check(), tools) },
      settingsVersion,
      reopenWithinMs,
      ticketPer,
      intake,
      undoMs,
      entryForm: adapter.entryForm?.(settings) ?? null,
      replaced: controller.signal,
    },
    idle: counted.idle,
    replace: () => controller.abort(),
    async close() {
      try {
        await connection.close?.()
      } finally {
        closeTools()
      }
    },
  }
}

/** What this account can do stands in the place of what the channel can. */
function ofAccount(adapter: Adapter<unknown>, settings: Settings): Adapter<unknown> {
  return adapter.capabilitiesOf ? { ...adapter, capabilities: adapter.capabilitiesOf(settings) } : adapter
}

/** What an adapter says of a platform's answer may quote it. */
function redacted(health: Health, { redact }: Pick<Tools, 'redact'>): Health {
  if (!health.text) return health
  return { ...health, text: { en: redact(health.text.en), zh: redact(health.text.zh) } }
}

/** Tells who uses it, waits for the calls that run (until `graceMs` or `hurry`), and closes. Does not reject. */
export async function retire(
  opened: Opened,
  patience: { readonly graceMs: number; readonly hurry: AbortSignal },
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<void> {
  opened.replace()
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, patience.hurry])
  await Promise.race([opened.idle(), pause(patience.graceMs, undefined, { signal }).catch(() => {})])
  stop.abort()
  try {
    await opened.close()
  } catch (error) {
    // There is nobody left to tell, and nothing that could be done about it.
    log.warn({ err: error, accountId: opened.account.id }, 'an old connection did not close properly')
  }
}

/**
 * A newer version of the channel may have fields that are made when absent. They are stored once, so that every node
 * has the same; only a field that was not there counts, so that this ends. The version of the settings then; null: the
 * row was changed meanwhile.
 */
async function keepMade(row: AccountRow, stored: Settings, settings: Settings, deps: OpenDeps): Promise<number | null> {
  if (Object.keys(settings).every((name) => Object.hasOwn(stored, name))) return row.settingsVersion
  const settingsVersion = row.settingsVersion + 1
  const kept = await deps.db
    .update(accounts)
    .set({ settingsSealed: sealSettings(deps.seal, row.id, settings), settingsVersion })
    .where(and(eq(accounts.id, row.id), eq(accounts.settingsVersion, row.settingsVersion)))
    .returning({ id: accounts.id })
  return kept.length > 0 ? settingsVersion : null
}

const unknownChannel = { en: 'This server does not know the channel.', zh: '此服务器不支持该渠道。' }
const unreadable = {
  en: 'The settings cannot be decrypted: the secret of this installation is another one than when they were stored. Enter them again.',
  zh: '无法解密设置：当前安装密钥与保存时不一致。请重新填写设置。',
}
const outdated = {
  en: 'The stored settings are not complete for this version. Open the settings and save them again.',
  zh: '已保存的设置不符合当前版本的要求。请打开设置并重新保存。',
}
const refused = { en: 'The channel cannot work with these settings.', zh: '该渠道无法使用这些设置。' }
