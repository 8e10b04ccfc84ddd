/** What a page of X holds, one thing at a time with what belongs to it, so that each can be stored and read again. */
import { z } from 'zod'

const Page = z.object({
  data: z.array(z.unknown()).catch([]),
  includes: z.record(z.string(), z.unknown()).catch({}),
  // Deleted or protected posts and authors: a 200 with both.
  errors: z.array(z.unknown()).catch([]),
  meta: z.object({ next_token: z.string().optional().catch(undefined) }).catch({}),
})
export type Page = z.infer<typeof Page>

/** Null: no page. */
export function readPage(data: unknown): Page | null {
  const page = Page.safeParse(data)
  if (!page.success || typeof data !== 'object' || data === null) return null
  // Nothing new is told as a count of none; anything else without data is no page.
  return Array.isArray(Reflect.get(data, 'data')) || Reflect.get(data, 'meta') !== undefined ? page.data : null
}

export function idOf(item: unknown): string | null {
  const id: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, 'id') : null
  return typeof id === 'string' && /^\d{1,20}$/u.test(id) ? id : null
}

/** As `parse` takes it. */
export function polled(kind: 'post' | 'dm', own: string, data: unknown, includes: Page['includes']): object {
  const wanted = stringsIn(data)
  const tweets = pick(includes.tweets, 'id', wanted)
  const users = pick(includes.users, 'id', new Set([...wanted, ...stringsIn(tweets), own]))
  return {
    polled: kind,
    user_id: own,
    data,
    includes: {
      users,
      tweets,
      media: pick(includes.media, 'media_key', wanted),
      polls: pick(includes.polls, 'id', wanted),
    },
  }
}

function pick(list: unknown, key: string, wanted: ReadonlySet<string>): unknown[] {
  if (!Array.isArray(list)) return []
  return list.filter((item: unknown) => {
    const id: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, key) : null
    return typeof id === 'string' && wanted.has(id)
  })
}

/** All that may name something else: ids and keys are short. */
function stringsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (value.length <= 40) found.add(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) stringsIn(inner, found)
  }
  return found
}
