import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addBrand } from '../../test/helpers/accounts.ts'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { newId } from '../db/id.ts'
import { accounts } from '../db/schema.ts'
import { createUsage } from './usage.ts'

let database: TestDatabase
let brandId: string
let accountId: string
let now: Date
beforeAll(async () => {
  database = await createTestDatabase()
  brandId = await addBrand(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  accountId = newId()
  now = new Date('2026-11-22T08:30:00Z')
  const row = { id: accountId, brandId, channel: 'example', name: 'Example', settingsSealed: Buffer.of(0) }
  await database.db.insert(accounts).values(row)
})

/** Each is what another node would have. */
const node = () => createUsage({ sql: database.sql, accountId, now: () => now })

test('adds up over nodes, by the hour and by the kind', async () => {
  await node().add('call', 2)
  now = new Date('2026-11-22T09:05:00Z')
  await node().add('call', 3, { cost: 0.25 })
  await node().add('call', 1, { cost: 0.5 })
  await node().add('read', 7)
  expect(await node().count('call', new Date('2026-11-22T08:59:59Z'))).toBe(6)
  expect(await node().count('call', new Date('2026-11-22T09:40:00Z'))).toBe(4)
  expect(await node().count('read', new Date(0))).toBe(7)
  const rows = await database.sql`
    select extract(hour from hour at time zone 'UTC')::int as hour, count, cost from account_usage where account_id = ${accountId} and kind = 'call' order by hour`
  expect([...rows]).toEqual([
    { hour: 8, count: 2, cost: 0 },
    { hour: 9, count: 4, cost: 0.75 },
  ])
})

test('a budget is never passed, however many ask at once on however many nodes', async () => {
  const within = { since: new Date('2026-11-22T00:00:00Z'), max: 10 }
  const asked = await Promise.all(Array.from({ length: 30 }, () => node().add('call', 1, { within })))
  expect(asked.filter(Boolean)).toHaveLength(10)
  expect(await node().add('call', 2, { within: { ...within, max: 11 } })).toBe(false)
  expect(await node().count('call', within.since)).toBe(10)
})

test('what was used before the time does not count against the budget', async () => {
  await node().add('call', 10)
  now = new Date('2026-11-23T00:10:00Z')
  const within = { since: new Date('2026-11-23T00:00:00Z'), max: 10 }
  expect(await node().add('call', 10, { within })).toBe(true)
})
