import type { ServerResponse } from 'node:http'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Actor, systemActor } from '../src/auth/actor.ts'
import { openDatabase } from '../src/db/client.ts'
import { newId } from '../src/db/id.ts'
import type { App } from '../src/deps.ts'
import { guardAccess } from '../src/http/access.ts'
import { appendEvents } from '../src/live/append.ts'
import { createHint } from '../src/live/hint.ts'
import { createHub, type HubOptions } from '../src/live/hub.ts'
import { liveRoutes } from '../src/live/routes.ts'
import type { StreamTiming } from '../src/live/stream.ts'
import { openTestApp } from './helpers/app.ts'
import { createTestDatabase, type TestDatabase } from './helpers/database.ts'
import { patience } from './helpers/patience.ts'
import { readStream, type StreamReader } from './helpers/read-stream.ts'
import { createRows } from './helpers/rows.ts'
import { until } from './helpers/until.ts'

let database: TestDatabase
const [brandId, otherBrandId] = [newId(), newId()]
const log = { warn() {}, error() {}, info() {} }
const closers: (() => unknown)[] = []

beforeAll(async () => {
  database = await createTestDatabase({ max: 20, applicationName: 'tests' })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.sql`delete from events`
  await database.sql`delete from installation`
})
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

interface Node {
  readonly url: string
  readonly nudge: () => void
  readonly valid: { now: boolean; error: Error | null }
  readonly responses: ServerResponse[]
  readonly app: App
  open(options?: { brands?: string[]; after?: string; lastEventId?: string }): Promise<StreamReader>
}

/** A server with the stream alone, signed in as whoever the test says. */
async function startNode(timing: StreamTiming = {}, hubOptions: Partial<HubOptions> = {}): Promise<Node> {
  const hint = createHint({ target: database.target, log })
  const hub = createHub({ db: database.db, sql: database.sql, hint, log, ...hubOptions })
  const app: App = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const valid = { now: true, error: null as Error | null }
  const responses: ServerResponse[] = []
  guardAccess(app, async (request) => {
    const brands = request.headers['x-brands']
    return { ...systemActor, kind: 'user', brandIds: brands ? String(brands).split(',') : null } satisfies Actor
  })
  app.addHook('onRequest', async (_request, reply) => {
    responses.push(reply.raw)
    reply.header('x-frame-options', 'DENY')
  })
  const stillValid = async () => {
    if (valid.error) throw valid.error
    return valid.now
  }
  await app.register(liveRoutes, { hub, stillValid, timing })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  closers.push(async () => {
    await app.close()
    await hub.close()
    await hint.close()
  })
  return {
    url,
    nudge: hint.nudge,
    valid,
    responses,
    app,
    async open({ brands, after, lastEventId } = {}) {
      const query = after === undefined ? '' : `?${new URLSearchParams({ after })}`
      const reader = await readStream(`${url}/api/events${query}`, {
        ...(brands && { 'x-brands': brands.join(',') }),
        ...(lastEventId && { 'last-event-id': lastEventId }),
      })
      closers.push(reader.close)
      await until(() => reader.lastId() !== null || reader.status !== 200)
      return reader
    },
  }
}

const append = (versions: readonly number[], brand = brandId) =>
  database.db.transaction((tx) =>
    appendEvents(
      tx,
      versions.map((version) => ({ brandId: brand, type: 'ticket' as const, ticketId: newId(), version })),
    ),
  )
const versionsOf = (reader: StreamReader) => reader.events.map((event) => event.version)
const range = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index)

test('the stream begins with the time to come back and the place it stands, and then tells what changes', async () => {
  const node = await startNode()
  const reader = await node.open()
  expect(reader.status).toBe(200)
  expect(reader.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-frame-options': 'DENY',
  })
  expect(reader.text()).toMatch(/^retry: [23]\d{3}\n: here\nid: \w+\.\d+\.0\n\n$/u)
  const ticketId = newId()
  await database.db.transaction((tx) => appendEvents(tx, [{ brandId, type: 'message', ticketId, version: 3 }]))
  node.nudge()
  await until(() => reader.events.length === 1)
  expect(reader.events[0]).toEqual({ id: expect.any(String), type: 'message', ticketId, version: 3 })
})

test('an event is seen without any hint, a second later at most', async () => {
  const reader = await (await startNode()).open()
  await append([1])
  await until(() => reader.events.length === 1, { timeoutMs: 2_500 })
})

test('an event written on one node reaches the desks of the other well before its poll', async () => {
  const [one, other] = [await startNode({}, { pollMs: 60_000 }), await startNode({}, { pollMs: 60_000 })]
  const reader = await other.open()
  await append([1])
  one.nudge()
  await until(() => reader.events.length === 1)
})

test('whoever comes back gets exactly what happened meanwhile, on whatever node', async () => {
  const [one, other] = [await startNode(), await startNode()]
  const first = await one.open()
  await append([1, 2])
  one.nudge()
  await until(() => first.events.length === 2)
  first.close()
  await append([3])
  await append([4])
  const second = await other.open({ lastEventId: first.lastId()! })
  await append([5])
  await until(() => second.events.length === 3)
  expect(versionsOf(second)).toEqual([3, 4, 5])
  const third = await other.open({ after: first.lastId()!, lastEventId: second.events[0]!.id })
  await until(() => third.events.length === 2)
  expect(versionsOf(third), 'the header is newer than the address').toEqual([4, 5])
})

test(
  'clients that come and go between two nodes see every event once, while others commit in any order',
  async () => {
    const nodes = [await startNode({}, { keep: 20 }), await startNode({}, { keep: 20 })]
    const total = 400
    const start = (await nodes[0]!.open()).lastId()!
    const seen: number[][] = [[], [], []]
    let done = false
    const clients = seen.map(async (list, index) => {
      let lastId: string | null = null
      let visits = 0
      while (list.length < total) {
        const reader: StreamReader = await nodes[(index + visits) % 2]!.open(
          lastId ? { lastEventId: lastId } : { after: start },
        )
        visits += 1
        // Leaves after a few events, in the middle of a frame when it happens so.
        await until(() => reader.events.length > 25 || (done && list.length + reader.events.length >= total), {
          timeoutMs: 20_000,
        })
        list.push(...(versionsOf(reader) as number[]))
        lastId = reader.lastId()
        reader.close()
      }
    })
    let version = 0
    const writers = range(4).map(async () => {
      while (version < total) {
        await database.sql.begin(async (sql) => {
          version += 1
          if (version > total) return
          await sql`insert into events (brand_id, type, version) values (${brandId}, 'ticket', ${version})`
          await sql`select pg_sleep(${Math.random() / 50})`
        })
        nodes[version % 2]!.nudge()
      }
    })
    await Promise.all(writers)
    done = true
    await Promise.all(clients)
    for (const list of seen) expect(list.toSorted((a, b) => a - b)).toEqual(range(total))
  },
  40_000 * patience,
)

test.each([
  ['of another epoch', 'deadbeef.1.1'],
  ['that is no cursor', 'x'.repeat(199)],
  ['with a number too large', 'EPOCH.99999999999999999999.1'],
  ['of the future', 'EPOCH.999999999999.1'],
])('a cursor %s gets reset, and then what is new', async (_name, cursor) => {
  const node = await startNode()
  const first = await node.open()
  const epoch = first.lastId()!.split('.')[0]!
  await append([1])
  node.nudge()
  // Until no transaction of the whole cluster, other tests' too, is older: then a reset is past it.
  await until(() => first.events.length === 1)
  const reader = await node.open({ after: cursor.replace('EPOCH', epoch) })
  await until(() => reader.events.length === 1)
  expect(reader.events[0]).toMatchObject({ type: 'reset', ticketId: null, version: null })
  await append([2])
  node.nudge()
  await until(() => reader.events.length === 2)
  expect(versionsOf(reader)).toEqual([null, 2])
  expect(reader.lastId()).toBe(reader.events[1]!.id)
})

test('a cursor from before what was pruned gets reset', async () => {
  const first = await (await startNode()).open()
  const id = first.lastId()!
  await append([1])
  await database.sql`insert into installation values ('events_pruned', (select xid || '.' || id from events))`
  await database.sql`delete from events`
  // Another node: the first one still has the event in memory, and may well give it.
  const reader = await (await startNode()).open({ after: id })
  await until(() => reader.events.length === 1)
  expect(reader.events[0]!.type).toBe('reset')
})

test('who is too far behind gets reset instead of a flood', async () => {
  const first = await (await startNode()).open()
  const id = first.lastId()!
  await append(range(501))
  await until(() => first.events.length === 501)
  const far = await (await startNode({}, { farBehind: 500 })).open({ after: id })
  await until(() => far.events.length >= 1)
  expect(far.events.map((event) => event.type)).toEqual(['reset'])
  const near = await (await startNode({}, { farBehind: 501 })).open({ after: id })
  await until(() => near.events.length >= 501)
  expect(versionsOf(near)).toEqual(range(501))
})

test('a person sees the events of their brands only, from memory and from the database alike', async () => {
  const node = await startNode()
  const begin = (await node.open()).lastId()!
  const mine = await node.open({ brands: [brandId] })
  const both = await node.open({ brands: [brandId, otherBrandId] })
  const none = await node.open({ brands: [newId()] })
  await append([1])
  await append([2], otherBrandId)
  await append([3])
  node.nudge()
  await until(() => both.events.length === 3 && mine.events.length === 2)
  expect(versionsOf(mine)).toEqual([1, 3])
  const later = await node.open({ brands: [otherBrandId], after: begin })
  await until(() => later.events.length === 1)
  expect(versionsOf(later)).toEqual([2])
  expect(none.events).toEqual([])
})

test('a quiet stream gives signs of life that carry its place, and no events', async () => {
  const node = await startNode({ heartbeatMs: 50 })
  const reader = await node.open({ brands: [brandId] })
  const other = await node.open({ brands: [otherBrandId] })
  await append([1], otherBrandId)
  await until(() => other.events.length === 1)
  const xidOf = (reader: StreamReader) => Number(reader.lastId()!.split('.')[1])
  await until(() => xidOf(reader) > Number(other.events[0]!.id.split('.')[1]))
  await until(() => reader.text().split(': here').length > 5)
  expect(reader.events).toEqual([])
  // Another brand's day later it still resumes where it stands.
  const back = await node.open({ brands: [otherBrandId], after: reader.lastId()! })
  await append([2], otherBrandId)
  await until(() => back.events.length > 0)
  expect(versionsOf(back)).toEqual([2])
})

test('many changes in a moment come in a few frames', async () => {
  const node = await startNode()
  const reader = await node.open()
  for (const version of range(60)) {
    await append([version])
    node.nudge()
  }
  await until(() => reader.events.length === 60)
  expect(versionsOf(reader).toSorted((a, b) => a! - b!)).toEqual(range(60))
  expect(reader.chunks.filter((count) => count > 0).length).toBeLessThan(20)
})

test('whoever is signed out is cut off within five seconds', async () => {
  const node = await startNode()
  const reader = await node.open()
  const began = performance.now()
  node.valid.now = false
  await until(reader.isOver, { timeoutMs: 6_000 })
  expect(performance.now() - began).toBeLessThan(5_000 * patience)
})

test('an outage of the check cuts nobody off at once; a mistake in it does', async () => {
  const node = await startNode({ recheckMs: 20 })
  const reader = await node.open()
  node.valid.error = Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  await append([1])
  node.nudge()
  await until(() => reader.events.length === 1)
  node.valid.error = new Error('a bug')
  await until(reader.isOver)
})

test('a server that stops ends its streams at once and says when to come back', async () => {
  const node = await startNode()
  const readers = [await node.open(), await node.open()]
  const began = performance.now()
  await node.app.close()
  expect(performance.now() - began).toBeLessThan(1_000 * patience)
  for (const reader of readers) {
    await until(reader.isOver)
    expect(reader.text()).toMatch(/retry: [23]\d{3}\n\n$/u)
  }
})

test(
  'a client that does not read holds no memory and holds up nobody, is cut off, and resumes without a gap',
  async () => {
    const node = await startNode({ stallMs: 1_500 }, { farBehind: 100_000 })
    const begin = await node.open()
    const others = [await node.open(), await node.open()]
    const paused = await node.open()
    const response = node.responses.at(-1)!
    paused.pause()
    let most = 0
    const total = 40_000
    for (let at = 1; at <= total; at += 2_000) {
      await append(range(2_000, at))
      node.nudge()
      await until(() => others.every((reader) => reader.events.length >= at + 1_999), { timeoutMs: 10_000 })
      most = Math.max(most, response.writableLength, response.socket?.writableLength ?? 0)
    }
    // About 8 MB went by. What the kernel's buffers did not take is one write at most.
    expect(most).toBeLessThanOrEqual(160 * 1024)
    await until(() => response.destroyed, { timeoutMs: 5_000 })
    paused.resume()
    await until(paused.isOver)
    expect(paused.events.length).toBeLessThan(total)
    const back = await node.open({ after: paused.lastId() ?? begin.lastId()! })
    await until(() => paused.events.length + back.events.length >= total, { timeoutMs: 15_000 })
    expect([...versionsOf(paused), ...versionsOf(back)]).toEqual(range(total))
  },
  60_000 * patience,
)

test('a database that goes away for a moment ends no stream', async () => {
  // A pool of its own: a connection that was cut fails the next statement it is given, whosesoever it is.
  const { db, sql, close } = openDatabase(database.target)
  closers.push(close)
  const node = await startNode({}, { db, sql })
  const reader = await node.open()
  await append([1])
  node.nudge()
  await until(() => reader.events.length === 1)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'tests'`
  await until(() => append([2]).then(() => true))
  await until(() => reader.events.length === 2)
  expect(reader.isOver()).toBe(false)
})

test('one person opens fifty streams and no more, and a closed one frees its place', async () => {
  const node = await startNode()
  const readers = await Promise.all(range(50).map(() => node.open()))
  expect(readers.map((reader) => reader.status)).toEqual(range(50).map(() => 200))
  expect((await node.open()).status).toBe(429)
  readers[0]!.close()
  await until(async () => (await node.open()).status === 200)
})

describe('in the whole application', () => {
  test('a stream ends within five seconds of signing out, losing the key, or being given other brands', async () => {
    const house = await openTestApp({}, {}, database)
    closers.push(house.close)
    const url = await house.app.listen({ host: '127.0.0.1', port: 0 })
    const [leaver, mover, stayer] = await Promise.all([1, 2, 3].map(() => house.person('agent')))
    const program = await house.program('agent', [house.brandId])
    const [out, moved, revoked, stays] = await Promise.all(
      [leaver!.headers, mover!.headers, program, stayer!.headers].map((headers) =>
        readStream(`${url}/api/events`, { ...headers }),
      ),
    )
    for (const reader of [out, moved, revoked, stays]) {
      closers.push(reader!.close)
      await until(() => reader!.lastId() !== null)
      expect(reader!.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    }
    const began = performance.now()
    const answer = await house.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: leaver!.headers })
    expect(answer.statusCode).toBeLessThan(300)
    await database.sql`insert into brand_members values (${await house.addBrand()}, ${mover!.id})`
    await database.sql`update api_keys set revoked_at = now()`
    await until(() => out!.isOver() && moved!.isOver() && revoked!.isOver(), { timeoutMs: 8_000 })
    expect(performance.now() - began).toBeLessThan(5_000 * patience)
    expect(stays!.isOver()).toBe(false)
    expect((await readStream(`${url}/api/events`, { ...leaver!.headers })).status).toBe(401)
  })

  test('a stream is for those who are signed in, and no other method opens one', async () => {
    const house = await openTestApp({}, {}, database)
    closers.push(house.close)
    expect((await house.app.inject({ url: '/api/events' })).statusCode).toBe(401)
    const headers = await house.program('agent')
    expect((await house.app.inject({ method: 'HEAD', url: '/api/events', headers })).statusCode).toBe(404)
    const after = 'x'.repeat(201)
    expect((await house.app.inject({ url: `/api/events?after=${after}`, headers })).statusCode).toBe(400)
  })
})

test('who is in a ticket is told by every node, to who sees its brand, without an id to come back to', async () => {
  const app = await openTestApp({}, {}, database)
  closers.push(app.close)
  const { ticket, brand } = await createRows(database.db).conversation()
  const [first, second] = await Promise.all([startNode(), startNode()])
  const readers = await Promise.all([
    first.open({ brands: [brand.id] }),
    second.open({ brands: [brand.id] }),
    second.open({ brands: [newId()] }),
  ])
  const agent = await app.person('agent', [brand.id])
  const url = `/api/presence/${newId()}`
  const report = (payload: object) => app.app.inject({ method: 'PUT', url, headers: agent.headers, payload })
  const answer = await report({ ticketId: ticket.id, answers: true, sequence: 1 })
  expect(answer.json()).toMatchObject({ people: [{ user: { id: agent.id }, holds: true }] })
  const told = (reader: StreamReader) =>
    reader.events as unknown as { type: string; tickets: { people: unknown[] }[] }[]
  const lastOf = (reader: StreamReader) => told(reader).findLast(({ type }) => type === 'presence')?.tickets[0]?.people
  await until(() => lastOf(readers[0])?.length === 1 && lastOf(readers[1])?.length === 1)
  await report({ ticketId: null, sequence: 2 })
  await until(() => lastOf(readers[0])?.length === 0 && lastOf(readers[1])?.length === 0)
  expect(told(readers[2])).toEqual([])
  expect(readers[0].text()).not.toMatch(/id: [^\n]*\nevent: presence/u)
})
