/**
 * wechaty's memory card: what a puppet of this process needs to sign in again without a code, so login secrets. wechaty would write it to
 * `<name>.memory-card.json` in the working directory; it is kept in `tools.state`, sealed, where the next server finds it as well.
 */
import type { Tools } from '#channel/tools.ts'
import type { Sdk } from './sdk.ts'

const key = 'memory-card'

export async function loadMemory(sdk: Sdk, tools: Tools): Promise<InstanceType<Sdk['MemoryCard']>> {
  // Without a name it has no store of its own, and would keep all in memory.
  const card = new sdk.MemoryCard()
  Reflect.set(card, 'storage', {
    load: async () => contentOf(await tools.state.get(key)),
    save: async (payload: unknown) => await tools.state.set(key, JSON.stringify(payload)),
    destroy: async () => await tools.state.delete(key),
  })
  await card.load()
  return card
}

/** A card nobody can read is an empty one: a code is asked for again. */
function contentOf(stored: string | null): object {
  try {
    const content: unknown = JSON.parse(stored ?? '{}')
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : {}
  } catch {
    return {}
  }
}
