/** A reply → one customer-service message → what is known about it. Never a passive reply: it would have 5 seconds. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { capabilities } from './capabilities.ts'
import { sendErrorOf } from './explain.ts'
import { unreadableText } from './refusals.ts'
import { uploadOf } from './upload.ts'

const path = '/cgi-bin/message/custom/send'

export async function send(api: Api, tools: Tools, reply: Reply): Promise<Sent> {
  const { thread, media, signal } = reply
  if (media.length > 1) throw invalid('One file at a time.', '每次只能发送一个文件。')
  const [file] = media
  const text = asWeChatTakes(reply.text)
  const messages: object[] = []
  try {
    if (file) messages.push(await uploadOf(api, file, signal))
  } catch (error) {
    throw sendErrorOf(error, tools, true)
  }
  // The core sends words beside a file by themselves (`caption: null`); were they to come together, none is lost.
  if (text.trim() !== '') messages.push({ msgtype: 'text', text: { content: text } })
  if (messages.length === 0) throw invalid('There is nothing to send.', '没有可发送的内容。')
  for (const [index, message] of messages.entries()) {
    try {
      await api.post(
        path,
        { touser: thread.externalId, ...message },
        { signal, timeoutMs: capabilities.timeoutMs.call },
      )
    } catch (error) {
      if (index === 0) throw sendErrorOf(error, tools, false)
      throw new SendError('unknown', 'platform_error', { text: unreadableText, cause: error })
    }
  }
  // WeChat tells no id.
  return { externalId: null }
}

function invalid(en: string, zh: string): SendError {
  return new SendError('rejected', 'invalid', { text: { en, zh } })
}

/**
 * What JSON would write as `\uXXXX` is refused (40033): control characters and halves of characters. `<a href>` is a link
 * to WeChat; there is no word of how to write one that is none, so an agent's text goes as it is.
 */
function asWeChatTakes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into the message
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu, '')
}
