import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { openDatabaseProxy } from '../../test/helpers/database-proxy.ts'
import { patience } from '../../test/helpers/patience.ts'
import { until } from '../../test/helpers/until.ts'
import { databaseCode, isUnavailable, openDatabase } from './client.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const terminate = (name: string) => database.sql`
  select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`
const isGone = async (name: string) =>
  (await database.sql`select from pg_stat_activity where application_name = ${name}`).count === 0

// What ends the process is an uncaught exception, which fails the run whatever the test expects.
test('a transaction that goes on after its connection was lost is refused, and the pool serves on', async () => {
  const pool = openDatabase(database.target, { max: 1, applicationName: 'lost' })
  for (let time = 0; time < 5; time += 1) {
    const outcome = await pool.sql
      .begin(async (tx) => {
        await tx`select ${1}::int`
        await terminate('lost')
        await until(() => isGone('lost'))
        // Long enough for the end of the socket to be heard.
        await until(async () => (await database.sql`select pg_sleep(0.05)`).count === 1)
        return tx`select ${2}::int, ${time}::int`
      })
      .catch((error: unknown) => error)
    expect(isUnavailable(outcome)).toBe(true)
    const begun = performance.now()
    const [row] = await until(() => pool.sql`select ${3}::int as three`)
    expect(row).toEqual({ three: 3 })
    // The slot is not lost, and no half-written message stands in the way.
    expect(performance.now() - begun).toBeLessThan(2_500)
  }
  await pool.close()
})

test('a transaction that outlives its connection says nothing inside the next one', async () => {
  const pool = openDatabase(database.target, { max: 1, applicationName: 'zombie' })
  await pool.sql`create table said (words text)`
  const goOn = Promise.withResolvers<void>()
  const tried = Promise.withResolvers<unknown>()
  const first = pool.sql.begin(async (tx) => {
    await tx`select 1`
    await goOn.promise
    try {
      tried.resolve(await tx`insert into said values ('late')`)
    } catch (error) {
      tried.resolve(error)
    }
    throw new Error('and would now roll back')
  })
  const lost = first.catch((error: unknown) => error)
  await until(
    async () =>
      (
        await database.sql`
    select from pg_stat_activity where application_name = 'zombie' and state = 'idle in transaction'`
      ).count === 1,
  )
  await terminate('zombie')
  expect(isUnavailable(await lost)).toBe(true)
  await until(() =>
    pool.sql.begin(async (tx) => {
      await tx`insert into said values ('next')`
      goOn.resolve()
      expect(await tried.promise).toMatchObject({ code: 'CONNECTION_CLOSED' })
      await tx`insert into said values ('and done')`
      return true
    }),
  )
  const words = await pool.sql<{ words: string }[]>`select words from said order by words`
  expect(words.map((row) => row.words)).toEqual(['and done', 'next'])
  await pool.close()
})

test('however long the database was away, it is used within two seconds of its return', async () => {
  const proxy = await openDatabaseProxy(database.target)
  const pool = openDatabase(proxy.target, { max: 10 })
  await pool.sql`select 1`
  await proxy.refuse()
  for (let time = 0; time < 2; time += 1) {
    const refused = await Promise.allSettled(Array.from({ length: 10 }, () => pool.sql`select 1`))
    expect(refused.map(({ status }) => status)).toEqual(Array(10).fill('rejected'))
  }
  await proxy.heal()
  const begun = performance.now()
  await pool.sql`select 1`
  expect(performance.now() - begun).toBeLessThan(2_000)
  await pool.close()
  await proxy.close()
})

test('a connection that is reset in the middle leaves nothing behind for the next one', async () => {
  const { path, ...target } = database.target as { readonly path: string }
  const near = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    near.add(socket)
    const far = net.connect(path)
    for (const one of [socket, far])
      one.on('error', () => {}).on('close', () => [socket, far].map((it) => it.destroy()))
    socket.pipe(far).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const pool = openDatabase({ ...target, host: '127.0.0.1', port }, { max: 1, applicationName: 'reset' })
  const isAsleep = async () =>
    (await database.sql`select from pg_stat_activity where application_name = 'reset' and wait_event = 'PgSleep'`).count
  for (let time = 0; time < 3; time += 1) {
    const outcome = pool.sql.begin(async (tx) => tx`select pg_sleep(60)`).catch((error: unknown) => error)
    await until(isAsleep)
    // The error is heard a moment before the end, and the transaction rolls back in between.
    for (const socket of near) socket.resetAndDestroy()
    expect(isUnavailable(await outcome)).toBe(true)
    await terminate('reset')
    // A statement whose parameters are described first: it waits for ever behind a rollback nobody sent.
    expect(await pool.sql.begin((tx) => tx`select ${time}::int as time`)).toEqual([{ time }])
  }
  await pool.close()
  server.close()
})

test('connections cut under load reject their queries, and all of the pool comes back', {
  timeout: 30_000 * patience,
}, async () => {
  const pool = openDatabase(database.target, { max: 5, applicationName: 'cut' })
  const codes = new Set<string | null>()
  let going = true
  const worker = async (n: number) => {
    while (going) {
      await pool.sql
        .begin(async (tx) => {
          await tx`select ${n}::int`
          await tx`select ${'a text long enough to be written at once '.repeat(50)}::text`
          await Promise.all([tx`select 1`, tx`select ${2}::int`])
        })
        .catch((error: unknown) => {
          expect(isUnavailable(error)).toBe(true)
          codes.add(databaseCode(error))
        })
    }
  }
  const workers = Array.from({ length: 15 }, (_, n) => worker(n))
  for (let time = 0; time < 20; time += 1) {
    await until(async () => !(await isGone('cut')))
    await terminate('cut')
  }
  going = false
  await Promise.all(workers)
  expect(codes.size).toBeGreaterThan(0)
  const begun = performance.now()
  await Promise.all(Array.from({ length: 20 }, () => pool.sql.begin((tx) => tx`select pg_sleep(0.1)`)))
  // One slot that was lost, and it would take longer.
  expect(performance.now() - begun).toBeLessThan(2_000)
  await pool.close()
})
