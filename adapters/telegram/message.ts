/** One Telegram message in the house's shape. */
import { type Author, type InboundMessage, sequenceOf } from '#channel/events.ts'
import { type Carried, captionOf, contentKinds, contentOf } from './content.ts'
import { contextOf, nameOfChat, nameOfUser, repliedTo } from './context.ts'
import { messageIdOf, type Place, threadIdOf } from './ids.ts'
import { isEnvelope, isService } from './kinds.ts'
import type { Chat, Message } from './types.ts'

export interface Read {
  readonly message: InboundMessage
  /** Written by the owner, a colleague or a program on the account's own behalf, outside Huixin. */
  readonly byUs: boolean
}

/**
 * Null for what holds nobody's words: service lines, and the copy of a channel's post in its discussion group. Throws
 * when there is no sender.
 */
export function readMessage(message: Message, fields: Readonly<Record<string, unknown>>, raw: unknown): Read | null {
  if (message.is_automatic_forward) return null
  const carried = carriedBy(message, fields)
  if (!carried) return null
  const place = placeOfMessage(message)
  const surface = place.directTopicId !== null || message.chat.type === 'private' ? 'direct' : 'public'
  const person = message.direct_messages_topic?.user
  const author = authorOf(message)
  // A private chat is named after the person: threads of one go by the chat alone.
  const threadAuthor = surface === 'direct' && place.topicId === null ? null : author.externalId
  const context = contextOf(message, carried)
  const parent = repliedTo(message)
  return {
    byUs: message.business_connection_id
      ? message.sender_business_bot !== undefined || message.from?.id !== message.chat.id
      : person !== undefined && author.externalId !== String(person.id),
    message: {
      externalId: messageIdOf(place, message.message_id),
      sequence: sequenceOf(message.message_id),
      threadId: threadIdOf(place, threadAuthor),
      rootId: surface === 'public' ? threadIdOf(place, null) : null,
      parentId: parent ? messageIdOf(place, parent.message_id) : null,
      surface,
      author,
      text: message.forward_origin ? (carried.media.length > 0 ? '' : '[forwarded]') : carried.text,
      context,
      media: carried.media,
      location: carried.location,
      url: surface === 'public' ? addressOf(message.chat, message.message_id) : null,
      sentAt: new Date(message.date * 1000),
      replyable: { allowed: true, reason: null },
      groupKey: message.media_group_id ?? null,
      raw,
    },
  }
}

function carriedBy(message: Message, fields: Readonly<Record<string, unknown>>): Carried | null {
  const known = contentOf(message)
  if (known) return known
  const unknown = Object.keys(fields).filter((key) => !isEnvelope(key) && !contentKinds.has(key))
  if (unknown.some(isService)) return null
  // Whatever Telegram adds tomorrow: the agent learns that something came, and what Telegram calls it.
  const kind = unknown.find((key) => /^[a-z][a-z0-9_]{0,39}$/u.test(key))
  const text = [kind ? `[unsupported] ${kind}` : '[unsupported]', captionOf(message)].filter(Boolean).join('\n')
  return { text, media: [], location: null }
}

function placeOfMessage(message: Message): Place {
  const { chat, is_topic_message, message_thread_id: topic, direct_messages_topic, business_connection_id } = message
  return {
    chatId: String(chat.id),
    // A reply in an ordinary group carries a thread id as well; General (1) may not be named when sending.
    topicId: is_topic_message && topic !== undefined && topic > 1 ? String(topic) : null,
    directTopicId: direct_messages_topic ? String(direct_messages_topic.topic_id) : null,
    businessId: business_connection_id ?? null,
  }
}

/** `from` is a stand-in when a chat speaks (anonymous administrators, channels): the chat is the author then. */
function authorOf({ from, sender_chat, chat, author_signature }: Message): Author {
  const shared = { avatarUrl: null, followers: null }
  if (from && !sender_chat) {
    return { ...shared, externalId: String(from.id), name: nameOfUser(from), handle: from.username ?? null }
  }
  const speaker = sender_chat ?? (chat.type === 'channel' ? chat : null)
  if (!speaker) throw new NoSender()
  const name = [nameOfChat(speaker), author_signature].filter(Boolean).join(' · ')
  return { ...shared, externalId: String(speaker.id), name, handle: speaker.username ?? null }
}

export class NoSender extends Error {
  override readonly name = 'NoSender'
}

/** https://core.telegram.org/api/links#message-links, read 2026-11-22. Basic groups have none. */
function addressOf({ id, username }: Chat, messageId: number): string | null {
  if (username) return `https://t.me/${username}/${messageId}`
  const shared = /^-100(\d+)$/u.exec(String(id))
  return shared ? `https://t.me/c/${shared[1]}/${messageId}` : null
}
