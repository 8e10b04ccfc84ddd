import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema.ts'

export type Sql = postgres.Sql
export type Db = PostgresJsDatabase<typeof schema>
/** A transaction; functions that write take one, so that the caller decides what belongs together. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export interface Database {
  readonly db: Db
  /** The same pool, for statements that are plainer as SQL. */
  readonly sql: Sql
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections in the pool. */
  readonly max?: number
  readonly applicationName?: string
  /** Milliseconds after which the server gives a statement up. Default 10,000. */
  readonly statementTimeoutMs?: number
}

/**
 * Connects lazily. `target` is a URL or postgres.js options (a Unix socket). A statement that is given up, and a
 * connection that dies, reject their query; the pool reconnects by itself.
 */
export function openDatabase(target: string | postgres.Options<never>, options: DatabaseOptions = {}): Database {
  const settings: postgres.Options<never> = {
    ...(typeof target === 'string' ? {} : target),
    max: options.max ?? 10,
    connect_timeout: 5,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: options.applicationName ?? 'huixin',
      statement_timeout: options.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 15_000,
      TimeZone: 'UTC',
    },
  }
  const sql = (typeof target === 'string' ? postgres(target, settings) : postgres(settings)) as Sql
  const db = drizzle(sql, { schema, casing: 'snake_case' })
  return { db, sql, close: () => sql.end({ timeout: 5 }) }
}

/** True when the database itself cannot be reached or is not serving: the work was not done and may be done later. */
export function isUnavailable(error: unknown): boolean {
  const code = databaseCode(error)
  return code !== null && (/^(08|53|57P|58)/u.test(code) || code === '57014' || networkCodes.has(code))
}

/** A lost race: the same transaction may succeed when it is run once more. */
export function isRace(error: unknown): boolean {
  const code = databaseCode(error)
  return code === '40001' || code === '40P01' || code === '23505'
}

/** The SQLSTATE or driver code behind an error; drizzle wraps the driver's error as `cause`. */
export function databaseCode(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

const networkCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
])
