import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { ApiFailure } from './failure.ts'
import { busyText, credentialsText, isCredentials, unreachableText } from './refusals.ts'

/** The one error that reads may end with. What is no failure of a call is a bug, and stays what it is. */
export function readErrorOf(error: unknown, tools: Pick<Tools, 'now'>): unknown {
  if (!(error instanceof ApiFailure)) return error
  const { code, retryAfterMs } = error
  const description = error.description ?? ''
  const cause = error
  if (isCredentials(code, description)) return new ReadError('credentials', { text: credentialsText, cause })
  if (code === 409) {
    const webhook = /webhook is active|setWebhook/iu.test(description)
    const text = webhook
      ? {
          en: 'A webhook is set for this bot: check the account to remove it.',
          zh: '该机器人已设置回调：请检查账号以移除。',
        }
      : { en: 'Another program reads this bot as well.', zh: '另有程序也在读取该机器人的消息。' }
    return new ReadError('conflict', { text, cause })
  }
  if (code === 429) {
    const after = retryAfterMs === null ? {} : { after: new Date(tools.now().getTime() + retryAfterMs) }
    return new ReadError('later', { text: busyText, cause, ...after })
  }
  if (code === 400 && /too big/iu.test(description)) {
    const en = 'The file is larger than Telegram gives to bots (20 MB).'
    return new ReadError('too_large', { text: { en, zh: '文件超出 Telegram 允许机器人下载的大小（20 MB）。' }, cause })
  }
  // "temporarily unavailable" is another text, and worth another try.
  if (code === 400 && /(invalid|wrong) (remote )?file(_id| id| identifier)(?!.*temporarily)/iu.test(description)) {
    return new ReadError('gone', { text: { en: 'Telegram has no such file.', zh: 'Telegram 中没有该文件。' }, cause })
  }
  return new ReadError('later', { text: unreachableText, cause })
}
