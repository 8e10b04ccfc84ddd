/** Words that are not the customer's own: what was answered, quoted or forwarded. */
import type { InboundMessage } from '#channel/events.ts'
import { type Carried, contentOf, fullName } from './content.ts'
import type { Chat, Message, Origin, User } from './types.ts'

/** A forward beats a reply: its whole text is somebody else's. */
export function contextOf(message: Message, carried: Carried): InboundMessage['context'] {
  const { forward_origin, external_reply, quote } = message
  if (forward_origin) return { text: carried.text, author: nameOfOrigin(forward_origin) }
  const replied = repliedTo(message)
  if (replied) {
    const { from, sender_chat, chat } = replied
    const author = sender_chat ? nameOfChat(sender_chat) : from ? nameOfUser(from) : nameOfChat(chat)
    return { text: quote?.text ?? gist(contentOf(replied)), author }
  }
  if (external_reply) {
    return { text: quote?.text ?? gist(contentOf(external_reply)), author: nameOfOrigin(external_reply.origin) }
  }
  return null
}

/** In a forum every plain message "replies" to the line that opened its topic; nobody meant that one. */
export function repliedTo(message: Message): Message['reply_to_message'] {
  const replied = message.reply_to_message
  return replied?.forum_topic_created === undefined ? replied : undefined
}

export function nameOfUser({ id, first_name, last_name, username }: User): string {
  return fullName(first_name, last_name) || username || String(id)
}

export function nameOfChat({ id, title, username, first_name, last_name }: Chat): string {
  return title || fullName(first_name, last_name) || username || String(id)
}

function nameOfOrigin({ sender_user, sender_user_name, sender_chat, chat }: Origin): string {
  if (sender_user) return nameOfUser(sender_user)
  const place = sender_chat ?? chat
  return sender_user_name ?? (place ? nameOfChat(place) : '?')
}

function gist(carried: Carried | null): string {
  if (!carried) return '[unsupported]'
  return carried.text || (carried.media[0] ? `[${carried.media[0].kind}]` : '')
}
