/** Messages in the order they came: read, parsed, stored. wechaty has no confirmation, so what is not stored is kept and tried again. */
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
  readonly read: (messageId: string, receivedAt: number) => Promise<unknown>
  /** Each event, before it is stored. */
  readonly seen: (event: InboundEvent) => void
}

const batchSize = 20
const closeMs = 4000
/** Some hours of a busy account with the database away; ids alone, not their content. */
const maxWaiting = 10_000

export function createInbox({ tools, deliver, read, seen }: InboxOptions): Inbox {
  const waiting: { id: string; receivedAt: number }[] = []
  const hurry = new AbortController()
  let last = 0
  let running: Promise<void> | null = null
  let closed = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const raws = await Promise.all(waiting.splice(0, batchSize).map(({ id, receivedAt }) => read(id, receivedAt)))
      const events = raws.flatMap(parse)
      if (events.length === 0) continue
      for (const event of events) seen(event)
      await store(events)
    }
  }

  async function store(events: readonly InboundEvent[]): Promise<void> {
    for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      try {
        await deliver(events)
        return
      } catch (error) {
        if (hurry.signal.aborted) throw error
        tools.log.warn({ events: events.length }, 'wechaty: messages could not be stored yet')
      }
      await sleep(pauseMs, hurry.signal)
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
      running ??= run()
        .catch(() => tools.log.error({ waiting: waiting.length }, 'wechaty: messages were not stored before the end'))
        .finally(() => {
          running = null
        })
    },
    async close() {
      closed = true
      const end = setTimeout(() => hurry.abort(), closeMs / 2)
      await within(closeMs, running ?? Promise.resolve(), () => new Error('late')).catch(() => {})
      clearTimeout(end)
      hurry.abort()
    },
  }
}
