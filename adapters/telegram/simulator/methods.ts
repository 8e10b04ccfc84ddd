/** The Bot API's methods. Each resolves to `result` or throws a Refusal. */
import { answerCallbackQuery, deleteMessage, editMessage, getFile, sendChatAction } from './acting.ts'
import type { Arguments } from './body.ts'
import { shown } from './business.ts'
import { uploadKinds } from './files.ts'
import type { Ledger } from './ledger.ts'
import { bad, Refusal } from './refusal.ts'
import { sendFile, sendMediaGroup, sendMessage } from './sending.ts'
import { type BotState, userOf } from './state.ts'
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './updating.ts'

export interface Context {
  readonly bot: BotState
  readonly method: string
  readonly args: Arguments
  readonly ledger: Ledger
  readonly speed: number
  /** The caller is gone, or the simulator stops. */
  readonly closed: AbortSignal
}

type Method = (context: Context) => unknown

const methods: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) => userOf(bot),
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  ...Object.fromEntries(Object.keys(uploadKinds).map((name) => [name, sendFile])),
  sendMediaGroup,
  sendChatAction,
  answerCallbackQuery,
  editMessageText: (context) => editMessage(context, 'text'),
  editMessageCaption: (context) => editMessage(context, 'caption'),
  deleteMessage,
  getFile,
  getBusinessConnection({ bot, args }) {
    const found = bot.business.get(args.params.business_connection_id ?? '')
    if (!found) throw bad('business connection not found')
    return shown(found)
  },
}

const byLowerCase = new Map(Object.keys(methods).map((name) => [name.toLowerCase(), name]))

/** As the documentation writes it; callers may write it in any case. */
export function methodName(given: string): string | null {
  return byLowerCase.get(given.toLowerCase()) ?? null
}

export async function perform(context: Context): Promise<unknown> {
  const run = Object.hasOwn(methods, context.method) ? methods[context.method] : undefined
  if (!run) throw new Refusal(404, 'Not Found: method not found')
  return await run(context)
}
