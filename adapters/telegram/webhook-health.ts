/** Does Telegram reach us? https://core.telegram.org/bots/api#webhookinfo, read 2026-11-24 */
import { createHash } from 'node:crypto'
import type { Bilingual } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { allowedUpdates } from './kinds.ts'

/** What Telegram met that long ago is history. */
const recentMs = 3_600_000
/** So many waiting are no burst that is just being delivered. */
const manyPending = 100

export interface WebhookInfo {
  readonly url: string
  readonly pending: number
  readonly ipAddress: string | null
  readonly lastErrorAt: Date | null
  readonly lastError: string
  readonly lastSyncErrorAt: Date | null
  /** Null: all but a few. */
  readonly allowed: readonly string[] | null
}

export function readWebhookInfo(info: unknown): WebhookInfo {
  const given = (typeof info === 'object' && info !== null ? info : {}) as Record<string, unknown>
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : '')
  const time = (value: unknown) => (typeof value === 'number' ? new Date(value * 1000) : null)
  return {
    url: typeof given.url === 'string' ? given.url : '',
    pending: typeof given.pending_update_count === 'number' ? given.pending_update_count : 0,
    ipAddress: /^[\da-f.:]{3,45}$/iu.test(text(given.ip_address)) ? text(given.ip_address) : null,
    lastErrorAt: time(given.last_error_date),
    lastError: text(given.last_error_message),
    lastSyncErrorAt: time(given.last_synchronization_error_date),
    allowed: Array.isArray(given.allowed_updates) ? given.allowed_updates.map(String) : null,
  }
}

/** What the check before this one left: which address it set, and how many updates waited. */
interface Before {
  readonly set: string
  readonly pending: number
}

export async function readBefore(tools: Pick<Tools, 'state'>): Promise<Before | null> {
  const kept = await tools.state.get('webhook')
  return kept === null ? null : (JSON.parse(kept) as Before)
}

export async function keepBefore(tools: Pick<Tools, 'state'>, url: string, { pending }: WebhookInfo): Promise<void> {
  await tools.state.set('webhook', JSON.stringify({ set: markOf(url), pending } satisfies Before))
}

/** Short: a longer text in `tools.state` would be blotted out of every log as a secret. */
function markOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 12)
}

/** `found` is what stood there before ours was set again. Null: nobody meddled. */
export function meddled(ours: string, found: WebhookInfo, before: Before | null): Bilingual | null {
  // The address Huixin had itself, before HUIXIN_URL was changed, is nobody else's.
  if (found.url === ours || (found.url !== '' && before?.set === markOf(found.url))) return null
  if (found.url === '') return before?.set === markOf(ours) ? removed : null
  const host = URL.parse(found.url)?.host ?? '?'
  return {
    en: `Somebody had set this bot's webhook to ${host}; it is set back to Huixin. Another program uses the same token: what it received did not come here.`,
    zh: `该机器人的回调曾被改为 ${host}，现已恢复为 Huixin。另有程序使用同一令牌，其间的消息没有送到这里。`,
  }
}

const removed: Bilingual = {
  en: "Somebody had removed this bot's webhook; it is set again. Another program uses the same token.",
  zh: '该机器人的回调曾被移除，现已重新设置。另有程序使用同一令牌。',
}

/** In the order an administrator has to look at them. */
export function troublesIn(info: WebhookInfo, before: Before | null, now: Date): Bilingual[] {
  const recent = (at: Date | null) => at !== null && now.getTime() - at.getTime() <= recentMs
  const troubles: Bilingual[] = []
  if (recent(info.lastErrorAt)) {
    const [en, zh] = info.ipAddress ? [` at ${info.ipAddress}`, `（${info.ipAddress}）`] : ['', '']
    troubles.push({
      en: `Telegram could not deliver messages to Huixin${en} lately: ${info.lastError}`,
      zh: `Telegram 最近无法将消息送达 Huixin${zh}：${info.lastError}`,
    })
  }
  if (before && info.pending >= manyPending && info.pending > before.pending) {
    troubles.push({
      en: `${info.pending} updates wait at Telegram, more than at the last check: they come faster than Huixin takes them.`,
      zh: `Telegram 处有 ${info.pending} 条更新等待送达，且比上次检查时更多：到达速度超过了 Huixin 的接收速度。`,
    })
  }
  if (recent(info.lastSyncErrorAt)) {
    troubles.push({
      en: 'Telegram had trouble of its own gathering messages for this bot; they may come late.',
      zh: 'Telegram 自身在汇集该机器人的消息时出现问题，消息可能延迟。',
    })
  }
  const missing = info.allowed === null ? [] : allowedUpdates.filter((kind) => !info.allowed?.includes(kind))
  if (missing.length > 0) {
    troubles.push({
      en: `Telegram does not deliver everything Huixin reads: ${missing.join(', ')} are left out.`,
      zh: `Telegram 未送达 Huixin 需要的全部更新，缺少：${missing.join('、')}。`,
    })
  }
  return troubles
}
