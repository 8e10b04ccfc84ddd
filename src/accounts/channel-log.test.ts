import { setTimeout as pause } from 'node:timers/promises'
import { asc, eq } from 'drizzle-orm'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { openDatabase } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { channelLog } from '../db/schema.ts'
import {
  type ChannelLog,
  type ChannelLogOptions,
  createChannelLog,
  currentDelivery,
  type LogRow,
  pruneChannelLog,
  withDelivery,
} from './channel-log.ts'

let database: TestDatabase
const opened: ChannelLog[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close()
})

function open(options: Partial<ChannelLogOptions> = {}): ChannelLog {
  const log = createChannelLog({ db: database.db, log: silent, delayMs: 5, ...options })
  opened.push(log)
  return log
}
const line = (accountId: string, values: Partial<LogRow> = {}): LogRow => ({
  id: newId(),
  accountId,
  at: new Date(),
  method: 'POST',
  url: 'https://api.example.com/send',
  durationMs: 1,
  ...values,
})
const linesOf = (accountId: string) =>
  database.db.select().from(channelLog).where(eq(channelLog.accountId, accountId)).orderBy(asc(channelLog.id))

test('lines are stored behind the exchange, in batches and in order', async () => {
  const accountId = newId()
  const log = open({ batch: 10 })
  const rows = Array.from({ length: 35 }, (_, index) => line(accountId, { status: 200 + index }))
  for (const row of rows) log.write(row)
  await until(async () => (await linesOf(accountId)).length === 35)
  expect((await linesOf(accountId)).map(({ status }) => status)).toEqual(rows.map(({ status }) => status))
})

test('close stores what waits', async () => {
  const accountId = newId()
  const log = open({ delayMs: 60_000 })
  log.write(line(accountId))
  await log.close()
  expect(await linesOf(accountId)).toHaveLength(1)
})

test('while the database is away lines wait, and the oldest go when too many do', async () => {
  const accountId = newId()
  const warnings: string[] = []
  const logger = pino({ level: 'warn' }, { write: (text: string) => void warnings.push(text) })
  const away = openDatabase(database.target)
  await away.close()
  let db = away.db
  const switching = new Proxy(db, { get: (_target, name) => Reflect.get(db, name) })
  const log = open({ db: switching, capacity: 20, batch: 5, delayMs: 1, log: logger })
  for (let index = 0; index < 30; index++) log.write(line(accountId, { status: index }))
  await log.flush()
  db = database.db
  await until(async () => (await linesOf(accountId)).length === 20)
  expect((await linesOf(accountId))[0]?.status).toBe(10)
  await until(() => warnings.some((text) => JSON.parse(text).lost === 10))
})

test('a line the database refuses does not stop the ones behind it', async () => {
  const accountId = newId()
  const errors: string[] = []
  const logger = pino({ level: 'error' }, { write: (text: string) => void errors.push(text) })
  const log = open({ batch: 1, log: logger })
  log.write(line(accountId, { method: 'GET\u0000' }))
  log.write(line(accountId))
  await until(async () => (await linesOf(accountId)).length === 1)
  expect(errors).toHaveLength(1)
})

test('an exchange knows the delivery it was made for, through every await and beside others', async () => {
  const seen = await Promise.all(
    ['a', 'b', 'c'].map((id) =>
      withDelivery(id, async () => {
        await pause(1)
        return [id, currentDelivery()]
      }),
    ),
  )
  expect(seen).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ])
  expect(currentDelivery()).toBeNull()
})

test('lines older than thirty days are deleted, others stay', async () => {
  const accountId = newId()
  const day = 86_400_000
  for (const age of [40, 31, 29, 0]) {
    const ms = Date.now() - age * day
    // Ids carry the time; a test cannot wait a month for one.
    const id = newId().replace(
      /^.{8}-.{4}/u,
      ms
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/u, '$1-'),
    )
    await database.db.insert(channelLog).values(line(accountId, { id, at: new Date(ms), status: age }))
  }
  expect(await pruneChannelLog(database.db)).toBe(2)
  expect((await linesOf(accountId)).map(({ status }) => status)).toEqual([29, 0])
})
