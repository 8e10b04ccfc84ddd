/** Remedies and results for other programs: what changed since, oldest change first, page by page. */

import type { AnyColumn } from 'drizzle-orm'
import { and, asc, eq, gte, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { remedies, ticketResults } from '../db/schema.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from '../tickets/cursor.ts'
import type { ExportQuery, Remedy, TicketResult } from '../wire.ts'
import { showRemedy } from './remedies.ts'
import { showResult } from './results.ts'

const Place = z.tuple([z.enum(['remedies', 'results']), Micros, z.uuid()])

interface Columns {
  readonly brandId: AnyColumn
  readonly time: AnyColumn
  readonly id: AnyColumn
}

function rowsWanted(actor: Actor, query: ExportQuery, list: 'remedies' | 'results', { brandId, time, id }: Columns) {
  const after =
    query.after === undefined
      ? null
      : readCursor(
          query.after,
          Place.refine(([of]) => of === list),
        )
  return and(
    inScope(actor, brandId),
    query.brand ? eq(brandId, query.brand) : undefined,
    query.since ? gte(time, new Date(query.since)) : undefined,
    after ? sql`(${time}, ${id}) > (${timeOf(after[1])}, ${after[2]}::uuid)` : undefined,
  )
}

/** Throws 400 `bad_cursor`. */
export async function exportRemedies(
  db: Db,
  actor: Actor,
  query: ExportQuery,
): Promise<{ remedies: Remedy[]; next: string | null }> {
  const { brandId, changedAt: time, id } = remedies
  const rows = await db
    .select({ row: remedies, micros: microsOf(time) })
    .from(remedies)
    .where(rowsWanted(actor, query, 'remedies', { brandId, time, id }))
    .orderBy(asc(time), asc(id))
    .limit(query.limit + 1)
  const { page, next } = pageOf(rows, query.limit, 'remedies')
  return { remedies: page.map(({ row }) => showRemedy(row)), next }
}

/** Every row, the replaced ones too. Throws 400 `bad_cursor`. */
export async function exportResults(
  db: Db,
  actor: Actor,
  query: ExportQuery,
): Promise<{ results: TicketResult[]; next: string | null }> {
  const { brandId, at: time, id } = ticketResults
  const rows = await db
    .select({ row: ticketResults, micros: microsOf(time) })
    .from(ticketResults)
    .where(rowsWanted(actor, query, 'results', { brandId, time, id }))
    .orderBy(asc(time), asc(id))
    .limit(query.limit + 1)
  const { page, next } = pageOf(rows, query.limit, 'results')
  return { results: page.map(({ row }) => showResult(row)), next }
}

function pageOf<T extends { readonly row: { readonly id: string }; readonly micros: number }>(
  rows: readonly T[],
  limit: number,
  list: string,
): { page: readonly T[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { page, next: last ? writeCursor([list, last.micros, last.row.id]) : null }
}
