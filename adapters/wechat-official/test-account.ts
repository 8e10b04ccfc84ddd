/** A connection to a simulated official account, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection, WebhookResult } from '#channel/adapter.ts'
import { SendError } from '#channel/errors.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { wechatOfficial } from './index.ts'
import type { SignedCall } from './simulator.ts'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
}

export const webhookUrl = 'https://care.example/webhooks/1'

export function openAccount(
  settings: Readonly<Record<string, unknown>>,
  address: string | null = webhookUrl,
  tools = createTestTools([String(settings.appSecret), String(settings.token), String(settings.encodingAesKey)]),
): TestAccount {
  const parsed = wechatOfficial.settings.parse(settings)
  const account = { id: randomUUID(), name: 'care', settings: parsed, webhookUrl: address }
  return { connection: wechatOfficial.connect(account, tools), tools }
}

export function replyTo(openId: string, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: openId, rootId: null },
    surface: 'direct',
    to: openId,
    inReplyTo: null,
    text,
    media: [],
    doubted: false,
    signal: new AbortController().signal,
    ...more,
  }
}

export function fileOf(kind: OutboundMedia['kind'], mimeType: string, bytes: Uint8Array, name = 'file'): OutboundMedia {
  return { kind, mimeType, name, size: bytes.length, bytes: async () => bytes }
}

/** What it was refused with; fails when it was sent. */
export async function failed({ connection }: TestAccount, reply: Reply): Promise<SendError> {
  const error: unknown = await connection.send(reply).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error('it was sent, or failed with something else', { cause: error })
  return error
}

export function requestOf({ query, body, contentType }: SignedCall): Request {
  return new Request(`${webhookUrl}?${query}`, { method: 'POST', body, headers: { 'content-type': contentType } })
}

export function take({ connection }: TestAccount, call: SignedCall, at = new Date()): Promise<WebhookResult> {
  return connection.webhook!(requestOf(call), at)
}
