/** What a bot does with what is there already. */
import { chatToWrite } from './chats.ts'
import type { Context } from './methods.ts'
import { bad } from './refusal.ts'
import type { ChatState } from './state.ts'
import { shownText } from './text-rules.ts'

export function sendChatAction(context: Context): unknown {
  if (!context.args.params.action) throw bad('wrong parameter action in request')
  note(context, chatToWrite(context.bot, context.args.params), null, null)
  return true
}

export function answerCallbackQuery(context: Context): unknown {
  if (!context.bot.callbacks.delete(context.args.params.callback_query_id ?? '')) {
    throw bad('query is too old and response timeout expired or query ID is invalid')
  }
  note(context, null, null, context.args.params.text ?? null)
  return true
}

export function editMessage(context: Context, field: 'text' | 'caption'): unknown {
  const { bot, args } = context
  const given = args.params[field] ?? ''
  if (field === 'text' && given === '') throw bad('message text is empty')
  const [max, tooLong] = field === 'text' ? [4096, 'message is too long'] : [1024, 'message caption is too long']
  const shown = shownText(given, args.params.parse_mode, Number(max), String(tooLong))
  const chat = chatToWrite(bot, args.params)
  const message = chat.messages.get(Number(args.params.message_id))
  if (!message) throw bad('message to edit not found')
  if ((message.from as { id?: number } | undefined)?.id !== bot.id) throw bad("message can't be edited")
  if (field === 'text' && message.text === undefined) throw bad('there is no text in the message to edit')
  if ((message[field] ?? '') === shown) {
    throw bad(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  }
  const edited = { ...message, [field]: shown, edit_date: Math.floor(Date.now() / 1000) }
  chat.messages.set(message.message_id, edited)
  note(context, chat, message.message_id, shown)
  return edited
}

export function deleteMessage(context: Context): unknown {
  const chat = chatToWrite(context.bot, context.args.params)
  const id = Number(context.args.params.message_id)
  const message = chat.messages.get(id)
  if (!message) throw bad('message to delete not found')
  if (Date.now() / 1000 - message.date > 48 * 3600) throw bad("message can't be deleted for everyone")
  chat.messages.delete(id)
  note(context, chat, id, null)
  return true
}

export function getFile({ bot, args }: Context): unknown {
  const id = args.params.file_id ?? ''
  if (id === '') throw bad('file_id not specified')
  const file = bot.files.get(id)
  if (!file) throw bad('invalid file_id')
  if (file.file_size > 20 * 1024 * 1024) throw bad('file is too big')
  const { file_id, file_unique_id, file_size, file_path } = file
  return { file_id, file_unique_id, file_size, file_path }
}

function note(context: Context, chat: ChatState | null, messageId: number | null, text: string | null): void {
  const { bot, method, args, ledger } = context
  const chatId = chat ? String(chat.info.id) : null
  const common = { botId: bot.id, method, chatId, text, messageId, params: args.params }
  ledger.accept({ ...common, threadId: null, replyTo: null, files: [] })
}
