/** A connection to a simulated account, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { weibo } from './index.ts'
import {
  type AccountOptions,
  type SimulatedAccount,
  type SimulatorOptions,
  startWeiboSimulator,
  type WeiboSimulator,
} from './simulator.ts'

export const token = '2.00simulated-token_0123456789'
export const appSecret = 'a-secret-of-the-app_9876'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
}

export function openAccount(url: string, settings: Readonly<Record<string, unknown>> = {}): TestAccount {
  const parsed = weibo.settings.parse({
    accessToken: token,
    appSecret,
    apiRoot: url,
    messageRoot: url,
    fileRoot: url,
    ...settings,
  })
  const tools = createTestTools([token, appSecret])
  return {
    connection: weibo.connect({ id: randomUUID(), name: 'care', settings: parsed, webhookUrl: null }, tools),
    tools,
  }
}

export interface Scene extends TestAccount {
  readonly simulator: WeiboSimulator
  readonly account: SimulatedAccount
  close(): Promise<void>
}

export async function openScene(
  settings: Readonly<Record<string, unknown>> = {},
  options: Partial<AccountOptions> & SimulatorOptions = {},
): Promise<Scene> {
  const simulator = await startWeiboSimulator(options)
  const account = simulator.account({ token, appSecret, ...options })
  const opened = openAccount(simulator.url, settings)
  return {
    ...opened,
    simulator,
    account,
    async close() {
      opened.tools.close()
      await simulator.close()
    },
  }
}

export const lin = { uid: '2489518277', name: '夜跑的鱼' }
export const you = { uid: '3217094433', name: '阿柚' }

export function replyTo(thread: string, inReplyTo: string | null, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: thread, rootId: null },
    surface: thread.includes('/') ? 'public' : 'direct',
    to: thread.split('/').at(-1) ?? thread,
    inReplyTo,
    text,
    media: [],
    doubted: false,
    signal: new AbortController().signal,
    ...more,
  }
}

export interface ReadList {
  readonly events: readonly InboundEvent[]
  readonly cursor: string | null
  readonly calls: number
}

/** As the core reads: again at once while there is more. */
export async function readAll(connection: Connection, stream: string, cursor: string | null): Promise<ReadList> {
  const events: InboundEvent[] = []
  let at = cursor
  for (let calls = 1; ; calls += 1) {
    const result = await connection.poll!({ stream, cursor: at, hint: null }, new AbortController().signal)
    events.push(...result.events)
    at = result.cursor
    if (!result.more) return { events, cursor: at, calls }
    if (calls > 100) throw new Error('a list without end')
  }
}

export const textsOf = (events: readonly InboundEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []))

/** The test tools count for ever; the house counts by the hour, and the day has an end here. */
export function countByHours(tools: TestTools): void {
  const uses: { kind: string; count: number; at: number }[] = []
  const count = (kind: string, since: Date) =>
    uses.reduce((sum, use) => sum + (use.kind === kind && use.at >= since.getTime() ? use.count : 0), 0)
  Object.assign(tools.usage, {
    async add(kind: string, added: number, { within }: { within?: { since: Date; max: number } } = {}) {
      if (within && count(kind, within.since) + added > within.max) return false
      uses.push({ kind, count: added, at: tools.now().getTime() })
      return true
    },
    count: async (kind: string, since: Date) => count(kind, since),
  })
}
