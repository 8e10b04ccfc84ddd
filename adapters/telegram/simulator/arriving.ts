/** How something that happens in a chat becomes an update. */
import { drawPicture, sizeOfPicture } from './picture.ts'
import {
  type BotState,
  type ChatState,
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

export type Fields = Readonly<Record<string, unknown>>

export function arrive(bot: BotState, chat: ChatState, content: Fields, kind: 'message' | 'channel_post'): Acted {
  // A person who blocked the bot cannot write to it: the script would be impossible at Telegram.
  if (chat.closed === 'blocked') throw new Error('a person who blocked the bot does not write to it')
  const message: StoredMessage = newMessage(bot, chat, content)
  return { updateId: bot.updates.push(kind, message, `chat:${chat.info.id}`), messageId: message.message_id }
}

export function photo(bot: BotState, given: Buffer | undefined): Fields {
  const bytes = given ?? drawPicture(bot.files.size)
  const size = sizeOfPicture(bytes) ?? { width: 1280, height: 960 }
  const { file_id, file_unique_id, file_size } = storeFile(bot, bytes, 'photos', '.jpg')
  const small = { file_id: `${file_id}-s`, file_unique_id: `${file_unique_id}s`, width: 9, height: 9, file_size: 100 }
  return { photo: [small, { file_id, file_unique_id, file_size, ...size }] }
}

export function captioned(caption: string | undefined): Fields {
  return caption === undefined ? {} : { caption }
}

/** Kind and field follow the chat and the message. */
export function edit(
  bot: BotState,
  chat: ChatState,
  messageId: number,
  text: string,
  kind: 'edited_message' | 'edited_channel_post',
): Acted {
  const message = chat.messages.get(messageId)
  if (!message) throw new Error(`there is no message ${messageId} to edit`)
  const field = message.text === undefined ? 'caption' : 'text'
  const edited = { ...message, [field]: text, edit_date: Math.floor(Date.now() / 1000) }
  chat.messages.set(messageId, edited)
  return { updateId: bot.updates.push(kind, edited, `chat:${chat.info.id}`), messageId }
}

/** The bot's own place in a chat changed. These have a line of their own: one may overtake the chat's messages. */
export function membership(bot: BotState, chat: ChatState, by: Fields, before: Fields, after: Fields): number | null {
  const user = userOf(bot)
  const date = Math.floor(Date.now() / 1000)
  const change = { old_chat_member: { user, ...before }, new_chat_member: { user, ...after } }
  return bot.updates.push('my_chat_member', { chat: chat.info, from: by, date, ...change }, `member:${chat.info.id}`)
}

/** As it stands in a message that answers it: without what it answered itself. */
export function quoted(chat: ChatState, messageId: number): StoredMessage {
  const message = chat.messages.get(messageId)
  if (!message) throw new Error(`there is no message ${messageId} to answer`)
  const { reply_to_message: _, ...rest } = message
  return rest as StoredMessage
}

export const asUser = (person: Person) => ({ is_bot: false, ...person })
