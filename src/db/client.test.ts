import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { isUnavailable, openDatabase } from './client.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

describe('the database is away', () => {
  test('when its name is not known any more', async () => {
    const gone = openDatabase('postgres://nowhere.invalid/none', { max: 1 })
    expect(isUnavailable(await failureOf(() => gone.sql`select 1`))).toBe(true)
    await gone.close()
  })

  test('when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const gone = openDatabase(`postgres://127.0.0.1:${port}/none`, { max: 1 })
    expect(isUnavailable(await failureOf(() => gone.sql`select 1`))).toBe(true)
    await gone.close()
  })

  test('when it ended a transaction that was frozen', async () => {
    const error = await failureOf(() =>
      database.sql.begin(async (tx) => {
        const [self] = await tx`select pg_backend_pid() as pid`
        await tx`set local idle_in_transaction_session_timeout = 20`
        for (;;) {
          const alive = await database.sql`select from pg_stat_activity where pid = ${self!.pid}`
          if (alive.length === 0) break
        }
        await tx`select 1`
      }),
    )
    expect(isUnavailable(error)).toBe(true)
  })

  test('when it is a standby that takes no writes', async () => {
    const error = await failureOf(() =>
      database.sql.begin(async (tx) => {
        await tx`set transaction read only`
        await tx`insert into installation (key, value) values ('a', 'b')`
      }),
    )
    expect(isUnavailable(error)).toBe(true)
  })
})

test('a pool of prepared statements reads no table whole', async () => {
  const prepared = openDatabase(database.target, { max: 1, prepare: true })
  const off = await prepared.sql`
    select name from pg_settings where setting = 'off' and name in ('enable_seqscan', 'enable_hashjoin', 'enable_mergejoin')`
  await prepared.close()
  expect(off).toHaveLength(3)
})

test('a statement that is wrong is no outage', async () => {
  expect(isUnavailable(await failureOf(() => database.sql`select 1 / 0`))).toBe(false)
})
