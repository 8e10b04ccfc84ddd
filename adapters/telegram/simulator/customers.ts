/** Customers in their private chats, as one would act them out: each act becomes an update. */
import { randomInt } from 'node:crypto'
import { extname } from 'node:path'
import { type Acted, arrive, captioned, edit, type Fields, membership, photo } from './arriving.ts'
import { type BotState, type ChatInfo, chatOf, type Person, storeFile } from './state.ts'

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
    edits: (messageId, text) => edit(bot, chat, messageId, text, 'edited_message'),
    presses(messageId, data) {
      const callbackId = String(randomInt(2 ** 47))
      bot.callbacks.add(callbackId)
      const message = chat.messages.get(messageId) ?? { chat: info, message_id: messageId, date: 0 }
      const query = { id: callbackId, from, message, chat_instance: String(id), data }
      return { updateId: bot.updates.push('callback_query', query, `callback:${id}`), callbackId }
    },
    blocks() {
      chat.closed = 'blocked'
      return membership(bot, chat, from, { status: 'member' }, { status: 'kicked', until_date: 0 })
    },
    unblocks() {
      chat.closed = null
      return membership(bot, chat, from, { status: 'kicked', until_date: 0 }, { status: 'member' })
    },
    leaves() {
      chat.closed = 'deactivated'
    },
  }
}
