/** A reply → one call → what is known about it. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { WeiboApi } from './api.ts'
import type { Budget } from './budget.ts'
import { type Calls, waitUntil } from './calls.ts'
import { meaningOf, noAnswerText, unknownCode, unreachableText, unreadableText } from './codes.ts'
import { ApiFailure } from './failure.ts'
import { commentId, idOf, personOf, targetOf } from './ids.ts'
import { field } from './plain-text.ts'
import type { Settings } from './settings.ts'
import { Comment } from './types.ts'

/**
 * `without_mention`: 0 lets Weibo write `回复@name:` before the text, which counts against the 140 characters and makes the
 * reply another text than the agent's. The person is told either way, because the comment is answered by its id. [U]
 */
const withoutMention = 1
/** `comment_ori`: 1 would comment on the original of a repost as well. The answer goes where the question was. */
const commentOriginal = 0

export interface SendParts {
  readonly settings: Settings
  readonly api: WeiboApi
  readonly budget: Budget
  readonly calls: Pick<Calls, 'pushed'>
  readonly tools: Pick<Tools, 'now' | 'health'>
}

export async function send(parts: SendParts, reply: Reply): Promise<Sent> {
  if (reply.media.length > 0) {
    throw rejected('media_refused', 'Weibo takes no files in replies.', '微博的回复不支持附带文件。')
  }
  try {
    return reply.surface === 'direct' ? await sendMessage(parts, reply) : await sendComment(parts, reply)
  } catch (error) {
    if (error instanceof ApiFailure) return await settled(error, parts, reply)
    throw error
  }
}

async function sendComment({ api, budget, settings, tools }: SendParts, reply: Reply): Promise<Sent> {
  const target = targetOf(reply.thread.externalId, reply.inReplyTo)
  if (!target) throw nowhere()
  if (reply.signal.aborted) throw new ApiFailure('not_sent', 'its time was over before it began')
  const until = await budget.take('reply')
  if (until) {
    const text = meaningOf(10023)
    // The thread waits, not the account: private messages have a count of their own.
    throw new SendError('retry', 'rate_limited', { text: textOf(text), after: until, scope: 'thread' })
  }
  const rip = settings.rip === '' ? {} : { rip: settings.rip }
  const common = { id: target.status, comment: reply.text, comment_ori: commentOriginal, ...rip }
  const answer =
    target.comment === null
      ? await api.post('comments/create', common, { signal: reply.signal })
      : await api.post(
          'comments/reply',
          { ...common, cid: target.comment, without_mention: withoutMention },
          { signal: reply.signal },
        )
  const comment = Comment.safeParse(answer)
  const id = comment.success ? idOf(comment.data) : null
  // A success that tells nothing of what was done.
  if (id === null) throw new ApiFailure('unreadable', `an answer without a comment at ${tools.now().toISOString()}`)
  return { externalId: commentId(id) }
}

/** https://open.weibo.com/wiki/2/messages/reply, read 2026-11-24. `data` is JSON in a form's field: encoded once, by the form. */
async function sendMessage({ api, budget, calls }: SendParts, reply: Reply): Promise<Sent> {
  const person = personOf(reply.thread.externalId)
  if (person === null) throw nowhere()
  if (reply.signal.aborted) throw new ApiFailure('not_sent', 'its time was over before it began')
  await budget.take('free')
  const answer = await api.message(
    { type: 'text', data: JSON.stringify({ text: reply.text }), receiver_id: person, save_sender_box: 1 },
    { signal: reply.signal },
  )
  const result = field(answer, 'result')
  if (result === false || result === 'false') throw new ApiFailure('refused', 'the result is false')
  if (result !== true && result !== 'true') throw new ApiFailure('unreadable', 'an answer without a result')
  calls.pushed(null)
  // No id is told.
  return { externalId: null }
}

/** What a failed call means: sent all the same, or an error that says what is known. */
async function settled(failure: ApiFailure, parts: SendParts, reply: Reply): Promise<Sent> {
  const { budget, tools } = parts
  const { kind, code } = failure
  const cause = failure
  if (kind === 'not_sent') throw new SendError('retry', 'unreachable', { text: unreachableText, cause })
  if (kind === 'no_answer') throw new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
  if (kind === 'unreadable') throw new SendError('unknown', 'platform_error', { text: unreadableText, cause })
  const meaning = code === null ? null : meaningOf(code)
  switch (meaning?.kind) {
    case undefined:
      throw new SendError('rejected', 'invalid', { text: unknownCode(code), cause })
    case 'accepted':
      // "发布成功，目前服务器可能会有延迟": it will appear in a minute or two.
      return { externalId: null }
    case 'unknown':
      throw new SendError('unknown', 'platform_error', { text: meaning.text, cause })
    case 'credentials':
      if (reply.surface === 'direct' && parts.settings.pushToken !== '') throw await pushRefused(parts, failure)
      throw new SendError('retry', 'credentials_refused', { text: meaning.text, scope: 'account', cause })
    case 'rejected':
      // The earlier attempt that nobody knew of arrived: this one is refused for being the same.
      if (meaning.code === 'duplicate' && reply.doubted) return { externalId: null }
      throw new SendError('rejected', meaning.code, { text: meaning.text, cause })
    case 'retry': {
      const after = waitUntil(meaning.wait, tools.now())
      if (after && (code === 10022 || code === 10023) && reply.surface === 'public') await budget.exhausted(after)
      const scope = code === 20016 ? 'account' : 'thread'
      throw new SendError('retry', meaning.code, { text: meaning.text, scope, cause, ...(after ? { after } : {}) })
    }
  }
}

/** The fan service has a token of its own: mentions are read and comments answered all the same. */
async function pushRefused({ calls, tools }: SendParts, cause: ApiFailure): Promise<SendError> {
  calls.pushed(pushRefusedText)
  await tools.health({ state: 'warning', text: pushRefusedText })
  return new SendError('retry', 'credentials_refused', { text: pushRefusedText, scope: 'thread', cause })
}

const pushRefusedText = {
  en: 'Weibo refuses the token of the fan service, so private messages wait. Set a new one in the account’s settings.',
  zh: '微博拒绝了粉丝服务令牌，私信暂时无法发送。请在账号设置中填写新的令牌。',
}

function textOf(meaning: ReturnType<typeof meaningOf>) {
  return meaning && meaning.kind !== 'accepted' ? meaning.text : unknownCode(null)
}

function nowhere(): SendError {
  return rejected('invalid', 'This conversation has no place at Weibo.', '该会话没有对应的微博位置。')
}

function rejected(code: 'invalid' | 'media_refused', en: string, zh: string): SendError {
  return new SendError('rejected', code, { text: { en, zh } })
}
