/** Reading mentions and own posts; posting. */

import { invalid, problem, refusals } from './refusal.ts'
import { includesOf, iso, mentionsIn, renderPerson, renderPost } from './render.ts'
import { accept, type SimPost, type World } from './state.ts'
import { takeUploads } from './uploads.ts'
import { weightOf } from './weight.ts'

type Query = URLSearchParams

export function me({ account }: World): unknown {
  const { id, username, name } = renderPerson(account)
  return { data: { id, username, name } }
}

/** Everything that names the account, its own posts not; the newest first. Long posts are shown as they are now. */
export function mentions(world: World, id: string, query: Query): unknown {
  onlyOwn(world, id)
  const listed = current(world).filter(
    (post) => post.authorId !== id && post.listedAt <= world.now() && (post.head.includes(id) || names(world, post)),
  )
  return page(world, listed.slice(0, 800), query)
}

export function ownPosts(world: World, id: string, query: Query): unknown {
  onlyOwn(world, id)
  return page(
    world,
    current(world).filter(({ authorId }) => authorId === id),
    query,
  )
}

function onlyOwn(world: World, id: string): void {
  if (id !== world.account.id) throw problem(403, 'Only the account itself is simulated.')
}

/** The newest version of each post that is there. */
function current(world: World): SimPost[] {
  return [...world.posts.values()]
    .filter(({ id, versions }) => versions.at(-1) === id && !world.deleted.has(versions[0]!))
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
}

/** In the author's own words. */
function names(world: World, post: SimPost): boolean {
  return mentionsIn(world, post.typed).some(({ id }) => id === world.account.id)
}

function page(world: World, all: readonly SimPost[], query: Query): unknown {
  const max = Number(query.get('max_results') ?? 10)
  if (!Number.isInteger(max) || max < 5 || max > 100)
    throw invalid('The `max_results` query parameter value is not between 5 and 100')
  const start = query.get('start_time')
  if (start !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u.test(start))
    throw invalid('The `start_time` query parameter value is not a valid time')
  const since = query.get('since_id')
  if (start !== null && since !== null) throw invalid('`since_id` cannot be used with `start_time`')
  const token = query.get('pagination_token')
  if (token !== null && !/^page\d+$/u.test(token))
    throw invalid('The `pagination_token` query parameter value is not valid')
  const from = Number(token?.slice(4) ?? 0)
  const fitting = all
    .slice(0, 800)
    .filter(
      ({ id, at }) => (start === null || at >= Date.parse(start)) && (since === null || BigInt(id) > BigInt(since)),
    )
  const shown = fitting.slice(from, from + max)
  if (shown.length === 0) return { meta: { result_count: 0 } }
  const { includes, errors } = includesOf(world, shown)
  return {
    data: shown.map((post) => renderPost(world, post)),
    ...(query.get('expansions') ? { includes } : {}),
    ...(errors.length > 0 ? { errors } : {}),
    meta: {
      newest_id: shown[0]!.id,
      oldest_id: shown.at(-1)!.id,
      result_count: shown.length,
      ...(from + max < fitting.length ? { next_token: `page${from + max}` } : {}),
    },
  }
}

/** POST /2/tweets. https://docs.x.com/x-api/posts/create-post, read 2026-11-24 */
export function createPost(world: World, json: Readonly<Record<string, unknown>>): { status: number; body: unknown } {
  const text = typeof json.text === 'string' ? json.text : ''
  const { in_reply_to_tweet_id: parentId } = (json.reply ?? {}) as { in_reply_to_tweet_id?: unknown }
  const { media_ids: mediaIds = [] } = (json.media ?? {}) as { media_ids?: string[] }
  if (text.trim() === '' && mediaIds.length === 0) throw invalid('$.text: is missing but it is required')
  if (json.reply !== undefined && typeof parentId !== 'string')
    throw invalid('$.reply.in_reply_to_tweet_id: is missing but it is required')
  if (weightOf(text) > 280) throw refusals.tooLong()
  const parent = typeof parentId === 'string' ? world.posts.get(parentId) : undefined
  if (typeof parentId === 'string') {
    if (!parent || world.deleted.has(parent.versions[0]!)) throw refusals.parentGone()
    if (!mayAnswer(world, parent)) throw refusals.notMentioned()
  }
  const same = current(world).some(
    (post) =>
      post.authorId === world.account.id && text !== '' && post.typed === text && post.replyTo === (parentId ?? null),
  )
  if (same && !world.repeats) throw refusals.duplicate()
  const mediaKeys = takeUploads(world, mediaIds, 'tweet')
  const post = addPost(world, { authorId: world.account.id, typed: text, replyTo: parent?.id ?? null, mediaKeys })
  accept(world, {
    surface: 'public',
    id: post.id,
    text,
    to: parent?.authorId ?? '',
    inReplyTo: parent?.id ?? null,
    media: mediaKeys,
  })
  const rendered = renderPost(world, post)
  const { id, edit_history_tweet_ids } = rendered
  return { status: 201, body: { data: { id, text: rendered.text, edit_history_tweet_ids } } }
}

/** The rule of 2026-02-23: the author has to have named or quoted the account, not merely be carrying its name along. */
function mayAnswer(world: World, parent: SimPost): boolean {
  const own = world.account.id
  if (world.enterprise || parent.authorId === own || names(world, parent)) return true
  if (parent.quotes && world.posts.get(parent.quotes)?.authorId === own) return true
  const above = parent.replyTo ? world.posts.get(parent.replyTo) : undefined
  if (!above || !parent.head.includes(own)) return false
  return above.authorId === own || above.authorId === parent.authorId
}

export interface NewPost {
  readonly authorId: string
  readonly typed: string
  readonly replyTo?: string | null
  readonly quotes?: string | null
  readonly mediaKeys?: readonly string[]
  /** The new version of this post. */
  readonly edits?: SimPost
  readonly listedAt?: number
  /** Takes these names out of the head. */
  readonly untags?: readonly string[]
}

export function addPost(world: World, given: NewPost): SimPost {
  const { authorId, typed, replyTo = null, quotes = null, mediaKeys = [], edits, untags = [] } = given
  const at = world.now()
  const id = world.nextId(at)
  const versions = edits?.versions ?? []
  versions.push(id)
  const parent = replyTo ? world.posts.get(replyTo) : undefined
  const head = parent
    ? [parent.authorId, ...parent.head, ...mentionsIn(world, parent.typed).flatMap(({ id }) => id ?? [])]
    : []
  const post: SimPost = {
    id,
    versions,
    authorId,
    typed,
    head: [...new Set(head)].filter((name) => name !== authorId && !untags.includes(name)),
    at,
    conversationId: parent?.conversationId ?? edits?.conversationId ?? id,
    replyTo,
    quotes,
    mediaKeys,
    listedAt: given.listedAt ?? at,
  }
  world.posts.set(id, post)
  return post
}

export { iso }
