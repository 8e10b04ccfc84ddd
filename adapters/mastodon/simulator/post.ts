/** `POST /api/v1/statuses`, in the order in which the server looks at things. */
import { countOf, maxCharacters } from './limits.ts'
import { mentionsIn, type SimFile, type SimPost, type World } from './world.ts'

export type Posted =
  | { readonly post: SimPost; readonly isNew: boolean }
  | { readonly status: number; readonly body: object }

export interface PostRequest {
  readonly status?: string
  readonly in_reply_to_id?: string
  readonly visibility?: string
  readonly spoiler_text?: string
  readonly media_ids?: readonly string[]
  readonly allowed_mentions?: readonly string[]
}

/** Posts by their key, kept for an hour. */
export type Keys = Map<string, { readonly post: SimPost; readonly until: number }>

export function takePost(world: World, keys: Keys, request: PostRequest, key: string | undefined, now: Date): Posted {
  const { status: text = '', spoiler_text: warning = '', visibility = 'public', in_reply_to_id: replyTo } = request
  if (replyTo !== undefined && !world.posts.has(replyTo))
    return refuse(404, 'The post you are trying to reply to does not appear to exist.')
  const earlier = key === undefined ? undefined : keys.get(key)
  if (earlier && earlier.until > now.getTime()) return { post: earlier.post, isNew: false }

  const files = (request.media_ids ?? []).map((id) => world.files.get(id))
  if (files.some((file) => file === undefined)) return refuse(422, 'Validation failed: Media not found')
  const attached = files.filter((file) => file !== undefined)
  const trouble = troubleWith(attached)
  if (trouble) return refuse(422, trouble)
  if (text.trim() === '' && attached.length === 0) return refuse(422, "Validation failed: Text can't be blank")
  if (!isVisibility(visibility)) return refuse(422, 'Validation failed: Visibility is not included in the list')
  if (countOf(text, warning) > maxCharacters)
    return refuse(422, `Validation failed: Text character limit of ${maxCharacters} exceeded`)
  const others = mentionsIn(world, text).filter(({ id }) => request.allowed_mentions?.includes(id) === false)
  if (others.length > 0)
    return {
      status: 422,
      body: {
        error: 'Post would be sent to unexpected accounts',
        unexpected_accounts: others.map(({ id }) => ({ id })),
      },
    }

  const post: SimPost = {
    id: world.nextId(),
    by: world.me,
    text,
    warning,
    visibility,
    replyTo: replyTo ?? null,
    files: attached,
    poll: null,
    quotes: null,
    createdAt: now,
    editedAt: null,
  }
  world.posts.set(post.id, post)
  for (const { id } of attached) world.files.delete(id)
  if (key !== undefined) keys.set(key, { post, until: now.getTime() + 3_600_000 })
  return { post, isNew: true }
}

function troubleWith(files: readonly SimFile[]): string | null {
  if (files.length > 4) return 'Validation failed: Cannot attach more than 4 files'
  if (files.length > 1 && files.some(({ type }) => type !== 'image'))
    return 'Validation failed: Cannot attach a video to a post that already contains images'
  if (files.some(({ pending }) => pending > 0))
    return 'Validation failed: Cannot attach files that have not finished processing. Try again in a moment!'
  return null
}

const refuse = (status: number, error: string): Posted => ({ status, body: { error } })

function isVisibility(word: string): word is SimPost['visibility'] {
  return ['public', 'unlisted', 'private', 'direct'].includes(word)
}
