/**
 * Which versions a post has. An edit gives it a new id; messages are known by the first, answers go to the last, and a
 * delete may name any. Only posts that were edited are kept, the newest few hundred: after an hour nothing changes.
 */
import type { Tools } from '#channel/tools.ts'

export interface Versions {
  /** Lists of ids, the oldest first. */
  note(found: readonly (readonly string[])[]): Promise<void>
  /** The id to answer. */
  latest(first: string): Promise<string>
  /** The id the message is known by. */
  firstOf(id: string): Promise<string>
  /** All ids of it that are known. */
  all(first: string): Promise<readonly string[]>
}

const key = 'versions'
const most = 300
/** Ids are names and not values: values that are kept count as secrets, and would be taken out of the log. */
type Kept = Record<string, Record<string, 1>>

export function createVersions(tools: Pick<Tools, 'state'>): Versions {
  const noted = new Set<string>()
  const kept = async () => read(await tools.state.get(key))

  return {
    async note(found) {
      const fresh = found.filter((ids) => !noted.has(ids.join()))
      if (fresh.length === 0) return
      await tools.state.exclusive(key, async (current) => {
        const all = read(current)
        for (const [first = '', ...later] of fresh) {
          const before = all[first] ?? {}
          delete all[first]
          // A late copy of an earlier version knows less.
          all[first] = { ...before, ...Object.fromEntries(later.map((id) => [id, 1 as const])) }
        }
        // Names that look like numbers are listed by size, and ids grow with time.
        const newest = Object.entries(all)
          .sort(([a], [b]) => compareIds(a, b))
          .slice(-most)
        await tools.state.set(key, JSON.stringify(Object.fromEntries(newest)))
      })
      for (const ids of fresh) noted.add(ids.join())
      if (noted.size > 10 * most) noted.clear()
    },
    async latest(first) {
      const later = Object.keys((await kept())[first] ?? {})
      return [first, ...later].sort(compareIds).at(-1) ?? first
    },
    async firstOf(id) {
      return Object.entries(await kept()).find(([, later]) => Object.hasOwn(later, id))?.[0] ?? id
    },
    all: async (first) => [first, ...Object.keys((await kept())[first] ?? {})],
  }
}

export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

function read(text: string | null): Kept {
  try {
    return text === null ? {} : (JSON.parse(text) as Kept)
  } catch {
    return {} // What cannot be read is learnt again.
  }
}
