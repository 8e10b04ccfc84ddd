import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { until } from '../../test/helpers/until.ts'
import { newId } from '../db/id.ts'
import { createHub, type Hub, type HubOptions } from './hub.ts'

let database: TestDatabase
const brandId = newId()
const hubs: Hub[] = []
const never = new AbortController().signal

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => database.sql`delete from events`)
afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.close())))

/** It looks once and then only when it is told to. */
function createQuietHub(options: Partial<HubOptions> = {}) {
  let tell = () => {}
  const hint = {
    listen(fn: () => void) {
      tell = fn
      return () => {}
    },
  }
  const log = { warn() {}, error() {} }
  const { db } = database
  let looks = 0
  const sql = ((...given: Parameters<typeof database.sql>) => {
    looks += 1
    return database.sql(...given)
  }) as typeof database.sql
  const hub = createHub({ db, sql, hint, log, pollMs: 3_600_000, spacingMs: 5, ...options })
  hubs.push(hub)
  return { hub, tell: () => tell(), looks: () => looks }
}
const append = (version: number, sql: Pick<TestDatabase, 'sql'>['sql'] = database.sql) =>
  sql`insert into events (brand_id, type, version) values (${brandId}, 'ticket', ${version})`
const versionsIn = (text: string) => [...text.matchAll(/"version":(\d+)/gu)].map((match) => Number(match[1]))

test('what was committed before the first look is not waited for', async () => {
  const { hub } = createQuietHub()
  await hub.epoch()
  const place = await hub.here()
  expect((await hub.next(place, null))?.text ?? '').toBe('')
  await append(1)
  await until(async () => (await hub.here()).xid > place.xid)
  const changed = hub.changed(place, 3_600_000, never)
  hub.join()
  await changed
  const batch = await until(() => hub.next(place, null))
  expect(versionsIn(batch.text)).toEqual([1])
})

test('an event held back by another transaction comes as soon as that one is over, without a hint', async () => {
  const { hub, tell, looks } = createQuietHub()
  hub.join()
  const place = await hub.here()
  const slow = await database.sql.reserve()
  await slow`begin`
  await append(1, slow)
  await append(2)
  tell()
  // It goes on looking by itself: it has seen that there is something it may not give yet.
  const before = looks()
  await until(() => looks() >= before + 3)
  expect((await hub.next(place, null))?.text ?? '').toBe('')
  await slow`rollback`
  slow.release()
  const batch = await until(async () => {
    const next = await hub.next(place, null)
    return next?.text && next
  })
  expect(versionsIn(batch.text)).toEqual([2])
})

test('a burst larger than what is kept is given whole, in bounded batches, to all who stand behind it', async () => {
  const { hub, tell } = createQuietHub({ keep: 100 })
  hub.join()
  const places = [await hub.here(), await hub.here()]
  await database.sql`insert into events (brand_id, type, version) select ${brandId}, 'ticket', n from generate_series(1, 2000) n`
  tell()
  for (const start of places) {
    const seen: number[] = []
    let place = start
    await until(async () => {
      const batch = await hub.next(place, null)
      if (!batch) return seen.length === 2_000
      const versions = versionsIn(batch.text)
      expect(versions.length).toBeLessThanOrEqual(256)
      expect(batch.text.length).toBeLessThanOrEqual(64 * 1024)
      seen.push(...versions)
      place = batch.position
      return seen.length === 2_000
    })
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1))
  }
})

test('waiting ends with its time, with its signal, and with the hub', async () => {
  const { hub } = createQuietHub()
  const place = { xid: 2n ** 60n, id: 0 }
  await hub.changed(place, 1, never)
  const stop = new AbortController()
  const aborted = hub.changed(place, 3_600_000, stop.signal)
  stop.abort()
  await aborted
  const closed = hub.changed(place, 3_600_000, never)
  await hub.close()
  await closed
})

test('whoever joins after everybody left is told what is new', async () => {
  const { hub, tell } = createQuietHub()
  const leave = hub.join()
  await append(1)
  tell()
  // Another file's transaction on the same server can hold the event back for a moment.
  await until(async () => (await hub.next({ xid: 0n, id: 0 }, null))?.text)
  leave()
  leave()
  tell()
  const place = await until(async () => {
    const here = await hub.here()
    return (await hub.next(here, null))?.text ? null : here
  })
  hub.join()
  await append(2)
  tell()
  const batch = await until(async () => {
    const next = await hub.next(place, null)
    return next?.text && next
  })
  expect(versionsIn(batch.text)).toEqual([2])
})
