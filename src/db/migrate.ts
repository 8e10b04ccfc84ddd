import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as applyAll } from 'drizzle-orm/postgres-js/migrator'
import { StartError } from '../start-error.ts'
import { databaseCode, openDatabase, type Sql } from './client.ts'

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
/** One migrates at a time; any number would do that nobody else uses on this database. */
const LOCK = 4_853_001

export interface MigrationState {
  readonly applied: number
  readonly known: number
  /** Applied here, but not known to this version: the database is a newer one's. */
  readonly foreign: number
}

/**
 * Brings the database to this version. All open migrations are one transaction, so that a process killed half-way leaves
 * the database as it was; nodes that start together wait for each other.
 */
export async function migrate(target: Parameters<typeof openDatabase>[0]): Promise<MigrationState> {
  const { db, sql, close } = openDatabase(target, { max: 1, applicationName: 'huixin-migrate', statementTimeoutMs: 0 })
  try {
    await sql`select pg_advisory_lock(${LOCK})`
    const before = await migrationState(sql)
    if (before.foreign > 0) {
      throw new StartError('The database was made by another version of Huixin: use that version or a newer one.')
    }
    await applyAll(db, { migrationsFolder })
    return await migrationState(sql)
  } finally {
    await close() // ends the session, and the lock with it
  }
}

export async function migrationState(sql: Sql): Promise<MigrationState> {
  const known = new Set(readMigrationFiles({ migrationsFolder }).map((migration) => migration.hash))
  const rows = await sql<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations`.catch((error: unknown) => {
    const code = databaseCode(error)
    if (code === '42P01' || code === '3F000') return [] // no such table, no such schema: an empty database
    throw error
  })
  return { applied: rows.length, known: known.size, foreign: rows.filter((row) => !known.has(row.hash)).length }
}
