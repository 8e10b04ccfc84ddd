/** How a bot gets its updates: polling, or a webhook. */
import type { Context } from './methods.ts'
import { bad, Refusal, tooMany } from './refusal.ts'
import type { BotState } from './state.ts'

export async function getUpdates({ bot, args, closed }: Context): Promise<unknown> {
  if (bot.webhook.current()) {
    throw new Refusal(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
  }
  allow(bot, args.params)
  return await bot.updates.read({
    offset: Number(args.params.offset ?? 0) || 0,
    limit: within(args.params.limit, 100, 1, 100),
    timeoutSeconds: within(args.params.timeout, 0, 0, 50),
    closed,
  })
}

/** One change of the webhook a second. */
const lastSet = new WeakMap<BotState, number>()

export function setWebhook({ bot, args, speed }: Context): unknown {
  const { url = '', secret_token = '', max_connections, drop_pending_updates } = args.params
  if (url === '') return deleteWebhook({ bot, args })
  const now = Date.now()
  if (now < (lastSet.get(bot) ?? 0) + 1000 / speed) throw tooMany(1)
  lastSet.set(bot, now)
  if (!/^https?:$/u.test(URL.parse(url)?.protocol ?? '')) throw bad('invalid webhook URL specified')
  if (secret_token.length > 256) throw bad('secret token is too long')
  if (!/^[\w-]*$/u.test(secret_token)) throw bad('secret token contains unallowed characters')
  if (drop_pending_updates === 'true') bot.updates.clear()
  allow(bot, args.params)
  bot.updates.interrupt()
  const present = bot.webhook.current()
  const next = { url, secret: secret_token, maxConnections: within(max_connections, 40, 1, 100) }
  const same = present && JSON.stringify(present) === JSON.stringify(next)
  if (!same) bot.webhook.set(next)
  return true
}

export function deleteWebhook({ bot, args }: Pick<Context, 'bot' | 'args'>): unknown {
  if (args.params.drop_pending_updates === 'true') bot.updates.clear()
  if (bot.webhook.current()) bot.webhook.set(null)
  return true
}

export function getWebhookInfo({ bot }: Context): unknown {
  const current = bot.webhook.current()
  const { lastErrorAt, lastErrorMessage } = bot.webhook.info()
  return {
    url: current?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.updates.pending().length,
    ...(current ? { max_connections: current.maxConnections, ip_address: '127.0.0.1' } : {}),
    ...(bot.updates.allowed().length > 0 ? { allowed_updates: bot.updates.allowed() } : {}),
    ...(lastErrorAt === null
      ? {}
      : { last_error_date: Math.floor(lastErrorAt / 1000), last_error_message: lastErrorMessage }),
  }
}

function allow(bot: BotState, { allowed_updates }: Readonly<Record<string, string>>): void {
  if (allowed_updates === undefined) return
  try {
    const kinds: unknown = JSON.parse(allowed_updates)
    if (Array.isArray(kinds)) bot.updates.allow(kinds.map(String))
  } catch {
    // The real server passes over a list it cannot read.
  }
}

function within(given: string | undefined, fallback: number, min: number, max: number): number {
  const number = Number(given ?? fallback)
  return Number.isInteger(number) ? Math.min(max, Math.max(min, number)) : fallback
}
