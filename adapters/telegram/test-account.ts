/** A connection to a simulated bot, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '#channel/adapter.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { telegram } from './index.ts'

export const token = '4242:AAsimulatedTokenOfNoBot_0123456789'
export const secret = 'a-secret-of-the-webhook_9'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
}

export function openAccount(
  settings: Readonly<Record<string, unknown>>,
  webhookUrl: string | null = null,
): TestAccount {
  const parsed = telegram.settings.parse({ token, secret, ...settings })
  const tools = createTestTools([token, secret])
  const account = { id: randomUUID(), name: 'care', settings: parsed, webhookUrl }
  return { connection: telegram.connect(account, tools), tools }
}

export function replyTo(threadId: string, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: threadId, rootId: null },
    surface: 'direct',
    to: '7001',
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
