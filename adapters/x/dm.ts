/** Direct messages, in the three forms X gives them, and encrypted ones, of which only the envelope can be read. */

import type { z } from 'zod'
import { type InboundMessage, sequenceOf } from '#channel/events.ts'
import { chatId, dmId, groupThread, otherIn, timeOfId } from './ids.ts'
import { mediaOf, mediaOfLegacy } from './media-in.ts'
import { plainText } from './plain-text.ts'
import { authorOf } from './post.ts'
import type { ChatMessage, DmEvent, Includes, LegacyDm, User } from './types.ts'

export interface ReadDm {
  readonly message: InboundMessage
  readonly byUs: boolean
}

const shared = {
  parentId: null,
  surface: 'direct',
  location: null,
  url: null,
  replyable: { allowed: true, reason: null },
  groupKey: null,
} as const

/** Null: nobody is named as its sender. */
export function readDm(event: DmEvent, includes: Includes, own: string, raw: unknown): ReadDm | null {
  const { id, sender_id: sender, dm_conversation_id: conversation = '' } = event
  if (sender === undefined) return null
  const other = otherIn(conversation, own)
  const group = other === null && /^\d{1,20}$/u.test(conversation) ? conversation : null
  const person = other ?? sender
  const given = new Date(event.created_at ?? Number.NaN)
  const media = mediaOf(event.attachments?.media_keys ?? [], includes.media)
  const quoted = includes.tweets.find((post) => post.id === event.referenced_tweets[0]?.id)
  const attached = event.attachments?.media_keys.length ?? 0
  return {
    byUs: sender === own,
    message: {
      ...shared,
      externalId: dmId(id),
      sequence: sequenceOf(id),
      threadId: group ? groupThread(group, sender) : person,
      rootId: group,
      author: authorOf(sender, userIn(includes.users, sender)),
      text: textOf(plainText(event.text, event.entities, quoted?.id ?? null), media.length > 0, attached > 0),
      context: quoted
        ? {
            text: plainText(quoted.text, quoted.entities) || '[media]',
            author: nameIn(includes.users, quoted.author_id),
          }
        : null,
      media,
      sentAt: Number.isNaN(given.getTime()) ? timeOfId(id) : given,
      raw,
    },
  }
}

export function readLegacyDm(event: LegacyDm, users: readonly User[], own: string, raw: unknown): ReadDm {
  const { sender_id: sender, target, message_data } = event.message_create
  const media = mediaOfLegacy(event)
  const attached = message_data.attachment?.type !== undefined
  const beside = message_data.attachment?.media?.url
  const text = beside ? message_data.text.replace(beside, '') : message_data.text
  return {
    byUs: sender === own,
    message: {
      ...shared,
      externalId: dmId(event.id),
      sequence: sequenceOf(event.id),
      // There is no conversation's id: the other one is the thread.
      threadId: sender === own ? target.recipient_id : sender,
      rootId: null,
      author: authorOf(sender, userIn(users, sender)),
      text: textOf(plainText(text, message_data.entities), media.length > 0, attached),
      context: null,
      media,
      sentAt: new Date(Number(event.created_timestamp)),
      raw,
    },
  }
}

/** XChat: what was said is encrypted; that somebody wrote is not. */
export function readChat(chat: z.infer<typeof ChatMessage>, own: string, raw: unknown): ReadDm {
  const { id, sender_id: sender, conversation_id: conversation } = chat
  return {
    byUs: sender === own,
    message: {
      ...shared,
      externalId: chatId(id),
      sequence: null,
      threadId: otherIn(conversation, own) ?? groupThread(conversation.replace(/\D/gu, '').slice(0, 20) || '0', sender),
      rootId: null,
      author: authorOf(sender, undefined),
      text: '[encrypted] An encrypted message of XChat, which cannot be read here. Open X to read it.\n[加密] 这是 XChat 加密消息，无法在此处查看，请在 X 中打开。',
      context: null,
      media: [],
      sentAt: new Date(Number(chat.created_at_msec)),
      raw,
    },
  }
}

function textOf(text: string, hasMedia: boolean, attached: boolean): string {
  if (text !== '') return attached && !hasMedia ? `${text}\n[unsupported] attachment` : text
  return hasMedia ? '' : attached ? '[unsupported] attachment' : '[unsupported] message'
}

function userIn(users: readonly User[], id: string): User | undefined {
  return users.find((user) => user.id === id)
}

function nameIn(users: readonly User[], id: string | undefined): string {
  return authorOf(id ?? '', id === undefined ? undefined : userIn(users, id)).name
}
