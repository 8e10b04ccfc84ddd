import { expect, test } from 'vitest'
import { migrate } from '../src/db/migrate.ts'
import { createTestDatabase } from './helpers/database.ts'

test('each test database is migrated, empty and its own', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  try {
    const id = crypto.randomUUID()
    await one.sql`insert into brands (id, name) values (${id}, 'one')`
    expect(await one.sql`select id from brands`).toHaveLength(1)
    expect(await two.sql`select id from brands`).toHaveLength(0)
    await one.truncate()
    expect(await one.sql`select id from brands`).toHaveLength(0)
    expect(await migrate(one.target)).toMatchObject({ foreign: 0 })
  } finally {
    await Promise.all([one.close(), two.close()])
  }
})
