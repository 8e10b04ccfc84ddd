/** Counts what was read, as X bills it: the same thing once in a day of UTC, however often it is read. */
import type { Tools } from '#channel/tools.ts'
import { readCost } from './capabilities.ts'

export interface ReadCounter {
  posts(ids: readonly string[]): Promise<void>
  messages(ids: readonly string[]): Promise<void>
}

/** After a restart, or on another node, some are counted once more: the figure is on the safe side. */
export function createReadCounter(tools: Pick<Tools, 'usage' | 'now'>): ReadCounter {
  let day = ''
  const counted = new Set<string>()

  async function count(kind: string, ids: readonly string[], each: number): Promise<void> {
    const today = tools.now().toISOString().slice(0, 10)
    if (today !== day || counted.size > 50_000) counted.clear()
    day = today
    const fresh = new Set(ids.filter((id) => !counted.has(`${kind}:${id}`)))
    if (fresh.size === 0) return
    for (const id of fresh) counted.add(`${kind}:${id}`)
    await tools.usage.add(kind, fresh.size, { cost: fresh.size * each })
  }

  return {
    posts: (ids) => count('post-read', ids, readCost.post),
    messages: (ids) => count('message-read', ids, readCost.message),
  }
}
