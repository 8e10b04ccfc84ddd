import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  addBrand,
  administrator,
  exampleAdapter,
  type TestDeps,
  testDeps,
  testSeal,
} from '../../test/helpers/accounts.ts'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { until } from '../../test/helpers/until.ts'
import type { Connection } from '../channel/adapter.ts'
import type { Reply } from '../channel/reply.ts'
import { openDatabase } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { accounts, channelLog } from '../db/schema.ts'
import { createSeal } from '../seal.ts'
import { addAccount } from './add.ts'
import { changeAccount } from './change.ts'
import { type Connections, type ConnectionsOptions, createConnections } from './connections.ts'
import { openSettings } from './settings.ts'

let database: TestDatabase
const open: Connections[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  await addBrand(database.db)
})
afterAll(() => database.close())
beforeEach(() => database.db.update(accounts).set({ removedAt: new Date() }))
afterEach(async () => {
  await Promise.all(open.splice(0).map((connections) => connections.close()))
})

function setUp(script?: Parameters<typeof exampleAdapter>[0], overrides: Partial<TestDeps> = {}) {
  const example = exampleAdapter(script)
  const deps = testDeps(database, example.channels, overrides)
  const connect = (options: ConnectionsOptions = {}) => {
    const connections = createConnections(deps, { watchMs: 50, ...options })
    open.push(connections)
    return connections
  }
  const add = async (settings: Record<string, unknown> = {}) =>
    (
      await addAccount(deps, administrator, {
        channel: 'example',
        name: 'Care',
        settings: { token: 'tok-12345678', ...settings },
      })
    ).id
  return { ...example, deps, connect, add }
}
const rowOf = async (id: string) => (await database.db.select().from(accounts).where(eq(accounts.id, id)))[0]!
const reply = { deliveryId: newId() } as Reply

test('an account is opened once, however many ask at the same time', async () => {
  const { connect, add, openings } = setUp()
  const connections = connect()
  const id = await add()
  const asked = await Promise.all(Array.from({ length: 20 }, () => connections.get(id)))
  expect(new Set(asked.map((account) => account?.connection)).size).toBe(1)
  expect(openings).toHaveLength(1)
  expect(openings[0]?.account).toMatchObject({
    id,
    name: 'Care',
    webhookUrl: `https://care.example.com/webhooks/${id}`,
    settings: { token: 'tok-12345678', apiRoot: 'https://api.example.com' },
  })
  expect(asked[0]).toMatchObject({ id, name: 'Care', settingsVersion: 1, undoMs: null, reopenWithinMs: 259_200_000 })
})

test('what is no account is null, and costs no query when it cannot be one', async () => {
  const { connect } = setUp()
  const connections = connect()
  expect(await connections.get(newId())).toBeNull()
  expect(await connections.get("'; drop table accounts --")).toBeNull()
  expect(await connections.all()).toEqual([])
})

test('methods the channel does not have are absent, and those it has keep their `this`', async () => {
  class Odd implements Connection {
    #sent = 0
    async send() {
      this.#sent += 1
      return { externalId: String(this.#sent) }
    }
    async check() {
      return { state: 'ok' as const }
    }
  }
  const odd = exampleAdapter()
  const adapter = { ...odd.adapter, connect: () => Object.freeze(new Odd()) }
  const deps = testDeps(database, new Map([['example', adapter]]))
  const connections = createConnections(deps)
  open.push(connections)
  const { id } = await addAccount(deps, administrator, {
    channel: 'example',
    name: 'x',
    settings: { token: 'tok-12345678' },
  })
  const { connection } = (await connections.get(id))!
  expect(await connection.send(reply)).toEqual({ externalId: '1' })
  expect([connection.poll, connection.webhook, connection.listen]).toEqual([undefined, undefined, undefined])
})

describe('when settings change', () => {
  test('this node sees it at the next get, another within its next look; the old connection is closed', async () => {
    const { connect, add, openings, deps } = setUp()
    const here = connect()
    const there = connect()
    const id = await add()
    const [before, beforeThere] = [await here.get(id), await there.get(id)]
    await changeAccount({ ...deps, connections: here }, administrator, id, { settings: { token: 'tok-new-87654321' } })
    const after = await here.get(id)
    expect(after).toMatchObject({ settingsVersion: 2 })
    expect(after?.connection).not.toBe(before?.connection)
    expect(before?.replaced.aborted).toBe(true)
    expect(after?.replaced.aborted).toBe(false)
    await until(() => beforeThere?.replaced.aborted)
    expect((await there.get(id))?.settingsVersion).toBe(2)
    await until(() => openings.filter(({ closed }) => closed).length === 2)
    expect(openings.filter(({ closed }) => !closed).map(({ account }) => account.settings.token)).toEqual([
      'tok-new-87654321',
      'tok-new-87654321',
    ])
  })

  test('a call that runs is finished before its connection is closed', async () => {
    let finish = () => {}
    const { connect, add, openings, deps } = setUp(() => ({
      send: () =>
        new Promise((resolve) => {
          finish = () => resolve({ externalId: 'done' })
        }),
    }))
    const connections = connect()
    const id = await add()
    const sending = (await connections.get(id))!.connection.send(reply)
    const first = openings[0]!
    await changeAccount({ ...deps, connections }, administrator, id, { settings: { token: 'tok-new-87654321' } })
    await connections.get(id)
    await until(() => openings.length === 2)
    expect(first.closed).toBe(false)
    finish()
    expect(await sending).toEqual({ externalId: 'done' })
    await until(() => first.closed)
  })

  test('a call that never ends does not keep it open for ever', async () => {
    const { connect, add, openings, deps } = setUp(() => ({ send: () => new Promise(() => {}) }))
    const connections = connect({ graceMs: 50 })
    const id = await add()
    void (await connections.get(id))!.connection.send(reply)
    await changeAccount({ ...deps, connections }, administrator, id, { settings: { token: 'tok-new-87654321' } })
    await connections.get(id)
    await until(() => openings[0]?.closed)
  })

  test('what does not concern the connection is seen without opening it again', async () => {
    const { connect, add, openings, deps } = setUp()
    const connections = connect()
    const id = await add()
    const before = await connections.get(id)
    await changeAccount({ ...deps, connections }, administrator, id, { undoMs: 7000, reopenWithinMs: 5 })
    const after = await connections.get(id)
    expect(after).toMatchObject({ undoMs: 7000, reopenWithinMs: 5, settingsVersion: 1 })
    expect(after?.connection).toBe(before?.connection)
    expect(openings).toHaveLength(1)
  })

  test('a removed account is gone and its connection closed', async () => {
    const { connect, add, openings } = setUp()
    const connections = connect()
    const id = await add()
    const before = await connections.get(id)
    await database.db.update(accounts).set({ removedAt: sql`now()` }).where(eq(accounts.id, id))
    await until(() => before?.replaced.aborted)
    expect(await connections.get(id)).toBeNull()
    await until(() => openings[0]?.closed)
  })
})

describe('one account that cannot be opened', () => {
  test('is a warning to the administrator and no trouble to the others', async () => {
    const { connect, add, deps, channels } = setUp()
    const [good, bad] = [await add(), await add()]
    const foreign = createSeal('the secret of another installation').seal('{}', `accounts.settings:${bad}`)
    await database.db.update(accounts).set({ settingsSealed: foreign }).where(eq(accounts.id, bad))
    const connections = connect()
    expect((await connections.all()).map(({ id }) => id)).toEqual([good])
    expect(await connections.get(bad)).toBeNull()
    expect(connections.broken(bad)?.en).toMatch(/cannot be decrypted/u)
    expect(connections.broken(good)).toBeNull()
    expect((await rowOf(bad)).health).toMatchObject({
      state: 'warning',
      text: { en: expect.stringMatching(/decrypted/u) },
    })
    // The way out: everything is entered again.
    await changeAccount({ ...deps, channels, connections }, administrator, bad, { settings: { token: 'tok-12345678' } })
    expect((await connections.get(bad))?.id).toBe(bad)
    expect(connections.broken(bad)).toBeNull()
  })

  test('because its channel throws: the reason is logged without the secret', async () => {
    const { connect, add, deps } = setUp(({ account }) => {
      throw new Error(`bad token ${account.settings.token}`)
    })
    const id = await add()
    expect(await connect().get(id)).toBeNull()
    expect(deps.logged.join()).toContain('bad token [secret]')
    expect(deps.logged.join()).not.toContain('tok-12345678')
    expect((await rowOf(id)).health.state).toBe('warning')
  })

  test('because this server does not know its channel: another may, so its health is not touched', async () => {
    const { add, deps } = setUp()
    const id = await add()
    const connections = createConnections({ ...deps, channels: new Map() })
    open.push(connections)
    expect(await connections.get(id)).toBeNull()
    expect(await connections.all()).toEqual([])
    expect((await rowOf(id)).health).toEqual({ state: 'ok' })
  })
})

test('a field that a newer version makes by itself is made once for all nodes', async () => {
  const { add, deps, adapter } = setUp()
  const id = await add()
  const newer = {
    ...adapter,
    settings: z.looseObject({
      token: z.string(),
      nonce: z
        .string()
        .default(() => newId())
        .meta({ secret: true }),
    }),
  }
  const seen: string[] = []
  newer.connect = ({ settings }, tools) => {
    seen.push((settings as { nonce: string }).nonce)
    return adapter.connect({ id, name: '', settings, webhookUrl: null }, tools)
  }
  const channels = new Map([['example', newer]])
  const nodes = [1, 2, 3].map(() => createConnections({ ...deps, channels }, { watchMs: 20 }))
  open.push(...nodes)
  await Promise.all(nodes.map((node) => node.get(id)))
  await until(async () => {
    const versions = await Promise.all(nodes.map(async (node) => (await node.get(id))?.settingsVersion))
    return versions.every((version) => version === 2)
  })
  const row = await rowOf(id)
  expect(row.settingsVersion).toBe(2)
  expect(new Set(seen)).toEqual(new Set([openSettings(testSeal, id, row.settingsSealed).nonce]))
})

test('while the database is away what is open stays open, and it is said once', async () => {
  const { add, deps } = setUp()
  const id = await add()
  const pool = openDatabase(database.target)
  const connections = createConnections({ ...deps, db: pool.db, sql: pool.sql }, { watchMs: 20 })
  const account = await connections.get(id)
  await pool.close()
  await until(() => deps.logged.some((line) => line.includes('accounts cannot be looked at')))
  connections.changed(id)
  expect((await connections.get(id))?.connection).toBe(account?.connection)
  await expect(connections.get(newId())).rejects.toThrow()
  expect(deps.logged.filter((line) => line.includes('accounts cannot be looked at'))).toHaveLength(1)
  await connections.close()
})

test('the exchanges of a send carry its delivery, those of a check none', async () => {
  const { connect, add } = setUp(({ tools }) => ({
    async send() {
      await tools.logged({ method: 'POST', url: 'https://api.example.com/send' }, async () => ({ ok: true }))
      return { externalId: '1' }
    },
    async check() {
      await tools.logged({ method: 'GET', url: 'https://api.example.com/me' }, async () => ({ ok: true }))
      return { state: 'ok' }
    },
  }))
  const connections = connect()
  const id = await add()
  const { connection } = (await connections.get(id))!
  await Promise.all([connection.send(reply), connection.check()])
  await connections.close()
  const lines = await database.db.select().from(channelLog).where(eq(channelLog.accountId, id)).orderBy(channelLog.url)
  expect(lines.map(({ url, deliveryId }) => [url, deliveryId])).toEqual([
    ['https://api.example.com/me', null],
    ['https://api.example.com/send', reply.deliveryId],
  ])
})

test('closing waits for calls, closes every connection and answers null from then on', async () => {
  let finish = () => {}
  const { connect, add, openings } = setUp(() => ({
    check: () =>
      new Promise((resolve) => {
        finish = () => resolve({ state: 'ok' })
      }),
  }))
  const connections = connect()
  const id = await add()
  const checking = (await connections.get(id))!.connection.check()
  const closing = connections.close()
  expect(openings[0]?.closed).toBe(false)
  finish()
  await Promise.all([checking, closing])
  expect(openings[0]?.closed).toBe(true)
  expect(await connections.get(id)).toBeNull()
})
