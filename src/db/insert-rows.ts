/**
 * Statements over many rows with one parameter: the rows as JSON, read back by `json_to_recordset`. A `values` list would
 * need a placeholder per value, and 500 messages are more of them than the wire protocol's 65,535 allow. Columns are those
 * of the first row; the rest take their defaults. Buffers become bytea, dates timestamps, `undefined` null.
 *
 * A table and its columns always give the same text, made once: so it is prepared once, too.
 */
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './client.ts'

/** `conflict`: `on conflict …`. Null: there is nothing to insert. */
export function insertion<T extends PgTable>(
  table: T,
  rows: readonly Partial<T['$inferInsert']>[],
  conflict = '',
): SQL | null {
  if (!rows[0]) return null
  const shape = shapeOf(table, rows[0])
  return sql`${sql.raw(shape.insert)}${json(shape, rows)}${sql.raw(`::json) as r(${shape.record}) ${conflict}`)}`
}

/** Updates by id; every row names the same columns. Null: there is nothing to change. */
export function change<T extends PgTable>(
  table: T,
  rows: readonly (Partial<T['$inferInsert']> & { id: string })[],
): SQL | null {
  if (!rows[0]) return null
  const shape = shapeOf(table, rows[0])
  return sql`${sql.raw(shape.update)}${json(shape, rows)}${sql.raw(`::json) as r(${shape.record}) where t.id = r.id`)}`
}

export async function insertRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly Partial<T['$inferInsert']>[],
  conflict = '',
): Promise<void> {
  const statement = insertion(table, rows, conflict)
  if (statement) await tx.execute(statement)
}

export async function updateRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly (Partial<T['$inferInsert']> & { id: string })[],
): Promise<void> {
  const statement = change(table, rows)
  if (statement) await tx.execute(statement)
}

/**
 * Runs them as one statement: PostgreSQL is woken once, and answers once. None sees what another one writes, so no two may
 * write the same row; references between their rows are checked when all are done.
 */
export async function writeTogether(tx: Tx, statements: readonly (SQL | null)[]): Promise<void> {
  const parts = statements.filter((statement) => statement !== null)
  if (parts.length === 0) return
  const named = parts.map((part, index) => sql`${sql.raw(`w${index} as (`)}${part})`)
  await tx.execute(sql`with ${sql.join(named, sql`, `)} select`)
}

interface Shape {
  readonly insert: string
  readonly update: string
  readonly record: string
  /** Keys whose values are bytes, which JSON knows nothing of. */
  readonly bytes: readonly string[]
}

const casing = new CasingCache('snake_case')
const shapes = new Map<PgTable, Map<string, Shape>>()

function shapeOf(table: PgTable, row: object): Shape {
  const keys = Object.keys(row)
  const ofTable = shapes.get(table) ?? new Map<string, Shape>()
  shapes.set(table, ofTable)
  const name = keys.join()
  const shape = ofTable.get(name) ?? makeShape(table, keys)
  ofTable.set(name, shape)
  return shape
}

function makeShape(table: PgTable, keys: readonly string[]): Shape {
  const all = getTableColumns(table)
  const columns = keys.map((key) => {
    const column = all[key]
    if (!column) throw new Error(`no column ${key}`)
    return { key, name: casing.getColumnCasing(column), type: column.getSQLType() }
  })
  const list = (text: (column: (typeof columns)[number]) => string) => columns.map(text).join(', ')
  const name = getTableName(table)
  const changed = columns.filter(({ key }) => key !== 'id')
  return {
    insert: `insert into "${name}" (${list((c) => `"${c.name}"`)}) select ${list((c) => `r."${c.key}"`)} from json_to_recordset(`,
    update: `update "${name}" as t set ${changed.map((c) => `"${c.name}" = r."${c.key}"`).join(', ')} from json_to_recordset(`,
    record: list((c) => `"${c.key}" ${c.type}`),
    bytes: columns.filter(({ type }) => type === 'bytea').map(({ key }) => key),
  }
}

function json({ bytes }: Shape, rows: readonly object[]): string {
  if (bytes.length === 0) return JSON.stringify(rows)
  return JSON.stringify(
    rows.map((row) => ({
      ...row,
      ...Object.fromEntries(bytes.map((key) => [key, hex((row as Record<string, unknown>)[key])])),
    })),
  )
}

const hex = (value: unknown) => (Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : null)
