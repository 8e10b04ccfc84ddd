/** Every figure once more, slowly and another way: from what happened, one ticket after the other. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import {
  type History,
  hasParts,
  histories,
  isReviewed,
  type Line,
  type Promised,
  prepare,
  start,
  store,
  timeOf,
} from '../../test/helpers/histories.ts'
import { patience } from '../../test/helpers/patience.ts'
import { createRows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { categories } from '../db/schema.ts'
import { FigureQuery, type FigureReport, type Figures } from '../wire-figures.ts'
import { csvOf } from './csv.ts'
import { readFigures, stepOf } from './report.ts'

type Place = Parameters<typeof store>[2][number]

let database: TestDatabase
let places: Place[]
let everyone: Actor
let one: Actor

beforeAll(async () => {
  database = await createTestDatabase()
  const rows = createRows(database.db)
  const brands = [await rows.brand(), await rows.brand()]
  places = []
  for (const [index, channel] of ['telegram', 'x', 'telegram'].entries()) {
    const account = await rows.account({ brandId: brands[index === 0 ? 0 : 1]!.id, channel })
    const contact = await rows.contact({ brandId: account.brandId })
    const identity = await rows.identity({ accountId: account.id, contactId: contact.id })
    const thread = await rows.thread({ accountId: account.id, identityId: identity.id })
    places.push({ account, contactId: contact.id, threadId: thread.id })
  }
  everyone = await rows.user('administrator')
  one = await rows.user('supervisor', [brands[0]!])
})
afterAll(() => database?.close())

const isFinished = (status: string) => status === 'resolved' || status === 'closed'

/** A person's, and it left or still may. */
function isAnswer(line: Line): boolean {
  if (line.deleted || !['ann', 'bo', 'outside'].includes(line.by)) return false
  if (!hasParts(line) || line.parts.length === 0) return true
  return line.parts.some(({ state, byHand }) => {
    if (state === 'failed' || state === 'cancelled') return false
    return !(byHand && state === 'queued')
  })
}

function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** When the figures are read: some promises' time is not over then. */
const readAt = new Date(start + 9 * 86_400_000)

/** When it was clear whether a promise was kept; regular news are none that is counted. */
function decidedAt(history: History, { kind, state, due, stopped }: Promised): Date | null {
  const at = (after: number | null) => (after === null ? null : timeOf(history, after))
  if (kind === 'progress') return null
  if (state === 'met') return at(stopped ?? due)
  if (state === 'missed') return at(due ?? stopped)
  const time = at(due)
  return state === 'running' && time && time < readAt ? time : null
}

interface Asked {
  readonly from: Date
  readonly to: Date
}
const isIn = ({ from, to }: Asked, time: Date) => time >= from && time < to

/** The figures of those moments `counts` lets pass; `backlogAt`: null where a backlog has no meaning. */
function slowly(
  all: readonly History[],
  asked: Asked,
  counts: (history: History, time: Date, who: string | null) => boolean,
  backlog: { at: Date; of: (history: History) => boolean } | null,
): Figures {
  const waits: number[] = []
  const spans: number[] = []
  const scores: number[] = []
  const kept: boolean[] = []
  const ratings: number[] = []
  let [opened, unanswered, answers, reopened] = [0, 0, 0, 0]
  for (const history of all) {
    const created = timeOf(history)
    const assignee = history.moves.at(-1)?.agent ?? null
    const byWhom = (line: Line | undefined) => (line?.by === 'outside' ? null : (line?.by ?? null))
    if (isIn(asked, created)) {
      if (counts(history, created, assignee)) opened += 1
      const question = history.lines.find(({ by }) => by === 'customer')
      const answer = question && history.lines.find((line) => line.after >= question.after && isAnswer(line))
      if (counts(history, created, answer ? byWhom(answer) : assignee)) {
        if (question && answer) waits.push((answer.after - question.after) * 60_000)
        if (question && !answer) unanswered += 1
      }
    }
    for (const line of history.lines) {
      const at = timeOf(history, line.after)
      if (!isIn(asked, at)) continue
      if (isAnswer(line) && counts(history, at, byWhom(line))) answers += 1
      if (isReviewed(line) && counts(history, at, line.by)) scores.push(...line.scores)
    }
    for (const promise of history.promises) {
      const at = decidedAt(history, promise)
      if (at && isIn(asked, at) && counts(history, at, assignee)) kept.push(promise.state === 'met')
    }
    const rating = history.said.findLast(({ kind }) => kind === 'satisfaction')
    if (rating && isIn(asked, timeOf(history, rating.after))) {
      if (counts(history, timeOf(history, rating.after), assignee)) ratings.push(rating.value)
    }
    let status = 'new'
    let last: { at: Date; after: number; agent: string | null } | null = null
    for (const move of history.moves) {
      const at = timeOf(history, move.after)
      if (isIn(asked, at)) {
        if (isFinished(move.status) && !isFinished(status)) last = { at, after: move.after, agent: move.agent }
        if (!isFinished(move.status) && isFinished(status) && counts(history, at, move.agent)) reopened += 1
      }
      status = move.status
    }
    if (last && counts(history, last.at, last.agent)) spans.push(last.after * 60_000)
  }
  const spread = (values: readonly number[]) => {
    const [median, p90] = [percentile(values, 0.5), percentile(values, 0.9)]
    return { count: values.length, median, p90 }
  }
  return {
    opened,
    unanswered,
    firstAnswer: spread(waits),
    answers,
    resolved: spans.length,
    resolution: spread(spans),
    reopened,
    backlog: backlog && all.filter((history) => backlog.of(history) && isOpenAt(history, backlog.at)).length,
    quality: { count: scores.length, mean: meanOf(scores) },
    kept: { count: kept.length, mean: meanOf(kept.map((met) => (met ? 100 : 0))) },
    satisfaction: { count: ratings.length, mean: meanOf(ratings) },
  }
}

function isOpenAt(history: History, time: Date): boolean {
  if (timeOf(history) >= time) return false
  const last = history.moves.filter((move) => timeOf(history, move.after) < time).at(-1)
  return !isFinished(last?.status ?? 'new')
}

const countsOf = ({ firstAnswer, resolution, quality, kept, satisfaction, ...plain }: Figures) => {
  const counted = { firstAnswer, resolution, quality, kept, satisfaction }
  return { ...plain, ...Object.fromEntries(Object.entries(counted).map(([name, { count }]) => [name, count])) }
}

/** Spans may differ by rounding, averages by a tenth. */
function expectSame(shown: Figures, expected: Figures, where: string): void {
  const near = (a: number | null, b: number | null, by: number) =>
    a === null || b === null ? a === b : Math.abs(a - b) <= by
  const { firstAnswer, resolution, quality, kept, satisfaction } = expected
  expect(countsOf(shown), where).toEqual(countsOf(expected))
  const pairs = [
    [shown.firstAnswer.median, firstAnswer.median, 1],
    [shown.firstAnswer.p90, firstAnswer.p90, 1],
    [shown.resolution.median, resolution.median, 1],
    [shown.resolution.p90, resolution.p90, 1],
    [shown.quality.mean, quality.mean, 0.051],
    [shown.kept.mean, kept.mean, 0.051],
    [shown.satisfaction.mean, satisfaction.mean, 0.051],
  ] as const
  for (const [a, b, by] of pairs) expect(near(a, b, by), `${where}: ${a} instead of ${b}`).toBe(true)
}

/** What the calendar on the wall says, so that two hours of one name in the night clocks go back are two. */
function wall(time: Date, zone: string, step: 'hour' | 'day' | 'week'): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  }).formatToParts(time)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  if (step === 'hour') return `${of('year')}-${of('month')}-${of('day')} ${of('hour')} ${of('timeZoneName')}`
  const day = Date.UTC(Number(of('year')), Number(of('month')) - 1, Number(of('day')))
  const back = step === 'week' ? (new Date(day).getUTCDay() + 6) % 7 : 0
  return new Date(day - back * 86_400_000).toISOString().slice(0, 10)
}
const hourOn = (time: Date, zone: string) =>
  Number(new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(time))

function compare(report: FigureReport, all: readonly History[]): void {
  const asked = { from: new Date(report.from), to: new Date(report.to) }
  const { zone, step } = report
  const atEnd = { at: asked.to, of: () => true }
  const channelOf = ({ place }: History) => places[place]!.account.channel
  const brandOf = ({ place }: History) => places[place]!.account.brandId
  const assigneeOf = ({ moves }: History) => moves.at(-1)?.agent ?? null
  expectSame(
    report.total,
    slowly(all, asked, () => true, atEnd),
    'total',
  )
  const span = asked.to.getTime() - asked.from.getTime()
  const earlier = { from: new Date(asked.from.getTime() - span), to: asked.from }
  expectSame(
    report.before,
    slowly(all, earlier, () => true, { at: asked.from, of: () => true }),
    'before',
  )

  for (const [index, { key, figures }] of report.by.time.entries()) {
    const ends = report.by.time[index + 1]?.key
    const label = wall(new Date(key!), zone, step)
    const expected = slowly(all, asked, (_, time) => wall(time, zone, step) === label, {
      at: ends ? new Date(ends) : asked.to,
      of: () => true,
    })
    expectSame(figures, expected, `time ${key}`)
  }
  for (const { key, figures } of report.by.hour) {
    const expected = slowly(all, asked, (_, time) => hourOn(time, zone) === Number(key), null)
    // Reviews, promises and ratings belong to no hour.
    const { quality, kept, satisfaction } = empty
    expectSame(figures, { ...expected, quality, kept, satisfaction }, `hour ${key}`)
  }
  for (const [by, of] of [
    ['channel', channelOf],
    ['brand', brandOf],
    ['category', ({ category }: History) => category],
  ] as const) {
    const keys = new Set<string | null>([...report.by[by].map(({ key }) => key), ...all.map(of)])
    for (const key of keys) {
      const expected = slowly(all, asked, (history) => of(history) === key, {
        at: asked.to,
        of: (history) => of(history) === key,
      })
      expectSame(report.by[by].find((row) => row.key === key)?.figures ?? empty, expected, `${by} ${key}`)
    }
  }
  for (const key of ['ann', 'bo', null]) {
    const expected = slowly(all, asked, (_h, _t, who) => who === key, {
      at: asked.to,
      of: (history) => assigneeOf(history) === key,
    })
    expectSame(report.by.agent.find((row) => row.key === key)?.figures ?? empty, expected, `agent ${key}`)
  }
}

const none = { count: 0, median: null, p90: null }
const empty: Figures = {
  opened: 0,
  unanswered: 0,
  firstAnswer: none,
  answers: 0,
  resolved: 0,
  resolution: none,
  reopened: 0,
  backlog: 0,
  quality: { count: 0, mean: null },
  kept: { count: 0, mean: null },
  satisfaction: { count: 0, mean: null },
}

const minutes = (at: number) => new Date(start + at * 60_000).toISOString()
const zones = ['UTC', 'Asia/Shanghai', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York']

describe('the figures', () => {
  test('are what a slow count of what happened gives, over random histories', {
    timeout: 240_000 * patience,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(3),
        fc.integer({ min: -2_000, max: 15_000 }),
        // Hours, days, weeks.
        fc.oneof(fc.integer({ min: 1, max: 2_880 }), fc.integer({ min: 2_881, max: 26_000 }), fc.constant(140_000)),
        fc.constantFrom(...zones),
        fc.boolean(),
        async (drawn, from, length, zone, narrow) => {
          await database.sql`delete from quality_reviews`
          await database.sql`delete from quality_samples`
          await database.sql`delete from deliveries`
          await database.sql`delete from clocks`
          await database.sql`delete from answers`
          await database.sql`delete from questions`
          await database.sql`delete from messages`
          await database.sql`delete from tickets`
          const all = prepare(drawn)
          await store(database.db, all, places)
          const query = FigureQuery.parse({ from: minutes(from), to: minutes(from + length), zone })
          const report = await readFigures(database.db, narrow ? one : everyone, query, readAt)
          expect(report.step).toBe(stepOf(new Date(query.from), new Date(query.to)))
          compare(report, narrow ? all.filter(({ place }) => place === 0) : all)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('of a brand one does not see are not there', async () => {
    const query = FigureQuery.parse({ from: minutes(0), to: minutes(30_000), brand: places[1]!.account.brandId })
    const report = await readFigures(database.db, one, query)
    expect(report.total).toEqual(empty)
  })

  test('refuse a range without an end, and a zone nobody knows', () => {
    const ask = (values: object) => FigureQuery.safeParse({ from: minutes(0), to: minutes(60), ...values }).success
    expect(ask({})).toBe(true)
    expect(ask({ to: minutes(0) })).toBe(false)
    expect(ask({ to: minutes(401 * 24 * 60) })).toBe(false)
    expect(ask({ zone: 'Mars/Olympus' })).toBe(false)
    expect(ask({ zone: '+08:00' })).toBe(false)
  })

  test('of a zone that only the program knows are refused in words', async () => {
    const query = { ...FigureQuery.parse({ from: minutes(0), to: minutes(60) }), zone: 'Mars/Olympus' }
    await expect(readFigures(database.db, everyone, query)).rejects.toMatchObject({ code: 'zone_unknown', status: 422 })
  })

  test('as a file have a line for each row, with its name', async () => {
    const { db } = database
    const [category] = await db
      .insert(categories)
      .values({ id: 'battery', en: 'Battery', zh: '电池', position: 9 })
      .onConflictDoUpdate({ target: categories.id, set: { en: 'Battery' } })
      .returning()
    await createRows(db).conversation({
      account: places[0]!.account,
      ticket: { category: category!.id, createdAt: timeOf({ created: 5 }) },
    })
    const query = FigureQuery.parse({ from: minutes(0), to: minutes(600) })
    const report = await readFigures(db, everyone, query, readAt)
    expect(report.by.category.find(({ key }) => key === 'battery')?.title?.en).toBe('Battery')
    const [head, ...lines] = csvOf(report, 'category', 'en', () => null)
      .trim()
      .split('\r\n')
    expect(head).toContain('Promises kept (%)')
    expect(lines.some((line) => line.startsWith('Battery,'))).toBe(true)
    expect(lines.at(-1)).toMatch(/^Total,/u)
  })
})
