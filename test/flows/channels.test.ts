/** Every channel at once, through two servers on one database, with the spans of production; then one of them dies. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createKey } from '../../src/auth/keys.ts'
import { newId } from '../../src/db/id.ts'
import { brands } from '../../src/db/schema.ts'
import { createSeal } from '../../src/seal.ts'
import type { Uploaded } from '../../src/wire.ts'
import type { ContractSample, ContractSimulator } from '../helpers/contract-sample.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { type Front, openFront } from '../helpers/front.ts'
import { type NodeProcess, startNode } from '../helpers/node-process.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'

const secret = 'a secret for tests that is long enough'
/** A dead owner's accounts have another by then. */
const TAKEOVER_MS = 30_000

interface Stand {
  readonly channel: string
  readonly accountId: string
  readonly simulator: ContractSimulator
}

let database: TestDatabase
let front: Front
let data: string
let authorization: string
let nodes: NodeProcess[]
const stands = new Map<string, Stand>()

beforeAll(async () => {
  database = await createTestDatabase()
  front = await openFront()
  data = await mkdtemp(join(tmpdir(), 'huixin-channels-'))
  const { db } = database
  const deps = {
    db,
    seal: createSeal(secret),
    channels: new Map(adapters.map((adapter) => [adapter.channel, adapter])),
    now: () => new Date(),
  }
  await db.insert(brands).values({ id: newId(), name: 'Aurora' })
  authorization = `Bearer ${(await createKey(db, systemActor, { name: 'Tests', role: 'administrator' })).key}`
  for (const { channel } of adapters) {
    const { sample }: { sample: ContractSample } = await import(`../../adapters/${channel}/contract.ts`)
    const simulator = await sample.simulate!()
    // Tickets, also where the channel would rather watch: what is asked here is that nothing is lost and all is answered.
    const input = { channel, name: channel, settings: simulator.settings, intake: 'tickets' } as const
    const { id } = await addAccount(deps, systemActor, input)
    stands.set(channel, { channel, accountId: id, simulator })
  }
  const start = () => startNode({ target: database.target, data, secret, url: front.url })
  nodes = await Promise.all([start(), start()])
  front.to(nodes.map(({ url }) => url))
  await until(async () => (await owners()).size === stands.size, {
    timeoutMs: 30_000,
    what: 'every account has an owner',
  })
  // Polled channels take what was there before as read: customers write when that was looked at.
  await until(async () => (await unready()).length === 0, { timeoutMs: 60_000, what: 'every account was checked' })
}, 120_000 * patience)

afterAll(async () => {
  for (const node of nodes ?? []) if (!node.isOver()) await node.kill()
  for (const { simulator } of stands.values()) await simulator.close()
  await front.close()
  await database.close()
  await rm(data, { recursive: true, force: true })
}, 60_000 * patience)

/** The process that owns each account now. */
async function owners(): Promise<Map<string, string>> {
  const rows = await database.sql<{ id: string; node: string }[]>`
    select account_id as id, node from account_leases where expires_at > now()`
  return new Map(rows.map(({ id, node }) => [id, node]))
}

async function unready(): Promise<readonly unknown[]> {
  return database.sql`
    select a.channel, a.health from accounts a
    where a.health ->> 'state' = 'refused' or exists (
      select from due_work w where w.kind = 'account.check' and w.account_id = a.id and w.due_at < now() + interval '1 minute')
      or exists (select from poll_cursors c where c.account_id = a.id and c.cursor is null)`
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(new URL(path, front.url), {
    method,
    headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return JSON.parse(text) as T
}

interface BroughtFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const takesFiles = (channel: string) => adapters.find((adapter) => adapter.channel === channel)!.imports !== undefined

/** Where nobody can be asked, somebody brings a file. */
async function bringFile(accountId: string, { name, bytes }: BroughtFile): Promise<void> {
  const answer = await fetch(
    new URL(`/api/accounts/${accountId}/imports?name=${encodeURIComponent(name)}`, front.url),
    {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/csv' },
      body: bytes,
    },
  )
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  const uploaded = (await answer.json()) as Uploaded
  await call('POST', `/api/imports/${uploaded.import.id}/start`, { mapping: uploaded.preview.mapping })
}

/** A channel without surfaces is only read. */
const canAnswer = (channel: string) =>
  Object.keys(adapters.find((adapter) => adapter.channel === channel)!.capabilities.surfaces).length > 0

/** A customer writes, the line becomes one message, an agent answers where that can be, and the answer arrives once. */
async function complainAndAnswer({ channel, accountId, simulator }: Stand, words: string, timeoutMs: number) {
  const complaint = `手机开不了机 ${channel} ${words}`
  const answer = `请把序列号发给我们 ${channel} ${words}`
  const said = await simulator.says(complaint, `${front.url}/webhooks/${accountId}`)
  if (takesFiles(channel)) await bringFile(accountId, said as BroughtFile)
  const stored = () => database.sql<{ ticketId: string }[]>`
    select ticket_id as "ticketId" from messages
    where account_id = ${accountId} and direction = 'inbound' and text like ${`%${complaint}%`}`
  const [row] = await until(async () => ((await stored()).length > 0 ? stored() : null), {
    timeoutMs,
    what: `“${complaint}” is in`,
  })
  if (!canAnswer(channel)) {
    const refused = call('POST', `/api/tickets/${row!.ticketId}/replies`, { text: answer })
    await expect(refused).rejects.toThrow('read_only')
    return { complaint, answer, answers: 0, stored, arrived: () => simulator.accepted() }
  }
  await call('POST', `/api/tickets/${row!.ticketId}/replies`, { text: answer })
  const arrived = () => simulator.accepted().filter(({ text }) => text.includes(answer))
  await until(() => arrived().length > 0, { timeoutMs, what: `“${answer}” arrived` })
  await until(
    async () => {
      const rows = await database.sql`
        select from deliveries where account_id = ${accountId} and text = ${answer} and state in ('sent', 'delivered', 'read')`
      return rows.length === 1
    },
    { timeoutMs, what: `“${answer}” is sent` },
  )
  return { complaint, answer, answers: 1, stored, arrived }
}

describe('every channel, through two servers', () => {
  const channels = adapters.map(({ channel }) => channel)
  const talks: Awaited<ReturnType<typeof complainAndAnswer>>[] = []

  test.each(channels)(
    '%s: a complaint comes in, and its answer arrives',
    { timeout: 60_000 * patience },
    async (channel) => {
      talks.push(await complainAndAnswer(stands.get(channel)!, '一', 40_000))
    },
  )

  test('one is killed: the other owns its accounts within 30 s, and goes on with all', {
    timeout: 150_000 * patience,
  }, async () => {
    const [first, second] = nodes as [NodeProcess, NodeProcess]
    const before = await owners()
    const ownedBy = (node: NodeProcess) => [...before].filter(([, name]) => name.includes(`-${node.pid}-`)).length
    const dying = ownedBy(first) > 0 ? first : second
    const living = dying === first ? second : first
    await dying.kill()
    front.to([living.url])
    await until(
      async () => {
        const now = await owners()
        return now.size === stands.size && [...now.values()].every((name) => name.includes(`-${living.pid}-`))
      },
      { timeoutMs: TAKEOVER_MS, what: 'the other server owns every account' },
    )
    for (const stand of stands.values()) talks.push(await complainAndAnswer(stand, '二', 40_000))
  })

  test('nothing came in twice, nothing was sent twice, and a token was asked for once', async () => {
    expect(talks).toHaveLength(2 * channels.length)
    for (const { complaint, answer, answers, stored, arrived } of talks) {
      expect([complaint, (await stored()).length]).toEqual([complaint, 1])
      expect([answer, arrived().length]).toEqual([answer, answers])
    }
    const tokens = [...stands.values()].flatMap(({ channel, simulator: { tokens: count } }) =>
      count ? [[channel, count()]] : [],
    )
    for (const [channel, count] of tokens) expect([channel, count]).toEqual([channel, 1])
  })
})
