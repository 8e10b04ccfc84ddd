/** A comment on a post of ours, or one that mentions us. https://open.weibo.com/wiki/2/comments/to_me, read 2026-11-24 */
import type { InboundEvent, InboundMessage } from '#channel/events.ts'
import { sequenceOf } from '#channel/events.ts'
import type { Reading } from './context.ts'
import { commentId, idOf, publicThread, statusId } from './ids.ts'
import { authorOf, nameOf, timeOf } from './person.ts'
import { mediaOf } from './pictures.ts'
import { plainText } from './plain-text.ts'
import { fullText, isDeleted, quotedOf, statusUrl } from './status.ts'
import type { Comment } from './types.ts'
import { contextOf, type Quoted, readWords, withoutPrefix } from './words.ts'

/** Null: no comment with an id, a post and an author. */
export function readComment(comment: Comment, raw: unknown, { own, at }: Reading): readonly InboundEvent[] | null {
  const id = idOf(comment)
  // The post under which it stands: of a repost and its original, the one that was commented on.
  const root = comment.status ? idOf(comment.status) : null
  if (id === null || root === null) return null
  if (isDeleted(comment)) return [{ type: 'deleted', externalId: commentId(id), at }]
  const author = authorOf(comment.user)
  if (!author) return null
  const answered = comment.reply_comment ? idOf(comment.reply_comment) : null
  const byUs = author.externalId === own
  // Our own comment is part of the conversation with whom it answers; under a post of ours it is nobody's.
  const customer = byUs ? authorOf(comment.reply_comment?.user)?.externalId : author.externalId
  if (customer === undefined || customer === own) return []
  const words = readWords(fullText(comment))
  const media = mediaOf(comment)
  const gone = comment.status ? isDeleted(comment.status) : false
  const message: InboundMessage = {
    externalId: commentId(id),
    sequence: sequenceOf(id),
    threadId: publicThread(root, customer),
    rootId: root,
    parentId: answered === null ? statusId(root) : commentId(answered),
    surface: 'public',
    author,
    text: words.own || (media.length > 0 ? '' : '[unsupported] empty'),
    context: contextOf([...answeredIn(comment, words.answers), ...words.chain, ...postOf(comment)]),
    media,
    location: null,
    url: statusUrl(root),
    sentAt: timeOf(comment.created_at) ?? at,
    replyable: gone ? { allowed: false, reason: goneText } : { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
  return [{ type: byUs ? 'echo' : 'message', message }]
}

const goneText = {
  en: 'The post was deleted, and its comments with it.',
  zh: '该微博已被删除，其评论无法再回复。',
}

/** The name in the text may be an old one; the comment that was answered knows today's. */
function answeredIn({ reply_comment: answered }: Comment, name: string | null): readonly Quoted[] {
  if (answered) return [{ author: nameOf(answered.user), text: withoutPrefix(plainText(answered.text)) }]
  return name === null ? [] : [{ author: name, text: `回复@${name}` }]
}

function postOf({ status }: Comment): readonly Quoted[] {
  if (!status) return []
  return [...quotedOf(status), ...quotedOf(status.retweeted_status)]
}
