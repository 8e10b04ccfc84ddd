/** Are the settings right? Also makes Telegram call us, or stop calling. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from '#channel/adapter.ts'
import type { Bilingual } from '#channel/errors.ts'
import type { Health, Tools } from '#channel/tools.ts'
import type { BotApi, Payload } from './api.ts'
import { capabilities } from './capabilities.ts'
import { ApiFailure } from './failure.ts'
import { allowedUpdates } from './kinds.ts'
import type { Notes } from './notes.ts'
import { busyText, credentialsText, isCredentials, unreachableText } from './refusals.ts'
import { defaultApiRoot, type Settings } from './settings.ts'
import { keepBefore, meddled, readBefore, readWebhookInfo, troublesIn } from './webhook-health.ts'

/** Webhook calls at a time. Telegram's default of 40 is more than one small server needs: calls are answered in milliseconds. */
const maxConnections = 20

/** Asked again every quarter of an hour, so it also says what changed since: a webhook falls silent without an error. */
export async function check(api: BotApi, tools: Tools, account: Account<Settings>, notes: Notes): Promise<Health> {
  const call = (method: string, payload: Payload = {}) =>
    api.call(method, payload, { timeoutMs: capabilities.timeoutMs.call })
  let name: string | null = null
  try {
    name = nameOf(await call('getMe'))
    if (account.settings.mode === 'polling') {
      // getUpdates is refused while a webhook is set; what waits there stays and is polled.
      await call('deleteWebhook', { drop_pending_updates: false })
      return healthOf(name, [await notes.read()])
    }
    const unfit = unfitAddress(account)
    if (unfit) return healthy('warning', name, unfit)
    const url = account.webhookUrl ?? ''
    const found = readWebhookInfo(await call('getWebhookInfo'))
    await patiently(() =>
      call('setWebhook', {
        url,
        secret_token: account.settings.secret,
        allowed_updates: allowedUpdates,
        max_connections: maxConnections,
        drop_pending_updates: false,
      }),
    )
    const info = readWebhookInfo(await call('getWebhookInfo'))
    const before = await readBefore(tools)
    await keepBefore(tools, url, info)
    const troubles = troublesIn(info, before, tools.now())
    return healthOf(name, [meddled(url, found, before), ...troubles, await notes.read()])
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    if (isCredentials(error.code, error.description)) return { state: 'refused', text: credentialsText }
    return healthy('warning', name, textOf(error))
  }
}

function healthOf(name: string | null, found: readonly (Bilingual | null)[]): Health {
  const troubles = found.filter((text) => text !== null)
  if (troubles.length === 0) return healthy('ok', name)
  const text = { en: troubles.map(({ en }) => en).join(' '), zh: troubles.map(({ zh }) => zh).join('') }
  return healthy('warning', name, text)
}

function healthy(state: Health['state'], name: string | null, text?: Bilingual): Health {
  return { state, ...(name === null ? {} : { name }), ...(text ? { text } : {}) }
}

function nameOf(bot: unknown): string | null {
  if (typeof bot !== 'object' || bot === null) return null
  if ('username' in bot && typeof bot.username === 'string') return `@${bot.username}`
  return 'first_name' in bot && typeof bot.first_name === 'string' ? bot.first_name : null
}

/** What can be known about our address without asking. A Bot API server of one's own takes any. */
function unfitAddress({ webhookUrl, settings }: Account<Settings>): Bilingual | null {
  if (webhookUrl === null) {
    return {
      en: 'Set HUIXIN_URL to the public https address of Huixin, or choose polling.',
      zh: '请将 HUIXIN_URL 设为 Huixin 的公网 https 地址，或改用轮询方式。',
    }
  }
  const { protocol, port } = new URL(webhookUrl)
  if (URL.parse(settings.apiRoot)?.host !== new URL(defaultApiRoot).host) return null
  // https://core.telegram.org/bots/api#setwebhook, read 2026-11-22
  if (protocol === 'https:' && ['', '80', '88', '8443'].includes(port)) return null
  return {
    en: 'Telegram calls only https addresses on port 443, 80, 88 or 8443. Change HUIXIN_URL, or choose polling.',
    zh: 'Telegram 只回调端口为 443、80、88 或 8443 的 https 地址。请修改 HUIXIN_URL，或改用轮询方式。',
  }
}

/** setWebhook itself is limited to one a second; whoever saves twice in a row should not be told off for it. */
async function patiently<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn()
  } catch (error) {
    const ms = error instanceof ApiFailure && error.code === 429 ? error.retryAfterMs : null
    if (ms === null || ms > 3000) throw error
    await wait(ms)
    return await fn()
  }
}

function textOf(failure: ApiFailure): Bilingual {
  if (failure.code === 429) return busyText
  if (failure.kind !== 'refused') return unreachableText
  return {
    en: `Telegram refused the settings: ${failure.description}`,
    zh: `Telegram 拒绝了该设置：${failure.description}`,
  }
}
