/** A channel's posts, their copies in the discussion group, and what people write under those. */
import type { Copied, Known } from './known.ts'
import type { Chat, Message, Origin } from './types.ts'

type Forwarded = {
  readonly message_id: number
  readonly is_automatic_forward?: boolean | undefined
  readonly sender_chat?: Chat | undefined
  readonly forward_origin?: Origin | undefined
}

/** Null when it is no copy. A post that was itself forwarded into the channel names its first source, not the post. */
export function copiedBy({ is_automatic_forward, sender_chat, forward_origin }: Forwarded): Copied | null {
  if (!is_automatic_forward || !sender_chat) return null
  const own = forward_origin?.chat?.id === sender_chat.id ? forward_origin.message_id : undefined
  return { channelId: String(sender_chat.id), postId: own ?? null }
}

/**
 * The copy a message stands under. Who answers the copy shows it; who answers a comment only names its number, as any
 * reply in a group does, so it has to be known.
 */
export function commentedOn(message: Message, known: Known): { copyId: number; copied: Copied } | null {
  const { chat, message_thread_id: top, is_topic_message, reply_to_message: replied } = message
  if (chat.type !== 'supergroup' || is_topic_message) return null
  const shown = replied ? copiedBy(replied) : null
  if (replied && shown) return { copyId: replied.message_id, copied: shown }
  const copied = top === undefined ? null : known.copy(String(chat.id), top)
  return top === undefined || !copied ? null : { copyId: top, copied }
}
