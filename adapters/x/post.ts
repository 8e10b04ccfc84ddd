/** One post in the house's shape. */
import { type Author, type InboundMessage, sequenceOf } from '#channel/events.ts'
import { isPostId, postThread, timeOfId } from './ids.ts'
import { mediaOf } from './media-in.ts'
import { plainText } from './plain-text.ts'
import { replyableOf } from './replyable.ts'
import type { Includes, Post, User } from './types.ts'

export interface PostContext {
  readonly own: string
  readonly exempt: boolean
  /** The event itself says so: `post.quote.create`. */
  readonly quotesUs: boolean
}

export interface ReadPost {
  readonly message: InboundMessage
  readonly byUs: boolean
  /** Null for a first version. */
  readonly editedAt: Date | null
}

/** The longest time after which a post could be edited, and some more. */
const editableMs = 2 * 3_600_000

/** Null for what holds nobody's own words: a repost. */
export function readPost(post: Post, includes: Includes, context: PostContext, raw: unknown): ReadPost | null {
  const { own } = context
  if (post.referenced_tweets.some(({ type }) => type === 'retweeted')) return null
  const versions = post.edit_history_tweet_ids ?? [post.id]
  const first = versions[0] ?? post.id
  const at = timeOf(post)
  const user = includes.users.find(({ id }) => id === post.author_id)
  const quoted = referenced(post, 'quoted', includes)
  const answered = referenced(post, 'replied_to', includes)
  const conversation = post.conversation_id ?? first
  const byUs = post.author_id === own
  // A word of ours belongs to whom it answers.
  const person = byUs ? (post.in_reply_to_user_id ?? own) : (post.author_id ?? nobody(first))
  const media = mediaOf(post.attachments?.media_keys ?? [], includes.media)
  return {
    byUs,
    editedAt: versions.length > 1 ? at : null,
    message: {
      externalId: first,
      sequence: sequenceOf(first),
      threadId: postThread(conversation, person),
      rootId: conversation,
      parentId: answered ? (answered.post?.edit_history_tweet_ids?.[0] ?? answered.id) : null,
      surface: 'public',
      author: authorOf(post.author_id ?? nobody(first), user),
      text: textOf(post, includes, quoted?.post ? quoted.id : null, media.length > 0),
      context: contextOf(quoted, includes) ?? contextOf(answered, includes),
      media,
      location: null,
      url: addressOf(post.id, user?.username),
      sentAt: versions.length > 1 ? firstTime(first, at) : at,
      replyable: replyableOf({
        post,
        own,
        ownUser: includes.users.find(({ id }) => id === own),
        quotesUs: context.quotesUs || quoted?.post?.author_id === own,
        exempt: context.exempt || byUs,
      }),
      groupKey: null,
      raw,
    },
  }
}

/** `https://x.com/<name>/status/<id>`; any name leads there, and the author's may be unknown. */
export function addressOf(id: string, username: string | undefined): string {
  return `https://x.com/${/^\w{1,15}$/u.test(username ?? '') ? username : 'i'}/status/${id}`
}

/** Whoever wrote a post whose author X does not tell: nobody knows whether two of them are one. */
const nobody = (postId: string): string => `author-of-${postId}`

export function authorOf(id: string, user: User | undefined): Author {
  const picture = user?.profile_image_url ?? ''
  return {
    externalId: id,
    name: user?.name?.trim() || user?.username || 'author unknown',
    ...(user ? {} : { isNamed: false }),
    handle: user?.username || null,
    avatarUrl: /^https:\/\//u.test(picture) ? picture : null,
    followers: user?.public_metrics?.followers_count ?? null,
  }
}

function textOf(post: Post, includes: Includes, quotedId: string | null, hasMedia: boolean): string {
  const whole = post.note_tweet ?? post
  const polls = post.attachments?.poll_ids.map((id) => includes.polls.find((poll) => poll.id === id)) ?? []
  const lines = [
    plainText(whole.text, whole.entities ?? post.entities, quotedId),
    ...polls.map((poll) => ['[poll]', ...(poll?.options.map(({ label }) => `- ${label}`) ?? [])].join('\n')),
  ].filter((line) => line !== '')
  if (lines.length > 0 || hasMedia) return lines.join('\n')
  return quotedId === null ? '[unsupported] post' : '[quote]'
}

interface Referenced {
  readonly id: string
  /** Undefined: deleted, protected, or not sent along. */
  readonly post: Post | undefined
}

function referenced(post: Post, type: string, { tweets }: Includes): Referenced | null {
  const id = post.referenced_tweets.find((reference) => reference.type === type)?.id
  return id === undefined ? null : { id, post: tweets.find((tweet) => tweet.id === id) }
}

function contextOf(reference: Referenced | null, { users }: Includes): InboundMessage['context'] {
  const post = reference?.post
  if (!post) return null
  const { text, entities } = post.note_tweet ?? post
  const { name } = authorOf(
    post.author_id ?? nobody(post.id),
    users.find(({ id }) => id === post.author_id),
  )
  return { text: plainText(text, entities ?? post.entities) || '[media]', author: name }
}

function timeOf({ id, created_at }: Post): Date {
  const given = new Date(created_at ?? Number.NaN)
  return Number.isNaN(given.getTime()) ? timeOfId(id) : given
}

/** X tells the time of the version it gives; that of the first stands in its id. */
function firstTime(first: string, edited: Date): Date {
  const at = isPostId(first) ? timeOfId(first) : edited
  const age = edited.getTime() - at.getTime()
  return age >= 0 && age < editableMs ? at : edited
}
