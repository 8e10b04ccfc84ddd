/** Tells the door which of the agent's lines came, and which were seen. Until it knows, again; and each once. */
import type { Line } from '../wire.ts'
import { pause, post, Refused } from './call.ts'
import { read, write } from './store.ts'

const kept = 300

export function createReceipts() {
  /** 1: told as delivered. 2: as read. */
  const told = new Map(read<[string, number][]>('told') ?? [])
  const lines = new Map<string, Line>()
  let isSeen = false
  let running = false

  const wanted = (level: number) => [...lines.values()].filter(({ id }) => (told.get(id) ?? 0) < level)

  async function run(): Promise<void> {
    if (running) return
    running = true
    for (let tries = 0; ; ) {
      const level = isSeen ? 2 : 1
      const due = wanted(level).slice(0, 100)
      if (due.length === 0) break
      try {
        const status = level === 2 ? 'read' : 'delivered'
        await post('receipts', { status, lines: due.map(({ id, code }) => ({ id, code })) })
      } catch (error) {
        const isFinal = error instanceof Refused && [400, 403].includes(error.status)
        if (!isFinal) {
          await pause(tries, (error instanceof Refused && error.waitMs) || 0)
          tries += 1
          continue
        }
      }
      tries = 0
      for (const { id } of due) {
        told.delete(id)
        told.set(id, level)
      }
      write('told', [...told].slice(-kept))
    }
    running = false
  }

  return {
    add(line: Line): void {
      lines.set(line.id, line)
      void run()
    },
    /** Is the conversation before the visitor's eyes? */
    seen(is: boolean): void {
      isSeen = is
      if (is) void run()
    },
    unread: () => (isSeen ? 0 : wanted(2).length),
    forget(): void {
      told.clear()
      lines.clear()
      write('told', null)
    },
  }
}
