/** Messages as they come: read, parsed, stored. wechaty has no confirmation, so what is not stored is kept and tried again. */
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { parse } from './parse.ts'
import { sleep, within } from './wait.ts'

export interface Inbox {
  push(messageId: string): void
  /** Takes nothing more, and waits for what is under way, 4 s at most. */
  close(): Promise<void>
}

export interface InboxOptions {
  readonly tools: Tools
  readonly deliver: (events: readonly InboundEvent[]) => Promise<void>
  /** Never rejects. */
  readonly read: (messageId: string, receivedAt: number) => Promise<unknown>
  /** Each event, before it is stored. */
  readonly seen: (event: InboundEvent) => void
}

/** Read at a time, and stored at a time: one that is slow to read holds up no other. */
const atOnce = 20
const closeMs = 4000
/** Some hours of a busy account with the database away; ids alone, not their content. */
const maxWaiting = 10_000

export function createInbox({ tools, deliver, read, seen }: InboxOptions): Inbox {
  const waiting: { id: string; receivedAt: number }[] = []
  const ready: InboundEvent[] = []
  const reading = new Set<Promise<void>>()
  const hurry = new AbortController()
  let last = 0
  let storing: Promise<void> | null = null
  let closed = false

  function readOn(): void {
    // What waits to be stored is bounded as well: while the database is away, ids wait and nothing is read.
    while (waiting.length > 0 && reading.size + ready.length < atOnce) {
      const { id, receivedAt } = waiting.shift()!
      const work = read(id, receivedAt).then((raw) => {
        const events = parse(raw)
        for (const event of events) seen(event)
        ready.push(...events)
        reading.delete(work)
        storing ??= store().finally(() => {
          storing = null
          readOn()
        })
      })
      reading.add(work)
    }
  }

  async function store(): Promise<void> {
    let pauseMs = 250
    while (ready.length > 0) {
      const events = ready.slice(0, atOnce)
      try {
        await deliver(events)
        ready.splice(0, events.length)
        pauseMs = 250
        readOn()
        continue
      } catch {
        if (hurry.signal.aborted) {
          tools.log.error({ events: ready.length }, 'wechaty: messages could not be stored before the end')
          return
        }
        tools.log.warn({ events: events.length }, 'wechaty: messages could not be stored yet')
      }
      await sleep(pauseMs, hurry.signal)
      pauseMs = Math.min(pauseMs * 2, 30_000)
    }
  }

  async function finish(): Promise<void> {
    while (reading.size > 0 || storing) {
      await Promise.all([...reading, storing])
    }
  }

  return {
    push(id) {
      if (closed) return
      if (waiting.length >= maxWaiting) {
        tools.log.error({ waiting: waiting.length }, 'wechaty: too many messages wait to be stored; one is lost')
        return
      }
      // Also orders those of one millisecond.
      last = Math.max(last + 1, tools.now().getTime())
      waiting.push({ id, receivedAt: last })
      readOn()
    },
    async close() {
      closed = true
      const end = setTimeout(() => hurry.abort(), closeMs / 2)
      await within(closeMs, finish(), () => new Error('late')).catch(() => {})
      clearTimeout(end)
      hurry.abort()
    },
  }
}
