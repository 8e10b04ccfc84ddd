/** The accounts' routes, through the whole application. */
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addAccount } from '../src/accounts/add.ts'
import { changeAccount } from '../src/accounts/change.ts'
import { checkHandler, scheduleChecks } from '../src/accounts/check.ts'
import { checkKind } from '../src/accounts/check-due.ts'
import { type Connections, createConnections } from '../src/accounts/connections.ts'
import { listLog, summarizeUnread } from '../src/accounts/list-log.ts'
import { removeAccount } from '../src/accounts/remove.ts'
import { type Actor, systemActor } from '../src/auth/actor.ts'
import { ReadError } from '../src/channel/errors.ts'
import type { Health } from '../src/channel/tools.ts'
import type { DueRow } from '../src/db/due-rows.ts'
import { newId } from '../src/db/id.ts'
import { accounts, adapterState, audit, channelLog, contacts, dueWork, identities } from '../src/db/schema.ts'
import { storeUnread } from '../src/inbound/unread.ts'
import type { Account } from '../src/wire.ts'
import { exampleAdapter, type Opening, testDeps } from './helpers/accounts.ts'
import { openTestApp, type TestApp } from './helpers/app.ts'
import { createTestDatabase, type TestDatabase } from './helpers/database.ts'

const token = 'tok-of-the-account-0123456789'
const seconds = (count: number) => count * 1000

let database: TestDatabase
let house: TestApp
let connections: Connections
/** What the connections and their adapters log. */
let ownLog: string[]
let admin: { authorization: string }
let agent: { authorization: string }
let check: (opening: Opening) => Promise<Health>
let release: (opening: Opening) => Promise<void>
const example = exampleAdapter((opening) => ({
  check: () => check(opening),
  release: () => release(opening),
}))

beforeAll(async () => {
  database = await createTestDatabase()
  const deps = testDeps(database, example.channels)
  ownLog = deps.logged
  connections = createConnections(deps)
  house = await openTestApp(
    { channels: example.channels, connections, seal: deps.seal, config: deps.config, checkTimeoutMs: 200 },
    {},
    database,
  )
  admin = await house.program('administrator')
  agent = await house.program('agent', [house.brandId])
})
afterAll(async () => {
  await house.close()
  await connections.close()
  await database.close()
})
beforeEach(() => {
  check = async () => ({ state: 'ok', name: '@acme_care_bot' })
  release = async () => {}
  example.openings.length = 0
})
afterEach(() => database.db.delete(dueWork))

const call = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers: { authorization: string } = admin,
) => house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })

async function add(settings: object = {}, more: object = {}): Promise<Account> {
  const answer = await call('POST', '/api/accounts', {
    channel: 'example',
    name: 'Care',
    settings: { token, ...settings },
    ...more,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().account
}
const dueOf = (id: string) => database.db.select().from(dueWork).where(eq(dueWork.subject, id))
const auditOf = async (id: string) =>
  (
    await database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `account:${id}`))
  ).map(({ action }) => action)

test('the channels are described as data: form, icon, capabilities', async () => {
  const { channels } = (await call('GET', '/api/channels', undefined, agent)).json()
  expect(channels).toMatchObject([
    { channel: 'example', title: { zh: '示例' }, icon: { path: 'M0 0h24v24H0z' }, capabilities: { concurrency: 8 } },
  ])
  expect(channels[0].settings.properties).toMatchObject({ token: { type: 'string', secret: true } })
  expect(channels[0].settings.required).toEqual(['token'])
})

describe('connecting', () => {
  test('an account is there, checked, and its secrets never come back', async () => {
    const account = await add({}, { undoMs: 5000 })
    expect(account).toMatchObject({
      brandId: house.brandId,
      channel: 'example',
      name: 'Care',
      settings: { apiRoot: 'https://api.example.com', mode: 'polling' },
      secretsSet: ['token', 'secret'],
      webhookUrl: `https://care.example.com/webhooks/${account.id}`,
      undoMs: 5000,
      health: { state: 'ok', name: '@acme_care_bot' },
      pausedUntil: null,
      unread: 0,
    })
    const read = await call('GET', `/api/accounts/${account.id}`)
    expect(read.json()).toEqual({ account })
    expect(read.body).not.toContain(token)
    expect(await auditOf(account.id)).toEqual(['account.added'])
    expect(await dueOf(account.id)).toMatchObject([{ kind: 'account.check' }])
    expect((await dueOf(account.id))[0]!.dueAt.getTime() - Date.now()).toBeGreaterThan(14 * 60_000)
  })

  test.each([
    ['an unknown channel', { channel: 'pigeon', settings: {} }, 'unknown_channel'],
    ['another brand', { brandId: newId() }, 'unknown_brand'],
    ['settings that are wrong', { settings: { token: 'short', colour: 'red' } }, 'invalid_settings'],
  ])('%s is refused with a code, and nothing is stored', async (_what, wrong, code) => {
    const before = await database.db.$count(accounts)
    const answer = await call('POST', '/api/accounts', { channel: 'example', name: 'x', settings: { token }, ...wrong })
    expect([answer.statusCode, answer.json().code]).toEqual([422, code])
    expect(answer.body).not.toContain('short')
    expect(await database.db.$count(accounts)).toBe(before)
  })

  test('the wrong fields are named', async () => {
    const answer = await call('POST', '/api/accounts', {
      channel: 'example',
      name: 'x',
      settings: { token: 'short', colour: 1 },
    })
    expect(
      answer
        .json()
        .details.errors.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual(['colour', 'token'])
  })

  test.each([
    [
      'refused credentials make sends wait',
      new ReadError('credentials', { text: { en: 'Token revoked', zh: '令牌已失效' } }),
      'refused',
      true,
    ],
    [
      'a platform that is down warns',
      new ReadError('later', { text: { en: 'Down', zh: '平台不可用' } }),
      'warning',
      true,
    ],
    ['a mistake of the channel warns, without its text', new TypeError(`undefined ${token}`), 'warning', true],
  ])('a check that fails is no failed request: %s', async (_what, error, state, again) => {
    check = async () => {
      throw error
    }
    const account = await add()
    expect(account.health).toMatchObject({ state, text: expect.anything() })
    expect(JSON.stringify(account)).not.toContain(token)
    expect((await dueOf(account.id)).length === 1).toBe(again)
  })

  test('a check that does not end is waited for a bounded time, and made again later', async () => {
    check = () => new Promise(() => {})
    const account = await add()
    expect(account.health).toMatchObject({ state: 'warning', text: { en: expect.stringMatching(/did not answer/u) } })
    expect(await dueOf(account.id)).toMatchObject([{ kind: checkKind }])
  })
})

describe('a code to sign in', () => {
  const scan = 'https://login.example.com/l/secret-code'
  const text = { en: 'Scan to sign in', zh: '请扫码登录' }

  test('is an administrator’s alone, and goes when it was used', async () => {
    check = async () => ({ state: 'warning', text, scan })
    const { id, health } = await add()
    expect(health).toMatchObject({ scan, text })
    const asAgent = await call('GET', '/api/accounts', undefined, agent)
    expect(asAgent.json().accounts).toContainEqual(expect.objectContaining({ id, health: { state: 'warning', text } }))
    expect(asAgent.body).not.toContain(scan)
    await example.openings.at(-1)?.tools.health({ state: 'ok', name: 'Care' })
    expect((await call('GET', `/api/accounts/${id}`)).json().account.health).toEqual({ state: 'ok', name: 'Care' })
  })
})

test('what was used is for everybody, what it cost for supervisors', async () => {
  const { id, usage } = await add()
  expect(usage).toMatchObject({ items: [], replies: { count: 0, cost: 0 }, inDoubt: { count: 0, cost: 0 } })
  await example.openings.at(-1)?.tools.usage.add('post-read', 3, { cost: 0.015 })
  const read = async (headers: { authorization: string }) => {
    const { accounts } = (await call('GET', '/api/accounts', undefined, headers)).json()
    const one = (await call('GET', `/api/accounts/${id}`, undefined, headers)).json().account
    expect(accounts).toContainEqual(one)
    return one.usage
  }
  const supervisor = await house.program('supervisor', [house.brandId])
  for (const headers of [admin, supervisor]) {
    expect(await read(headers)).toMatchObject({ items: [{ kind: 'post-read', count: 3, cost: 0.015 }] })
  }
  expect(await read(agent)).toMatchObject({
    currency: null,
    items: [{ kind: 'post-read', count: 3, cost: null }],
    replies: { count: 0, cost: null },
    inDoubt: { count: 0, cost: null },
  })
})

describe('changing', () => {
  test('a secret that is left out stays; the connection is opened with the new settings and checked again', async () => {
    const { id } = await add()
    let checked = 0
    check = async () => {
      checked += 1
      return { state: 'ok', name: '@other_bot' }
    }
    const answer = await call('PATCH', `/api/accounts/${id}`, { settings: { mode: 'webhook' }, name: 'Care 2' })
    expect(answer.json().account).toMatchObject({
      name: 'Care 2',
      settings: { mode: 'webhook' },
      secretsSet: ['token', 'secret'],
      health: { name: '@other_bot' },
    })
    expect(checked).toBe(1)
    expect(example.openings.at(-1)?.account).toMatchObject({ name: 'Care 2', settings: { token, mode: 'webhook' } })
    expect(await auditOf(id)).toEqual(['account.added', 'account.changed'])
  })

  test('the audit says which settings changed, and no value', async () => {
    const { id } = await add()
    await call('PATCH', `/api/accounts/${id}`, { settings: { token: 'tok-the-next-one-987654' } })
    const rows = await database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `account:${id}`))
    expect(rows[1]?.detail).toEqual({ fields: ['settings'], settings: ['token'] })
  })

  test('what becomes one ticket is the person’s until somebody asks for the post’s', async () => {
    const { id, ticketPer } = await add()
    expect(ticketPer).toBe('person')
    const answer = await call('PATCH', `/api/accounts/${id}`, { ticketPer: 'conversation' })
    expect(answer.json().account.ticketPer).toBe('conversation')
    expect((await call('PATCH', `/api/accounts/${id}`, { ticketPer: 'everybody' })).statusCode).toBe(400)
    const other = await call('POST', '/api/accounts', {
      channel: 'example',
      name: 'Posts',
      settings: { token },
      ticketPer: 'conversation',
    })
    expect(other.json().account.ticketPer).toBe('conversation')
  })

  test('what is wrong changes nothing', async () => {
    const { id } = await add()
    expect((await call('PATCH', `/api/accounts/${id}`, { name: 'y', settings: { mode: 'x' } })).statusCode).toBe(422)
    expect((await call('PATCH', `/api/accounts/${id}`, { name: ' ' })).statusCode).toBe(400)
    expect((await call('PATCH', `/api/accounts/${id}`, { health: { state: 'ok' } })).statusCode).toBe(400)
    expect((await call('GET', `/api/accounts/${id}`)).json().account).toMatchObject({
      name: 'Care',
      settings: { mode: 'polling' },
    })
  })

  test('many changes at once are all there in the end', async () => {
    const { id } = await add()
    const changes = [{ mode: 'webhook' }, { pageSize: 7 }, { loud: true }, { apiRoot: 'https://b.example.com' }]
    await Promise.all(changes.map((settings) => call('PATCH', `/api/accounts/${id}`, { settings })))
    expect((await call('GET', `/api/accounts/${id}`)).json().account.settings).toEqual(Object.assign({}, ...changes))
  })

  test('its brand may change until somebody has written', async () => {
    const { id } = await add()
    const other = await house.addBrand('Other')
    expect((await call('PATCH', `/api/accounts/${id}`, { brandId: other })).json().account.brandId).toBe(other)
    const contactId = newId()
    await database.db.insert(contacts).values({ id: contactId, brandId: other, name: 'x' })
    await database.db.insert(identities).values({ id: newId(), accountId: id, externalId: 'p', contactId, name: 'x' })
    const answer = await call('PATCH', `/api/accounts/${id}`, { brandId: house.brandId })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'account_in_use'])
  })
})

describe('removing', () => {
  test('takes the credentials with it, tells the platform, and leaves no way back', async () => {
    const { id } = await add()
    const opening = example.openings.at(-1)!
    await opening.tools.state.set('token', 'kept-token-0123456789')
    let released = ''
    release = async ({ account, tools }) => {
      released = account.settings.token
      await tools.state.set('token', 'fetched-once-more')
    }
    expect((await call('DELETE', `/api/accounts/${id}`)).statusCode).toBe(204)
    expect(released).toBe(token)
    const [row] = await database.db.select().from(accounts).where(eq(accounts.id, id))
    expect(row?.removedAt).not.toBeNull()
    expect(house.deps.seal.open(row!.settingsSealed, `accounts.settings:${id}`).toString()).toBe('{}')
    expect(await database.db.select().from(adapterState).where(eq(adapterState.accountId, id))).toEqual([])
    expect(await connections.get(id)).toBeNull()
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      expect((await call(method, `/api/accounts/${id}`, method === 'PATCH' ? {} : undefined)).statusCode).toBe(404)
    }
    expect((await call('GET', '/api/accounts')).json().accounts.map((account: Account) => account.id)).not.toContain(id)
    expect(await auditOf(id)).toEqual(['account.added', 'account.removed'])
  })

  test('does not depend on the platform', async () => {
    const { id } = await add()
    release = async () => {
      throw new Error('down')
    }
    expect((await call('DELETE', `/api/accounts/${id}`)).statusCode).toBe(204)
  })
})

describe('who sees what', () => {
  test('agents see that an account is there and how it is, not how it is set up', async () => {
    const { id } = await add()
    const { account } = (await call('GET', `/api/accounts/${id}`, undefined, agent)).json()
    expect(account).toMatchObject({
      name: 'Care',
      health: { state: 'ok' },
      settings: {},
      secretsSet: [],
      webhookUrl: null,
    })
  })

  test('an account of another brand does not exist', async () => {
    const other = await house.addBrand('Other')
    const { id } = await add({}, { brandId: other })
    expect((await call('GET', `/api/accounts/${id}`, undefined, agent)).statusCode).toBe(404)
    const { accounts: seen } = (await call('GET', '/api/accounts', undefined, agent)).json()
    expect(seen.map((account: Account) => account.id)).not.toContain(id)
    const elsewhere: Actor = { ...systemActor, brandIds: [house.brandId] }
    const { deps } = house
    for (const act of [
      () => changeAccount(deps, elsewhere, id, { name: 'x' }),
      () => removeAccount(deps, elsewhere, id),
      () => listLog(deps.db, elsewhere, id, { limit: 10 }),
      () => summarizeUnread(deps.db, elsewhere, id),
    ]) {
      await expect(act()).rejects.toMatchObject({ status: 404 })
    }
    const wanted = { channel: 'example', name: 'x', brandId: other, settings: { token } }
    await expect(addAccount(deps, elsewhere, wanted)).rejects.toMatchObject({ code: 'unknown_brand' })
  })

  test.each([
    ['POST', '/api/accounts'],
    ['PATCH', '/api/accounts/:id'],
    ['DELETE', '/api/accounts/:id'],
    ['POST', '/api/accounts/:id/check'],
    ['GET', '/api/accounts/:id/unread'],
    ['POST', '/api/accounts/:id/replay'],
  ] as const)('%s %s is for administrators', async (method, path) => {
    const { id } = await add()
    const supervisor = await house.program('supervisor', [house.brandId])
    for (const who of [agent, supervisor]) {
      const answer = await call(method, path.replace(':id', id), method === 'POST' ? {} : undefined, who)
      expect(answer.statusCode).toBe(403)
    }
  })
})

describe('checks', () => {
  test('on demand, with the health as the answer', async () => {
    const { id } = await add()
    check = async () => ({ state: 'warning', text: { en: 'The webhook gets 500.', zh: 'Webhook 返回 500。' } })
    const answer = await call('POST', `/api/accounts/${id}/check`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { state: 'warning', text: { en: 'The webhook gets 500.' } },
    ])
    expect((await call('GET', `/api/accounts/${id}`)).json().account.health).toMatchObject({ state: 'warning' })
  })

  test('as due work: made for every account at a start, soon again while the platform refuses, and later while it agrees', async () => {
    const { id } = await add()
    await scheduleChecks(database.db, new Date())
    expect(await dueOf(id)).toMatchObject([{ kind: checkKind }])
    const run = checkHandler(house.deps)
    const item = { subject: id, accountId: id } as DueRow
    check = async () => ({ state: 'refused', text: { en: 'x', zh: 'x' } })
    const again = await run(item, {} as never)
    expect((again as { again: Date }).again.getTime()).toBeGreaterThan(Date.now() + seconds(60))
    check = async () => ({ state: 'ok' })
    const later = (await run(item, {} as never)) as { again: Date }
    expect(later.again.getTime() - Date.now()).toBeGreaterThan(14 * 60_000)
    expect((await call('GET', `/api/accounts/${id}`)).json().account.health.state).toBe('ok')
  })

  test('of an account that was removed meanwhile are simply over', async () => {
    expect(await checkHandler(house.deps)({ subject: newId() } as DueRow, {} as never)).toBeUndefined()
  })
})

test('the channel log comes in pages, newest first, each line once, also of one delivery', async () => {
  const { id } = await add()
  const delivery = newId()
  const at = Date.parse('2026-11-22T08:00:00Z')
  await database.db.insert(channelLog).values(
    Array.from({ length: 25 }, (_, index) => ({
      id: newId(),
      accountId: id,
      deliveryId: index % 5 === 0 ? delivery : null,
      at: new Date(at + Math.floor(index / 4)), // Several in one millisecond.
      method: 'POST',
      url: `https://api.example.com/${index}`,
      durationMs: 1,
    })),
  )
  const seen: string[] = []
  let after: string | null = null
  do {
    const answer = await call('GET', `/api/accounts/${id}/log?limit=10${after ? `&after=${after}` : ''}`)
    const { lines, next } = answer.json() as { lines: { url: string; at: string }[]; next: string | null }
    seen.push(...lines.map(({ url }) => url.slice('https://api.example.com/'.length)))
    after = next
  } while (after)
  expect(seen).toHaveLength(25)
  expect(new Set(seen).size).toBe(25)
  expect(seen.map((index) => Math.floor(Number(index) / 4))).toEqual(
    seen.map((index) => Math.floor(Number(index) / 4)).sort((a, b) => b - a),
  )
  const ofDelivery = (await call('GET', `/api/accounts/${id}/log?delivery=${delivery}`)).json()
  expect(ofDelivery).toMatchObject({ lines: Array(5).fill({ deliveryId: delivery }), next: null })
  expect((await call('GET', `/api/accounts/${id}/log?after=nonsense`)).json().code).toBe('bad_cursor')
})

test('what could not be read is counted and explained, never shown, and can be read again', async () => {
  const { id } = await add()
  for (const reason of ['no chat', 'no chat', 'odd']) {
    const value = { secret: 'words of a person' }
    await storeUnread(database.db, house.deps.seal, {
      accountId: id,
      kind: 'raw',
      value,
      reason,
      receivedAt: new Date(),
    })
  }
  const answer = await call('GET', `/api/accounts/${id}/unread`)
  expect(answer.json()).toMatchObject({
    count: 3,
    reasons: [
      { reason: 'no chat', count: 2 },
      { reason: 'odd', count: 1 },
    ],
  })
  expect(answer.body).not.toContain('words of a person')
  expect((await call('GET', `/api/accounts/${id}`)).json().account.unread).toBe(3)
  const replayed = await call('POST', `/api/accounts/${id}/replay`)
  expect(replayed.json()).toEqual({ replayed: expect.any(Number), failed: expect.any(Number) })
  expect(await auditOf(id)).toContain('account.replayed')
})

test('no secret stands anywhere in the database or the log, whatever was done with the account', async () => {
  const secrets = ['tok-canary-0123456789abc', 'sec-canary-0123456789abc', 'state-canary-0123456789']
  const [canary, hook, kept] = secrets as [string, string, string]
  check = async ({ tools, account }) => {
    await tools.state.set('access', kept)
    await tools.logged({ method: 'GET', url: `https://api.example.com/bot${account.settings.token}/me` }, async () => ({
      echo: [account.settings.token, kept, Buffer.from(account.settings.secret).toString('base64')],
    }))
    tools.log.warn({ settings: account.settings, kept }, `checked with ${account.settings.token}`)
    return {
      state: 'warning',
      text: { en: tools.redact(`no ${account.settings.token}`), zh: `坏 ${account.settings.secret}` },
    }
  }
  const { id } = await add({ token: canary, secret: hook })
  await expectNone()
  await call('PATCH', `/api/accounts/${id}`, { settings: { pageSize: 3 } })
  await example.openings.at(-1)!.tools.health({ state: 'refused', text: { en: `bad ${canary}`, zh: hook } })
  await expectNone()
  await connections.close()
  await expectNone()

  async function expectNone(): Promise<void> {
    const tables = await database.sql<{ name: string }[]>`
      select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`
    let dump = [...house.logged, ...ownLog].join('\n')
    for (const { name } of tables) {
      const rows = await database.sql.unsafe(`select t::text as line from ${name} t`)
      dump += rows.map(({ line }) => line).join('\n')
    }
    expect(dump).toContain('[secret]')
    for (const secret of secrets) {
      expect(dump).not.toContain(secret)
      // Bytes are written as hex in a dump.
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'))
      expect(dump).not.toContain(Buffer.from(secret).toString('base64'))
    }
  }
})
