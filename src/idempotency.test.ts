import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/helpers/database.ts'
import { until } from '../test/helpers/until.ts'
import { newId } from './db/id.ts'
import { brands, idempotencyKeys } from './db/schema.ts'
import { IdempotencyHeaders, idempotencyKeptMs, pruneIdempotencyKeys, withIdempotency } from './idempotency.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => database.truncate())

const ticketId = newId()
const request = { actor: 'agent', ticketId, key: 'one', operation: 'note', body: { text: 'hello' } }

/** Something to see the effect by: a row of its own for each run. */
async function run(
  values: Partial<Omit<typeof request, 'key'>> & { key?: string | undefined } = {},
  before = async () => {},
) {
  return database.db.transaction((tx) =>
    withIdempotency(tx, { ...request, ...values }, async () => {
      await before()
      const id = newId()
      await tx.insert(brands).values({ id, name: 'effect' })
      return { status: 202, body: { id, list: ['ä', 1, null] } }
    }),
  )
}
const effects = () => database.db.$count(brands)

describe('the same key', () => {
  test('gives the first answer, and no second effect', async () => {
    const first = await run()
    const second = await run()
    expect(first).toMatchObject({ status: 202, repeated: false })
    expect(second).toEqual({ ...first, repeated: true })
    expect(await effects()).toBe(1)
  })

  test('with the fields of the body in another order is the same request', async () => {
    await run({ body: { text: 'hello', deep: { a: 1, b: 2 } } as never })
    await expect(run({ body: { deep: { b: 2, a: 1 }, text: 'hello' } as never })).resolves.toMatchObject({
      repeated: true,
    })
  })

  test.each([
    ['another body', { body: { text: 'hello ' } }],
    ['another operation', { operation: 'reply' }],
  ])('with %s is refused and changes nothing', async (_name, values) => {
    const first = await run()
    await expect(run(values)).rejects.toMatchObject({ status: 422, code: 'idempotency_mismatch' })
    expect(await effects()).toBe(1)
    expect(await run()).toEqual({ ...first, repeated: true })
  })

  test.each([
    ['actor', { actor: 'colleague' }],
    ['ticket', { ticketId: newId() }],
  ])('of another %s is another key', async (_name, values) => {
    await run()
    await expect(run(values)).resolves.toMatchObject({ repeated: false })
    expect(await effects()).toBe(2)
  })

  test('fifty at once: one effect, fifty times the same answer', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => run()))
    expect(await effects()).toBe(1)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1)
  })

  test('while the first is not committed waits for it', async () => {
    const { leave, first } = await held()
    const second = run()
    await until(isWaiting)
    leave.resolve()
    expect(await second).toEqual({ ...(await first), repeated: true })
  })

  test('after the first was refused is a first one again', async () => {
    const refused = run({}, () => Promise.reject(new Error('refused')))
    await expect(refused).rejects.toThrow('refused')
    await expect(run()).resolves.toMatchObject({ repeated: false })
    expect(await effects()).toBe(1)
  })

  test('waiting for a first one that is refused becomes the first', async () => {
    const { leave, first } = await held()
    const second = run()
    await until(isWaiting)
    leave.reject(new Error('refused'))
    await expect(first).rejects.toThrow('refused')
    await expect(second).resolves.toMatchObject({ repeated: false })
    expect(await effects()).toBe(1)
  })
})

/** A request that has taken the key and goes on when told to. */
async function held() {
  const entered = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const first = run({}, () => {
    entered.resolve()
    return leave.promise
  })
  await entered.promise
  return { leave, first }
}

async function isWaiting(): Promise<boolean> {
  const waiting = await database.db.execute(
    sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  )
  return waiting.length > 0
}

test('without a key every request counts', async () => {
  await run({ key: undefined })
  await run({ key: undefined })
  expect(await effects()).toBe(2)
  expect(await database.db.$count(idempotencyKeys)).toBe(0)
})

test('keys are forgotten after their time and not before', async () => {
  const now = new Date()
  await run({ key: 'old' })
  await run({ key: 'young' })
  const age = (ms: number) => new Date(now.getTime() - ms)
  const set = (key: string, createdAt: Date) =>
    database.db.update(idempotencyKeys).set({ createdAt }).where(eq(idempotencyKeys.key, key))
  await set('old', age(idempotencyKeptMs + 1))
  await set('young', age(idempotencyKeptMs - 1))
  expect(await pruneIdempotencyKeys(database.db, now)).toBe(1)
  await expect(run({ key: 'young' })).resolves.toMatchObject({ repeated: true })
  await expect(run({ key: 'old' })).resolves.toMatchObject({ repeated: false })
})

test.each([
  ['a', true],
  ['x'.repeat(255), true],
  ['0b1c-Ä', false],
  ['x'.repeat(256), false],
  ['', false],
  ['two, keys', false],
])('the header %j: %s', (key, allowed) => {
  expect(IdempotencyHeaders.safeParse({ 'idempotency-key': key, accept: '*/*' }).success).toBe(allowed)
})
