/** One Telegram message in the house's shape. */
import { type Author, type InboundMessage, sequenceOf } from '#channel/events.ts'
import { replyable } from './business.ts'
import { commentedOn } from './comments.ts'
import { type Carried, captionOf, contentKinds, contentOf } from './content.ts'
import { contextOf, nameOfChat, nameOfUser, repliedTo } from './context.ts'
import { messageIdOf, type Place, placeIn, threadIdOf } from './ids.ts'
import { isEnvelope, isService } from './kinds.ts'
import type { Known } from './known.ts'
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
export function readMessage(
  message: Message,
  fields: Readonly<Record<string, unknown>>,
  raw: unknown,
  known: Known,
): Read | null {
  if (message.is_automatic_forward) return null
  const carried = carriedBy(message, fields)
  if (!carried) return null
  const comment = commentedOn(message, known)
  const place = placeOfMessage(message, comment?.copyId ?? null)
  const surface = place.directTopicId !== null || message.chat.type === 'private' ? 'direct' : 'public'
  const author = authorOf(message)
  // A private chat is named after the person: threads of one go by the chat alone.
  const threadAuthor = surface === 'direct' && place.topicId === null ? null : author.externalId
  return {
    byUs: isOurs(message, author, known),
    message: {
      externalId: messageIdOf(place, message.message_id),
      sequence: sequenceOf(message.message_id),
      threadId: threadIdOf(place, threadAuthor),
      rootId: surface === 'public' ? rootOf(place, comment) : null,
      parentId: parentOf(message, place, comment),
      surface,
      author,
      text: message.forward_origin ? (carried.media.length > 0 ? '' : '[forwarded]') : carried.text,
      context: contextOf(message, carried),
      media: carried.media,
      location: carried.location,
      url: surface === 'public' ? addressOf(message.chat, message.message_id) : null,
      sentAt: new Date(message.date * 1000),
      replyable: replyable(message, known),
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

type Comment = ReturnType<typeof commentedOn>

function placeOfMessage(message: Message, copyId: number | null): Place {
  const { chat, is_topic_message, message_thread_id: topic, direct_messages_topic, media_group_id } = message
  return placeIn(String(chat.id), {
    // A reply in an ordinary group carries a thread id as well; General (1) may not be named when sending.
    topicId: is_topic_message && topic !== undefined && topic > 1 ? String(topic) : null,
    directTopicId: direct_messages_topic ? String(direct_messages_topic.topic_id) : null,
    businessId: message.business_connection_id ?? null,
    copyId: copyId === null ? null : String(copyId),
    // The parts of an album are one post.
    post: chat.type !== 'channel' ? null : postOf(message.message_id, media_group_id),
  })
}

function postOf(messageId: number, album: string | undefined): string {
  return album !== undefined && /^\d+$/u.test(album) ? `a${album}` : `p${messageId}`
}

/** The group, the topic, the post; of a comment the post it stands under, wherever that is. */
function rootOf(place: Place, comment: Comment): string {
  if (!comment || comment.copied.postId === null) return threadIdOf(place, null)
  return threadIdOf(placeIn(comment.copied.channelId, { post: `p${comment.copied.postId}` }), null)
}

/** The copy is nobody's message: who answers it answers the post. */
function parentOf(message: Message, place: Place, comment: Comment): string | null {
  const parent = repliedTo(message)
  if (!parent) return null
  if (comment?.copyId !== parent.message_id || comment.copied.postId === null) {
    return messageIdOf(place, parent.message_id)
  }
  return messageIdOf(placeIn(comment.copied.channelId), comment.copied.postId)
}

/**
 * In a business chat the chat is the customer: everybody else there is the owner, or a program of the owner's. In a channel's
 * direct messages the topic is the customer's.
 */
function isOurs(message: Message, author: Author, known: Known): boolean {
  const { business_connection_id: connectionId, sender_business_bot, from, chat, direct_messages_topic } = message
  if (connectionId !== undefined) {
    const owner = known.business(connectionId)?.userId ?? null
    return sender_business_bot !== undefined || from?.id !== chat.id || author.externalId === owner
  }
  const person = direct_messages_topic?.user
  return person !== undefined && author.externalId !== String(person.id)
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
