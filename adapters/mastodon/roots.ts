/**
 * The first post of a conversation. A post names only the one it answers; the chain above is asked for, nearest post known
 * first, so that a conversation keeps its root when somebody deletes a post in its middle.
 * https://docs.joinmastodon.org/methods/statuses/#context, read 2026-11-24
 */
import type { Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { readError } from './refuse.ts'
import { Context, Status } from './types.ts'

export interface Origin {
  readonly root: string
  /** The post that is answered, where it had to be asked for. */
  readonly parent: unknown
}

type Post = { readonly id: string; readonly in_reply_to_id?: string | null | undefined }

export async function findOrigin(
  api: Api,
  tools: Tools,
  post: Post,
  known: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Origin> {
  const above = post.in_reply_to_id
  if (!above) return { root: post.id, parent: null }
  const root = known.get(above)
  if (root) return { root, parent: null }
  const answer = await api({ path: `/api/v1/statuses/${encodeURIComponent(post.id)}/context`, signal })
  // Deleted since: what the notification says is all there is.
  if (answer.status === 404) return { root: above, parent: null }
  if (!isOk(answer)) throw readError(answer, tools.now())
  const { ancestors } = Context.safeParse(answer.body).data ?? { ancestors: [] }
  const chain = new Map(
    ancestors.flatMap((given) => {
      const read = Status.safeParse(given)
      return read.success ? [[read.data.id, { given, above: read.data.in_reply_to_id ?? null }] as const] : []
    }),
  )
  return { root: climb(above, chain, known), parent: chain.get(above)?.given ?? null }
}

/** Up to a post whose root is known, else to the highest that is named, even where it cannot be read. */
function climb(
  from: string,
  chain: ReadonlyMap<string, { readonly above: string | null }>,
  known: ReadonlyMap<string, string>,
): string {
  const passed = new Set<string>()
  let at = from
  while (!passed.has(at)) {
    passed.add(at)
    const root = known.get(at)
    if (root) return root
    at = chain.get(at)?.above ?? at
  }
  return at
}
