import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/helpers/database.ts'
import { runProgram } from '../test/helpers/run-program.ts'
import { makeKeyFile, openSecret, readKeyFile } from './secret.ts'

let database: TestDatabase
let data: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'huixin-secret-'))
})
afterEach(async () => {
  await rm(data, { recursive: true })
  await database.truncate()
})

const given = 'a secret that was given, long enough'
const open = (secret: string | null = null) => openSecret(database.sql, { given: secret, data })

test('the first start makes a key file that only its owner can read, later ones use it', async () => {
  const secret = await open()
  expect(secret).toMatch(/^[\w-]{43}$/u)
  expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600)
  expect(await open()).toBe(secret)
  expect(readdirSync(data)).toEqual(['secret'])
})

test('processes that make the key file at the same instant end with the same secret', async () => {
  const module = JSON.stringify(new URL('./secret.ts', import.meta.url).href)
  const script = `import(${module}).then((m) => process.stdout.write(m.makeKeyFile(process.argv[1])))`
  const file = join(data, 'secret')
  const runs = [1, 2, 3, 4].map(() => runProgram(process.execPath, ['-e', script, file]))
  const secrets = (await Promise.all(runs)).map(({ stdout }) => stdout)
  expect(new Set(secrets)).toEqual(new Set([readKeyFile(file)]))
  expect(readdirSync(data)).toEqual(['secret'])
})

test('a secret that was given leaves no file', async () => {
  expect(await open(given)).toBe(given)
  expect(existsSync(join(data, 'secret'))).toBe(false)
})

test('another secret than the one the database was made with is refused, given or in a file', async () => {
  await open(given)
  await expect(open(`${given}.`)).rejects.toThrow(/HUIXIN_SECRET is not the secret/u)
  makeKeyFile(join(data, 'secret'))
  await expect(open()).rejects.toThrow(/not the secret this database was made with/u)
  expect(await open(given)).toBe(given)
})

test('a lost key file is not replaced by a new one: what is sealed would be lost with it', async () => {
  await open()
  rmSync(join(data, 'secret'))
  await expect(open()).rejects.toThrow(/is missing/u)
  expect(existsSync(join(data, 'secret'))).toBe(false)
})

test.skipIf(process.platform === 'win32')('a key file others can read is refused', async () => {
  await open()
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(join(data, 'secret'), mode)
    await expect(open()).rejects.toThrow(/chmod 600/u)
  }
})

test('a damaged key file is refused', async () => {
  writeFileSync(join(data, 'secret'), 'short\n', { mode: 0o600 })
  await expect(open()).rejects.toThrow(/damaged/u)
})

test('neither the secret nor anything it could be guessed by is in the database', async () => {
  const secret = await open()
  const rows = await database.sql<{ value: string }[]>`select value from installation`
  expect(rows).toHaveLength(1)
  expect(rows[0]!.value).toMatch(/^[0-9a-f]{64}$/u)
  expect(rows[0]!.value).not.toContain(secret)
})

test('of two nodes that bring different secrets to an empty database one is refused', async () => {
  const outcomes = await Promise.allSettled([open(given), open(`${given}!`)])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})
