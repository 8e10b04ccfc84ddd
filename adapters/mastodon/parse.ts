/** A notification, or a post that was read again → events. Pure. */
import { createHash } from 'node:crypto'
import { type Author, type InboundEvent, type InboundMessage, sequenceOf } from '#channel/events.ts'
import { textOfHtml } from './html.ts'
import { attachmentsOf, isWeb, mediaOf } from './media.ts'
import { textOf } from './text.ts'
import { threadIdOf } from './thread.ts'
import { Notification, Payload, type Person, Status } from './types.ts'
import { surfaceOf } from './visibility.ts'

export function parse(raw: unknown): readonly InboundEvent[] {
  const payload = Payload.safeParse(raw)
  if (!payload.success) return [unread(raw, null)]
  const { notification: given, status } = payload.data
  if (status != null) return readAgain(raw, payload.data)

  const notification = Notification.safeParse(given)
  if (!notification.success) return [unread(raw, null)]
  const { id, type } = notification.data
  // Favourites, boosts, follows, polls that ended: nobody's words.
  if (type !== 'mention' && type !== 'quote' && type !== 'update') return []
  const post = Status.safeParse((given as { status?: unknown }).status)
  if (!post.success) return [unread(raw, id)]
  if (post.data.account.id === payload.data.me) return []
  const message = messageOf(post.data, payload.data, raw)
  if (type !== 'update') return [{ type: 'message', message }]
  // Told for posts we boosted: only those that speak to us are a customer's.
  if (!post.data.mentions.some((mention) => mention.id === payload.data.me)) return []
  return post.data.edited_at ? [{ type: 'edited', message, editedAt: new Date(post.data.edited_at) }] : []
}

/** Posts that came as mentions are asked for again, because no notification tells of their edits. */
function readAgain(raw: unknown, payload: Payload): readonly InboundEvent[] {
  const post = Status.safeParse(payload.status)
  if (!post.success) return [unread(raw, null)]
  const { account, edited_at: editedAt } = post.data
  if (account.id === payload.me || !editedAt) return []
  return [{ type: 'edited', message: messageOf(post.data, payload, raw), editedAt: new Date(editedAt) }]
}

function messageOf(post: Status, { me, root, parent }: Payload, raw: unknown): InboundMessage {
  const { id, account, in_reply_to_id: parentId = null } = post
  const attachments = attachmentsOf(post)
  const media = attachments.map(mediaOf).filter((file) => file !== null)
  const text = textOf(post, attachments)
  const surface = surfaceOf(post.visibility)
  const rootId = root ?? parentId ?? id
  return {
    externalId: id,
    // Posts of other servers come in whole seconds.
    sequence: /^\d{1,20}$/u.test(id) ? sequenceOf(id) : null,
    threadId: threadIdOf(rootId, account.id, surface),
    rootId,
    parentId,
    surface,
    author: authorOf(account),
    text: text === '' && media.length === 0 ? '[unsupported] empty' : text,
    context: contextOf(post, parent, me),
    media,
    location: null,
    url: surface === 'public' && post.url && isWeb(post.url) ? post.url : null,
    sentAt: new Date(post.created_at),
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
}

/** A quoted post that may be shown, else the post of a third person that is answered. */
function contextOf({ quote, account }: Status, parent: unknown, me: string): InboundMessage['context'] {
  const quoted = quote?.state === 'accepted' ? quote.quoted_status : null
  if (quoted) return { text: textOfHtml(quoted.content), author: nameOf(quoted.account) }
  const answered = Status.safeParse(parent)
  if (!answered.success || [me, account.id].includes(answered.data.account.id)) return null
  return { text: textOf(answered.data, attachmentsOf(answered.data)), author: nameOf(answered.data.account) }
}

function authorOf(account: Person): Author {
  const { id, acct, avatar_static: avatar, followers_count: followers } = account
  return {
    externalId: id,
    name: nameOf(account),
    handle: `@${acct}`,
    avatarUrl: avatar && isWeb(avatar) ? avatar : null,
    followers: followers ?? null,
  }
}

const nameOf = ({ display_name: name, acct }: Person): string => name.trim() || acct

function unread(raw: unknown, id: string | null): InboundEvent {
  const digest = () =>
    createHash('sha256')
      .update(JSON.stringify(raw ?? null))
      .digest('hex')
  const externalId = id === null ? `body:${digest()}` : `notification:${id}`
  return { type: 'unread', externalId, reason: 'no post that can be read', raw }
}
