import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/client.ts'
import { type Embedded, startEmbedded } from '../src/db/embedded.ts'
import { migrate, migrationState } from '../src/db/migrate.ts'
import { type House, openHouse } from '../src/db/open.ts'
import { createTestDatabase, type TestDatabase } from './helpers/database.ts'
import { inDatabase, type Target } from './helpers/target.ts'
import { until } from './helpers/until.ts'
import { urlOf } from './helpers/url.ts'

// Processes and whole clusters, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const secret = 'a secret for tests that is long enough'
let folder: string
let around: TestDatabase
let name: string
let empty: Target
beforeAll(async () => {
  around = await createTestDatabase()
})
afterAll(() => around.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-open-'))
  await chmod(folder, 0o711)
  name = `huixin_test_${randomBytes(8).toString('hex')}`
  await around.sql`create database ${around.sql(name)}`
  empty = inDatabase(around.target, name)
})
afterEach(async () => {
  await around.sql`drop database if exists ${around.sql(name)} with (force)`
  await rm(folder, { recursive: true })
})

const config = (target: Target = empty, more: Record<string, string> = {}) =>
  readConfig({ DATABASE_URL: urlOf(target), HUIXIN_SECRET: secret, HUIXIN_DATA: join(folder, 'data'), ...more })

async function withSql<T>(run: (sql: House['database']['sql']) => Promise<T>): Promise<T> {
  const { sql, close } = openDatabase(empty, { max: 1 })
  try {
    return await run(sql)
  } finally {
    await close()
  }
}

test('nodes that open an empty database at the same instant make one house of it', async () => {
  const houses = await Promise.all([1, 2, 3, 4].map(() => openHouse(config(), { max: 2 })))
  const { sql } = houses[0]!.database
  expect(await sql`select name from brands`).toEqual([{ name: 'Huixin' }])
  const [epoch] = await sql`select value from installation where key = 'epoch'`
  expect(epoch!.value).toMatch(/^[0-9a-f]{16}$/u)
  const state = await migrationState(sql)
  expect(state).toEqual({ applied: state.known, known: state.known, foreign: 0 })
  const sealed = houses[1]!.seal.seal('text', 'here')
  expect(houses[2]!.seal.open(sealed, 'here').toString()).toBe('text')
  await Promise.all(houses.map((house) => house.close()))
})

test('opening again changes nothing', async () => {
  const facts = async () => {
    const house = await openHouse(config(), { max: 1 })
    const rows = await house.database
      .sql`select key, value from installation union select id::text, name from brands order by 1`
    await house.close()
    return rows
  }
  expect(await facts()).toEqual(await facts())
})

test('a process killed while it migrates leaves a database the next one migrates', async () => {
  const script = `import(${JSON.stringify(new URL('../src/db/migrate.ts', import.meta.url).href)})
    .then((m) => m.migrate(JSON.parse(process.argv[1])))`
  for (const afterMs of [0, 10, 25]) {
    const child = spawn(process.execPath, ['-e', script, JSON.stringify(empty)], { stdio: 'inherit' })
    await until(
      () =>
        around.sql`select 1 from pg_locks l join pg_database d on d.oid = l.database
                       where d.datname = ${name} and l.locktype = 'advisory'`.then((rows) => rows.length > 0),
      { everyMs: 1, timeoutMs: 10_000 },
    )
    const at = performance.now() + afterMs
    await until(() => performance.now() >= at, { everyMs: 1 })
    child.kill('SIGKILL')
    await once(child, 'exit')
    // Whole or not at all.
    const tables = await withSql((sql) => sql`select 1 from pg_tables where schemaname = 'public'`)
    const { applied } = await withSql(migrationState)
    expect(tables.length > 0).toBe(applied > 0)
  }
  const { applied, known } = await migrate(empty)
  expect(applied).toBe(known)
})

test('a database of a newer version is left alone', async () => {
  await migrate(empty)
  await withSql(
    (sql) => sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)`,
  )
  await expect(openHouse(config())).rejects.toThrow(/made by another version/u)
})

test('a wrong secret opens nothing', async () => {
  await (await openHouse(config())).close()
  const wrong = config(empty, { HUIXIN_SECRET: `${secret}.` })
  await expect(openHouse(wrong)).rejects.toThrow(/HUIXIN_SECRET is not the secret/u)
})

test('a database that is not there or not reachable is one sentence that names no password', async () => {
  const missing = config(inDatabase(around.target, 'huixin_test_nowhere'))
  await expect(openHouse(missing)).rejects.toThrow(
    /^The database at .* no database of this name\. Check DATABASE_URL\.$/u,
  )
  const silent = readConfig({ DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/huixin', HUIXIN_SECRET: secret })
  const refused = openHouse(silent)
  await expect(refused).rejects.toThrow(/^The database at 127\.0\.0\.1:1\/huixin cannot be used: nobody listens there/u)
  await refused.catch((error: Error) =>
    expect(JSON.stringify([error, error.stack, error.cause])).not.toContain('hunter2'),
  )
})

test('a server waits for a database that comes up later', async () => {
  const data = join(folder, 'later')
  const url = `postgres://huixin@localhost/postgres?host=${encodeURIComponent(join(data, 'postgres'))}`
  const notes: string[] = []
  let embedded: Embedded | undefined
  const opening = openHouse(config(url), { waitMs: 20_000, note: (note) => notes.push(note) })
  try {
    await until(() => notes.length > 0)
    expect(notes[0]).toMatch(/^Waiting for the database/u)
    embedded = await startEmbedded({ data })
    await (await opening).close()
    expect(notes).toHaveLength(1)
  } finally {
    await embedded?.close()
  }
})

test('without DATABASE_URL the house brings its own database, and closing it stops it', async () => {
  const own = readConfig({ HUIXIN_DATA: join(folder, 'own') })
  const house = await openHouse(own)
  expect(house.data).toBe(join(folder, 'own'))
  const { target } = house
  await house.close()
  const { sql, close } = openDatabase(target, { max: 1 })
  await expect(sql`select 1`).rejects.toThrow()
  await close()
  const again = await openHouse(own)
  expect(again.secret).toBe(house.secret)
  await again.close()
})
