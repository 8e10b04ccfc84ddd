/** A connection to a simulated account, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '#channel/adapter.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { x } from './index.ts'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
  readonly secrets: readonly string[]
}

/** `tools`: those of another node of the same account. */
export function openAccount(
  settings: Readonly<Record<string, unknown>>,
  { webhookUrl = null, tools }: { webhookUrl?: string | null; tools?: TestTools } = {},
): TestAccount {
  const parsed = x.settings.parse(settings)
  const names = [
    'apiKey',
    'apiSecret',
    'accessToken',
    'accessSecret',
    'clientSecret',
    'refreshToken',
    'bearerToken',
  ] as const
  const secrets = names.map((name) => parsed[name]).filter(Boolean)
  const lent = tools ?? createTestTools(secrets)
  const account = { id: randomUUID(), name: 'care', settings: parsed, webhookUrl }
  return { connection: x.connect(account, lent), tools: lent, secrets }
}

export function replyTo(threadId: string, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: threadId, rootId: null },
    surface: threadId.includes('/') && !threadId.startsWith('group:') ? 'public' : 'direct',
    to: '1',
    inReplyTo: null,
    text,
    media: [],
    doubted: false,
    signal: new AbortController().signal,
    ...more,
  }
}

export function fileOf(kind: OutboundMedia['kind'], mimeType: string, bytes: Uint8Array): OutboundMedia {
  return { kind, mimeType, name: 'file.bin', size: bytes.length, bytes: async () => bytes }
}
