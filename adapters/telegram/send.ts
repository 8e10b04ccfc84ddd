/** A reply → one call of the Bot API → what is known about it. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { BotApi, Payload } from './api.ts'
import { capabilities } from './capabilities.ts'
import { ApiFailure } from './failure.ts'
import { createFloodWatch } from './flood.ts'
import { messageIdOf, messageNumberOf, type Place, placeOf, threadIdOf } from './ids.ts'
import { methodFor, uploadOf } from './media.ts'
import {
  busyText,
  credentialsText,
  isCredentials,
  noAnswerText,
  refusalOf,
  unreachableText,
  unreadableText,
} from './refusals.ts'

export type Send = (reply: Reply) => Promise<Sent>
/** Turns whatever a call failed with into the one error that may leave. */
export type Explain = (error: unknown, chatId: string) => SendError

export function createExplain(tools: Pick<Tools, 'now'>): Explain {
  const scopeOf = createFloodWatch()
  return (error, chatId) => {
    if (error instanceof SendError) return error
    if (!(error instanceof ApiFailure)) throw error
    const cause = error
    const { kind, code, description, retryAfterMs } = error
    if (kind === 'not_sent') return new SendError('retry', 'unreachable', { text: unreachableText, cause })
    if (kind === 'no_answer') return new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
    if (kind === 'unreadable' || code === null) {
      return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
    }
    if (isCredentials(code, description)) {
      return new SendError('retry', 'credentials_refused', { text: credentialsText, scope: 'account', cause })
    }
    if (code === 429) {
      const now = tools.now()
      const after = retryAfterMs === null ? null : new Date(now.getTime() + retryAfterMs)
      const scope = after ? scopeOf(chatId, now, after) : 'thread'
      return new SendError('retry', 'rate_limited', { text: busyText, scope, cause, ...(after ? { after } : {}) })
    }
    const refusal = refusalOf(code, description ?? '')
    return new SendError('rejected', refusal.code, { text: refusal.text, cause })
  }
}

export function createSend(api: BotApi, explain: Explain): Send {
  return async (reply) => {
    const place = placeOf(reply.thread.externalId)
    if (!place) throw invalid('This conversation has no place in Telegram.', '该会话没有对应的 Telegram 聊天。')
    if (reply.media.length > 1) throw invalid('One file at a time.', '每次只能发送一个文件。')
    try {
      return await sendTo(api, reply, place)
    } catch (error) {
      throw explain(error, place.chatId)
    }
  }
}

function invalid(en: string, zh: string): SendError {
  return new SendError('rejected', 'invalid', { text: { en, zh } })
}

/**
 * A 400 is certainly not sent, so a second call is safe. Three of them say how to do it right: the group became a
 * supergroup, the topic is gone, the message answered cannot be.
 */
async function sendTo(api: BotApi, reply: Reply, place: Place): Promise<Sent> {
  const [file] = reply.media
  const upload = file ? await uploadOf(file) : null
  const method = file ? methodFor(file) : { name: 'sendMessage', field: null }
  const timeoutMs = file ? capabilities.timeoutMs.upload : capabilities.timeoutMs.call
  const answers = reply.inReplyTo === null ? null : messageNumberOf(reply.inReplyTo, place)

  const call = async (to: Place, replyTo: number | null): Promise<Sent> => {
    const payload: Payload = {
      ...destination(to),
      ...(upload && method.field ? { [method.field]: upload, caption: reply.text || undefined } : { text: reply.text }),
      // As text: telegraf drops objects from multipart bodies, and Telegram reads either. telegraf/telegraf#1970
      // A customer who deletes the message meanwhile must not stop the answer.
      reply_parameters:
        replyTo === null ? undefined : JSON.stringify({ message_id: replyTo, allow_sending_without_reply: true }),
    }
    return sentOf(await api.call(method.name, payload, { timeoutMs, signal: reply.signal }), to)
  }

  try {
    return await call(place, answers)
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 400) throw error
    if (error.migrateToChatId !== null) {
      // The new chat counts its messages anew: the old number would quote a stranger.
      const moved = { ...place, chatId: error.migrateToChatId }
      return { ...(await call(moved, null)), movedTo: movedThread(reply.thread.externalId, place, moved) }
    }
    if (/thread not found/iu.test(error.description ?? '') && place.topicId !== null) {
      return await call({ ...place, topicId: null }, answers)
    }
    if (/to be replied not found|REPLY_MESSAGE_ID_INVALID/iu.test(error.description ?? '') && answers !== null) {
      return await call(place, null)
    }
    throw error
  }
}

export function destination({ chatId, topicId, directTopicId, businessId }: Place): Payload {
  return {
    chat_id: chatId,
    message_thread_id: topicId ?? undefined,
    direct_messages_topic_id: directTopicId ?? undefined,
    business_connection_id: businessId ?? undefined,
  }
}

/** The same person in the chat's new id. */
function movedThread(threadId: string, from: Place, to: Place): string {
  const author = threadId.split('/').at(-1) ?? null
  return threadId === threadIdOf(from, null) ? threadIdOf(to, null) : threadIdOf(to, author)
}

/** An answer that is no message says that something was done, not what. */
function sentOf(result: unknown, place: Place): Sent {
  const id = typeof result === 'object' && result !== null && 'message_id' in result ? result.message_id : null
  if (!Number.isSafeInteger(id)) throw new ApiFailure('unreadable', 'an answer without a message')
  return { externalId: messageIdOf(place, Number(id)) }
}
