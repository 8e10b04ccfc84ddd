import type { Account } from '#channel/adapter.ts'
import type { BotApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import type { Settings } from './settings.ts'

/** Undoes what `check` set up, unless the bot calls somebody else by now: a webhook that is not ours stays. */
export async function release(api: BotApi, account: Account<Settings>): Promise<void> {
  if (account.settings.mode !== 'webhook' || account.webhookUrl === null) return
  const options = { timeoutMs: capabilities.timeoutMs.call }
  const info = await api.call('getWebhookInfo', {}, options)
  const url = typeof info === 'object' && info !== null && 'url' in info ? info.url : null
  if (url === account.webhookUrl) await api.call('deleteWebhook', { drop_pending_updates: false }, options)
}
