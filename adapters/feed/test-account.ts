/** A connection to the simulated site, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { feed } from './index.ts'
import { type FeedOptions, type FeedSimulator, type SimulatedFeed, startFeedSimulator } from './simulator.ts'

export const accessKey = 'a-key-for-rsshub_0123456789'

export interface Scene {
  readonly simulator: FeedSimulator
  readonly site: SimulatedFeed
  readonly connection: Connection
  readonly tools: TestTools
  readonly stream: string
  /** One read, from where the last one stood. */
  read(): Promise<{ readonly events: readonly InboundEvent[]; readonly waitMs: number; readonly cursor: string }>
  /** Another process: only the cursor is left. */
  restart(settings?: Readonly<Record<string, unknown>>): void
  close(): Promise<void>
}

export async function openScene(
  settings: Readonly<Record<string, unknown>> = {},
  options: Partial<FeedOptions> = {},
): Promise<Scene> {
  const simulator = await startFeedSimulator()
  const site = simulator.feed({ path: '/feed', ...options })
  const tools = createTestTools([accessKey])
  const open = (more: Readonly<Record<string, unknown>> = {}) =>
    feed.connect(
      {
        id: randomUUID(),
        name: 'feeds',
        settings: feed.settings.parse({ feeds: site.url, pollSeconds: 60, ...settings, ...more }),
        webhookUrl: null,
      },
      tools,
    )
  let connection = open()
  let cursor: string | null = null
  return {
    simulator,
    site,
    tools,
    get connection() {
      return connection
    },
    get stream() {
      return connection.streams!()[0]!
    },
    async read() {
      const events: InboundEvent[] = []
      for (;;) {
        const stream = connection.streams!()[0]!
        const found = await connection.poll!({ stream, cursor, hint: null }, new AbortController().signal)
        cursor = found.cursor
        events.push(...found.events)
        const waitMs = (found.nextAt?.getTime() ?? 0) - tools.now().getTime()
        if (!found.more) return { events, waitMs, cursor: cursor ?? '' }
      }
    },
    restart(more) {
      connection = open(more)
    },
    async close() {
      tools.close()
      await simulator.close()
    },
  }
}

export const textsOf = (events: readonly InboundEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'message' || event.type === 'edited' ? [`${event.type}: ${event.message.text}`] : [event.type],
  )
