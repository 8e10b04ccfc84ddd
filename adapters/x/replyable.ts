/**
 * May this post be answered through the API? Since 2026-02-23 only when its author summoned us: mentioned or quoted the
 * account; Enterprise is exempt. https://docs.x.com/changelog, read 2026-11-24
 *
 * What the page leaves open is decided here, and nowhere else:
 * - who answers us directly and has us in the text's head, as X puts it there, has mentioned us;
 * - who answers somebody else where X merely carried our name along has not;
 * - who took our name out of the head of an answer to us has not either.
 */
import type { InboundMessage } from '#channel/events.ts'
import type { Post, User } from './types.ts'

export interface Summons {
  readonly post: Post
  readonly own: string
  readonly ownUser: User | undefined
  readonly quotesUs: boolean
  /** An Enterprise account. */
  readonly exempt: boolean
}

export function replyableOf({ post, own, ownUser, quotesUs, exempt }: Summons): InboundMessage['replyable'] {
  if (exempt || quotesUs) return { allowed: true, reason: null }
  const username = ownUser?.username?.toLowerCase()
  const mentions = (post.note_tweet?.entities ?? post.entities)?.mentions ?? []
  const ofUs = mentions.filter(
    ({ id, username: name }) => id === own || (!!username && name?.toLowerCase() === username),
  )
  if (ofUs.length === 0) return { allowed: false, reason: notMentioned }
  const answers = post.in_reply_to_user_id
  if (answers === undefined || answers === own || answers === post.author_id) return { allowed: true, reason: null }
  const head = headLength(post)
  return ofUs.some(({ start }) => (start ?? head) >= head)
    ? { allowed: true, reason: null }
    : { allowed: false, reason: carriedAlong }
}

/** Where the author's own words begin: before it stand the names X carries along in an answer. */
function headLength({ display_text_range, text, note_tweet }: Post): number {
  if (display_text_range) return display_text_range[0]
  return /^(?:@\w+\s+)*/u.exec(note_tweet?.text ?? text)?.[0].length ?? 0
}

const notMentioned = {
  en: 'The author neither mentioned nor quoted this account, so X does not let an answer through the API. Open the post on X to answer there.',
  zh: '作者没有提及或引用本账号，X 不允许通过 API 回复。请在 X 中打开该帖进行回复。',
}
const carriedAlong = {
  en: 'The author answers somebody else; this account was only carried along in the conversation, so X does not let an answer through the API. Open the post on X to answer there.',
  zh: '作者是在回复他人，本账号只是被会话自动带上，X 不允许通过 API 回复。请在 X 中打开该帖进行回复。',
}
