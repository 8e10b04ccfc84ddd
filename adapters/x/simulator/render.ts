/** What was said, as the API and its events show it. */
import type { Person, SimMedia, SimMessage, SimPost, World } from './state.ts'
import { weightOf } from './weight.ts'

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const points = (text: string) => [...text].length
export const iso = (at: number) => new Date(at).toISOString()
/** The same for the same address. */
const short = (address: string) => `https://t.co/${Buffer.from(address).toString('hex').slice(-10)}`

interface Url {
  readonly url: string
  readonly expanded_url: string
  readonly display_url: string
  readonly start: number
  readonly end: number
  readonly media_key?: string
}

export function renderPost(world: World, post: SimPost): Record<string, unknown> {
  const author = world.people.get(post.authorId)
  const head = post.head.map((id) => `@${world.people.get(id)?.username ?? id} `).join('')
  const long = weightOf(post.typed) > 280
  const shown = long ? `${cut(post.typed)}…` : post.typed
  const tails: { address: string; mediaKey?: string }[] = []
  if (post.quotes) tails.push({ address: `https://twitter.com/${authorOf(world, post.quotes)}/status/${post.quotes}` })
  for (const key of post.mediaKeys) {
    const kind = world.media.get(key)?.kind === 'photo' ? 'photo' : 'video'
    tails.push({ address: `https://twitter.com/${author?.username}/status/${post.id}/${kind}/1`, mediaKey: key })
  }
  const { text, urls } = write(
    head + shown,
    long ? [{ address: `https://twitter.com/i/web/status/${post.id}` }] : tails,
  )
  const whole = write(post.typed, tails)
  const references = [
    ...(post.replyTo ? [{ type: 'replied_to', id: post.replyTo }] : []),
    ...(post.quotes ? [{ type: 'quoted', id: post.quotes }] : []),
  ]
  const parent = post.replyTo ? world.posts.get(post.replyTo) : undefined
  return {
    id: post.id,
    text,
    author_id: post.authorId,
    conversation_id: post.conversationId,
    created_at: iso(post.at),
    edit_history_tweet_ids: post.versions.slice(0, post.versions.indexOf(post.id) + 1),
    display_text_range: [points(head), points(head + shown)],
    reply_settings: 'everyone',
    lang: 'und',
    ...(parent ? { in_reply_to_user_id: parent.authorId } : {}),
    ...(references.length > 0 ? { referenced_tweets: references } : {}),
    ...(post.mediaKeys.length > 0 ? { attachments: { media_keys: post.mediaKeys } } : {}),
    entities: { urls, mentions: mentionsIn(world, text) },
    ...(long
      ? { note_tweet: { text: whole.text, entities: { urls: whole.urls, mentions: mentionsIn(world, whole.text) } } }
      : {}),
  }
}

function cut(text: string): string {
  let kept = ''
  for (const letter of text) {
    if (weightOf(kept + letter) > 270) break
    kept += letter
  }
  return kept
}

/** Escaped, with every address shortened. */
function write(typed: string, tails: readonly { address: string; mediaKey?: string }[]): { text: string; urls: Url[] } {
  const urls: Url[] = []
  let text = ''
  let at = 0
  const add = (address: string, mediaKey?: string) => {
    const url = short(address)
    urls.push({
      url,
      expanded_url: address,
      display_url: address.replace(/^https?:\/\//u, '').slice(0, 27),
      start: points(text),
      end: points(text) + url.length,
      ...(mediaKey ? { media_key: mediaKey } : {}),
    })
    text += url
  }
  for (const { 0: address, index } of typed.matchAll(/https?:\/\/[^\s\p{Script=Han}，。（）！]+/gu)) {
    text += escapeHtml(typed.slice(at, index))
    add(address)
    at = index + address.length
  }
  text += escapeHtml(typed.slice(at))
  for (const { address, mediaKey } of tails) {
    if (text !== '' && !text.endsWith(' ')) text += ' '
    add(address, mediaKey)
  }
  return { text, urls }
}

export function mentionsIn(
  world: World,
  text: string,
): { start: number; end: number; username: string; id?: string }[] {
  return [...text.matchAll(/@(\w{1,15})/gu)].map(({ 0: whole, 1: username = '', index }) => {
    const person = [...world.people.values()].find((one) => one.username.toLowerCase() === username.toLowerCase())
    const start = points(text.slice(0, index))
    return { start, end: start + whole.length, username, ...(person ? { id: person.id } : {}) }
  })
}

export function authorOf(world: World, postId: string): string {
  return world.people.get(world.posts.get(postId)?.authorId ?? '')?.username ?? 'i'
}

export function renderPerson({ id, username, name, followers = 12 }: Person): Record<string, unknown> {
  return {
    id,
    username,
    name,
    profile_image_url: 'https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png',
    public_metrics: { followers_count: followers, following_count: 1, tweet_count: 9, listed_count: 0 },
  }
}

export function renderMedia(world: World, { key, kind, width, height, bytes }: SimMedia): Record<string, unknown> {
  const url = `${world.url}/media/${key}`
  const common = { media_key: key, type: kind, width, height }
  if (kind === 'photo') return { ...common, url: `${url}.png` }
  const variants = [
    { content_type: 'application/x-mpegURL', url: `${url}.m3u8` },
    { bit_rate: 632_000, content_type: 'video/mp4', url: `${url}.mp4?low` },
    { bit_rate: 2_176_000, content_type: 'video/mp4', url: `${url}.mp4` },
  ]
  return { ...common, duration_ms: Math.max(1000, bytes.length), preview_image_url: `${url}.png`, variants }
}

/** What belongs to these posts, as far as it is still there; the rest as errors beside the data. */
export function includesOf(
  world: World,
  posts: readonly SimPost[],
): { includes: Record<string, unknown>; errors: unknown[] } {
  const errors: unknown[] = []
  const tweets: SimPost[] = []
  for (const id of posts.flatMap(({ replyTo, quotes }) => [replyTo, quotes]).filter((id) => id !== null)) {
    const post = world.posts.get(id)
    if (post && !world.deleted.has(post.versions[0]!)) tweets.push(post)
    else errors.push(missing('tweet', id))
  }
  const users = new Map<string, Person>()
  for (const { authorId } of [...posts, ...tweets]) {
    const person = world.people.get(authorId)
    if (person) users.set(authorId, person)
    else errors.push(missing('user', authorId))
  }
  const media = [...posts, ...tweets].flatMap(({ mediaKeys }) => mediaKeys).flatMap((key) => world.media.get(key) ?? [])
  return {
    errors,
    includes: {
      users: [...users.values()].map(renderPerson),
      tweets: tweets.map((post) => renderPost(world, post)),
      media: media.map((one) => renderMedia(world, one)),
    },
  }
}

function missing(type: string, id: string): unknown {
  return {
    value: id,
    resource_id: id,
    resource_type: type,
    parameter: 'referenced_tweets.id',
    title: 'Not Found Error',
    detail: `Could not find ${type} with id: [${id}].`,
    type: 'https://api.x.com/2/problems/resource-not-found',
  }
}

const conversationOf = ({ senderId, recipientId }: SimMessage) =>
  [senderId, recipientId].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)).join('-')

const ton = (id: string, key: string) =>
  `https://ton.twitter.com/1.1/ton/data/dm/${id}/${key.replace(/\D/gu, '')}/${key}.png`

export function renderMessage(message: SimMessage): Record<string, unknown> {
  const { id, text, senderId, at, mediaKey } = message
  const url = `https://t.co/m${id.slice(-8)}`
  const beside = {
    url,
    expanded_url: `https://twitter.com/messages/media/${id}`,
    display_url: 'pic.x.com/…',
    start: 0,
    end: 1,
  }
  return {
    id,
    event_type: 'MessageCreate',
    text: escapeHtml(mediaKey ? `${text} ${url}`.trim() : text),
    sender_id: senderId,
    dm_conversation_id: conversationOf(message),
    created_at: iso(at),
    ...(mediaKey ? { attachments: { media_keys: [mediaKey] }, entities: { urls: [beside] } } : {}),
  }
}

export function renderMessageMedia(world: World, { id, mediaKey }: SimMessage): Record<string, unknown> {
  const media = world.media.get(mediaKey ?? '')
  return {
    media_key: mediaKey,
    type: 'photo',
    width: media?.width,
    height: media?.height,
    url: ton(id, mediaKey ?? ''),
  }
}

/** In the form of API v1, as events have it. */
export function renderLegacy(world: World, message: SimMessage): Record<string, unknown> {
  const { id, text, senderId, recipientId, at, mediaKey } = message
  const url = `https://t.co/m${id.slice(-8)}`
  const attachment = mediaKey && {
    type: 'media',
    media: { id: 0, id_str: mediaKey.replace(/\D/gu, ''), type: 'photo', url, media_url_https: ton(id, mediaKey) },
  }
  const both = [senderId, recipientId].flatMap((one) => world.people.get(one) ?? [])
  return {
    direct_message_events: [
      {
        type: 'message_create',
        id,
        created_timestamp: String(at),
        message_create: {
          target: { recipient_id: recipientId },
          sender_id: senderId,
          message_data: {
            text: escapeHtml(mediaKey ? `${text} ${url}`.trim() : text),
            entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
            ...(attachment ? { attachment } : {}),
          },
        },
      },
    ],
    users: Object.fromEntries(both.map((person) => [person.id, { data: renderPerson(person) }])),
  }
}
