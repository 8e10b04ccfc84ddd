import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { readMonthUsage } from './month-usage.ts'
import { createUsage } from './usage.ts'

let database: TestDatabase
let rows: Rows
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())

const now = new Date('2026-11-22T12:00:00Z')
const inMonth = new Date('2026-11-01T00:00:00Z')
const before = new Date('2026-10-31T23:59:59Z')

test('calls by kind, replies the platform took, and those in doubt, of this month alone', async () => {
  const talk = await rows.conversation()
  const accountId = talk.account.id
  const at = (time: Date) => createUsage({ sql: database.sql, accountId, now: () => time })
  await at(before).add('post-read', 1_000, { cost: 5 })
  await at(inMonth).add('post-read', 1_200, { cost: 1.5 })
  await at(now).add('post-read', 4, { cost: 0.5 })
  await at(now).add('call', 7)
  const reply = await rows.message(talk, { direction: 'outbound' })
  for (const state of ['sent', 'delivered', 'read'] as const) {
    await rows.delivery(reply, { state, settledAt: inMonth, cost: 0.25 })
  }
  await rows.delivery(reply, { state: 'sent', settledAt: before, cost: 9 })
  await rows.delivery(reply, { state: 'failed', settledAt: now, cost: 9 })
  await rows.delivery(reply, { state: 'unknown', createdAt: now, cost: 0.5 })
  await rows.delivery(reply, { state: 'unknown', createdAt: before, cost: 9 })
  const other = await rows.conversation()
  await rows.delivery(await rows.message(other, { direction: 'outbound' }), { state: 'sent', settledAt: now })

  const usage = await readMonthUsage(database.db, [accountId, other.account.id], now)
  expect(usage.get(accountId)).toEqual({
    since: inMonth,
    items: [
      { kind: 'call', count: 7, cost: 0 },
      { kind: 'post-read', count: 1_204, cost: 2 },
    ],
    replies: { count: 3, cost: 0.75 },
    inDoubt: { count: 1, cost: 0.5 },
  })
  // Nobody bills there: a reply without a price costs nothing.
  expect(usage.get(other.account.id)).toMatchObject({ items: [], replies: { count: 1, cost: 0 } })
})

test('without accounts there is nothing to read', async () => {
  expect(await readMonthUsage(database.db, [], now)).toEqual(new Map())
})
