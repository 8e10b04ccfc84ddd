/** What a connected business account allows. https://core.telegram.org/bots/api#businessbotrights, read 2026-11-24 */
import type { Bilingual } from '#channel/errors.ts'
import type { InboundMessage } from '#channel/events.ts'
import { nameOfUser } from './context.ts'
import type { Connected, Known } from './known.ts'
import { BusinessConnection, type Message } from './types.ts'

/** "in the private chats that had incoming messages in the last 24 hours" */
const windowMs = 24 * 3_600_000

/** Null when it is none. */
export function connectedBy(payload: unknown): (Connected & { readonly id: string }) | null {
  const read = BusinessConnection.safeParse(payload)
  if (!read.success) return null
  const { id, user, is_enabled, rights, can_reply } = read.data
  const canReply = rights ? rights.can_reply === true : can_reply === true
  return { id, userId: String(user.id), name: nameOfUser(user), enabled: is_enabled, canReply }
}

/** Why nothing can be written there; null when it can, as far as is known. */
export function refusedBy(connected: Connected | null): Bilingual | null {
  if (connected === null) return null
  if (!connected.enabled) return disconnected
  return connected.canReply ? null : mayNotReply
}

const disconnected: Bilingual = {
  en: 'The business account has disconnected the bot. Its owner can connect it again in Telegram: Settings > Telegram Business > Chatbots.',
  zh: '商业账号已断开该机器人。账号所有者可在 Telegram 的“设置 > Telegram 商业版 > 聊天机器人”中重新连接。',
}
const mayNotReply: Bilingual = {
  en: 'The business account lets the bot read but not reply. Its owner can allow it in Telegram: Settings > Telegram Business > Chatbots.',
  zh: '商业账号只允许该机器人读取、不允许回复。账号所有者可在 Telegram 的“设置 > Telegram 商业版 > 聊天机器人”中开启。',
}

/** Everywhere else there is no end; while nothing is known of a connection, only its end of a day holds. */
export function replyable(message: Message, known: Known): InboundMessage['replyable'] {
  const { business_connection_id: id, date } = message
  if (id === undefined) return { allowed: true, reason: null }
  const reason = refusedBy(known.business(id))
  if (reason) return { allowed: false, reason }
  return { allowed: true, reason: null, until: new Date(date * 1000 + windowMs) }
}
