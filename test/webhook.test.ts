/** The platforms' door, on a real server: what is let in, what is not, and what is said when nothing can be kept. */
import { randomUUID } from 'node:crypto'
import net from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { adapters } from '../adapters/index.ts'
import { createConnections } from '../src/accounts/connections.ts'
import { readConfig } from '../src/config.ts'
import { createIngest } from '../src/inbound/ingest.ts'
import { replayUnread } from '../src/inbound/unread.ts'
import { brokenPromises, isSettled } from './flows/invariants.ts'
import { ok, openScene, type Scene, untilConnected, webhookSecret } from './flows/scene.ts'
import { type DatabaseProxy, openDatabaseProxy } from './helpers/database-proxy.ts'
import { silent } from './helpers/house.ts'
import type { NodeProcess } from './helpers/node-process.ts'
import { patience } from './helpers/patience.ts'
import { until } from './helpers/until.ts'

let scene: Scene
let node: NodeProcess
let second: NodeProcess
let proxy: DatabaseProxy
beforeAll(async () => {
  scene = await openScene({ mode: 'webhook' })
  proxy = await openDatabaseProxy(scene.database.target)
  node = await scene.start({ target: proxy.target })
  second = await scene.start()
  scene.front.to([second.url])
  await untilConnected(scene)
  // The check is over and written down: from here on only what the tests do changes anything.
  await until(async () => {
    const { sql } = scene.database
    const checks =
      await sql`select from due_work where kind = 'account.check' and due_at < now() + interval '10 minutes'`
    return checks.count === 0 && (await sql`select from channel_log`).count === scene.simulator.calls.length
  })
})
afterAll(async () => {
  try {
    await until(() => isSettled(scene))
    expect(await brokenPromises(scene)).toEqual([])
    // Neither process met anything it did not expect.
    expect([...node.lines, ...second.lines].filter((line) => line.includes('the request failed'))).toEqual([])
  } finally {
    await scene.close()
    await proxy.close()
  }
})

let number = 0
beforeEach(() => {
  number += 1
})
const json = 'application/json'
const door = (to = node) => `${to.url}/webhooks/${scene.accountId}`
const chat = () => 5000 + number

/** A customer's line, as the platform writes it. It is to be stored unless `stored` says otherwise. */
function update(text: string, { stored = true, id = 1 } = {}) {
  const from = { id: chat(), is_bot: false, first_name: '李雷' }
  const message = {
    message_id: id,
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat(), type: 'private' },
    from,
    text,
  }
  if (stored) scene.said.push({ place: `${chat()}:${id}`, messageId: id, text })
  return { update_id: 1_000_000 + number * 1_000 + id, message }
}

const genuine = { 'content-type': json, 'x-telegram-bot-api-secret-token': webhookSecret }
async function post(body: unknown, { to = node, headers = genuine as Record<string, string>, method = 'POST' } = {}) {
  const init = {
    method,
    headers,
    ...(body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
  const answer = await fetch(door(to), init)
  const text = await answer.text()
  return { status: answer.status, text, headers: answer.headers, code: codeIn(text) }
}
const codeIn = (text: string) => (text.startsWith('{') ? (JSON.parse(text) as { code: string }).code : null)

/** Rows of every table; leases, sessions and due times change, their number does not. */
async function countAll(): Promise<Record<string, number>> {
  const { sql } = scene.database
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(name)}`
      return [name, row!.count] as const
    }),
  )
  return Object.fromEntries(counts)
}

async function trace(): Promise<{ messages: number; tickets: number; events: number }> {
  const [row] = await scene.database.sql<{ messages: number; tickets: number; events: number }[]>`
    with mine as (select t.id, t.current_ticket_id as ticket from threads t where t.external_id = ${String(chat())})
    select (select count(*)::int from messages m where m.thread_id in (select id from mine)) as messages,
      (select count(distinct ticket_id)::int from messages m where m.thread_id in (select id from mine)) as tickets,
      (select count(*)::int from events e where e.ticket_id in (select ticket from mine) and type = 'message') as events`
  return row!
}

describe('who is let in', () => {
  test('an account that is not there is 404', async () => {
    for (const id of [randomUUID(), 'x', '%2e%2e', '00000000-0000-0000-0000-000000000000']) {
      const answer = await fetch(`${node.url}/webhooks/${id}`, { method: 'POST', headers: genuine, body: '{}' })
      expect(answer.status).toBe(404)
    }
  })

  test('without the secret, or with another, nothing is stored', async () => {
    const before = await countAll()
    const body = update('伪造', { stored: false })
    const without = { 'content-type': json }
    for (const wrong of [undefined, '', 'wrong', `${webhookSecret} `.repeat(2), webhookSecret.toUpperCase()]) {
      const headers = { ...without, ...(wrong === undefined ? {} : { 'x-telegram-bot-api-secret-token': wrong }) }
      expect(await post(body, { headers })).toMatchObject({ status: 401, code: 'not_genuine' })
      expect(await post('{"broken', { headers })).toMatchObject({ status: 401 })
    }
    expect(await countAll()).toEqual(before)
  })

  test.for([
    ['a host that is none', 'POST', null, 'Host: [', [400, 401]],
    ['an address with its own host', 'POST', 'http://elsewhere.test:99999', 'Host: x', [400, 401]],
    ['no host at all', 'POST', null, '', [400, 401]],
    ['a method of its own', 'PUT', null, 'Host: x', [401]],
  ] as const)('a stranger with %s leaves nothing behind', async ([, method, authority, host, expected]) => {
    const before = await countAll()
    const head = [
      `${method} ${authority ?? ''}/webhooks/${scene.accountId} HTTP/1.1`,
      host,
      'Content-Type: application/json',
      'Content-Length: 2',
      'Connection: close',
    ]
    const { status } = await raw(node, `${head.filter((line) => line !== '').join('\r\n')}\r\n\r\n{}`)
    expect(expected).toContain(status)
    expect(await countAll()).toEqual(before)
  })

  test('a body of another kind is 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/jsonp', 'application/json2; charset=utf-8', '']) {
      const headers = { ...genuine, 'content-type': type }
      expect(await post(update('x', { stored: false }), { headers })).toMatchObject({ status: 415 })
    }
    const headers = { ...genuine, 'content-type': 'Application/JSON; charset=UTF-8' }
    expect(await post(update('大写也可以'), { headers })).toMatchObject({ status: 200 })
  })

  test('other methods are answered as what they are', async () => {
    const before = await countAll()
    for (const method of ['DELETE', 'PATCH', 'OPTIONS']) {
      expect((await post(null, { method })).status).toBe(404)
    }
    expect((await post(null, { method: 'HEAD' })).status).toBeGreaterThanOrEqual(400)
    expect((await post(null, { method: 'GET', headers: {} })).status).toBe(401)
    expect(await countAll()).toEqual(before)
  })
})

describe('what is too much', () => {
  test('a body that says it is too large is refused before it is sent', async () => {
    const { status, sent } = await raw(node, `${head}Content-Length: 100000000\r\n\r\n`)
    expect({ status, sent }).toEqual({ status: 413, sent: 0 })
  })

  test('a body that does not say how large it is is cut off soon after the limit', async () => {
    const { status, sent } = await raw(node, `${head}Transfer-Encoding: chunked\r\n\r\n`, () => {
      return Buffer.from(`10000\r\n${'a'.repeat(0x10000)}\r\n`)
    })
    // Who goes on sending may find the connection reset before the answer is read.
    expect([413, 0]).toContain(status)
    // What fits into the buffers of both sockets beside the mebibyte that is taken.
    expect(sent).toBeLessThan(16 * 1024 * 1024)
  })

  test('a body just below the limit is taken', async () => {
    const body = update('很长', { stored: true })
    expect(await post({ ...body, padding: 'x'.repeat(1_048_000) })).toMatchObject({ status: 200 })
  })

  test('nesting that would break whoever walks it is refused', async () => {
    for (const deep of ['['.repeat(200_000) + ']'.repeat(200_000), '{"a":'.repeat(150_000), '['.repeat(1_000_000)]) {
      expect(await post(deep)).toMatchObject({ status: 400, code: 'malformed' })
    }
    expect(await post(update('之后照常'))).toMatchObject({ status: 200 })
  })
  const head = `POST /webhooks/ACCOUNT HTTP/1.1\r\nHost: x\r\nContent-Type: ${json}\r\nX-Telegram-Bot-Api-Secret-Token: ${webhookSecret}\r\n`
})

describe('what is read', () => {
  test('JSON that breaks off is 400, and the next one is taken', async () => {
    for (const broken of ['', '{', '{"update_id":1,', 'null x', '\ufeff{]', '"\\u00']) {
      expect(await post(broken)).toMatchObject({ status: 400 })
    }
    const invalid = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])
    const answer = await fetch(door(), { method: 'POST', headers: genuine, body: invalid })
    expect(answer.status).toBe(400)
    expect(await post(update('下一条'))).toMatchObject({ status: 200 })
    expect(await trace()).toMatchObject({ messages: 1 })
  })

  test('what a database cannot hold is taken out, and the rest is kept', async () => {
    const body = update('前\u0000后', { stored: false })
    scene.said.push({ place: `${chat()}:1`, messageId: 1, text: null })
    const text = JSON.stringify(body).replace('后', '后\\ud800末')
    expect(await post(text)).toMatchObject({ status: 200 })
    const [row] = await scene.database.sql<
      { text: string }[]
    >`select text from messages where external_id = ${`${chat()}:1`}`
    expect(row!.text).toBe('前\ufffd后\ufffd末')
    const [unread] = await scene.database.sql<{ count: number }[]>`select count(*)::int as count from inbound_unread`
    expect(unread!.count).toBe(0)
  })

  test('a genuine update nobody can read is kept and answered, and read after the fix', async () => {
    const { update_id, message } = update('以后才看得懂')
    const unheard = { update_id, message_of_tomorrow: message }
    for (let time = 0; time < 3; time += 1) expect(await post(unheard)).toMatchObject({ status: 200 })
    const open = () => scene.database.sql`select from inbound_unread where replayed_at is null`
    expect(await open()).toHaveLength(1)
    const path = `/api/accounts/${scene.accountId}/replay`
    expect(await scene.call('POST', path, {})).toMatchObject({ status: 200, body: { replayed: 0, failed: 1 } })
    expect(await replayAsTomorrow()).toEqual({ replayed: 1, failed: 0 })
    expect(await open()).toHaveLength(0)
    expect(await replayAsTomorrow()).toEqual({ replayed: 0, failed: 0 })
    expect(await trace()).toMatchObject({ messages: 1, tickets: 1 })
  })
})

/** The same house with an adapter that has learned the new kind. */
async function replayAsTomorrow() {
  const { db, sql } = scene.database
  const channels = new Map(
    adapters.map((adapter) => {
      const connect: typeof adapter.connect = (account, tools) => {
        const connection = adapter.connect(account, tools)
        const reread = (raw: unknown) => {
          const { message_of_tomorrow: message, ...rest } = raw as Record<string, unknown>
          return connection.reread!({ ...rest, message })
        }
        return { ...connection, reread }
      }
      return [adapter.channel, { ...adapter, connect }]
    }),
  )
  const base = { db, sql, seal: scene.seal, log: silent, now: () => new Date(), channels, nudge: () => {} }
  const connections = createConnections({ ...base, config: readConfig({}) })
  try {
    return await replayUnread({ ...base, connections, ingest: createIngest(base) }, scene.accountId)
  } finally {
    await connections.close()
  }
}

describe('the same again', () => {
  test('ten times is once', async () => {
    const body = update('十遍')
    for (let time = 0; time < 10; time += 1) expect(await post(body)).toMatchObject({ status: 200 })
    expect(await trace()).toEqual({ messages: 1, tickets: 1, events: 1 })
  })

  test('fifty at once, to two processes, is once', async () => {
    const body = update('五十遍')
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => post(body, { to: i % 2 === 0 ? node : second })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    expect(await trace()).toEqual({ messages: 1, tickets: 1, events: 1 })
  })

  test('fifty first lines of one person at once, to two processes, are one ticket', async () => {
    const bodies = Array.from({ length: 50 }, (_, i) => update(`第${i}句`, { id: i + 1 }))
    const answers = await Promise.all(bodies.map((body, i) => post(body, { to: i % 2 === 0 ? node : second })))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    expect(await trace()).toEqual({ messages: 50, tickets: 1, events: 50 })
  })

  test('a copy that comes after the ticket was resolved opens nothing', async () => {
    const body = update('已解决')
    await post(body)
    const { id } = await scene.ticketOf(scene.said.at(-1)!)
    const { version } = ok(await scene.call<{ version: number }>('PATCH', `/api/tickets/${id}`, { status: 'resolved' }))
    expect(await post(body)).toMatchObject({ status: 200 })
    const after = ok(await scene.call('GET', `/api/tickets/${id}`))
    expect(after).toMatchObject({ status: 'resolved', version })
    expect(await trace()).toEqual({ messages: 1, tickets: 1, events: 1 })
  })
})

describe('a database that does not serve', () => {
  test('away: 503 with a time to come again, and everything goes on by itself', async () => {
    const first = update('之前')
    expect(await post(first)).toMatchObject({ status: 200 })
    await proxy.refuse()
    const during = update('断开时', { id: 2 })
    for (let time = 0; time < 5; time += 1) {
      const answer = await post(during)
      expect(answer).toMatchObject({ status: 503 })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await post(first)).toMatchObject({ status: 503 })
    // A stranger learns nothing of it.
    expect(await post(during, { headers: { 'content-type': json } })).toMatchObject({ status: 401 })
    await proxy.heal()
    const healed = performance.now()
    await until(async () => (await post(during)).status === 200, { timeoutMs: 10_000, everyMs: 50 })
    expect(performance.now() - healed).toBeLessThan(5_000 * patience)
    expect(await trace()).toMatchObject({ messages: 2, tickets: 1 })
    expect(node.isOver()).toBe(false)
  })

  test('slow: 503 before a platform gives up, and the copy that comes later is one', async () => {
    const body = update('很慢')
    await scene.database.sql.begin(async (sql) => {
      await sql`lock table inbound_keys in access exclusive mode`
      const begun = performance.now()
      const answers = await Promise.all([post(body), post(body)])
      const tookMs = performance.now() - begun
      expect(answers.map(({ status }) => status)).toEqual([503, 503])
      expect(Number(answers[0].headers.get('retry-after'))).toBeGreaterThan(0)
      expect(tookMs).toBeGreaterThan(2_500)
      expect(tookMs).toBeLessThan(4_500)
    })
    await until(async () => (await post(body)).status === 200, { timeoutMs: 10_000 })
    expect(await trace()).toEqual({ messages: 1, tickets: 1, events: 1 })
  })

  test('silent: 503 in time, and the same process serves again afterwards', async () => {
    const body = update('没声音')
    proxy.silence()
    const begun = performance.now()
    expect(await post(body)).toMatchObject({ status: 503 })
    expect(performance.now() - begun).toBeLessThan(4_500 * patience)
    await proxy.heal()
    await until(async () => (await post(body)).status === 200, { timeoutMs: 10_000 })
    expect(await trace()).toEqual({ messages: 1, tickets: 1, events: 1 })
  })
})

/** One request by hand. `more` gives what follows, until the answer is there; `sent` counts its bytes. */
async function raw(to: NodeProcess, head: string, more?: () => Buffer): Promise<{ status: number; sent: number }> {
  const socket = net.connect(Number(new URL(to.url).port), '127.0.0.1')
  const answer = Promise.withResolvers<string>()
  let received = ''
  let sent = 0
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    if (received.includes('\r\n\r\n')) answer.resolve(received)
  })
  socket.on('error', () => answer.resolve(received)).on('close', () => answer.resolve(received))
  socket.write(head.replace('ACCOUNT', scene.accountId))
  const push = () => {
    while (more && !socket.destroyed && received === '') {
      const chunk = more()
      sent += chunk.length
      if (!socket.write(chunk)) return void socket.once('drain', push)
    }
  }
  push()
  const text = await answer.promise
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/u.exec(text)?.[1] ?? 0), sent }
}
