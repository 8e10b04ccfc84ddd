/** A post that mentions us. https://open.weibo.com/wiki/2/statuses/mentions, read 2026-11-24 */
import type { InboundEvent, InboundMessage } from '#channel/events.ts'
import { sequenceOf } from '#channel/events.ts'
import type { Reading } from './context.ts'
import { idOf, publicThread, statusId } from './ids.ts'
import { authorOf, nameOf, timeOf } from './person.ts'
import { mediaOf } from './pictures.ts'
import { field, linksIn, plainText, wordOf } from './plain-text.ts'
import type { Retweeted, Status } from './types.ts'
import { contextOf, type Quoted, readWords } from './words.ts'

/**
 * What Weibo puts in the place of what is gone: `抱歉，此微博已被作者删除`, `该评论已删除`. It has no author. The whole of it: people
 * speak of what was deleted too, and what comes without its author may be theirs.
 */
const deletedText =
  /^抱歉，(?:此|该|作者|由于|您)|^(?:此|该|这条|原)?(?:条)?(?:微博|评论|内容).{0,3}(?:被.{0,6}删除|已删除|不存在)[。.！!]?$/u
/** What Weibo writes into a repost without words. */
const emptyRepost = '转发微博'

/** Null: no post with an id and an author. */
export function readStatus(status: Status, raw: unknown, { own, at }: Reading): readonly InboundEvent[] | null {
  const id = idOf(status)
  if (id === null) return null
  if (isDeleted(status)) return [{ type: 'deleted', externalId: statusId(id), at }]
  const author = authorOf(status.user)
  if (!author) return null
  // A post of our own begins no conversation.
  if (author.externalId === own) return []
  const words = readWords(fullText(status))
  const media = mediaOf(status)
  const message: InboundMessage = {
    externalId: statusId(id),
    sequence: sequenceOf(id),
    threadId: publicThread(id, author.externalId),
    rootId: id,
    parentId: null,
    surface: 'public',
    author,
    text: words.own || (media.length > 0 ? '' : status.retweeted_status ? emptyRepost : '[unsupported] empty'),
    context: contextOf([...words.chain, ...quotedOf(status.retweeted_status)]),
    media,
    location: locationOf(status.geo),
    url: statusUrl(id),
    sentAt: timeOf(status.created_at) ?? at,
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
  return [{ type: 'message', message }]
}

export function isDeleted(post: Pick<Status, 'text' | 'user'> & { readonly deleted?: unknown }): boolean {
  const marked = wordOf(post.deleted) === '1' || post.deleted === true
  return !post.user && (marked || deletedText.test(post.text.trim()))
}

/** Only the number is needed; the short form of it in the address bar is made of the same. */
export const statusUrl = (id: string): string => `https://m.weibo.cn/detail/${id}`

export function fullText(post: Pick<Status, 'text' | 'longText' | 'url_objects' | 'url_struct'>): string {
  const { longText } = post
  const whole = field(longText, 'longTextContent') ?? field(longText, 'content')
  const text = typeof whole === 'string' && whole !== '' ? whole : post.text
  return plainText(
    text,
    linksIn(post.url_objects, post.url_struct, field(longText, 'url_objects'), field(longText, 'url_struct')),
  )
}

/** What was reposted. A deleted post has no author: it is Weibo that speaks. */
export function quotedOf(post: Retweeted | null | undefined): readonly Quoted[] {
  if (!post) return []
  return [{ author: post.user ? nameOf(post.user) : '微博', text: fullText(post) }]
}

/** `{ type: 'Point', coordinates: [latitude, longitude] }` */
function locationOf(geo: unknown): InboundMessage['location'] {
  const pair = field(geo, 'coordinates')
  if (!Array.isArray(pair)) return null
  return placeOf(pair[0], pair[1])
}

export function placeOf(latitude: unknown, longitude: unknown): InboundMessage['location'] {
  const [lat, lon] = [latitude, longitude].map((value) =>
    typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN,
  ) as [number, number]
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null
  return { latitude: lat, longitude: lon, title: null }
}
