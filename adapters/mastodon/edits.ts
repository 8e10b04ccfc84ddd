/**
 * Edits and deletions of posts that came in. No notification tells of them: `update` is for posts we boosted. So the newest
 * are asked for again, all in one call.
 * https://docs.joinmastodon.org/methods/statuses/#index (since 4.3.0), read 2026-11-24
 */
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { type Cursor, type Seen, stamp } from './cursor.ts'
import { parse } from './parse.ts'
import { Status } from './types.ts'

export const lookEveryMs = 120_000
/** More in one call are refused: `DEFAULT_STATUSES_LIMIT` in the server's statuses_controller.rb, read 2026-11-24. */
const atOnce = 20

export interface Look {
  readonly events: readonly InboundEvent[]
  readonly seen: readonly Seen[]
}

export async function lookForEdits(
  api: Api,
  tools: Tools,
  me: string,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Look> {
  const asked = cursor.seen.slice(-atOnce)
  if (asked.length === 0) return { events: [], seen: cursor.seen }
  const query = asked.map(({ id }) => `id[]=${encodeURIComponent(id)}`).join('&')
  const answer = await api({ path: `/api/v1/statuses?${query}`, signal })
  // Servers before 4.3 do not know the call, and new words matter more than edits.
  if (!isOk(answer) || !Array.isArray(answer.body)) return { events: [], seen: cursor.seen }
  const found = new Map(
    answer.body.flatMap((given: unknown) => {
      const read = Status.safeParse(given)
      return read.success ? [[read.data.id, { given, status: read.data }] as const] : []
    }),
  )
  const events: InboundEvent[] = []
  const seen = new Map(cursor.seen.map((post) => [post.id, post]))
  for (const post of asked) {
    const now = found.get(post.id)
    if (!now) {
      // Deleted, or not for us to see any more, which is the same to whoever answers. All of several at once is no
      // deletion but a server in trouble.
      if (found.size === 0 && asked.length > 1) break
      events.push({ type: 'deleted', externalId: post.id, at: tools.now() })
      seen.delete(post.id)
      continue
    }
    const editedAt = stamp(now.status.edited_at)
    if (editedAt === null || editedAt === post.editedAt) continue
    events.push(...parse({ me, root: post.root, status: now.given }))
    seen.set(post.id, { ...post, editedAt })
  }
  return { events, seen: [...seen.values()] }
}
