import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './client.ts'

const casing = new CasingCache('snake_case')

/**
 * Inserts many rows with one parameter: the rows as JSON, read back by `json_to_recordset`. A `values` list would need a
 * placeholder per value, and 500 messages are more of them than the wire protocol's 65,535 allow. Columns are those of
 * the first row; the rest take their defaults. Buffers become bytea, dates timestamps, `undefined` null.
 */
export async function insertRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly Partial<T['$inferInsert']>[],
  conflict: SQL = sql``,
): Promise<void> {
  const first = rows[0]
  if (!first) return
  const names = columnsOf(table, Object.keys(first))
  const list = sql.join(
    names.map(({ name }) => sql.identifier(name)),
    sql`, `,
  )
  await tx.execute(sql`insert into ${table} (${list}) select ${list} from ${recordset(names, rows)} ${conflict}`)
}

/** Updates many rows by id with one statement; every row names the same columns. */
export async function updateRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly (Partial<T['$inferInsert']> & { id: string })[],
): Promise<void> {
  const first = rows[0]
  if (!first) return
  const names = columnsOf(table, Object.keys(first))
  const set = sql.join(
    names.filter(({ key }) => key !== 'id').map(({ name }) => sql`${sql.identifier(name)} = r.${sql.identifier(name)}`),
    sql`, `,
  )
  await tx.execute(sql`update ${table} as t set ${set} from ${recordset(names, rows)} where t.id = r.id`)
}

interface ColumnName {
  readonly key: string
  readonly name: string
  readonly type: string
}

function columnsOf(table: PgTable, keys: readonly string[]): ColumnName[] {
  const columns = getTableColumns(table)
  return keys.map((key) => {
    const column = columns[key]
    if (!column) throw new Error(`no column ${key}`)
    return { key, name: casing.getColumnCasing(column), type: column.getSQLType() }
  })
}

/** `json_to_recordset($1) as r(a text, b uuid …)`. */
export function recordset(names: readonly ColumnName[], rows: readonly object[]): SQL {
  const body = JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(names.map(({ key, name }) => [name, plain((row as Record<string, unknown>)[key])])),
    ),
  )
  const types = sql.join(
    names.map(({ name, type }) => sql`${sql.identifier(name)} ${sql.raw(type)}`),
    sql`, `,
  )
  return sql`json_to_recordset(${body}::json) as r(${types})`
}

function plain(value: unknown): unknown {
  if (value === undefined) return null
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  return value
}
