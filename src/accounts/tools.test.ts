import { once } from 'node:events'
import { createServer, get as httpGet } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addBrand, type TestDeps, testDeps } from '../../test/helpers/accounts.ts'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { SendError } from '../channel/errors.ts'
import { openDatabase } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { accounts, channelLog, dueWork, events } from '../db/schema.ts'
import { type ChannelLog, createChannelLog } from './channel-log.ts'
import { checkKind } from './check-due.ts'
import { createSafeFetch, type SafeFetch } from './safe-fetch.ts'
import { type AccountTools, createTools, nothingOfOurs, type ToolsAccount } from './tools.ts'

const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
let database: TestDatabase
let brandId: string
let url: string
let accountId: string
let deps: TestDeps
let log: ChannelLog
let safeFetch: SafeFetch
let lent: AccountTools

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.statusCode = request.url?.includes('refuse') ? 403 : 200
  response.end(JSON.stringify({ url: request.url, echo: token, access_token: 'fresh-token-nobody-knows' }))
})

beforeAll(async () => {
  database = await createTestDatabase()
  brandId = await addBrand(database.db)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await database.close()
})
beforeEach(async () => {
  accountId = newId()
  const row = { id: accountId, brandId, channel: 'example', name: 'Example', settingsSealed: Buffer.of(0) }
  await database.db.insert(accounts).values(row)
  deps = testDeps(database, new Map())
  log = createChannelLog({ db: database.db, log: deps.log, delayMs: 60_000 })
  safeFetch = createSafeFetch()
  lent = lend()
})
afterEach(async () => {
  lent.close()
  await log.close()
  await safeFetch.close()
})

const hearers = new Set<(word: string) => void>()
const words = {
  tell(word: string) {
    for (const hear of hearers) hear(word)
  },
  hear(fn: (word: string) => void) {
    hearers.add(fn)
    return () => void hearers.delete(fn)
  },
}
const lend = (account: Partial<ToolsAccount> = {}, overrides: Partial<TestDeps> = {}) =>
  createTools(
    { id: accountId, channel: 'example', settingsVersion: 1, secrets: [token], ...account },
    { ...deps, ...overrides, channelLog: log, safeFetch, ours: { ...nothingOfOurs, words } },
  )
async function lines() {
  await log.flush()
  return database.db.select().from(channelLog).where(eq(channelLog.accountId, accountId)).orderBy(channelLog.id)
}
const healthOf = async () => (await database.db.select().from(accounts).where(eq(accounts.id, accountId)))[0]?.health

describe('the channel log', () => {
  test('has every fetch, with what was sent and answered, and no secret', async () => {
    const response = await lent.tools.fetch(`${url}/bot${token}/sendMessage?access_token=zzz`, {
      trust: 'settings',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ chat_id: 1, text: '您好', token }),
    })
    expect(await response.json()).toMatchObject({ echo: token })
    const [line, ...more] = await lines()
    expect(more).toEqual([])
    expect(line).toMatchObject({
      method: 'POST',
      url: `${url}/bot[secret]/sendMessage?access_token=[secret]`,
      status: 200,
      request: '{"chat_id":1,"text":"您好","token":"[secret]"}',
      error: null,
    })
    expect(line?.response).toContain('"access_token":"[secret]"')
    expect(JSON.stringify(line)).not.toMatch(/AAHdqTcv|zzz|nobody-knows/u)
  })

  test('has what was refused and what went wrong', async () => {
    await (await lent.tools.fetch(`${url}/refuse`, { trust: 'settings' })).text()
    await lent.tools.fetch(`${url}/inward`).catch(() => {})
    expect(await lines()).toMatchObject([
      { status: 403, error: null },
      { status: null, response: null, error: 'ReadError: gone' },
    ])
  })

  test("has an SDK's calls, with what they resolved to or failed with", async () => {
    const { logged } = lent.tools
    const file = Buffer.alloc(10)
    expect(
      await logged({ method: 'sendPhoto', url, request: { photo: file } }, async () => ({ message_id: 7 })),
    ).toEqual({
      message_id: 7,
    })
    const failed = new SendError('retry', 'rate_limited', { text: { en: '', zh: '' } })
    await expect(logged({ method: 'sendMessage', url }, () => Promise.reject(failed))).rejects.toBe(failed)
    const telegram = Object.assign(new Error(`404: Not Found ${token}`), { code: 404 })
    await expect(logged({ method: 'getMe', url: `${url}/bot${token}` }, () => Promise.reject(telegram))).rejects.toBe(
      telegram,
    )
    const filled = { method: 'x', url, status: undefined as number | undefined, response: undefined as unknown }
    await logged(filled as never, async () => {
      filled.status = 202
      filled.response = 'said'
      return 'not this'
    })
    expect(await lines()).toMatchObject([
      { method: 'sendPhoto', request: '{"photo":"[10 bytes]"}', response: '{"message_id":7}', error: null },
      { method: 'sendMessage', status: null, response: null, error: 'SendError: retry: rate_limited' },
      { method: 'getMe', status: 404, error: 'Error: 404: Not Found [secret]' },
      { method: 'x', status: 202, response: '"said"'.slice(1, -1) },
    ])
  })

  test('knows a token that was fetched, from the moment it is kept', async () => {
    await lent.tools.state.set('token', '{"value":"kept-0123456789abcdef"}')
    await lent.tools.logged({ method: 'GET', url, request: 'with kept-0123456789abcdef' }, async () => null)
    expect(await lines()).toMatchObject([{ request: 'with [secret]' }])
  })

  test('costs a call nothing when the database is away', async () => {
    const away = openDatabase(database.target)
    await away.close()
    const gone = createChannelLog({ db: away.db, log: deps.log, delayMs: 1 })
    const { tools, close } = createTools(
      { id: accountId, channel: 'example', settingsVersion: 1, secrets: [] },
      { ...deps, channelLog: gone, safeFetch, ours: nothingOfOurs },
    )
    expect(await tools.logged({ method: 'GET', url }, async () => 'fine')).toBe('fine')
    close()
    await gone.close()
  })
})

test('a log line of an adapter holds no secret, wherever it stands', () => {
  const error = new Error(`token ${token}`, { cause: new Error(`bot${token}`) })
  Object.assign(error, { config: { headers: { authorization: 'of nobody we know' } } })
  lent.tools.log.warn(
    { err: error, [token]: 1, list: [{ deep: token }], url: new URL(`http://x/${token}`) },
    `of ${token}`,
  )
  const [line] = deps.logged
  expect(line).toContain('of [secret]')
  expect(line).toContain(accountId)
  expect(line).not.toMatch(/AAHdqTcv|nobody we know/u)
})

describe('health', () => {
  test('is stored, told to the desks, and only when it is news', async () => {
    const eventsOf = () => database.db.select().from(events).where(eq(events.brandId, brandId))
    const before = (await eventsOf()).length
    await lent.tools.health({ state: 'ok', name: '@acme_care_bot' })
    await lent.tools.health({ name: '@acme_care_bot', state: 'ok' })
    expect(await healthOf()).toEqual({ state: 'ok', name: '@acme_care_bot' })
    expect((await eventsOf()).slice(before)).toMatchObject([{ type: 'account', ticketId: null }])
    expect(deps.nudges()).toBe(1)
  })

  test('holds no secret and nothing the database refuses', async () => {
    await lent.tools.health({ state: 'warning', text: { en: `a\u0000b ${token}`, zh: `坏 ${token}` } })
    expect(await healthOf()).toEqual({ state: 'warning', text: { en: 'a\ufffdb [secret]', zh: '坏 [secret]' } })
  })

  test('refused credentials are checked again by themselves', async () => {
    await lent.tools.health({ state: 'refused', text: { en: 'x', zh: 'x' } })
    const due = await database.db.select().from(dueWork).where(eq(dueWork.subject, accountId))
    expect(due).toMatchObject([{ kind: checkKind, accountId }])
    expect(due[0]!.dueAt.getTime()).toBeGreaterThan(Date.now() + 60_000)
  })

  test('news of old settings says nothing of the new ones', async () => {
    await database.db.update(accounts).set({ settingsVersion: 2 }).where(eq(accounts.id, accountId))
    await lent.tools.health({ state: 'refused' })
    expect(await healthOf()).toEqual({ state: 'ok' })
  })

  test('keeps the name the platform gave', async () => {
    await lent.tools.health({ state: 'ok', name: '@acme_care_bot' })
    await lent.tools.health({ state: 'warning', text: { en: 'slow', zh: '慢' } })
    expect(await healthOf()).toMatchObject({ state: 'warning', name: '@acme_care_bot' })
  })

  test('never fails the call that tells it', async () => {
    const away = openDatabase(database.target)
    await away.close()
    await lend({}, { db: away.db }).tools.health({ state: 'warning' })
    expect(deps.logged.join()).toContain('could not be stored')
  })
})

test('an agent keeps its connections, of one protocol each, until the connection is closed', async () => {
  const { agent } = lent.tools
  expect(agent(url)).toBe(agent(`${url}/other`))
  expect(agent(url)).not.toBe(agent('https://x.example'))
  const sockets = new Set<unknown>()
  for (let turn = 0; turn < 3; turn++) {
    const [response] = await once(httpGet(url, { agent: agent(url) }), 'response')
    sockets.add(response.socket)
    response.resume()
    await once(response, 'end')
  }
  expect(sockets.size).toBe(1)
})

test('words reach the connections of this account, and of no other, until they are closed', () => {
  const same = lend()
  const other = lend({ id: newId() })
  const heard: string[] = []
  lent.tools.nodes.hear((word) => heard.push(`one ${word}`))
  const stop = same.tools.nodes.hear((word) => heard.push(`two ${word}`))
  other.tools.nodes.hear((word) => heard.push(`other ${word}`))
  same.tools.nodes.tell('typing a')
  expect(heard).toEqual(['one typing a', 'two typing a'])
  stop()
  lent.tools.nodes.tell('b')
  expect(heard.slice(2)).toEqual(['one b'])
  for (const tools of [lent, same, other]) tools.close()
  expect(hearers.size).toBe(0)
})
