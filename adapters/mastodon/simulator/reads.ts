/** The calls that only read. Null: not found. */
import { accountOf, attachmentOf, type Json, notificationOf, statusOf } from './entities.ts'
import { maxCharacters } from './limits.ts'
import type { SimNotification, SimPost, World } from './world.ts'

export interface ReadOptions {
  readonly base: string
  /** Of the instance, where a test sets another. */
  readonly maxCharacters?: number
  readonly policy?: Json
}

export type Read = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }

export function read(world: World, options: ReadOptions, url: URL): Read | null {
  const { base } = options
  const [, id = '', below = ''] = /^\/api\/v1\/(?:statuses|accounts|media)\/([^/]+)\/?(\w*)$/u.exec(url.pathname) ?? []
  switch (url.pathname) {
    case '/api/v1/accounts/verify_credentials':
      return found({ ...accountOf(world.me), source: { privacy: 'public' } })
    case '/api/v2/instance':
      return found({
        domain: 'social.example',
        version: '4.5.0',
        configuration: {
          statuses: { max_characters: options.maxCharacters ?? maxCharacters, characters_reserved_per_url: 23 },
        },
      })
    case '/api/v2/notifications/policy':
      return found({ for_not_following: 'accept', for_private_mentions: 'accept', summary: {}, ...options.policy })
    case '/api/v1/notifications':
      return notifications(world, base, url)
    case '/api/v1/statuses':
      return several(world, base, url)
  }
  if (url.pathname.startsWith('/api/v1/accounts/')) {
    const person = world.people.find((one) => one.id === id)
    return person ? found(accountOf(person)) : null
  }
  if (url.pathname.startsWith('/api/v1/media/')) return media(world, base, id)
  const post = world.posts.get(id)
  if (!url.pathname.startsWith('/api/v1/statuses/') || !post) return null
  return below === 'context' ? found(contextOf(world, base, post)) : found(statusOf(world, base, post))
}

const found = (body: unknown): Read => ({ status: 200, body })

function media(world: World, base: string, id: string): Read | null {
  const file = world.files.get(id)
  if (!file) return null
  const pending = file.pending > 0
  if (pending) file.pending -= 1
  return { status: pending ? 206 : 200, body: attachmentOf(base, file) }
}

/** The newest first; `min_id` takes those right above it, `since_id` the newest of all. */
function notifications(world: World, base: string, url: URL): Read {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 40), 80)
  const types = url.searchParams.getAll('types[]')
  const minId = url.searchParams.get('min_id')
  const all = world.notifications.filter(
    ({ type, filtered }) =>
      (types.length === 0 || types.includes(type)) &&
      (!filtered || url.searchParams.get('include_filtered') === 'true'),
  )
  const above = all.filter(({ id }) => minId === null || BigInt(id) > BigInt(minId)).toSorted(byId)
  const page = (minId === null ? above.slice(-limit) : above.slice(0, limit)).toReversed()
  const link = page.length > 0 ? `<${base}/api/v1/notifications?min_id=${page[0]!.id}>; rel="prev"` : ''
  return {
    status: 200,
    body: page.map((one) => notificationOf(world, base, one)),
    ...(link ? { headers: { link } } : {}),
  }
}

const byId = (a: SimNotification, b: SimNotification) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1)

function several(world: World, base: string, url: URL): Read {
  const ids = url.searchParams.getAll('id[]')
  if (ids.length > 20) return { status: 422, body: { error: 'Validation failed' } }
  return found(ids.flatMap((id) => world.posts.get(id) ?? []).map((post) => statusOf(world, base, post)))
}

function contextOf(world: World, base: string, post: SimPost): Json {
  const ancestors: SimPost[] = []
  for (let at = parentOf(world, post); at; at = parentOf(world, at)) ancestors.unshift(at)
  const below = (above: SimPost): SimPost[] =>
    [...world.posts.values()].filter(({ replyTo }) => replyTo === above.id).flatMap((one) => [one, ...below(one)])
  return {
    ancestors: ancestors.map((one) => statusOf(world, base, one)),
    descendants: below(post).map((one) => statusOf(world, base, one)),
  }
}

const parentOf = (world: World, { replyTo }: SimPost): SimPost | undefined =>
  replyTo === null ? undefined : world.posts.get(replyTo)
