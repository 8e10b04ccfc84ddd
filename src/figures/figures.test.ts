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
  prepare,
  start,
  store,
  timeOf,
} from '../../test/helpers/histories.ts'
import { patience } from '../../test/helpers/patience.ts'
import { createRows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { answers, clocks, type QuestionKind, questions } from '../db/schema.ts'
import type { ClockKind, ClockState } from '../db/schema-promises.ts'
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
  const mean = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length
  return {
    opened,
    unanswered,
    firstAnswer: spread(waits),
    answers,
    resolved: spans.length,
    resolution: spread(spans),
    reopened,
    backlog: backlog && all.filter((history) => backlog.of(history) && isOpenAt(history, backlog.at)).length,
    quality: { count: scores.length, mean },
    kept: { count: 0, mean: null },
    satisfaction: { count: 0, mean: null },
  }
}

function isOpenAt(history: History, time: Date): boolean {
  if (timeOf(history) >= time) return false
  const last = history.moves.filter((move) => timeOf(history, move.after) < time).at(-1)
  return !isFinished(last?.status ?? 'new')
}

/** Spans may differ by rounding, averages by a tenth. */
function expectSame(shown: Figures, expected: Figures, where: string): void {
  const near = (a: number | null, b: number | null, by: number) =>
    a === null || b === null ? a === b : Math.abs(a - b) <= by
  const { firstAnswer, resolution, quality, ...plain } = expected
  expect({ ...plain, first: firstAnswer.count, resolution: resolution.count, quality: quality.count }, where).toEqual({
    ...(({ firstAnswer: _f, resolution: _r, quality: _q, ...rest }) => rest)(shown),
    first: shown.firstAnswer.count,
    resolution: shown.resolution.count,
    quality: shown.quality.count,
  })
  const pairs = [
    [shown.firstAnswer.median, firstAnswer.median, 1],
    [shown.firstAnswer.p90, firstAnswer.p90, 1],
    [shown.resolution.median, resolution.median, 1],
    [shown.resolution.p90, resolution.p90, 1],
    [shown.quality.mean, quality.mean, 0.051],
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
    // Reviews are nobody's hour.
    expectSame(figures, { ...expected, quality: { count: 0, mean: null } }, `hour ${key}`)
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
          await database.sql`delete from messages`
          await database.sql`delete from tickets`
          const all = prepare(drawn)
          await store(database.db, all, places)
          const query = FigureQuery.parse({ from: minutes(from), to: minutes(from + length), zone })
          const report = await readFigures(database.db, narrow ? one : everyone, query)
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

  test('of promises and satisfaction, and names of categories', async () => {
    const { db } = database
    const talk = await createRows(db).conversation({
      account: places[0]!.account,
      ticket: { assigneeId: 'ann', category: 'product.battery' },
    })
    const ticketId = talk.ticket.id
    const { brandId } = talk.ticket
    const at = (after: number) => new Date(start + after * 60_000)
    const clock = (kind: ClockKind, state: ClockState, due: number, stopped: number | null) => {
      const times = { startedAt: at(0), dueAt: at(due), stoppedAt: stopped === null ? null : at(stopped) }
      return { ticketId, kind, brandId, policyId: newId(), state, ...times, revision: 1, ticketVersion: 1 }
    }
    await db
      .insert(clocks)
      .values([
        clock('first_answer', 'met', 60, 30),
        clock('next_answer', 'missed', 60, 90),
        clock('resolution', 'running', 120, null),
        clock('substance', 'running', 1_000_000, null),
        clock('progress', 'missed', 60, 60),
      ])
    const question = (kind: QuestionKind) => {
      const asked = { ticketVersion: 1, askedAt: at(0), until: at(60), closedAt: at(10) }
      return { id: newId(), ticketId, threadId: talk.thread.id, kind, ...asked }
    }
    const [liked, solved] = [question('satisfaction'), question('solved')]
    await db.insert(questions).values([liked, solved])
    const answer = ({ id: questionId, kind }: typeof liked, value: number, after: number) => {
      return { id: newId(), questionId, ticketId, kind, value, via: 'chat' as const, at: at(after) }
    }
    await db.insert(answers).values([answer(liked, 1, 0), answer(liked, 4, 1), answer(solved, 1, 5)])
    const query = FigureQuery.parse({ from: minutes(0), to: minutes(600) })
    const report = await readFigures(db, everyone, query, at(500))
    expect(report.total).toMatchObject({ kept: { count: 3, mean: 33.3 }, satisfaction: { count: 1, mean: 4 } })
    expect(report.by.agent.find(({ key }) => key === 'ann')?.figures.kept.count).toBe(3)
    const battery = report.by.category.find(({ key }) => key === 'product.battery')
    expect(battery?.title).toEqual({ en: 'Battery and charging', zh: '电池与充电' })
    expect(csvOf(report, 'agent', 'en', () => null)).toContain('Promises kept (%)')
    expect((await readFigures(db, everyone, query, at(90))).total.kept.count).toBe(2)
  })
})
