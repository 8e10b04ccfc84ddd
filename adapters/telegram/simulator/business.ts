/**
 * A business account that is connected to the bot, its customers and its owner.
 * https://core.telegram.org/bots/api#businessconnection and https://core.telegram.org/api/bots/connected-business-bots, read 2026-11-24
 */
import { randomBytes } from 'node:crypto'
import { type Acted, asUser, captioned, type Fields, photo } from './arriving.ts'
import { bad } from './refusal.ts'
import {
  type BotState,
  type BusinessState,
  type ChatInfo,
  type ChatState,
  emptyChat,
  type Person,
  type StoredMessage,
  userOf,
} from './state.ts'

export interface Business {
  readonly id: string
  readonly owner: Person
  says(customer: Person, text: string, fields?: Fields): Acted
  sendsPhoto(customer: Person, caption?: string): Acted
  edits(customer: Person, messageId: number, text: string): Acted
  deletes(customer: Person, messageIds: readonly number[]): number | null
  /** What the owner writes in the app, or lets the app write while away. */
  ownerSays(customer: Person, text: string, fields?: Fields): Acted
  /** The connection's own update again, as after any change of it. */
  changes(to: { readonly enabled?: boolean; readonly canReply?: boolean }, options?: { silently: boolean }): void
  /** So much time passes that the customer wrote too long ago. */
  goesQuiet(customer: Person): void
}

const dayMs = 86_400_000

export function businessOf(bot: BotState, owner: Person, given?: string): Business {
  const known = [...bot.business.values()].find((one) => one.owner.id === owner.id)
  const state: BusinessState = known ?? {
    id: given ?? randomBytes(15).toString('base64url'),
    owner,
    since: Math.floor(Date.now() / 1000),
    chats: new Map(),
    heardAt: new Map(),
    lastMessageId: 0,
    enabled: true,
    canReply: true,
  }
  const tell = () => bot.updates.push('business_connection', shown(state), `business-connection:${owner.id}`)
  if (!known) {
    bot.business.set(state.id, state)
    tell()
  }

  function say(person: Person, from: Fields, content: Fields): Acted {
    if (!state.enabled) throw new Error('a bot that is disconnected is told nothing')
    return arriveIn(bot, state, chatWith(state, person), from, content)
  }

  return {
    id: state.id,
    owner,
    says(customer, text, fields) {
      state.heardAt.set(customer.id, Date.now())
      return say(customer, asUser(customer), { text, ...fields })
    },
    sendsPhoto(customer, caption) {
      state.heardAt.set(customer.id, Date.now())
      return say(customer, asUser(customer), { ...photo(bot, undefined), ...captioned(caption) })
    },
    edits(customer, messageId, text) {
      const chat = chatWith(state, customer)
      const edited = { ...chat.messages.get(messageId)!, text, edit_date: Math.floor(Date.now() / 1000) }
      chat.messages.set(messageId, edited)
      return { updateId: bot.updates.push('edited_business_message', edited, `business:${customer.id}`), messageId }
    },
    deletes(customer, message_ids) {
      const chat = chatWith(state, customer)
      for (const id of message_ids) chat.messages.delete(id)
      const gone = { business_connection_id: state.id, chat: chat.info, message_ids }
      return bot.updates.push('deleted_business_messages', gone, `business:${customer.id}`)
    },
    ownerSays: (customer, text, fields) => say(customer, asUser(owner), { text, ...fields }),
    changes({ enabled = state.enabled, canReply = state.canReply }, { silently } = { silently: false }) {
      Object.assign(state, { enabled, canReply })
      if (!silently) tell()
    },
    goesQuiet: (customer) => void state.heardAt.set(customer.id, Date.now() - dayMs - 1000),
  }
}

/** As `BusinessConnection`; a connection that is over has no rights at all. */
export function shown({ id, owner, since, enabled, canReply }: BusinessState): object {
  const rights = canReply ? { can_reply: true, can_read_messages: true } : { can_read_messages: true }
  return {
    id,
    user: asUser(owner),
    user_chat_id: owner.id,
    date: since,
    is_enabled: enabled,
    can_reply: enabled && canReply,
    ...(enabled ? { rights } : {}),
  }
}

export function chatWith(state: BusinessState, { id, first_name, last_name, username }: Person): ChatState {
  const known = state.chats.get(id)
  if (known) return known
  const info: ChatInfo = {
    id,
    type: 'private',
    first_name,
    ...(last_name ? { last_name } : {}),
    ...(username ? { username } : {}),
  }
  const chat = emptyChat(info)
  state.chats.set(id, chat)
  return chat
}

/** Messages and deletes of one chat stand in one line; the connection's own updates in another. */
export function arriveIn(bot: BotState, state: BusinessState, chat: ChatState, from: Fields, content: Fields): Acted {
  state.lastMessageId += 1
  const message: StoredMessage = {
    business_connection_id: state.id,
    message_id: state.lastMessageId,
    from,
    date: Math.floor(Date.now() / 1000),
    chat: chat.info,
    ...content,
  }
  chat.messages.set(message.message_id, message)
  const updateId = bot.updates.push('business_message', message, `business:${chat.info.id}`)
  return { updateId, messageId: message.message_id }
}

/**
 * Where a bot writes on somebody's behalf, or why not. ASSUMPTION: which of Telegram's codes answers a connection that is over;
 * the codes themselves are listed at https://core.telegram.org/method/messages.sendMessage, read 2026-11-24
 */
export function businessChat(bot: BotState, params: Readonly<Record<string, string>>): ChatState {
  const state = bot.business.get(params.business_connection_id ?? '')
  if (!state) throw bad('business connection not found')
  if (!state.enabled) throw bad('BUSINESS_CONNECTION_INVALID')
  if (!state.canReply) throw bad('BUSINESS_PEER_INVALID')
  const chat = state.chats.get(Number(params.chat_id))
  if (!chat) throw bad('BUSINESS_PEER_INVALID')
  if (Date.now() - (state.heardAt.get(chat.info.id) ?? 0) > dayMs) throw bad('BUSINESS_PEER_USAGE_MISSING')
  return chat
}

/** The owner seems to have written it; the bot that did is told of it like of anything else there. */
export function putIntoBusiness(bot: BotState, chat: ChatState, connectionId: string, content: Fields): StoredMessage {
  const state = bot.business.get(connectionId)!
  const sender = { sender_business_bot: userOf(bot) }
  const { messageId } = arriveIn(bot, state, chat, asUser(state.owner), { ...sender, ...content })
  return chat.messages.get(messageId)!
}
