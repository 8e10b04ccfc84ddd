/** A connection to a simulated company, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import type { Connection, PollResult, WebhookResult } from '#channel/adapter.ts'
import { SendError } from '#channel/errors.ts'
import type { InboundEvent, InboundMessage } from '#channel/events.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { wechatKf } from './index.ts'
import type { SignedCall } from './simulator.ts'

export interface TestAccount {
  readonly connection: Connection
  readonly tools: TestTools
}

export const webhookUrl = 'https://care.example/webhooks/1'

export function openAccount(
  settings: Readonly<Record<string, unknown>>,
  address: string | null = webhookUrl,
  tools = createTestTools([settings.secret, settings.token, settings.encodingAesKey].map(String)),
): TestAccount {
  const parsed = wechatKf.settings.parse(settings)
  const account = { id: randomUUID(), name: 'care', settings: parsed, webhookUrl: address }
  return { connection: wechatKf.connect(account, tools), tools }
}

export function replyTo(threadId: string, text: string, more: Partial<Reply> = {}): Reply {
  return {
    deliveryId: randomUUID(),
    thread: { externalId: threadId, rootId: null },
    surface: 'direct',
    to: threadId.split(':')[1] ?? '',
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

export function requestOf({ query, body }: SignedCall): Request {
  return new Request(`${webhookUrl}?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
}

export function take({ connection }: TestAccount, call: SignedCall, at = new Date()): Promise<WebhookResult> {
  return connection.webhook!(requestOf(call), at)
}

/** One read. */
export function poll(
  { connection }: TestAccount,
  stream: string,
  cursor: string | null,
  hint: string | null = null,
): Promise<PollResult> {
  return connection.poll!({ stream, cursor, hint }, new AbortController().signal)
}

/** As the core does it: until there is no more. */
export async function readAll(account: TestAccount, stream: string, from: string | null = null) {
  const events: InboundEvent[] = []
  let cursor = from
  let reads = 0
  for (let more = true; more; ) {
    const page = await poll(account, stream, cursor)
    events.push(...page.events)
    ;({ cursor, more } = page)
    reads += 1
  }
  return { events, cursor, reads }
}

export const messagesIn = (events: readonly InboundEvent[]): readonly InboundMessage[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
