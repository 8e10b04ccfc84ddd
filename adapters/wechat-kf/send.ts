/** A reply → one `kf/send_msg` → what is known about it. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { endedText, say } from './codes.ts'
import { sendErrorOf } from './explain.ts'
import { WeComFailure } from './failure.ts'
import { msgIdOf, type Place, placeOf } from './ids.ts'
import type { Sessions } from './session.ts'
import { textOf } from './types.ts'
import { uploadOf } from './upload.ts'

export interface SendParts {
  readonly api: Api
  readonly tools: Tools
  readonly sessions: Sessions
}

const stateRefused = 95018

export async function send(parts: SendParts, reply: Reply): Promise<Sent> {
  const { api, tools, sessions } = parts
  const place = placeOf(reply.thread.externalId)
  if (!place) throw new SendError('rejected', 'gone', { text: nowhere })
  const message = await messageOf(api, tools, reply)
  await sessions.prepare(place, reply.signal).catch((error: unknown) => {
    throw sendErrorOf(error, tools, true)
  })
  const body = {
    touser: place.externalUserId,
    open_kfid: place.openKfId,
    // The same on every attempt; a failure that is told of later (`msg_send_fail`) names it.
    msgid: msgIdOf(reply.deliveryId),
    ...message,
  }
  const { msgid } = await post(parts, place, body, reply.signal).catch((error: unknown) => {
    throw sendErrorOf(error, tools, false)
  })
  return { externalId: textOf(msgid) || body.msgid }
}

/** Once more where the state of the conversation was in the way and is not any more. */
async function post({ api, sessions }: SendParts, place: Place, body: object, signal: AbortSignal) {
  try {
    return await api.post('kf/send_msg', body, { signal })
  } catch (error) {
    if (!(error instanceof WeComFailure) || error.errcode !== stateRefused) throw error
    const state = await sessions.reopen(place, signal)
    if (state === 4) throw new SendError('rejected', 'window_closed', { text: endedText, cause: error })
    if (state !== 1) throw error
    return await api.post('kf/send_msg', body, { signal })
  }
}

async function messageOf(api: Api, tools: Tools, { media, text: given, signal }: Reply): Promise<object> {
  const text = cleaned(given)
  const [file, ...others] = media
  // The core sends words beside a file by themselves (`caption: null`): nothing may be lost, and nothing doubled.
  if (others.length > 0 || (file && text.trim() !== '')) {
    throw new SendError('rejected', 'invalid', { text: oneAtATime })
  }
  if (!file) {
    if (text.trim() === '') throw new SendError('rejected', 'invalid', { text: nothing })
    return { msgtype: 'text', text: { content: text } }
  }
  try {
    return await uploadOf(api, file, signal)
  } catch (error) {
    throw sendErrorOf(error, tools, true)
  }
}

/** Control characters and halves of characters would stand in the JSON as `\uXXXX`. */
function cleaned(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into the message
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu, '')
}

const nowhere = say('This conversation is none of WeChat customer service.', '该会话不是微信客服会话。')
const oneAtATime = say('One file or one text at a time.', '每次只能发送一个文件或一段文字。')
const nothing = say('There is nothing to send.', '没有可发送的内容。')
