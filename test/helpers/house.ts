/** A house for tests of both paths: a real database, one brand, accounts whose connection the test scripts. */
import pino from 'pino'
import { z } from 'zod'
import type { Connections, OpenAccount } from '../../src/accounts/connections.ts'
import type { Actor } from '../../src/auth/actor.ts'
import { type Adapter, type Connection, defineAdapter } from '../../src/channel/adapter.ts'
import type { Capabilities } from '../../src/channel/capabilities.ts'
import type { InboundEvent, InboundMessage } from '../../src/channel/events.ts'
import { newId } from '../../src/db/id.ts'
import { accounts, authUser, brands } from '../../src/db/schema.ts'
import { createIngest, type IngestDeps } from '../../src/inbound/ingest.ts'
import { createSeal } from '../../src/seal.ts'
import { createTestDatabase } from './database.ts'

export const seal = createSeal('a secret for tests that is long enough')
export const silent = pino({ level: 'silent' })

/** A text channel without windows; tests override what they are about. */
export const plainCapabilities: Capabilities = {
  surfaces: {
    direct: {
      text: { max: 4096, unit: 'utf16', whenTooLong: 'split' },
      media: {
        photo: { maxBytes: 10_000_000, maxPerReply: 1, mimeTypes: null },
        document: { maxBytes: 50_000_000, maxPerReply: 1, mimeTypes: null },
      },
      caption: { max: 1024, unit: 'utf16', whenTooLong: 'reject' },
      windows: [],
      edit: null,
      remove: null,
      typing: false,
      cost: null,
      undoMs: 3_000,
    },
  },
  concurrency: 8,
  rate: { calls: 1_000, intervalMs: 1_000 },
  idempotentSend: false,
  timeoutMs: { call: 2_000, upload: 5_000 },
}

export async function createHouse() {
  const database = await createTestDatabase()
  const { db, sql } = database
  const brandId = newId()
  await db.insert(brands).values({ id: brandId, name: 'Aurora' })
  const open = new Map<string, OpenAccount>()
  const connections: Connections = {
    get: async (id) => open.get(id) ?? null,
    all: async () => [...open.values()],
    changed: () => {},
    broken: () => null,
    close: async () => {},
  }

  async function account(
    connection: Partial<Connection> = {},
    options: {
      capabilities?: Capabilities
      reopenWithinMs?: number
      ticketPer?: OpenAccount['ticketPer']
      intake?: OpenAccount['intake']
      undoMs?: number | null
    } = {},
  ): Promise<OpenAccount> {
    const id = newId()
    const adapter: Adapter<unknown> = defineAdapter({
      channel: 'example',
      title: { en: 'Example', zh: '示例' },
      icon: { path: 'M0 0h24v24H0z' },
      capabilities: options.capabilities ?? plainCapabilities,
      settings: z.object({}),
      connect: () => opened.connection,
    })
    const opened: OpenAccount = {
      id,
      brandId,
      name: 'Example',
      adapter,
      connection: { send: async () => ({ externalId: null }), check: async () => ({ state: 'ok' }), ...connection },
      settingsVersion: 1,
      replaced: new AbortController().signal,
      ticketPer: options.ticketPer ?? 'person',
      intake: options.intake ?? 'tickets',
      reopenWithinMs: options.reopenWithinMs ?? 72 * 3_600_000,
      undoMs: options.undoMs ?? null,
    }
    await db.insert(accounts).values({ id, brandId, channel: 'example', name: 'Example', settingsSealed: Buffer.of(0) })
    open.set(id, opened)
    return opened
  }

  async function agent(name = 'Agent'): Promise<Actor> {
    const id = newId()
    await db.insert(authUser).values({ id, name, email: `${id}@example.com`, role: 'agent' })
    return { kind: 'user', id, name, email: null, role: 'agent', brandIds: [brandId] }
  }

  /** Puts deliveries into a state that only a crash or a race would leave them in. */
  const force = (write: (tx: typeof sql) => Promise<unknown>) =>
    sql.begin(async (tx) => {
      await tx`alter table deliveries disable trigger deliveries_guard_state`
      await write(tx as unknown as typeof sql)
      await tx`alter table deliveries enable trigger deliveries_guard_state`
    })

  const ingest = (overrides: Partial<IngestDeps> = {}) =>
    createIngest({ db, seal, now: () => new Date(), log: silent, nudge: () => {}, ...overrides })

  return { ...database, db, sql, brandId, connections, account, agent, force, ingest }
}

export type House = Awaited<ReturnType<typeof createHouse>>

let count = 0

/** A customer's line; every field not given is plain. */
export function line(values: Partial<InboundMessage> = {}): InboundMessage {
  const externalId = values.externalId ?? `m${++count}`
  return {
    externalId,
    sequence: null,
    threadId: 'chat-1',
    rootId: null,
    parentId: null,
    surface: 'direct',
    author: { externalId: 'person-1', name: '王芳', handle: 'wangfang', avatarUrl: null, followers: null },
    text: '手机无法开机',
    context: null,
    media: [],
    location: null,
    url: null,
    sentAt: new Date('2026-11-22T08:00:00Z'),
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw: { externalId },
    ...values,
  }
}

export const message = (values: Partial<InboundMessage> = {}): InboundEvent => ({
  type: 'message',
  message: line(values),
})
export const edited = (editedAt: Date, values: Partial<InboundMessage>): InboundEvent => ({
  type: 'edited',
  editedAt,
  message: line(values),
})
