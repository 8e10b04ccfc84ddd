/** Did a reply in doubt arrive? Reads our own comments back. https://open.weibo.com/wiki/2/comments/by_me, read 2026-11-24 */
import { ReadError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { Calls } from './calls.ts'
import { unreadText } from './codes.ts'
import type { Doubts, Tried } from './doubts.ts'
import { commentId, idOf, type Target, targetOf } from './ids.ts'
import { timeOf } from './person.ts'
import { field, plainText } from './plain-text.ts'
import { Comment } from './types.ts'
import { withoutPrefix } from './words.ts'

/** "请耐心等待1-2分钟" (20032): a comment may take that long to appear, so before that its absence proves nothing. */
const freshMs = 120_000
/** Times of comments are whole seconds by Weibo's clock, attempts are by ours. */
const skewMs = 60_000
const pageSize = 50

type Doubtful = Omit<Reply, 'signal' | 'media'>

export async function findSent(
  { calls, tools, doubts }: { calls: Calls; tools: Pick<Tools, 'now'>; doubts: Doubts },
  reply: Doubtful,
): Promise<Sent | 'absent' | 'cannot-tell'> {
  const target = reply.surface === 'public' ? targetOf(reply.thread.externalId, reply.inReplyTo) : null
  // Private messages cannot be read back.
  if (!target) return 'cannot-tell'
  const found = await look(calls, tools, target, reply, await doubts.of(reply.deliveryId))
  await doubts.forget(reply.deliveryId)
  return found
}

async function look(
  calls: Calls,
  tools: Pick<Tools, 'now'>,
  target: Target,
  reply: Doubtful,
  tried: Tried | null,
): Promise<Sent | 'absent' | 'cannot-tell'> {
  const answer = await calls.read('comments/by_me', { count: pageSize, page: 1 }, { purpose: 'reply' })
  const list = Array.isArray(answer) ? answer : field(answer, 'comments')
  if (!Array.isArray(list)) throw new ReadError('later', { text: unreadText })
  const ours = list.flatMap((entry) => {
    const comment = Comment.safeParse(entry)
    return comment.success ? [comment.data] : []
  })

  const matches = ours.filter((comment) => {
    const at = timeOf(comment.created_at)
    if (tried && at && at.getTime() < tried.first.getTime() - skewMs) return false
    return answersTo(comment, target) && sameText(reply.text, comment.text)
  })
  const [match] = matches
  if (match && matches.length === 1) {
    const id = idOf(match)
    return { externalId: id === null ? null : commentId(id) }
  }
  // The same words twice, or an attempt of which we do not know when it was: that is for a person to look at.
  if (match || !tried) return 'cannot-tell'
  if (tools.now().getTime() - tried.last.getTime() < freshMs) {
    throw new ReadError('later', { text: tooEarly, after: new Date(tried.last.getTime() + freshMs) })
  }
  return reachesBackTo(ours, tried.first) ? 'absent' : 'cannot-tell'
}

const tooEarly = {
  en: 'Weibo shows comments with a delay; it is asked again.',
  zh: '微博的评论显示有延迟，稍后再次查询。',
}

function answersTo({ status, reply_comment }: Comment, target: Target): boolean {
  const root = status ? idOf(status) : null
  if (root !== null && root !== target.status) return false
  const answered = reply_comment ? idOf(reply_comment) : null
  return answered === null || target.comment === null || answered === target.comment
}

/** Only a list that shows what was before the attempt shows all that came after. */
function reachesBackTo(ours: readonly Comment[], began: Date): boolean {
  return ours.some((comment) => {
    const at = timeOf(comment.created_at)
    return at !== null && at.getTime() < began.getTime() - skewMs
  })
}

/** Weibo shortens links, writes a name before the text, and treats white space as it likes. */
export function sameText(ours: string, theirs: string): boolean {
  return essence(ours) === essence(withoutPrefix(plainText(theirs)))
}

const essence = (text: string): string =>
  text.replace(/https?:\/\/[\w\-./?%&=#~:+,;@!$'()*]+/giu, '↗').replace(/\s+/gu, '')
