/** Customers and groups, as one would act them out: each act becomes an update. */
import { randomInt } from 'node:crypto'
import { extname } from 'node:path'
import { drawPicture, sizeOfPicture } from './picture.ts'
import {
  type BotState,
  type ChatInfo,
  type ChatState,
  chatOf,
  newMessage,
  type Person,
  type StoredMessage,
  storeFile,
  userOf,
} from './state.ts'

/** What an act left behind. `updateId` is null when the bot did not ask for this kind. */
export interface Acted {
  readonly updateId: number | null
  readonly messageId: number
}

type Fields = Readonly<Record<string, unknown>>

export interface Customer {
  readonly person: Person
  readonly chat: ChatInfo
  /** `fields` go into the message as they are: entities, reply_to_message, forward_origin … */
  says(text: string, fields?: Fields): Acted
  sendsPhoto(bytes?: Buffer, caption?: string, fields?: Fields): Acted
  sendsDocument(file: { bytes: Buffer; name: string; mimeType?: string }, caption?: string, fields?: Fields): Acted
  /** One update per picture, one caption on one of them. */
  sendsAlbum(pictures: readonly { bytes?: Buffer; caption?: string }[]): Acted[]
  /** Any other content: `{ location: {…} }`, `{ sticker: {…} }`, `{ something_new: {} }`. */
  sends(content: Fields): Acted
  edits(messageId: number, text: string): Acted
  presses(messageId: number, data: string): { readonly updateId: number | null; readonly callbackId: string }
  blocks(): number | null
  unblocks(): number | null
  /** The account is deleted: nothing reaches it any more, and nobody is told. */
  leaves(): void
}

export interface Group {
  readonly chat: ChatInfo
  says(person: Person, text: string, options?: { topic?: number; fields?: Fields }): Acted
  /** A basic group becomes a supergroup: the old id answers with the new one. */
  becomesSupergroup(): Group
  addTopic(id: number): void
  deleteTopic(id: number): void
  kicksBot(): void
}

export function customerOf(bot: BotState, person: Person): Customer {
  const { id, first_name, last_name, username } = person
  const info: ChatInfo = {
    id,
    type: 'private',
    first_name,
    ...(last_name ? { last_name } : {}),
    ...(username ? { username } : {}),
  }
  const chat = chatOf(bot, info)
  const from = { is_bot: false, ...person }
  const say = (content: Fields) => arrive(bot, chat, { from, ...content }, 'message')

  const membership = (from_: string, to: string) => {
    const date = Math.floor(Date.now() / 1000)
    const user = userOf(bot)
    const change = { old_chat_member: { status: from_, user }, new_chat_member: { status: to, user, until_date: 0 } }
    return bot.updates.push('my_chat_member', { chat: info, from, date, ...change }, `member:${id}`)
  }

  return {
    person,
    chat: info,
    says: (text, fields) => say({ text, ...fields }),
    sendsPhoto: (bytes, caption, fields) => say({ ...photo(bot, bytes), ...captioned(caption), ...fields }),
    sendsDocument({ bytes, name, mimeType }, caption, fields) {
      const { file_id, file_unique_id, file_size } = storeFile(bot, bytes, 'documents', extname(name))
      const file = { file_id, file_unique_id, file_size, file_name: name, ...(mimeType ? { mime_type: mimeType } : {}) }
      return say({ document: file, ...captioned(caption), ...fields })
    },
    sendsAlbum(pictures) {
      const media_group_id = String(randomInt(2 ** 47))
      return pictures.map(({ bytes, caption }) => say({ ...photo(bot, bytes), ...captioned(caption), media_group_id }))
    },
    sends: say,
    edits(messageId, text) {
      const message = chat.messages.get(messageId)
      if (!message) throw new Error(`there is no message ${messageId} to edit`)
      const field = message.text === undefined ? 'caption' : 'text'
      const edited = { ...message, [field]: text, edit_date: Math.floor(Date.now() / 1000) }
      chat.messages.set(messageId, edited)
      return { updateId: bot.updates.push('edited_message', edited, `chat:${id}`), messageId }
    },
    presses(messageId, data) {
      const callbackId = String(randomInt(2 ** 47))
      bot.callbacks.add(callbackId)
      const message = chat.messages.get(messageId) ?? { chat: info, message_id: messageId, date: 0 }
      const query = { id: callbackId, from, message, chat_instance: String(id), data }
      return { updateId: bot.updates.push('callback_query', query, `callback:${id}`), callbackId }
    },
    blocks() {
      chat.closed = 'blocked'
      return membership('member', 'kicked')
    },
    unblocks() {
      chat.closed = null
      return membership('kicked', 'member')
    },
    leaves() {
      chat.closed = 'deactivated'
    },
  }
}

export function groupOf(bot: BotState, info: ChatInfo): Group {
  const chat = chatOf(bot, info)
  return {
    chat: info,
    says(person, text, { topic, fields } = {}) {
      const from = { is_bot: false, ...person }
      const place = topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }
      if (topic !== undefined) chat.topics.add(topic)
      const channel = info.type === 'channel'
      const sender = channel ? { sender_chat: info } : { from }
      return arrive(bot, chat, { ...sender, ...place, text, ...fields }, channel ? 'channel_post' : 'message')
    },
    becomesSupergroup() {
      const next: ChatInfo = { ...info, id: -1_000_000_000_000 + info.id, type: 'supergroup' }
      chat.migratedTo = next.id
      return groupOf(bot, next)
    },
    addTopic: (topic) => void chat.topics.add(topic),
    deleteTopic: (topic) => void chat.topics.delete(topic),
    kicksBot() {
      chat.closed = 'kicked'
    },
  }
}

function arrive(bot: BotState, chat: ChatState, content: Fields, kind: 'message' | 'channel_post'): Acted {
  // A person who blocked the bot cannot write to it: the script would be impossible at Telegram.
  if (chat.closed === 'blocked') throw new Error('a person who blocked the bot does not write to it')
  const message: StoredMessage = newMessage(bot, chat, content)
  return { updateId: bot.updates.push(kind, message, `chat:${chat.info.id}`), messageId: message.message_id }
}

function photo(bot: BotState, given: Buffer | undefined): Fields {
  const bytes = given ?? drawPicture(bot.files.size)
  const size = sizeOfPicture(bytes) ?? { width: 1280, height: 960 }
  const { file_id, file_unique_id, file_size } = storeFile(bot, bytes, 'photos', '.jpg')
  const small = { file_id: `${file_id}-s`, file_unique_id: `${file_unique_id}s`, width: 9, height: 9, file_size: 100 }
  return { photo: [small, { file_id, file_unique_id, file_size, ...size }] }
}

function captioned(caption: string | undefined): Fields {
  return caption === undefined ? {} : { caption }
}
