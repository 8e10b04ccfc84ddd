import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type Postgres from 'postgres'
import { postgres } from './driver.ts'
import { endWithConnection } from './lost-transactions.ts'
import * as schema from './schema.ts'

export type Sql = Postgres.Sql
/** `$client`: the same pool, for the few statements that are worth being prepared. */
export type Db = PostgresJsDatabase<typeof schema> & { readonly $client: Sql }
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
  /**
   * Statements are parsed and planned once per connection: half the waits, and no planning. For pools whose statements
   * are few, always the same text, and look rows up by key: a plan made while the tables were empty would read them whole
   * later, so plans that read tables whole are switched off.
   */
  readonly prepare?: boolean
  /** Milliseconds after which the server gives a statement up. Default 10,000. */
  readonly statementTimeoutMs?: number
}

/**
 * Connects lazily. `target` is a URL or postgres.js options (a Unix socket). A statement that is given up, and a
 * connection that dies, reject their query; the pool reconnects by itself.
 */
export function openDatabase(target: string | Postgres.Options<never>, options: DatabaseOptions = {}): Database {
  const settings: Postgres.Options<never> = {
    ...(typeof target === 'string' ? {} : target),
    max: options.max ?? 10,
    connect_timeout: 5,
    // Seconds. The driver's own grows to 20: the database would be back long before we notice.
    backoff: (retries) => (0.5 + Math.random() / 2) * Math.min(2 ** retries / 50, 1),
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: options.applicationName ?? 'huixin',
      statement_timeout: options.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 15_000,
      TimeZone: 'UTC',
      ...(options.prepare ? byKey : {}),
    },
  }
  const sql = endWithConnection((typeof target === 'string' ? postgres(target, settings) : postgres(settings)) as Sql)
  const db = drizzle(options.prepare ? preparing(sql) : sql, { schema, casing: 'snake_case' })
  return { db, sql, close: () => sql.end({ timeout: 5 }) }
}

/** Words, not booleans: the driver leaves out what is `false`. */
const byKey = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
} as unknown as Postgres.Options<never>['connection']

/**
 * drizzle says `prepare: false` with every statement. postgres.js then parses it, waits for the description of its
 * parameters, and only afterwards sends them: two waits each, which nothing can be sent behind.
 */
function preparing<T extends Sql>(sql: T): T {
  return new Proxy(sql, {
    get(target, key) {
      if (key === 'unsafe') {
        const unsafe = target.unsafe as unknown as (text: string, values: unknown, options: object) => unknown
        return (text: string, values?: unknown, options?: object) => unsafe(text, values, { ...options, prepare: true })
      }
      if (key === 'begin' || key === 'savepoint') {
        return (...given: unknown[]) => {
          const work = given.pop() as (inner: T) => unknown
          return Reflect.apply(Reflect.get(target, key) as CallableFunction, target, [
            ...given,
            (inner: T) => work(preparing(inner)),
          ])
        }
      }
      return Reflect.get(target, key)
    },
  })
}

/** True when the database itself cannot be reached or is not serving: the work was not done and may be done later. */
export function isUnavailable(error: unknown): boolean {
  const code = databaseCode(error)
  return code !== null && (/^(08|53|57P|58)/u.test(code) || otherCodes.has(code))
}

/** A lost race: the same transaction may succeed when it is run once more. */
export const isRace = (error: unknown): boolean => isLostRace(error) || databaseCode(error) === '23505'

/** The database ended it for the sake of another one: nothing was done, and nothing is wrong with it. */
export function isLostRace(error: unknown): boolean {
  const code = databaseCode(error)
  return code === '40001' || code === '40P01'
}

/** The SQLSTATE or driver code behind an error; drizzle wraps the driver's error as `cause`. */
export function databaseCode(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

const otherCodes = new Set([
  // Given up after its time; frozen in a transaction until the server ended it; a standby that does not take writes yet.
  '57014',
  '25P03',
  '25006',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  // The name of a server in a container is gone while it is restarted.
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
