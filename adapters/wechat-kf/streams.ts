/** What is polled: one stream a service account. */
import type { Tools } from '#channel/tools.ts'
import { namedIn, type Settings } from './settings.ts'

const key = 'open_kfids'
/** How often it is looked whether another node found more. */
const againMs = 5_000

export interface Streams {
  /** At once: what is known. */
  list(): readonly string[]
  /** Found by asking: kept, for all nodes. */
  found(ids: readonly string[]): Promise<void>
  /** A call named this one; null: it is none of ours. */
  called(id: string): Promise<string | null>
}

export function createStreams(settings: Settings, tools: Pick<Tools, 'state'>): Streams {
  const named = namedIn(settings)
  let known: readonly string[] = named
  let lookedAt = 0
  let looking = false

  async function look(): Promise<void> {
    looking = true
    try {
      known = idsIn(await tools.state.get(key))
    } catch {
      // Our own database is away: what was known stays.
    } finally {
      lookedAt = Date.now()
      looking = false
    }
  }

  async function keep(change: (kept: readonly string[]) => readonly string[]): Promise<void> {
    known = await tools.state.exclusive(key, async (stored) => {
      const kept = idsIn(stored)
      const ids = [...new Set(change(kept))]
      if (ids.join() !== kept.join()) await tools.state.set(key, ids.join())
      return ids
    })
  }

  return {
    list() {
      if (named.length === 0 && !looking && Date.now() - lookedAt >= againMs) void look()
      return known
    },
    async found(ids) {
      if (named.length === 0) await keep(() => ids)
    },
    async called(id) {
      // Calls of older consoles name no account.
      if (id === '') return known.length === 1 ? known[0]! : null
      if (named.length > 0) return named.includes(id) ? id : null
      if (!/^[0-9A-Za-z_-]{1,128}$/u.test(id)) return null
      if (!known.includes(id)) await keep((kept) => [...kept, id])
      return id
    },
  }
}

const idsIn = (stored: string | null): readonly string[] => stored?.split(',').filter((id) => id !== '') ?? []
