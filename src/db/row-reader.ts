import { Column, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { PgTable } from 'drizzle-orm/pg-core'

const casing = new CasingCache('snake_case')

/** Whole rows of a table in statements written as SQL, as drizzle's own `select` would give them. */
export interface RowReader<T extends PgTable> {
  /** For `select` or `returning`. */
  readonly columns: SQL
  /** Changes the row it is given. */
  read(row: Record<string, unknown>): T['$inferSelect']
}

/** `alias`: what the table is called in the statement. Building and mapping such a `select` each time took Node longer. */
export function rowReader<T extends PgTable>(table: T, alias: string): RowReader<T> {
  const columns = Object.entries(getTableColumns(table))
  const list = columns.map(([key, column]) => `${alias}."${casing.getColumnCasing(column)}" as "${key}"`).join(', ')
  const mapped = columns.filter(([, column]) => column.mapFromDriverValue !== Column.prototype.mapFromDriverValue)
  return {
    columns: sql.raw(list),
    read(row) {
      for (const [key, column] of mapped) if (row[key] !== null) row[key] = column.mapFromDriverValue(row[key])
      return row
    },
  }
}
