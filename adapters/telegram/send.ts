/** A reply → calls of the Bot API → what is known about it. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { BotApi, Payload } from './api.ts'
import { type Attempt, amend, firstAttempt, movedTo } from './attempt.ts'
import { refusedBy } from './business.ts'
import { capabilities } from './capabilities.ts'
import type { Explain } from './explain.ts'
import { ApiFailure } from './failure.ts'
import type { FloodWatch } from './flood.ts'
import { messageIdOf, type Place, placeOf } from './ids.ts'
import { methodFor, uploadOf } from './media.ts'
import type { Memory } from './memory.ts'
import { busyText } from './refusals.ts'

export interface SendDeps {
  readonly api: BotApi
  readonly tools: Pick<Tools, 'now' | 'log'>
  readonly memory: Pick<Memory, 'business' | 'askBusiness'>
  readonly floods: Pick<FloodWatch, 'waitsUntil'>
  readonly explain: Explain
}

export function createSend(deps: SendDeps): (reply: Reply) => Promise<Sent> {
  const { tools, floods, explain } = deps
  return async (reply) => {
    const place = placeOf(reply.thread.externalId)
    if (!place) throw invalid('This conversation has no place in Telegram.', '该会话没有对应的 Telegram 聊天。')
    if (reply.media.length > 1) throw invalid('One file at a time.', '每次只能发送一个文件。')
    // Others of this group were refused: asking for this one would only prolong it.
    const after = floods.waitsUntil(place.chatId, tools.now())
    if (after) throw new SendError('retry', 'rate_limited', { text: busyText, after })
    if (place.businessId !== null) await expectConnection(deps, place.businessId)
    try {
      return await sendTo(deps.api, reply, place)
    } catch (error) {
      throw explain(error, place.chatId)
    }
  }
}

function invalid(en: string, zh: string): SendError {
  return new SendError('rejected', 'invalid', { text: { en, zh } })
}

/** Refuses in words what the owner of a business account has revoked; asked once more, in case the news of its end got lost. */
async function expectConnection({ memory, tools }: SendDeps, id: string): Promise<void> {
  let refusal = null
  try {
    refusal = refusedBy(await memory.business(id))
    if (refusal) refusal = refusedBy(await memory.askBusiness(id)) ?? null
  } catch (error) {
    // Nothing was sent, and Telegram will say the same.
    tools.log.warn({ err: error }, 'telegram: what is known of a business connection could not be read')
  }
  if (refusal) throw new SendError('rejected', 'permission', { text: refusal })
}

/** A 400 is certainly not sent, so another call is safe. Some of them say how to do it right: see `attempt.ts`. */
async function sendTo(api: BotApi, reply: Reply, place: Place): Promise<Sent> {
  const [file] = reply.media
  const upload = file ? await uploadOf(file) : null
  const method = file ? methodFor(file) : { name: 'sendMessage', field: null }
  const timeoutMs = file ? capabilities.timeoutMs.upload : capabilities.timeoutMs.call
  const content: Payload =
    upload && method.field ? { [method.field]: upload, caption: reply.text || undefined } : { text: reply.text }

  const call = async ({ place: to, replyTo, onlyThere }: Attempt): Promise<Sent> => {
    const payload: Payload = {
      ...destination(to),
      ...content,
      // As text: telegraf drops objects from multipart bodies, and Telegram reads either. telegraf/telegraf#1970
      // A customer who deletes the message meanwhile must not stop the answer.
      reply_parameters:
        replyTo === null ? undefined : JSON.stringify({ message_id: replyTo, allow_sending_without_reply: !onlyThere }),
    }
    return sentOf(await api.call(method.name, payload, { timeoutMs, signal: reply.signal }), to)
  }

  let attempt = firstAttempt(place, reply.inReplyTo)
  for (;;) {
    try {
      const sent = await call(attempt)
      const moved = movedTo(reply.thread.externalId, place, attempt)
      return moved === null ? sent : { ...sent, movedTo: moved }
    } catch (error) {
      const next = error instanceof ApiFailure && error.code === 400 ? amend(attempt, error) : null
      if (!next) throw error
      attempt = next
    }
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

/** An answer that is no message says that something was done, not what. */
function sentOf(result: unknown, place: Place): Sent {
  const id = typeof result === 'object' && result !== null && 'message_id' in result ? result.message_id : null
  if (!Number.isSafeInteger(id)) throw new ApiFailure('unreadable', 'an answer without a message')
  return { externalId: messageIdOf(place, Number(id)) }
}
