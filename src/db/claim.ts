/** The one way a row is taken to be worked on: by a lease that ends by the database's clock. */
import { eq, getTableColumns, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Db, Tx } from './client.ts'

/** A table whose rows are claimed: a `lease_until` in the future says that somebody works on the row. */
export type LeasedTable = PgTable & { readonly id: AnyPgColumn; readonly leaseUntil: AnyPgColumn }

export interface Claim<T extends LeasedTable> {
  /** Which rows are due; that nobody holds them is added here. */
  readonly where: SQL | undefined
  readonly orderBy: SQL | AnyPgColumn
  readonly limit: number
  readonly leaseMs: number
  /** What the claim changes besides the lease: a state, a number that rises with every claim. */
  readonly set?: PgUpdateSetSource<T>
}

/**
 * Takes at most `limit` rows and returns them as they are now. Rows another transaction is claiming at this moment are
 * stepped over, so two nodes never wait for each other and never get the same row. The order of the result is not the
 * order of the claim.
 */
export async function claimRows<T extends LeasedTable>(
  db: Db | Tx,
  table: T,
  claim: Claim<T>,
): Promise<T['$inferSelect'][]> {
  if (claim.limit <= 0) return []
  // Materialised by hand: as a plain `id in (select … limit n for update)` the planner may run the inner select again
  // for each row and take more than `limit`.
  const due = db.$with('due').as(
    db
      .select({ id: sql`${table.id}`.as('due_id') })
      .from(table as PgTable)
      .where(sql`(${claim.where ?? sql`true`}) and ${isFree(table)}`)
      .orderBy(claim.orderBy)
      .limit(claim.limit)
      .for('update', { skipLocked: true }),
  )
  const rows = await db
    .with(due)
    .update(table as PgTable)
    .set({ ...claim.set, leaseUntil: leaseFor(claim.leaseMs) })
    .from(due)
    .where(eq(table.id, sql`due.due_id`))
    .returning(getTableColumns(table as PgTable))
  return rows as T['$inferSelect'][]
}

/** `lease_until` of a lease taken or renewed now. */
export const leaseFor = (leaseMs: number): SQL => sql`now() + make_interval(secs => ${leaseMs / 1000}::float8)`

const isFree = (table: LeasedTable): SQL => sql`(${or(isNull(table.leaseUntil), lt(table.leaseUntil, sql`now()`))})`
