/** Groups, supergroups and forums. */
import { type Acted, arrive, asUser, captioned, edit, type Fields, membership, photo, quoted } from './arriving.ts'
import { type BotState, type ChatInfo, chatOf, type Person, type StoredMessage } from './state.ts'

export interface Saying {
  /** A forum topic's number. */
  readonly topic?: number
  /** The number of the message answered. */
  readonly answers?: number
  readonly quote?: string
  readonly fields?: Fields
}

export interface Group {
  readonly chat: ChatInfo
  says(person: Person, text: string, options?: Saying): Acted
  /** An administrator who hides: a stand-in user, and the group itself as the sender. */
  saysAnonymously(text: string, options?: Saying & { readonly title?: string }): Acted
  /** In the name of a channel of one's own: another stand-in. */
  saysAs(channel: ChatInfo, text: string, options?: Saying): Acted
  sends(person: Person, content: Fields, options?: Saying): Acted
  /** A drawn one. */
  sendsPhoto(person: Person, caption?: string, options?: Saying): Acted
  edits(messageId: number, text: string): Acted
  /** Nobody is told: bots learn of deletes in business chats only. */
  deletes(messageId: number): void
  /** A basic group becomes a supergroup: the old id answers with the new one, and both chats say so in a line of their own. */
  becomesSupergroup(): Group
  /** As an act of a person, with its line; the number is that line's. */
  opensTopic(person: Person, name: string): number
  addTopic(id: number): void
  deleteTopic(id: number): void
  /** 1 is General. */
  closesTopic(id: number): void
  reopensTopic(id: number): void
  /** From a forum to a plain group: every topic is gone. */
  turnsTopicsOff(): Group
  kicksBot(): number | null
  /** The bot sees everything and may say nothing. */
  mutesBot(): number | null
  takesBotBack(): number | null
}

/** https://core.telegram.org/bots/api#message, sender_chat: "the field from contains a fake sender user" */
export const standIns = {
  anonymous: { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' },
  channel: { id: 136_817_688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' },
  service: { id: 777_000, is_bot: false, first_name: 'Telegram' },
} as const

const admin = { id: 9_000_001, is_bot: false, first_name: 'Admin' }

export function groupOf(bot: BotState, info: ChatInfo): Group {
  const chat = chatOf(bot, info)
  const channel = info.type === 'channel'

  function say(sender: Fields, content: Fields, { topic, answers, quote, fields }: Saying = {}): Acted {
    if (topic !== undefined) chat.topics.add(topic)
    const answered = answers === undefined ? null : quoted(chat, answers)
    return arrive(
      bot,
      chat,
      {
        ...sender,
        ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
        ...(answered ? { reply_to_message: answered, ...threadOf(info, answered, topic) } : {}),
        ...(quote === undefined ? {} : { quote: { text: quote, position: 0, is_manual: true } }),
        ...content,
        ...fields,
      },
      channel ? 'channel_post' : 'message',
    )
  }

  return {
    chat: info,
    says: (person, text, options) => say(channel ? { sender_chat: info } : { from: asUser(person) }, { text }, options),
    saysAnonymously: (text, { title, ...options } = {}) =>
      say(
        { from: standIns.anonymous, sender_chat: info, ...(title ? { author_signature: title } : {}) },
        { text },
        options,
      ),
    saysAs: (speaker, text, options) => say({ from: standIns.channel, sender_chat: speaker }, { text }, options),
    sends: (person, content, options) => say({ from: asUser(person) }, content, options),
    sendsPhoto: (person, caption, options) =>
      say({ from: asUser(person) }, { ...photo(bot, undefined), ...captioned(caption) }, options),
    edits: (messageId, text) => edit(bot, chat, messageId, text, channel ? 'edited_channel_post' : 'edited_message'),
    deletes: (messageId) => void chat.messages.delete(messageId),
    becomesSupergroup() {
      const next: ChatInfo = { ...info, id: -1_000_000_000_000 + info.id, type: 'supergroup' }
      chat.migratedTo = next.id
      arrive(bot, chat, { from: admin, migrate_to_chat_id: next.id }, 'message')
      const sender = { from: standIns.anonymous, sender_chat: next }
      arrive(bot, chatOf(bot, next), { ...sender, migrate_from_chat_id: info.id }, 'message')
      return groupOf(bot, next)
    },
    opensTopic(person, name) {
      // Number 1 is the line that made the group, and General's.
      chat.lastMessageId = Math.max(chat.lastMessageId, 1)
      const { messageId } = arrive(
        bot,
        chat,
        {
          from: asUser(person),
          message_thread_id: chat.lastMessageId + 1,
          is_topic_message: true,
          forum_topic_created: { name, icon_color: 7_322_096 },
        },
        'message',
      )
      chat.topics.add(messageId)
      return messageId
    },
    addTopic: (topic) => void chat.topics.add(topic),
    deleteTopic: (topic) => void chat.topics.delete(topic),
    closesTopic: (topic) => void chat.closedTopics.add(topic),
    reopensTopic: (topic) => void chat.closedTopics.delete(topic),
    turnsTopicsOff() {
      const { is_forum: _, ...plain } = info
      chat.topics.clear()
      chat.info = plain
      return groupOf(bot, plain)
    },
    kicksBot() {
      chat.closed = 'kicked'
      return membership(bot, chat, admin, { status: 'member' }, { status: 'kicked', until_date: 0 })
    },
    mutesBot() {
      chat.closed = 'muted'
      const rights = channel
        ? { status: 'administrator', can_be_edited: false, can_post_messages: false }
        : { status: 'restricted', is_member: true, can_send_messages: false, until_date: 0 }
      return membership(bot, chat, admin, { status: 'member' }, rights)
    },
    takesBotBack() {
      chat.closed = null
      const now = channel
        ? { status: 'administrator', can_be_edited: false, can_post_messages: true }
        : { status: 'member' }
      return membership(bot, chat, admin, { status: 'left' }, now)
    },
  }
}

/** A reply in a supergroup carries the number of the first message of its chain, topic or not. */
function threadOf({ type }: ChatInfo, answered: StoredMessage, topic: number | undefined): Fields {
  if (type !== 'supergroup' || topic !== undefined) return {}
  return { message_thread_id: answered.message_thread_id ?? answered.message_id }
}
