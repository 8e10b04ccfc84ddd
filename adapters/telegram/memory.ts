/**
 * What is remembered of updates for the reading of later ones: which business accounts are connected and what they allow, which
 * message of a discussion group is the copy of which post. Kept in `tools.state`, shared by all nodes; what this node has
 * seen of it is at hand without waiting.
 */
import type { Tools } from '#channel/tools.ts'
import type { BotApi } from './api.ts'
import { connectedBy } from './business.ts'
import { capabilities } from './capabilities.ts'
import { copiedBy } from './comments.ts'
import { ApiFailure } from './failure.ts'
import type { Connected, Copied, Known } from './known.ts'
import { membershipNote, type Note, type Notes } from './notes.ts'
import { inPieces, joined } from './pieces.ts'
import { Message, MyChatMember } from './types.ts'

export interface Memory {
  readonly known: Known
  /** Before an update is read: keeps what it tells, and looks up what its reading needs. */
  learn(update: unknown): Promise<void>
  /** A business connection as it is now; null when nothing can be known of it. */
  business(connectionId: string): Promise<Connected | null>
  /** Asks Telegram, whatever is known; null when there is no such connection any more, or no answer. */
  askBusiness(connectionId: string): Promise<Connected | null>
}

/** The most that is kept at hand of each. */
const atHand = 1000
/** Whoever could not be told of is not asked for again at once: every message of a busy chat would wait for it. */
const askAgainMs = 60_000

export function createMemory(api: BotApi, tools: Tools, notes: Notes): Memory {
  const connections = createShelf<Connected>()
  const copies = createShelf<Copied>()

  const askedAt = createShelf<number>()

  async function keepConnection(id: string, connected: Connected): Promise<void> {
    connections.put(id, connected)
    const { userId, name, enabled, canReply } = connected
    const kept: KeptConnection = [Number(userId), enabled, canReply, inPieces(name)]
    await tools.state.set(`business:${id}`, JSON.stringify(kept))
  }

  async function business(id: string): Promise<Connected | null> {
    const kept = readConnection(await tools.state.get(`business:${id}`))
    if (!kept) return null
    connections.put(id, kept)
    return kept
  }

  async function askBusiness(id: string): Promise<Connected | null> {
    try {
      const timeoutMs = capabilities.timeoutMs.call
      const found = connectedBy(await api.call('getBusinessConnection', { business_connection_id: id }, { timeoutMs }))
      if (found) await keepConnection(id, found)
      return found
    } catch (error) {
      if (error instanceof ApiFailure) return null
      throw error
    }
  }

  async function keepCopy(chatId: string, messageId: number, copied: Copied): Promise<void> {
    const key = `copy:${chatId}:${messageId}`
    if (copies.get(key)) return
    await tools.state.set(key, JSON.stringify([Number(copied.channelId), copied.postId]))
    copies.put(key, copied)
  }

  async function lookUpCopy(chatId: string, messageId: number): Promise<void> {
    const key = `copy:${chatId}:${messageId}`
    if (copies.get(key)) return
    const kept = readCopy(await tools.state.get(key))
    if (kept) copies.put(key, kept)
  }

  async function learnFrom({ kind, payload }: { kind: string; payload: unknown }): Promise<void> {
    if (kind === 'business_connection') {
      const connected = connectedBy(payload)
      if (!connected) return
      await keepConnection(connected.id, connected)
      return await notes.set(`business:${connected.id}`, businessNote(connected))
    }
    if (kind === 'my_chat_member') {
      const member = MyChatMember.safeParse(payload)
      if (member.success && member.data.chat.type !== 'private') {
        await notes.set(`chat:${member.data.chat.id}`, membershipNote(member.data))
      }
      return
    }
    if (!mayTell(payload)) return
    const read = Message.safeParse(payload)
    if (!read.success) return
    const message = read.data
    const { business_connection_id: connectionId, message_thread_id: top, reply_to_message: replied, chat } = message
    // Told by an update of its own, which another line may bring later: asked for then.
    if (connectionId !== undefined) {
      if (await business(connectionId)) return
      const now = tools.now().getTime()
      if (now - (askedAt.get(connectionId) ?? 0) < askAgainMs) return
      askedAt.put(connectionId, now)
      await askBusiness(connectionId)
      return
    }
    if (message.migrate_to_chat_id !== undefined) await notes.set(`chat:${chat.id}`, null)
    if (chat.type !== 'supergroup' || message.is_topic_message) return
    for (const one of replied ? [message, replied] : [message]) {
      const copied = copiedBy(one)
      if (copied) await keepCopy(String(chat.id), one.message_id, copied)
    }
    if (top !== undefined) await lookUpCopy(String(chat.id), top)
  }

  return {
    known: {
      business: (id) => connections.get(id),
      copy: (chatId, messageId) => copies.get(`copy:${chatId}:${messageId}`),
    },
    async learn(update) {
      const told = tellingPart(update)
      if (told) await learnFrom(told)
    },
    business,
    askBusiness,
  }
}

/** Most messages tell nothing, and are not read twice for it. */
function mayTell(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  return [
    'business_connection_id',
    'is_automatic_forward',
    'message_thread_id',
    'migrate_to_chat_id',
    'reply_to_message',
  ].some((field) => Object.hasOwn(payload, field))
}

const telling = [
  'business_connection',
  'my_chat_member',
  'message',
  'edited_message',
  'business_message',
  'edited_business_message',
] as const

function tellingPart(update: unknown): { kind: string; payload: unknown } | null {
  if (typeof update !== 'object' || update === null) return null
  for (const kind of telling) {
    if (Object.hasOwn(update, kind)) return { kind, payload: Reflect.get(update, kind) }
  }
  return null
}

/** The newest of them. */
function createShelf<T>() {
  const values = new Map<string, T>()
  return {
    get: (key: string): T | null => values.get(key) ?? null,
    put(key: string, value: T) {
      values.delete(key)
      values.set(key, value)
      if (values.size > atHand) values.delete(values.keys().next().value!)
    },
  }
}

function businessNote({ name, enabled, canReply }: Connected): Note | null {
  if (enabled && canReply) return null
  return { about: name, trouble: enabled ? 'readOnly' : 'disconnected' }
}

type KeptConnection = readonly [userId: number, enabled: boolean, canReply: boolean, name: readonly string[]]

function readConnection(kept: string | null): Connected | null {
  if (kept === null) return null
  const [userId, enabled, canReply, name] = JSON.parse(kept) as KeptConnection
  return { userId: String(userId), enabled, canReply, name: joined(name) }
}

function readCopy(kept: string | null): Copied | null {
  if (kept === null) return null
  const [channelId, postId] = JSON.parse(kept) as [number, number | null]
  return { channelId: String(channelId), postId }
}
