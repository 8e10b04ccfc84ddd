import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Database, databaseCode, openDatabase, type Tx } from './client.ts'
import { onItsWay } from './on-its-way.ts'

let database: TestDatabase
let pool: Database
beforeAll(async () => {
  database = await createTestDatabase()
  pool = openDatabase(database.target, { max: 1, prepare: true })
  await pool.sql`create table written (n int primary key)`
})
afterAll(async () => {
  await pool.close()
  await database.close()
})

const written = async () => (await pool.sql<{ n: number }[]>`select n from written order by n`).map(({ n }) => n)
const add = async (tx: Tx, n: number) => void (await tx.execute(sql`insert into written values (${n}::int)`))

test('the last statement is inside the transaction, whether it was prepared before or not', async () => {
  const ask = (tx: Tx) => tx.execute<{ id: string }>(sql`select pg_current_xact_id()::text as id, ${1}::int as one`)
  for (let time = 0; time < 20; time += 1) {
    let first = ''
    const { done } = await pool.db.transaction(async (tx) => {
      const [row] = await tx.execute<{ id: string }>(sql`select pg_current_xact_id()::text as id`)
      first = row?.id ?? ''
      return onItsWay(Promise.resolve(ask(tx)))
    })
    expect((await done)[0]?.id).toBe(first)
  }
})

test('when it fails nothing of the transaction stays, and who waits for it is told why', async () => {
  await pool.sql`truncate written`
  const { done } = await pool.db.transaction(async (tx) => {
    await add(tx, 1)
    await add(tx, 2)
    return onItsWay(add(tx, 1))
  })
  expect(databaseCode(await done.catch((error: unknown) => error))).toBe('23505')
  expect(await written()).toEqual([])
  await (await pool.db.transaction(async (tx) => onItsWay(add(tx, 3)))).done
  expect(await written()).toEqual([3])
})

test('a transaction whose function fails is taken back, though its begin was not waited for', async () => {
  await pool.sql`truncate written`
  const failed = pool.db.transaction(async (tx) => {
    const first = add(tx, 1)
    await first
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  expect(await written()).toEqual([])
})
