import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { patience } from '../../test/helpers/patience.ts'
import { until } from '../../test/helpers/until.ts'
import { newId } from '../db/id.ts'
import { appendEvents } from './append.ts'
import { compare, fromCursor, type Position, toCursor } from './position.ts'
import { pruneEvents } from './prune.ts'
import { readAfter, readEpoch, readHorizon, readLag } from './read.ts'

let database: TestDatabase
const brandId = newId()
const start: Position = { xid: 0n, id: 0 }

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.sql`delete from events`
  await database.sql`delete from installation`
})

const write = (sql: Pick<TestDatabase, 'sql'>['sql'], version: number, brand = brandId) =>
  sql`insert into events (brand_id, type, version) values (${brand}, 'ticket', ${version})`

/** Reads until the horizon has passed `version`. */
async function readUntil(version: number, from: Position): Promise<number[]> {
  const seen: number[] = []
  let at = from
  await until(async () => {
    const page = await readAfter(database.sql, at, null, 100)
    seen.push(...page.rows.map((row) => row.version!))
    at = page.position
    return seen.includes(version)
  })
  return seen
}

test('an event that was written first and committed last is read once, by a reader that had already read the other', async () => {
  const slow = await database.sql.reserve()
  const naive: number[] = []
  let highest = 0
  const readNaively = async () => {
    for (const row of await database.sql`select id, version from events where id > ${highest} order by id`) {
      naive.push(row.version)
      highest = Math.max(highest, Number(row.id))
    }
  }
  await slow`begin`
  await write(slow, 1)
  await write(database.sql, 2)
  await readNaively()
  const first = await readAfter(database.sql, start, null, 100)
  await slow`commit`
  slow.release()
  await readNaively()
  expect(naive, 'the obvious reader loses the event: the danger is real').toEqual([2])
  expect(first).toMatchObject({ rows: [], held: true })
  expect(await readUntil(2, first.position)).toEqual([1, 2])
})

test(
  'whatever the order of writes, commits, rollbacks and reads, every committed event is read exactly once',
  async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), by: fc.nat(2) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), by: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('rollback' as const), by: fc.nat(2) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), by: fc.constant(0) }) },
    )
    const writers = await Promise.all([database.sql.reserve(), database.sql.reserve(), database.sql.reserve()])
    let version = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, limit) => {
          const open: number[][] = [[], [], []]
          const committed: number[] = []
          const seen: number[] = []
          let at = await readHorizon(database.sql)
          const read = async () => {
            const page = await readAfter(database.sql, at, null, limit)
            expect(compare(page.position, at), 'a reader never goes back').toBeGreaterThanOrEqual(0)
            expect(page.reset).toBe(false)
            seen.push(...page.rows.map((row) => row.version!))
            at = page.position
          }
          const end = async (by: number, how: 'commit' | 'rollback') => {
            if (open[by]!.length === 0) return
            await writers[by]!.unsafe(how)
            if (how === 'commit') committed.push(...open[by]!)
            open[by] = []
          }
          for (const { do: what, by } of steps) {
            if (what === 'read') await read()
            else if (what !== 'write') await end(by, what)
            else {
              if (open[by]!.length === 0) await writers[by]!`begin`
              await write(writers[by]!, ++version)
              open[by]!.push(version)
            }
          }
          for (const by of [0, 1, 2]) await end(by, 'commit')
          await until(async () => {
            await read()
            return seen.length >= committed.length
          })
          await read()
          expect(seen.toSorted((a, b) => a - b)).toEqual(committed.toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 60 },
    )
    for (const writer of writers) writer.release()
  },
  60_000 * patience,
)

test('a page is cut at its limit and goes on where it was cut', async () => {
  await database.sql`insert into events (brand_id, type, version) select ${brandId}, 'ticket', n from generate_series(1, 10) n`
  const first = await until(async () => {
    const page = await readAfter(database.sql, start, null, 4)
    return page.rows.length > 0 && page
  })
  expect(first.more).toBe(true)
  const rest = await readAfter(database.sql, first.position, null, 100)
  expect([...first.rows, ...rest.rows].map((row) => row.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(rest.more).toBe(false)
})

test('only events of the brands asked for are read', async () => {
  const other = newId()
  await write(database.sql, 1)
  await write(database.sql, 2, other)
  await readUntil(2, start)
  const versions = async (brands: string[] | null) =>
    (await readAfter(database.sql, start, brands, 10)).rows.map((row) => row.version)
  expect(await versions([brandId])).toEqual([1])
  expect(await versions([other])).toEqual([2])
  expect(await versions([])).toEqual([])
  expect(await versions(null)).toEqual([1, 2])
})

test('an event is read as it was appended', async () => {
  const ticketId = newId()
  await database.db.transaction((tx) => appendEvents(tx, [{ brandId, type: 'message', ticketId, version: 7 }]))
  const page = await until(async () => {
    const read = await readAfter(database.sql, start, null, 10)
    return read.rows.length > 0 && read
  })
  expect(page.rows[0]).toMatchObject({ brandId, type: 'message', ticketId, version: 7 })
})

test('the lag says how long a transaction that stays open has been holding events back', async () => {
  expect(await readLag(database.sql)).toBe(0)
  const slow = await database.sql.reserve()
  await slow`begin`
  await write(slow, 1)
  await database.sql`insert into events (brand_id, type, created_at) values (${brandId}, 'ticket', now() - interval '9 s')`
  expect(await readLag(database.sql)).toBeGreaterThan(8_900)
  await slow`rollback`
  slow.release()
})

test('a reader whose next event was pruned is told to start again; one that had read it is not', async () => {
  await write(database.sql, 1)
  await write(database.sql, 2)
  await readUntil(2, start)
  const [first, second] = (await readAfter(database.sql, start, null, 10)).rows
  await database.sql`update events set created_at = now() - interval '25 h' where version = 1`
  expect(await pruneEvents(database.sql, new Date(Date.now() - 24 * 3_600_000))).toBe(1)
  expect((await readAfter(database.sql, start, null, 10)).reset).toBe(true)
  expect((await readAfter(database.sql, first!, null, 10)).reset).toBe(false)
  expect((await readAfter(database.sql, second!, null, 10)).reset).toBe(false)
})

test('pruning again never takes the mark back, and leaves young events alone', async () => {
  await write(database.sql, 1)
  await write(database.sql, 2)
  await readUntil(2, start)
  const [first, second] = (await readAfter(database.sql, start, null, 10)).rows
  await database.sql`insert into installation values ('events_pruned', ${`${second!.xid}.${second!.id}`})`
  await database.sql`update events set created_at = now() - interval '25 h' where version = 1`
  expect(await pruneEvents(database.sql, new Date(Date.now() - 24 * 3_600_000))).toBe(1)
  expect((await readAfter(database.sql, first!, null, 10)).reset).toBe(true)
  expect((await readAfter(database.sql, second!, null, 10)).reset).toBe(false)
  expect(await database.sql`select version from events`).toMatchObject([{ version: 2 }])
})

test('the epoch is made once, whoever asks first', async () => {
  const epochs = await Promise.all([1, 2, 3, 4, 5].map(() => readEpoch(database.db)))
  expect(new Set(epochs).size).toBe(1)
})

test('a cursor survives the journey, and anything else is not a cursor', () => {
  const position = { xid: 2n ** 62n + 1n, id: 42 }
  expect(fromCursor('abc', toCursor('abc', position))).toEqual(position)
  for (const bad of [
    '',
    'abc',
    'abc.1',
    'abc.1.1.1',
    'other.1.1',
    'abc.-1.1',
    `abc.${2n ** 64n}.1`,
    'abc.1.9999999999999999',
    'abc.1.1\n',
  ])
    expect(fromCursor('abc', bad), bad).toBe(null)
})
