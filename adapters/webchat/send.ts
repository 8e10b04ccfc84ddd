/** The platform is us: a reply has arrived where it is read from once the core has stored it as sent. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import { measure } from '#channel/text.ts'
import { capabilities } from './capabilities.ts'

const tooLong = { en: 'The text is longer than the chat shows.', zh: '文字超出聊天窗口的长度上限。' }
const late = { en: 'It took too long before it could be stored.', zh: '保存前已超时。' }

/** As `visitor.ts` makes them. */
const threadId = /^[au]:./u
const nowhere = { en: 'There is no such visitor.', zh: '没有该访客。' }

/** The same delivery again has the same id, and is the same line. */
export async function send({ deliveryId, thread, text, signal }: Reply): Promise<Sent> {
  if (!threadId.test(thread.externalId)) throw new SendError('rejected', 'gone', { text: nowhere })
  const limit = capabilities.surfaces.direct!.text
  if (measure(text, limit.unit) > limit.max) throw new SendError('rejected', 'too_long', { text: tooLong })
  if (signal.aborted) throw new SendError('retry', 'unreachable', { text: late })
  return { externalId: deliveryId }
}
