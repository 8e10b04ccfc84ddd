import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows } from '../../test/helpers/rows.ts'
import { databaseCode } from '../db/client.ts'
import { deliveryStates } from '../db/schema.ts'
import { transitions } from './states.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('the database allows exactly the moves of the table', async () => {
  const { db } = database
  const rows = createRows(db)
  const message = await rows.message(await rows.conversation(), { direction: 'outbound' })
  const allowed: string[] = []
  for (const from of deliveryStates) {
    for (const to of deliveryStates) {
      if (from === to) continue
      const { id } = await rows.delivery(message, { state: from })
      try {
        await db.execute(sql`update deliveries set state = ${to} where id = ${id}`)
        allowed.push(`${from} → ${to}`)
      } catch (error) {
        expect(databaseCode(error)).toBe('23514')
      }
    }
  }
  const table = Object.entries(transitions).flatMap(([from, list]) => list.map((to) => `${from} → ${to}`))
  expect(allowed.sort()).toEqual(table.sort())
})
