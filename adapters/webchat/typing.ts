/** Who is typing, between the node an agent is on and the nodes with a visitor's streams. Kept nowhere. */
import type { Tools } from '#channel/tools.ts'

export interface Typing {
  /** An agent is writing in this thread: told on every node. */
  tell(threadId: string): void
  /** Calls `fn` whenever one is. Returns how to stop that. */
  hear(threadId: string, fn: () => void): () => void
}

const mark = 'typing '

export function createTyping({ nodes }: Pick<Tools, 'nodes'>): Typing {
  const hearers = new Map<string, Set<() => void>>()
  nodes.hear((word) => {
    if (!word.startsWith(mark)) return
    for (const fn of hearers.get(word.slice(mark.length)) ?? []) fn()
  })
  return {
    tell: (threadId) => nodes.tell(`${mark}${threadId}`),
    hear(threadId, fn) {
      const mine = hearers.get(threadId) ?? new Set()
      hearers.set(threadId, mine)
      mine.add(fn)
      return () => {
        mine.delete(fn)
        if (mine.size === 0 && hearers.get(threadId) === mine) hearers.delete(threadId)
      }
    },
  }
}
