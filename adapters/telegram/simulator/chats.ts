/** May the bot write there? The real server's order and words: check_chat_access in Client.cpp @01a3679 */
import { businessChat } from './business.ts'
import { bad, Refusal } from './refusal.ts'
import type { BotState, ChatState, StoredMessage } from './state.ts'

export function chatToWrite(bot: BotState, params: Readonly<Record<string, string>>): ChatState {
  if (params.business_connection_id) return businessChat(bot, params)
  const given = params.chat_id ?? ''
  if (given === '') throw bad('chat_id is empty')
  const chat = given.startsWith('@')
    ? [...bot.chats.values()].find(({ info }) => `@${info.username}` === given)
    : bot.chats.get(Number(given))
  if (!chat) throw bad('chat not found')
  if (chat.migratedTo !== null) {
    throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: chat.migratedTo,
    })
  }
  if (chat.closed === 'blocked') throw new Refusal(403, 'Forbidden: bot was blocked by the user')
  if (chat.closed === 'deactivated') throw new Refusal(403, 'Forbidden: user is deactivated')
  if (chat.closed === 'kicked') throw new Refusal(403, `Forbidden: bot was kicked from the ${chat.info.type} chat`)
  if (chat.closed === 'left') throw new Refusal(403, `Forbidden: bot is not a member of the ${chat.info.type} chat`)
  if (chat.closed === 'muted') throw bad('not enough rights to send text messages to the chat')
  return chat
}

/** Null outside topics: in a chat without a forum the id is passed over. */
export function topicToWrite(chat: ChatState, params: Readonly<Record<string, string>>): number | null {
  const topic = Number(params.message_thread_id ?? 0)
  const forum = chat.info.is_forum || chat.topics.size > 0
  if (!topic || !forum) {
    if (chat.info.is_forum && chat.closedTopics.has(1)) throw bad('TOPIC_CLOSED')
    return null
  }
  // General is refused by name; so is one that was deleted.
  if (topic === 1 || !chat.topics.has(topic)) throw bad('message thread not found')
  if (chat.closedTopics.has(topic)) throw bad('TOPIC_CLOSED')
  return topic
}

export function messageToAnswer(chat: ChatState, params: Readonly<Record<string, string>>): StoredMessage | null {
  const { id, withoutIfGone } = replyParameters(params)
  if (id === 0) return null
  const found = chat.messages.get(id)
  // "Always True for messages sent on behalf of a business account": https://core.telegram.org/bots/api#replyparameters
  if (!found && !withoutIfGone && !params.business_connection_id) throw bad('message to be replied not found')
  return found ?? null
}

function replyParameters(params: Readonly<Record<string, string>>): { id: number; withoutIfGone: boolean } {
  if (params.reply_parameters === undefined) {
    return {
      id: Number(params.reply_to_message_id ?? 0),
      withoutIfGone: params.allow_sending_without_reply === 'true',
    }
  }
  if (params.reply_parameters === '') return { id: 0, withoutIfGone: true }
  let given: unknown
  try {
    given = JSON.parse(params.reply_parameters)
  } catch {
    throw bad("can't parse reply parameters JSON object")
  }
  if (typeof given !== 'object' || given === null) throw bad('object expected as reply parameters')
  const { message_id, allow_sending_without_reply } = given as Record<string, unknown>
  if (!Number.isSafeInteger(message_id)) throw bad(`can't find field "message_id"`)
  return { id: Number(message_id), withoutIfGone: allow_sending_without_reply === true }
}
