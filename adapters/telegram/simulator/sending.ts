/** Messages of bots on their way into chats. */
import { putIntoBusiness } from './business.ts'
import { chatToWrite, messageToAnswer, topicToWrite } from './chats.ts'
import { asContent, fileIn, uploadKinds } from './files.ts'
import { asLedgerFile } from './ledger.ts'
import type { Context } from './methods.ts'
import { bad } from './refusal.ts'
import { type ChatState, newMessage, type StoredMessage, userOf } from './state.ts'
import { shownText } from './text-rules.ts'

export function sendMessage(context: Context): unknown {
  const { text = '', parse_mode } = context.args.params
  if (text === '') throw bad('message text is empty')
  const shown = shownText(text, parse_mode, 4096, 'message is too long')
  if (shown === '') throw bad('text must be non-empty')
  return put(context, { text: shown })
}

export function sendFile(context: Context): unknown {
  const { bot, method, args } = context
  const sent = fileIn(bot, method, args)
  return put(context, { ...asContent(uploadKinds[method]!.field, sent), ...caption(args.params) })
}

export function sendMediaGroup(context: Context): unknown {
  const { bot, args } = context
  const items = parseMedia(args.params.media)
  if (items.length < 2 || items.length > 10) throw bad('media group must include 2-10 items')
  const chat = chatToWrite(bot, args.params)
  const media_group_id = String(Date.now()) + String(bot.nextMessageId)
  const contents = items.map((item) => {
    const kind = String(item.type ?? '')
    const method = `send${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
    if (!['photo', 'video', 'audio', 'document'].includes(kind))
      throw bad("can't use the media of the specified type in the album")
    const sent = fileIn(bot, method, { params: { media: item.media ?? '' }, files: args.files }, 'media')
    return { ...asContent(uploadKinds[method]!.field, sent), ...caption(item), media_group_id }
  })
  return contents.map((content) => put(context, content, chat))
}

function put(context: Context, content: Record<string, unknown>, known?: ChatState): StoredMessage {
  const { bot, args, ledger, method } = context
  const chat = known ?? chatToWrite(bot, args.params)
  const topic = topicToWrite(chat, args.params)
  const answered = messageToAnswer(chat, args.params)
  const answer = answered ? { reply_to_message: { ...answered, reply_to_message: undefined } } : {}
  const connection = args.params.business_connection_id
  const message = connection
    ? putIntoBusiness(bot, chat, connection, { ...answer, ...content })
    : newMessage(bot, chat, {
        ...(chat.info.type === 'channel' ? { sender_chat: chat.info } : { from: userOf(bot) }),
        ...(topic === null ? {} : { message_thread_id: topic, is_topic_message: true }),
        ...answer,
        ...content,
      })
  ledger.accept({
    botId: bot.id,
    method,
    chatId: String(chat.info.id),
    text: String(content.text ?? content.caption ?? '') || null,
    messageId: message.message_id,
    threadId: topic === null ? null : String(topic),
    replyTo: answered?.message_id ?? null,
    files: args.files.map(asLedgerFile),
    params: args.params,
  })
  return message
}

function parseMedia(given: string | undefined): Record<string, string>[] {
  try {
    const items: unknown = JSON.parse(given ?? '')
    return Array.isArray(items) ? items : []
  } catch {
    throw bad("can't parse media JSON object")
  }
}

function caption({ caption: given = '', parse_mode }: Readonly<Record<string, string>>): Record<string, string> {
  const shown = shownText(given, parse_mode, 1024, 'message caption is too long')
  return shown === '' ? {} : { caption: shown }
}
