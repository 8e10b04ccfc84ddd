/** The figures of a span of time: all queries see the database as it was at one moment. */
import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Bilingual } from '../channel/errors.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { unavailable, unprocessable } from '../problem.ts'
import type { Dimension, FigureQuery, FigureReport, FigureRow, Figures, Spread } from '../wire-figures.ts'
import { categoryTitles, promisesQuery, satisfactionQuery } from './others.ts'
import {
  answersQuery,
  backlogQuery,
  bucketsQuery,
  type Column,
  columnOf,
  firstAnswerQuery,
  openedQuery,
  openNowQuery,
  qualityQuery,
  reopenedQuery,
  resolvedQuery,
  type Scope,
  type Step,
} from './query.ts'

const dayMs = 86_400_000
/** Longer than any of them takes over what a busy house has in a year; a page that asks for more is refused by the database. */
const TIMEOUT_MS = 20_000

type Row = Record<Column, string | number | null> & {
  readonly mask: number
  readonly count: number
  readonly unanswered?: number
  readonly spread?: number[] | null
  readonly mean?: number | null
}

export const stepOf = (from: Date, to: Date): Step => {
  const days = (to.getTime() - from.getTime()) / dayMs
  return days <= 2 ? 'hour' : days <= 92 ? 'day' : 'week'
}

const dimensionOf: Record<Column, Dimension> = {
  bucket: 'time',
  channel: 'channel',
  brand_id: 'brand',
  category: 'category',
  agent: 'agent',
  hour: 'hour',
}
const dimensions = Object.values(dimensionOf)

/** Throws 503 `figures_too_slow`, and 422 `zone_unknown` for a zone that the database does not know. */
export async function readFigures(
  db: Db,
  actor: Actor,
  query: FigureQuery,
  now: Date = new Date(),
): Promise<FigureReport> {
  try {
    return await read(db, actor, query, now)
  } catch (error) {
    const code = databaseCode(error)
    if (code === '57014') throw unavailable('figures_too_slow', 'This takes too long. Ask for a shorter time.')
    if (code === '22023') throw unprocessable('zone_unknown', 'There is no such time zone.')
    throw error
  }
}

async function read(db: Db, actor: Actor, query: FigureQuery, now: Date): Promise<FigureReport> {
  const [from, to] = [new Date(query.from), new Date(query.to)]
  const scope: Scope = {
    actor,
    from,
    to,
    step: stepOf(from, to),
    zone: query.zone,
    brand: query.brand,
    channel: query.channel,
  }
  const earlier = { ...scope, from: new Date(from.getTime() - (to.getTime() - from.getTime())), to: from }
  return db.transaction(
    async (tx) => {
      await tx.execute(sql.raw(`set local statement_timeout = ${TIMEOUT_MS}`))
      // Sorted in memory, not in files: fifty thousand tickets are some ten megabytes.
      await tx.execute(sql.raw(`set local work_mem = '64MB'`))
      const cells = await readCells(tx, { ...scope, now })
      const before = await readCells(tx, { ...earlier, now })
      const buckets = (await tx.execute<{ bucket: string }>(bucketsQuery(scope))).map(({ bucket }) => isoOf(bucket))
      const names = await readNames(tx)
      return {
        from: query.from,
        to: query.to,
        zone: query.zone,
        step: scope.step,
        total: cells.total,
        before: before.total,
        by: Object.fromEntries(
          dimensions.map((dimension) => [dimension, rowsOf(dimension, cells.by[dimension], buckets, names)]),
        ) as FigureReport['by'],
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

interface Asked extends Scope {
  readonly now: Date
}

interface Cells {
  readonly total: Figures
  readonly by: Record<Dimension, Map<string | null, Figures>>
}

async function readCells(tx: Tx, scope: Asked): Promise<Cells> {
  const cells: Cells = {
    total: nothing(0),
    by: Object.fromEntries(dimensions.map((name) => [name, new Map()])) as Cells['by'],
  }
  const cell = (row: Row): Figures => {
    const column = columnOf(row.mask)
    if (!column) return cells.total
    return cellOf(cells, dimensionOf[column], keyOf(column, row[column]))
  }
  const each = async (query: SQL, put: (figures: Figures, row: Row) => void) => {
    for (const row of await tx.execute<Row & Record<string, unknown>>(query)) put(cell(row), row)
  }
  await each(openedQuery(scope), (figures, { count }) => {
    figures.opened = count
  })
  await each(firstAnswerQuery(scope), (figures, row) => {
    figures.unanswered = row.unanswered ?? 0
    figures.firstAnswer = spreadOf(row)
  })
  await each(answersQuery(scope), (figures, { count }) => {
    figures.answers = count
  })
  await each(resolvedQuery(scope), (figures, row) => {
    figures.resolved = row.count
    figures.resolution = spreadOf(row)
  })
  await each(reopenedQuery(scope), (figures, { count }) => {
    figures.reopened = count
  })
  await each(qualityQuery(scope), (figures, row) => {
    figures.quality = meanOf(row)
  })
  await each(promisesQuery(scope, scope.now), (figures, row) => {
    figures.kept = meanOf(row)
  })
  await each(satisfactionQuery(scope), (figures, row) => {
    figures.satisfaction = meanOf(row)
  })
  await addBacklog(tx, scope, cells)
  return cells
}

interface Step1 {
  [column: string]: unknown
  bucket: string | null
  later: boolean
  channel: string
  brand_id: string
  category: string | null
  agent: string | null
  count: number
}

/** From what is open now, backwards. */
async function addBacklog(tx: Tx, scope: Scope, cells: Cells): Promise<void> {
  for (const row of await tx.execute<Row & Record<string, unknown>>(openNowQuery(scope))) {
    const column = columnOf(row.mask)
    if (column === 'bucket' || column === 'hour') continue
    const figures = column ? cellOf(cells, dimensionOf[column], keyOf(column, row[column])) : cells.total
    figures.backlog = row.count
  }
  const added = new Map<string, number>()
  for (const row of await tx.execute<Step1>(backlogQuery(scope))) {
    if (row.later) {
      for (const column of ['channel', 'brand_id', 'category', 'agent'] as const) {
        take(cellOf(cells, dimensionOf[column], row[column]), row.count)
      }
      take(cells.total, row.count)
    } else {
      const bucket = isoOf(row.bucket ?? '')
      added.set(bucket, (added.get(bucket) ?? 0) + row.count)
    }
  }
  const buckets = (await tx.execute<{ bucket: string }>(bucketsQuery(scope))).map(({ bucket }) => isoOf(bucket))
  let open = cells.total.backlog ?? 0
  for (const bucket of buckets.reverse()) {
    cellOf(cells, 'time', bucket).backlog = open
    open -= added.get(bucket) ?? 0
  }
}

const take = (figures: Figures, count: number) => {
  figures.backlog = (figures.backlog ?? 0) - count
}

function cellOf(cells: Cells, dimension: Dimension, key: string | null): Figures {
  const found = cells.by[dimension].get(key)
  if (found) return found
  const fresh = nothing(dimension === 'hour' ? null : 0)
  cells.by[dimension].set(key, fresh)
  return fresh
}

const nothing = (backlog: number | null): Figures => ({
  opened: 0,
  unanswered: 0,
  firstAnswer: { count: 0, median: null, p90: null },
  answers: 0,
  resolved: 0,
  resolution: { count: 0, median: null, p90: null },
  reopened: 0,
  backlog,
  quality: { count: 0, mean: null },
  kept: { count: 0, mean: null },
  satisfaction: { count: 0, mean: null },
})

function spreadOf({ count, spread }: Row): Spread {
  const [median, p90] = spread ?? []
  return { count, median: rounded(median), p90: rounded(p90) }
}
const meanOf = ({ count, mean }: Row) => ({ count, mean: mean == null ? null : Math.round(mean * 10) / 10 })
const rounded = (value: number | null | undefined) => (value == null ? null : Math.round(value))

const isoOf = (value: string) => new Date(value).toISOString()
const keyOf = (column: Column, value: string | number | null): string | null =>
  value === null ? null : column === 'bucket' ? isoOf(String(value)) : String(value)

type Names = {
  readonly brand: ReadonlyMap<string, string>
  readonly agent: ReadonlyMap<string, string>
  readonly category: ReadonlyMap<string, Bilingual>
}

async function readNames(tx: Tx): Promise<Names> {
  const brand = await tx.execute<{ id: string; name: string }>(sql`select id, name from brands`)
  const agent = await tx.execute<{ id: string; name: string }>(
    sql`select id, name from auth_user union all select 'key:' || id, name from api_keys`,
  )
  const byId = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]))
  return { brand: byId(brand), agent: byId(agent), category: await categoryTitles(tx) }
}

/** Times and hours in order, without gaps; the others by how much there is of them. */
function rowsOf(
  dimension: Dimension,
  cells: ReadonlyMap<string | null, Figures>,
  buckets: readonly string[],
  names: Names,
): FigureRow[] {
  const row = (key: string | null): FigureRow => ({
    key,
    name: key === null || (dimension !== 'brand' && dimension !== 'agent') ? null : (names[dimension].get(key) ?? null),
    title: dimension === 'category' && key !== null ? (names.category.get(key) ?? null) : null,
    figures: cells.get(key) ?? nothing(dimension === 'hour' ? null : 0),
  })
  if (dimension === 'time') return buckets.map(row)
  if (dimension === 'hour') return Array.from({ length: 24 }, (_, hour) => row(String(hour)))
  const weight = ({ figures: f }: FigureRow) => f.opened + f.answers + f.resolved
  const isEmpty = ({ figures: f }: FigureRow) =>
    f.opened + f.answers + f.resolved + f.firstAnswer.count + f.unanswered + f.reopened === 0 &&
    f.quality.count + f.kept.count + f.satisfaction.count === 0 &&
    !f.backlog
  return [...cells.keys()]
    .map((key) => row(key))
    .filter((one) => !isEmpty(one))
    .sort((a, b) => weight(b) - weight(a) || String(a.key).localeCompare(String(b.key)))
}
