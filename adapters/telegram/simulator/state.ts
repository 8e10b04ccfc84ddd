/** What Telegram's side knows: bots, their chats, messages and files. All of it in memory. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { UpdateQueue } from './updates.ts'
import type { Webhook } from './webhook.ts'

export interface Person {
  readonly id: number
  readonly first_name: string
  readonly last_name?: string
  readonly username?: string
  readonly language_code?: string
}

export interface ChatInfo {
  readonly id: number
  readonly type: 'private' | 'group' | 'supergroup' | 'channel'
  readonly title?: string
  readonly username?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly is_forum?: boolean
}

export interface StoredMessage {
  readonly message_id: number
  readonly date: number
  readonly chat: ChatInfo
  readonly [field: string]: unknown
}

export interface ChatState {
  info: ChatInfo
  readonly messages: Map<number, StoredMessage>
  /** Forum topics that exist; General (1) is not among them. */
  readonly topics: Set<number>
  /** Those that nobody but administrators writes in; General (1) may be one. */
  readonly closedTopics: Set<number>
  /** Why nothing can be written there now. */
  closed: 'blocked' | 'deactivated' | 'kicked' | 'left' | 'muted' | null
  /** Supergroups and channels count for themselves, and never use a number twice. */
  lastMessageId: number
  /** The supergroup this group became. */
  migratedTo: number | null
}

/** A business account that a person connected the bot to. Its chats are others than the bot's own with the same people. */
export interface BusinessState {
  readonly id: string
  readonly owner: Person
  readonly since: number
  readonly chats: Map<number, ChatState>
  /** When each customer wrote last, in milliseconds. */
  readonly heardAt: Map<number, number>
  lastMessageId: number
  enabled: boolean
  canReply: boolean
}

export interface StoredFile {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_path: string
  readonly file_size: number
  readonly bytes: Buffer
}

export interface BotState {
  readonly token: string
  readonly id: number
  readonly username: string
  readonly name: string
  readonly chats: Map<number, ChatState>
  readonly files: Map<string, StoredFile>
  readonly callbacks: Set<string>
  /** Connected business accounts, by connection. */
  readonly business: Map<string, BusinessState>
  readonly updates: UpdateQueue
  readonly webhook: Webhook
  /** Private chats and basic groups count their messages together, per bot. */
  nextMessageId: number
  revoked: boolean
}

export const emptyChat = (info: ChatInfo): ChatState => ({
  info,
  messages: new Map(),
  topics: new Set(),
  closedTopics: new Set(),
  closed: null,
  lastMessageId: 0,
  migratedTo: null,
})

export function chatOf(bot: BotState, info: ChatInfo): ChatState {
  const known = bot.chats.get(info.id)
  if (known) return known
  const chat = emptyChat(info)
  bot.chats.set(info.id, chat)
  return chat
}

export function newMessage(bot: BotState, chat: ChatState, content: Readonly<Record<string, unknown>>): StoredMessage {
  const ownCount = chat.info.type === 'supergroup' || chat.info.type === 'channel'
  const message_id = ownCount ? chat.lastMessageId + 1 : bot.nextMessageId
  if (!ownCount) bot.nextMessageId += 1
  chat.lastMessageId = message_id
  const date = Math.floor(Date.now() / 1000)
  const message: StoredMessage = { message_id, date, chat: chat.info, ...content }
  chat.messages.set(message_id, message)
  return message
}

export function storeFile(bot: BotState, bytes: Buffer, folder: string, extension: string, size?: number): StoredFile {
  const number = bot.files.size
  const file: StoredFile = {
    file_id: `${folder}-${randomBytes(24).toString('base64url')}`,
    file_unique_id: createHash('sha256').update(bytes).update(String(bot.id)).digest('base64url').slice(0, 16),
    file_path: `${folder}/file_${number}${extension}`,
    file_size: size ?? bytes.length,
    bytes,
  }
  bot.files.set(file.file_id, file)
  return file
}

export const userOf = (bot: BotState) => ({
  id: bot.id,
  is_bot: true,
  first_name: bot.name,
  username: bot.username,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
})

export const randomUpdateId = (): number => randomInt(100_000_000, 900_000_000)
