/** An account that listens to a simulated gateway, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { connectWith, wechaty } from './index.ts'
import { makePuppet } from './puppet-package.ts'
import type { MakePuppet } from './session.ts'
import type { Settings } from './settings.ts'
import { sleep } from './wait.ts'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
  readonly events: InboundEvent[]
  /** Begins to listen; resolves to how it ended: null when by the signal. */
  listen(): Promise<unknown>
  /** How it ended last. */
  ended(): Promise<unknown>
  /** Listens as the core does: again, whenever it broke. */
  keepListening(): void
  /** Ends it, and waits. */
  stop(): Promise<void>
}

export interface TestOptions {
  readonly id?: string
  readonly tools?: TestTools
  readonly make?: MakePuppet
  readonly deliver?: (events: readonly InboundEvent[]) => Promise<void>
}

export function openAccount(given: Partial<Settings>, options: TestOptions = {}): TestAccount {
  const { silenceSeconds, ...rest } = given
  const parsed = wechaty.settings.parse({ tls: 'off', ...rest })
  // Shorter silences than an administrator may ask for.
  const settings = silenceSeconds === undefined ? parsed : { ...parsed, silenceSeconds }
  const tools = options.tools ?? createTestTools(given.token ? [given.token] : [])
  const account = { id: options.id ?? randomUUID(), name: 'care', settings, webhookUrl: null }
  const connection = connectWith(options.make ?? makePuppet, account, tools)
  const events: InboundEvent[] = []
  const over = new AbortController()
  let ended: Promise<unknown> = Promise.resolve()
  const keep = async (batch: readonly InboundEvent[]) => void events.push(...batch)
  function listen() {
    ended = connection.listen!(options.deliver ?? keep, over.signal).then(
      () => null,
      (error: unknown) => error,
    )
    return ended
  }
  return {
    connection,
    tools,
    events,
    listen,
    ended: () => ended,
    keepListening() {
      void listen().then(async (error) => {
        await sleep(100, over.signal)
        if (error !== null && !over.signal.aborted) this.keepListening()
      })
    },
    async stop() {
      over.abort()
      await ended
    },
  }
}

export function replyTo(threadId: string, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: threadId, rootId: null },
    surface: 'direct',
    to: threadId,
    inReplyTo: null,
    text,
    media: [],
    doubted: false,
    signal: new AbortController().signal,
    ...more,
  }
}

export function fileOf(
  kind: OutboundMedia['kind'],
  mimeType: string,
  bytes: Uint8Array,
  name = 'file.bin',
): OutboundMedia {
  return { kind, mimeType, name, size: bytes.length, bytes: async () => bytes }
}
