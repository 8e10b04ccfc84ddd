import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { until } from '../../test/helpers/until.ts'
import { createHint, type Hint } from './hint.ts'

let database: TestDatabase
const hints: Hint[] = []
const log = { warn() {}, info() {} }

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(() => Promise.all(hints.splice(0).map((hint) => hint.close())))

async function createNode(): Promise<{ hint: Hint; heard: () => number }> {
  const hint = createHint({ target: database.target, log })
  hints.push(hint)
  let heard = 0
  hint.listen(() => {
    heard += 1
  })
  // It tells once when its LISTEN is in place.
  await until(() => heard === 1)
  return { hint, heard: () => heard - 1 }
}

const disconnect = () => database.sql`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'huixin hint'`

test('a nudge reaches every node, and the one that gave it', async () => {
  const [one, other] = [await createNode(), await createNode()]
  one.hint.nudge()
  await until(() => one.heard() === 1 && other.heard() === 1)
})

test('a thousand nudges within a moment are a few hints, and the last is never lost', async () => {
  const [one, other] = [await createNode(), await createNode()]
  const began = performance.now()
  for (let n = 0; n < 1_000; n += 1) {
    one.hint.nudge()
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => other.heard() >= 2)
  const most = (performance.now() - began) / 50 + 2
  expect(other.heard()).toBeLessThanOrEqual(most)
})

test('after the connection was cut hints arrive again, without a restart', async () => {
  const [one, other] = [await createNode(), await createNode()]
  await disconnect()
  await until(async () => {
    const before = other.heard()
    one.hint.nudge()
    await until(() => other.heard() > before, { timeoutMs: 200 })
    return true
  })
  // Really through the database again, not only its own.
  const before = one.heard()
  other.hint.nudge()
  await until(() => one.heard() > before)
})

test('while the database cannot be reached a nudge still wakes this node', async () => {
  const target =
    typeof database.target === 'string'
      ? 'postgres://127.0.0.1:1/nothing'
      : { ...database.target, path: '/nonexistent/.s.PGSQL.1' }
  const hint = createHint({ target, log })
  hints.push(hint)
  let heard = 0
  hint.listen(() => {
    heard += 1
  })
  await until(() => {
    hint.nudge()
    return heard > 0
  })
})

test('a listener that left hears nothing', async () => {
  const { hint, heard } = await createNode()
  let own = 0
  const leave = hint.listen(() => {
    own += 1
  })
  leave()
  hint.nudge()
  await until(() => heard() === 1)
  expect(own).toBe(0)
})

test('closing ends its connection', async () => {
  const { hint } = await createNode()
  await hint.close()
  await until(async () => {
    const [row] = await database.sql`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and application_name = 'huixin hint'`
    return row!.n === 0
  })
})

test('a word reaches every node once, and is no hint', async () => {
  const [one, other] = [await createNode(), await createNode()]
  const heard: string[][] = [[], []]
  for (const [i, { hint }] of [one, other].entries()) hint.hear((word) => heard[i]!.push(word))
  one.hint.tell("typing 'x'; drop table events")
  other.hint.tell('二')
  await until(() => heard.every((words) => words.length === 2))
  expect(heard.map((words) => words.toSorted())).toEqual(
    Array(2).fill(["typing 'x'; drop table events", '二'].toSorted()),
  )
  expect([one.heard(), other.heard()]).toEqual([0, 0])
  expect(() => one.hint.tell('')).toThrow('bytes')
  expect(() => one.hint.tell('手'.repeat(1_334))).toThrow('bytes')
})

test('without a database a word is heard on its own node', async () => {
  const hint = createHint({ target: 'postgres://nobody@127.0.0.1:9/none', log })
  hints.push(hint)
  const heard: string[] = []
  hint.hear((word) => heard.push(word))
  await until(() => {
    hint.tell('alone')
    return heard.length > 0
  })
})
