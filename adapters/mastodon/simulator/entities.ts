/** Posts and people as the API writes them. https://docs.joinmastodon.org/entities/Status/, read 2026-11-24 */
import {
  acctOf,
  mentionsIn,
  type SimFile,
  type SimNotification,
  type SimPerson,
  type SimPost,
  type World,
} from './world.ts'

export type Json = { readonly [key: string]: unknown }

export function accountOf(person: SimPerson): Json {
  return {
    id: person.id,
    username: person.username,
    acct: acctOf(person),
    display_name: person.name,
    locked: false,
    bot: false,
    created_at: '2019-02-08T00:00:00.000Z',
    note: '',
    url: `https://${person.domain ?? 'social.example'}/@${person.username}`,
    avatar: 'https://files.social.example/avatars/original/1.png',
    avatar_static: 'https://files.social.example/avatars/original/1.png',
    followers_count: 12,
    following_count: 3,
    statuses_count: 40,
    emojis: [],
    fields: [],
    ...(person.movedTo ? { moved: accountOf(person.movedTo) } : {}),
  }
}

export function attachmentOf(base: string, file: SimFile): Json {
  return {
    id: file.id,
    type: file.type,
    url: file.pending > 0 ? null : `${base}/media_proxy/${file.id}/original`,
    preview_url: null,
    remote_url: null,
    meta: file.type === 'image' ? { original: { width: 640, height: 480, size: '640x480', aspect: 1.333 } } : {},
    description: file.description ?? null,
    blurhash: null,
  }
}

export function statusOf(world: World, base: string, post: SimPost): Json {
  const parent = post.replyTo === null ? undefined : world.posts.get(post.replyTo)
  return {
    id: post.id,
    created_at: post.createdAt.toISOString(),
    edited_at: post.editedAt?.toISOString() ?? null,
    in_reply_to_id: parent?.id ?? null,
    in_reply_to_account_id: parent?.by.id ?? null,
    sensitive: post.warning !== '',
    spoiler_text: post.warning,
    visibility: post.visibility,
    language: 'zh',
    uri: `https://social.example/posts/${post.id}`,
    url: `https://social.example/@${post.by.username}/${post.id}`,
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    content: htmlOf(world, post.text),
    reblog: null,
    account: accountOf(post.by),
    media_attachments: post.files.map((file) => attachmentOf(base, file)),
    mentions: mentionsIn(world, post.text).map((one) => ({
      id: one.id,
      username: one.username,
      url: accountOf(one).url,
      acct: acctOf(one),
    })),
    tags: [],
    emojis: [],
    card: null,
    poll: post.poll && {
      id: '34830',
      expires_at: null,
      expired: false,
      multiple: post.poll.multiple,
      votes_count: 0,
      options: post.poll.options.map((title) => ({ title, votes_count: 0 })),
      emojis: [],
    },
    quote: post.quotes && { state: 'accepted', quoted_status: statusOf(world, base, post.quotes) },
  }
}

export function notificationOf(world: World, base: string, { id, type, from, post }: SimNotification): Json {
  return {
    id,
    type,
    created_at: (post?.createdAt ?? new Date()).toISOString(),
    group_key: `ungrouped-${id}`,
    account: accountOf(from),
    ...(post ? { status: statusOf(world, base, post) } : {}),
  }
}

/** As in https://docs.joinmastodon.org/api/guidelines/#formatting, read 2026-11-24 */
function htmlOf(world: World, text: string): string {
  const named = mentionsIn(world, text)
  const paragraphs = text.split(/\n{2,}/u).map((paragraph) => {
    const words = escaped(paragraph)
      .replaceAll(
        /https?:\/\/([^\s<&]{1,30})([^\s<&]*)/gu,
        (whole, head, tail) =>
          `<a href="${whole}" rel="nofollow noopener" target="_blank"><span class="invisible">${whole.slice(0, whole.indexOf('//') + 2)}</span><span class="ellipsis">${head}</span><span class="invisible">${tail}</span></a>`,
      )
      .replaceAll(/(?<![\w/@])@(\w+)(@[\w.-]+\w)?/gu, (whole, username) => {
        const one = named.find((person) => person.username === username)
        if (!one) return whole
        return `<span class="h-card" translate="no"><a href="${accountOf(one).url}" class="u-url mention">@<span>${username}</span></a></span>`
      })
      .replaceAll('\n', '<br />')
    return `<p>${words}</p>`
  })
  return paragraphs.join('')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
