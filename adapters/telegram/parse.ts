/** Telegram's update → what it tells us. Pure: the same update, with the same things known, gives the same events. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { InboundEvent } from '#channel/events.ts'
import { messageIdOf, placeIn } from './ids.ts'
import { ignoredUpdates } from './kinds.ts'
import { type Known, nothingKnown } from './known.ts'
import { NoSender, readMessage } from './message.ts'
import { CallbackQuery, DeletedBusinessMessages, Message, MyChatMember, PollAnswer } from './types.ts'

const Update = z.looseObject({ update_id: z.int() })

interface Received {
  readonly raw: unknown
  readonly at: Date
  readonly known: Known
}
type Reader = (payload: unknown, received: Received) => InboundEvent[]

/** Every kind with something in it for us. */
const readers: { readonly [kind: string]: Reader } = {
  message: readNew,
  channel_post: readNew,
  business_message: readNew,
  edited_message: readEdited,
  edited_channel_post: readEdited,
  edited_business_message: readEdited,
  deleted_business_messages: readDeleted,
  callback_query: readPressed,
  my_chat_member: readMembership,
  poll_answer: readVote,
  // Remembered by `memory.ts`; there is no news in it for a conversation.
  business_connection: () => [],
}

/** `receivedAt` stands in where Telegram gives no time: presses of a button and deletes. */
export function parseUpdate(raw: unknown, receivedAt: Date, known: Known = nothingKnown): InboundEvent[] {
  const update = Update.safeParse(raw)
  if (!update.success) return [unread(`body:${digest(raw)}`, 'no update', raw)]
  const { update_id, ...kinds } = update.data
  const kind = Object.keys(kinds).find((name) => Object.hasOwn(readers, name)) ?? Object.keys(kinds)[0]
  const id = `update:${update_id}:${kind ?? ''}`
  if (kind === undefined) return [unread(id, 'an update of no kind', raw)]
  if (ignoredUpdates.has(kind)) return []
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined
  if (!read) return [unread(id, 'an unknown kind of update', raw)]
  try {
    return read(kinds[kind], { raw, at: receivedAt, known })
  } catch (error) {
    if (error instanceof z.ZodError) return [unread(id, `${kind}: ${firstIssue(error)}`, raw)]
    if (error instanceof NoSender) return [unread(id, `${kind}: no sender`, raw)]
    throw error
  }
}

function readNew(payload: unknown, { raw, known }: Received): InboundEvent[] {
  const message = Message.parse(payload)
  const moved = readMove(message)
  if (moved) return [moved]
  const read = readMessage(message, payload as Record<string, unknown>, raw, known)
  if (!read) return []
  return [{ type: read.byUs ? 'echo' : 'message', message: read.message }]
}

/**
 * A group became a supergroup. Said twice: last in the old chat, first in the new one. The two come in any order, and each
 * moves what came before it.
 */
function readMove(message: Message): InboundEvent | null {
  const { chat, message_id, date, migrate_to_chat_id, migrate_from_chat_id } = message
  const chatId = String(chat.id)
  const from = migrate_from_chat_id === undefined ? chatId : String(migrate_from_chat_id)
  const to = migrate_to_chat_id === undefined ? chatId : String(migrate_to_chat_id)
  if (from === to) return null
  const externalId = messageIdOf(placeIn(chatId), message_id)
  return { type: 'moved', externalId, from, to, at: new Date(date * 1000) }
}

function readEdited(payload: unknown, { raw, known }: Received): InboundEvent[] {
  const message = Message.parse(payload)
  // A live location is "edited" every few seconds, for hours; the place it began at is what the message said.
  if (message.location && !message.venue) return []
  const read = readMessage(message, payload as Record<string, unknown>, raw, known)
  if (!read) return []
  // What we wrote elsewhere is settled by its first echo; an edit of it is no word of the customer's.
  if (read.byUs) return [{ type: 'echo', message: read.message }]
  return [{ type: 'edited', message: read.message, editedAt: new Date((message.edit_date ?? message.date) * 1000) }]
}

function readDeleted(payload: unknown, { at }: Received): InboundEvent[] {
  const { business_connection_id, chat, message_ids } = DeletedBusinessMessages.parse(payload)
  const place = placeIn(String(chat.id), { businessId: business_connection_id })
  return message_ids.map((id) => ({ type: 'deleted', externalId: messageIdOf(place, id), at }))
}

function readPressed(payload: unknown, { raw, at }: Received): InboundEvent[] {
  const { id } = CallbackQuery.parse(payload)
  return [{ type: 'signal', externalId: `callback:${id}`, kind: 'callback_query', at, raw }]
}

/** Of a poll that was sent in the bot's name by somebody else: Huixin sends none, so there is nothing to show it beside. */
function readVote(payload: unknown, { raw, at }: Received): InboundEvent[] {
  const { poll_id, user, voter_chat, option_ids } = PollAnswer.parse(payload)
  const voter = voter_chat?.id ?? user?.id
  if (voter === undefined) throw new NoSender()
  const externalId = `vote:${poll_id}:${voter}:${option_ids.join(',')}`
  return [{ type: 'signal', externalId, kind: 'poll_answer', at, raw }]
}

/** In a private chat it says one thing: the person blocked the bot, or let it in again. */
function readMembership(payload: unknown): InboundEvent[] {
  const { chat, date, new_chat_member } = MyChatMember.parse(payload)
  const { status } = new_chat_member
  // In groups it is about the bot's own rights, which are the account's health: `memory.ts`.
  if (chat.type !== 'private') return []
  const reachable = status !== 'kicked' && status !== 'left'
  const reason = reachable ? 'unblocked' : 'blocked'
  return [
    {
      type: 'reachability',
      identity: String(chat.id),
      reachable,
      surface: 'direct',
      reason,
      at: new Date(date * 1000),
    },
  ]
}

function unread(externalId: string, reason: string, raw: unknown): InboundEvent {
  return { type: 'unread', externalId, reason, raw }
}

/** Where and what, never the value. */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.')}: ${issue.code}` : 'not readable'
}

function digest(raw: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(raw) ?? '')
    .digest('base64url')
}
