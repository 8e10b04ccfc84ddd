/** A whole house for one test: a simulated platform, a front, a database, nodes in processes of their own, a program with a key. */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapters } from '../../adapters/index.ts'
import { type Customer, startTelegramSimulator, type TelegramSimulator } from '../../adapters/telegram/simulator.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createKey } from '../../src/auth/keys.ts'
import { newId } from '../../src/db/id.ts'
import { brands } from '../../src/db/schema.ts'
import { createSeal, type Seal } from '../../src/seal.ts'
import type { Spans } from '../../src/serve.ts'
import type { Message, MessagePage, TicketDetail } from '../../src/wire.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { type Front, openFront } from '../helpers/front.ts'
import { type NodeOptions, type NodeProcess, startNode } from '../helpers/node-process.ts'
import { until } from '../helpers/until.ts'
import { keepMoves } from './moves.ts'

const secret = 'a secret for tests that is long enough'
export const webhookSecret = 'the-secret-of-the-webhook'

/** Short enough to wait for, long enough for a busy machine. */
export const shortSpans: Spans = {
  leases: { ttlMs: 2_000, renewMs: 400, marginMs: 400 },
  claimMs: 1_000,
  beyondCallMs: 1_000,
  dueLeaseMs: 1_000,
  finishMs: 4_000,
}
export const callTimeoutMs = 1_500

/** A line of a customer, and what its message is called: `<chat>:<message>`. `text` null: not compared. */
export interface Said {
  readonly place: string
  readonly messageId: number
  readonly text: string | null
}

export interface Scene {
  readonly database: TestDatabase
  readonly seal: Seal
  readonly simulator: TelegramSimulator
  readonly front: Front
  readonly token: string
  readonly accountId: string
  readonly headers: { readonly authorization: string }
  /** All that customers wrote through `says`, for the invariants. */
  readonly said: Said[]
  /** When nodes died or froze, by the database's clock: what was under way then nobody may know. */
  readonly deaths: Date[]
  customer(id: number, name?: string): Customer
  says(customer: Customer, text: string): Said
  /** Something else a customer did that is to become a message. */
  note(customer: Customer, acted: { readonly messageId: number }, text: string | null): Said
  start(options?: Partial<NodeOptions>): Promise<NodeProcess>
  /** Ends it as a power cut would. */
  kill(node: NodeProcess): Promise<void>
  /** After a node ended or froze itself. */
  noteDeath(): Promise<void>
  call<T = unknown>(method: string, path: string, body?: unknown, more?: Record<string, string>): Promise<Answer<T>>
  /** The ticket with this line in it, once it is there. */
  ticketOf(said: Said): Promise<TicketDetail>
  messagesOf(ticketId: string): Promise<readonly Message[]>
  reply(ticketId: string, text: string, more?: Record<string, unknown>): Promise<Message>
  /** State of the reply's only delivery. */
  stateOf(messageId: string): Promise<string | undefined>
  close(): Promise<void>
}

export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
}

export interface SceneOptions {
  readonly mode: 'webhook' | 'polling'
  readonly database?: TestDatabase
  /** Of the simulator: divides its waiting times. */
  readonly speed?: number
  readonly undoMs?: number
}

export async function openScene({ mode, undoMs, speed = 20, ...given }: SceneOptions): Promise<Scene> {
  const database = given.database ?? (await createTestDatabase())
  const seal = createSeal(secret)
  const { db, sql } = database
  const data = await mkdtemp(join(tmpdir(), 'huixin-flows-'))
  const simulator = await startTelegramSimulator({ speed })
  const front = await openFront()
  const token = `${randomInt(1e8, 1e9)}:a-token-of-the-tests`
  const nodes: NodeProcess[] = []
  const said: Said[] = []
  const deaths: Date[] = []

  await keepMoves(sql)
  await db.insert(brands).values({ id: newId(), name: 'Aurora' })
  const channels = new Map(adapters.map((adapter) => [adapter.channel, adapter]))
  const { id: accountId } = await addAccount({ db, seal, channels, now: () => new Date() }, systemActor, {
    channel: 'telegram',
    name: 'Care',
    settings: { token, mode, apiRoot: simulator.url, ...(mode === 'webhook' ? { secret: webhookSecret } : {}) },
    ...(undoMs === undefined ? {} : { undoMs }),
  })
  simulator.addBot(token)
  const { key } = await createKey(db, systemActor, { name: 'Tests', role: 'administrator' })
  const headers = { authorization: `Bearer ${key}` }

  const scene: Scene = {
    database,
    seal,
    simulator,
    front,
    token,
    accountId,
    headers,
    said,
    deaths,
    customer: (id, first_name = '王芳') => simulator.customer(token, { id, first_name }),
    says: (customer, text) => scene.note(customer, customer.says(text), text),
    note(customer, { messageId }, text) {
      const line = { place: `${customer.chat.id}:${messageId}`, messageId, text }
      said.push(line)
      return line
    },
    async start(options) {
      const node = await startNode({
        target: database.target,
        data,
        secret,
        url: front.url,
        spans: shortSpans,
        callTimeoutMs,
        ...options,
      })
      nodes.push(node)
      return node
    },
    async kill(node) {
      await node.kill()
      await scene.noteDeath()
    },
    async noteDeath() {
      const [row] = await sql<{ at: string }[]>`select clock_timestamp() as at`
      deaths.push(new Date(row!.at))
    },
    async call<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
      const answer = await fetch(new URL(path, front.url), {
        method,
        headers: {
          ...(more.cookie ? {} : headers),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: answer.headers }
    },
    async ticketOf({ place, text }) {
      const { ticketId } = await until(
        async () => {
          const [row] = await sql<{ ticketId: string }[]>`
            select ticket_id as "ticketId" from messages where account_id = ${accountId} and (external_id = ${place} or id in (
              select message_id from message_parts where account_id = ${accountId} and external_id = ${place}))`
          return row
        },
        { timeoutMs: 15_000, what: `“${text}” (${place}) is in` },
      )
      return ok(await scene.call<TicketDetail>('GET', `/api/tickets/${ticketId}`))
    },
    async messagesOf(ticketId) {
      const path = `/api/tickets/${ticketId}/messages`
      return ok(await scene.call<MessagePage>('GET', path)).messages
    },
    async reply(ticketId, text, more = {}) {
      const path = `/api/tickets/${ticketId}/replies`
      return ok(await scene.call<{ message: Message }>('POST', path, { text, ...more })).message
    },
    async stateOf(messageId) {
      const [row] = await sql<{ state: string }[]>`select state from deliveries where message_id = ${messageId}`
      return row?.state
    },
    async close() {
      await Promise.all(nodes.filter((node) => !node.isOver()).map((node) => node.kill()))
      await front.close()
      await simulator.close()
      if (!given.database) await database.close()
      await rm(data, { recursive: true, force: true })
    },
  }
  return scene
}

export function ok<T>({ status, body }: Answer<T>): T {
  if (status < 200 || status > 299) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** Where the platform posts to. */
export const door = ({ front, accountId }: Scene): string => `${front.url}/webhooks/${accountId}`

/** Who owns the account now, by the lease in the database. */
export async function ownerOf({ database, accountId }: Scene): Promise<string | null> {
  const [row] = await database.sql<{ node: string }[]>`
    select node from account_leases where account_id = ${accountId} and expires_at > now()`
  return row?.node ?? null
}

/** Node names begin with host and pid. */
export const isOwnedBy = async (scene: Scene, node: NodeProcess): Promise<boolean> =>
  (await ownerOf(scene))?.includes(`-${node.pid}-`) ?? false

/** The platform calls the front: a check has set the webhook. */
export async function untilConnected({ simulator }: Scene): Promise<void> {
  await until(() => simulator.state().bots[0]?.webhook, { timeoutMs: 15_000, what: 'the webhook is set' })
}
