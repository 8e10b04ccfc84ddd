import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addBrand, testSeal } from '../../test/helpers/accounts.ts'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import type { State } from '../channel/tools.ts'
import { newId } from '../db/id.ts'
import { accounts } from '../db/schema.ts'
import { type AdapterStateOptions, createAdapterState } from './adapter-state.ts'

let database: TestDatabase
let brandId: string
let accountId: string
let seen: string[]
beforeAll(async () => {
  database = await createTestDatabase()
  brandId = await addBrand(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  accountId = newId()
  seen = []
  const row = { id: accountId, brandId, channel: 'example', name: 'Example', settingsSealed: Buffer.of(0) }
  await database.db.insert(accounts).values(row)
})

/** Each is what another node would have. */
const node = (options: Partial<AdapterStateOptions> = {}): State =>
  createAdapterState({
    sql: database.sql,
    seal: testSeal,
    accountId,
    log: silent,
    seen: (value) => seen.push(value),
    ...options,
  })

test('what one node stores the others read, and nobody reads it in the database', async () => {
  await node().set('token', 'tok-secret-1')
  expect(await node().get('token')).toBe('tok-secret-1')
  expect(await node().get('other')).toBeNull()
  const [row] = await database.sql`select value_sealed from adapter_state where account_id = ${accountId}`
  expect(Buffer.from(row?.value_sealed).includes('tok-secret-1')).toBe(false)
  expect(seen).toContain('tok-secret-1')
  await node().delete('token')
  expect(await node().get('token')).toBeNull()
})

test('a value copied to another key or account does not open', async () => {
  await node().set('token', 'tok-secret-1')
  await database.sql`insert into adapter_state (account_id, key, value_sealed)
    select account_id, 'copy', value_sealed from adapter_state where account_id = ${accountId}`
  await expect(node().get('copy')).rejects.toThrow()
})

test('twenty callers on four nodes find an old token: it is renewed once, and all get the new one', async () => {
  const nodes = [node(), node(), node(), node()]
  await nodes[0]!.set('token', 'old')
  let renewals = 0
  const tokenOf = (state: State) =>
    state.exclusive('token', async (current) => {
      if (current !== 'old') return current
      renewals += 1
      await pause(30)
      await state.set('token', 'new')
      return 'new'
    })
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => tokenOf(nodes[index % 4]!)))
  expect(renewals).toBe(1)
  expect(new Set(tokens)).toEqual(new Set(['new']))
})

test('different keys do not wait for each other', async () => {
  const state = node()
  let finish: (() => void) | undefined
  const slow = state.exclusive('a', () => new Promise<void>((resolve) => (finish = resolve)))
  expect(await state.exclusive('b', async () => 'ran')).toBe('ran')
  const end = await until(() => finish)
  end()
  await slow
})

test('when renewing fails the next one may try at once', async () => {
  const state = node()
  await expect(
    state.exclusive('token', async () => {
      throw new Error('platform is down')
    }),
  ).rejects.toThrow('platform is down')
  const startedAt = performance.now()
  expect(await node().exclusive('token', async (current) => current)).toBeNull()
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test('a holder that was killed is waited for until its lease ends, not longer', async () => {
  const script = `
    const { openDatabase } = await import(${JSON.stringify(new URL('../db/client.ts', import.meta.url).href)})
    const { createAdapterState } = await import(${JSON.stringify(new URL('./adapter-state.ts', import.meta.url).href)})
    const { createSeal } = await import(${JSON.stringify(new URL('../seal.ts', import.meta.url).href)})
    const { sql } = openDatabase(${JSON.stringify(database.target)})
    const state = createAdapterState({ sql, seal: createSeal('x'), accountId: '${accountId}', log: console, seen() {}, leaseMs: 1500 })
    await state.exclusive('token', () => { console.log('held'); return new Promise((resolve) => setTimeout(resolve, 60_000)) })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  const startedAt = performance.now()
  await node({ leaseMs: 1500 }).exclusive('token', async () => {})
  expect(performance.now() - startedAt).toBeGreaterThan(500)
  expect(performance.now() - startedAt).toBeLessThan(4000)
})

test('a holder that was too slow cannot store its token over the newer one', async () => {
  const slow = node({ leaseMs: 200 })
  let go: (() => void) | null = null
  const held = slow.exclusive('token', async () => {
    await new Promise<void>((resolve) => {
      go = resolve
    })
    await slow.set('token', 'stale')
  })
  const release = await until(() => go as (() => void) | null, { what: 'the slow one to hold it' })
  const fast = node({ leaseMs: 200 })
  await fast.exclusive('token', () => fast.set('token', 'fresh'))
  release()
  await expect(held).rejects.toMatchObject({ name: 'ReadError', reason: 'later' })
  expect(await node().get('token')).toBe('fresh')
})

test('who waits too long is told to come later', async () => {
  const state = node({ leaseMs: 300 })
  await database.sql`insert into adapter_state (account_id, key, lease_holder, lease_until)
    values (${accountId}, 'token', 'somebody', now() + interval '1 hour')`
  const all = [1, 2].map(() => state.exclusive('token', async () => 'ran').catch((error: unknown) => error))
  expect(await Promise.all(all)).toMatchObject([{ reason: 'later' }, { reason: 'later' }])
})

test('waiting for oneself is a mistake that shows at once', async () => {
  const state = node()
  await expect(state.exclusive('token', () => state.exclusive('token', async () => 1))).rejects.toThrow(
    'inside of itself',
  )
  expect(await state.exclusive('a', () => state.exclusive('b', async () => 2))).toBe(2)
})

test('nothing stays behind in memory or as a lease', async () => {
  const state = node()
  await Promise.all(Array.from({ length: 5 }, () => state.exclusive('token', async () => {})))
  await until(async () => {
    const [row] = await database.sql`select lease_holder from adapter_state where account_id = ${accountId}`
    return row && row.lease_holder === null
  })
})
