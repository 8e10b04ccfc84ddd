import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/helpers/database.ts'
import { createRows } from '../test/helpers/rows.ts'
import { writeDemoHistory } from './demo-history.ts'
import { readFigures } from './figures/report.ts'
import { FigureQuery } from './wire-figures.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.close())

test('the demo has a month behind it, once, and none of it is left to do', async () => {
  const rows = createRows(database.db)
  const brand = await rows.brand()
  const accounts = [await rows.account({ brandId: brand.id }), await rows.account({ brandId: brand.id, channel: 'x' })]
  const now = new Date()
  await writeDemoHistory(database.db, accounts, now)
  await writeDemoHistory(database.db, accounts, now)
  const actor = await rows.user('administrator')
  const from = new Date(now.getTime() - 32 * 86_400_000).toISOString()
  const query = FigureQuery.parse({ from, to: now.toISOString(), zone: 'Asia/Shanghai' })
  const { total, by } = await readFigures(database.db, actor, query, now)
  expect(total).toMatchObject({ opened: 360, answers: 360, resolved: 360, backlog: 0, unanswered: 0 })
  expect(total.reopened).toBeGreaterThan(5)
  expect(by.agent.map(({ name }) => name).sort()).toEqual(['Mia', '小林', '小陈'].sort())
  expect(by.channel).toHaveLength(2)
  expect(by.time.every(({ figures }) => (figures.backlog ?? 0) >= 0)).toBe(true)
})
