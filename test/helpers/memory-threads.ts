/** Threads and files in memory, for adapters whose platform is us: the core's part, small and without a database. */
import { createHash, randomUUID } from 'node:crypto'
import type { OutboundMedia } from '../../src/channel/reply.ts'
import type { LineMedia, ThreadFile, ThreadLine, Tools } from '../../src/channel/tools.ts'

interface Shown {
  readonly threadId: string
  readonly line: ThreadLine
}

export interface MemoryThreads extends Pick<Tools, 'thread' | 'files'> {
  /** Puts a line into a thread; watchers get it. */
  shows(
    threadId: string,
    line: Partial<Pick<ThreadLine, 'id' | 'direction' | 'externalId' | 'authorName'>> & { readonly text?: string },
    media?: readonly OutboundMedia[],
  ): Promise<ThreadLine>
}

/** By the first bytes, as far as tests send files. */
function typeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('hex')
  if (head.startsWith('89504e47')) return 'image/png'
  if (head.startsWith('ffd8ff')) return 'image/jpeg'
  if (head.startsWith('25504446')) return 'application/pdf'
  return bytes.includes(0) ? 'application/octet-stream' : 'text/plain'
}

export function createMemoryThreads(): MemoryThreads {
  const shown: Shown[] = []
  const files = new Map<string, { threadId: string; mimeType: string; bytes: Uint8Array }>()
  const kept = new Map<string, Uint8Array>()
  const waiting = new Set<() => void>()
  const linesOf = (threadId: string) => shown.filter((one) => one.threadId === threadId).map(({ line }) => line)
  const after = (lines: readonly ThreadLine[], id: string | null) =>
    lines.slice(lines.findIndex((line) => line.id === id) + 1)

  return {
    async shows(threadId, { text = '', ...given }, media = []) {
      const list: LineMedia[] = []
      for (const { kind, name, mimeType, size, bytes } of media) {
        const id = randomUUID()
        files.set(id, { threadId, mimeType, bytes: await bytes() })
        list.push({ id, kind, name, mimeType, bytes: size, width: null, height: null })
      }
      const line: ThreadLine = {
        id: randomUUID(),
        direction: 'outbound',
        externalId: null,
        authorName: 'Lin',
        ...given,
        message: { text, sentAt: new Date() },
        media: list,
      }
      shown.push({ threadId, line })
      for (const wake of waiting) wake()
      return line
    },
    thread: (threadId) => ({
      read: async (id) => after(linesOf(threadId), id),
      last: async (count) => linesOf(threadId).slice(-count),
      async *watch(id, signal) {
        let given = linesOf(threadId).length - after(linesOf(threadId), id).length
        while (!signal.aborted) {
          const line = linesOf(threadId)[given]
          if (line) {
            given += 1
            yield line
            continue
          }
          await new Promise<void>((resolve) => {
            const done = () => {
              waiting.delete(done)
              resolve()
            }
            waiting.add(done)
            signal.addEventListener('abort', done, { once: true })
          })
        }
      },
      async file(id): Promise<ThreadFile | null> {
        const file = files.get(id)
        if (file?.threadId !== threadId) return null
        const { mimeType, bytes } = file
        const body = new Response(new Uint8Array(bytes)).body!
        return { mimeType, bytes: bytes.length, inline: mimeType.startsWith('image/'), body }
      },
    }),
    files: {
      async keep(bytes, { mimeTypes }) {
        const mimeType = typeOf(bytes)
        if (!mimeTypes.includes(mimeType)) return null
        const key = createHash('sha256').update(bytes).digest('hex')
        kept.set(key, bytes)
        return { key, mimeType, bytes: bytes.length, width: null, height: null }
      },
      async open(key) {
        return new Response(new Uint8Array(kept.get(key) ?? []))
      },
    },
  }
}
