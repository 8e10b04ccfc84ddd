/** Changing and taking back what was sent. */
import { SendError } from '#channel/errors.ts'
import type { ExternalRef } from '#channel/reply.ts'
import type { BotApi, Payload } from './api.ts'
import { capabilities } from './capabilities.ts'
import type { Explain } from './explain.ts'
import { ApiFailure } from './failure.ts'
import { messageNumberOf, type Place, placeOf } from './ids.ts'

const options = { timeoutMs: capabilities.timeoutMs.call }

export async function edit(api: BotApi, explain: Explain, target: ExternalRef, text: string): Promise<void> {
  const { place, message } = locate(target)
  try {
    await api.call('editMessageText', { ...message, text }, options)
  } catch (error) {
    if (matches(error, /is not modified/iu)) return
    if (!matches(error, /there is no text/iu)) throw explain(error, place.chatId)
    await editCaption(api, explain, place, message, text)
  }
}

/** The text of a message with a file is its caption. */
async function editCaption(
  api: BotApi,
  explain: Explain,
  place: Place,
  message: Payload,
  caption: string,
): Promise<void> {
  try {
    await api.call('editMessageCaption', { ...message, caption }, options)
  } catch (error) {
    if (!matches(error, /is not modified/iu)) throw explain(error, place.chatId)
  }
}

export async function remove(api: BotApi, explain: Explain, target: ExternalRef): Promise<void> {
  const { place, message } = locate(target)
  try {
    await api.call('deleteMessage', message, options)
  } catch (error) {
    // It is not there, which is what was wanted.
    if (!matches(error, /to delete not found/iu)) throw explain(error, place.chatId)
  }
}

function locate({ threadId, externalId }: ExternalRef): { place: Place; message: Payload } {
  const place = placeOf(threadId)
  const messageId = place ? messageNumberOf(externalId, place) : null
  if (!place || messageId === null) {
    const text = { en: 'This message has no place in Telegram.', zh: '该消息没有对应的 Telegram 消息。' }
    throw new SendError('rejected', 'invalid', { text })
  }
  const { chatId, businessId } = place
  return {
    place,
    message: { chat_id: chatId, message_id: messageId, business_connection_id: businessId ?? undefined },
  }
}

function matches(error: unknown, pattern: RegExp): boolean {
  return error instanceof ApiFailure && error.code === 400 && pattern.test(error.description ?? '')
}
