import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { SampleQuery } from '../wire-quality.ts'
import { drawWeek, weekOf } from './draw.ts'
import { reviewAnswer, scoreOf } from './review.ts'
import { listSamples } from './samples.ts'
import { currentSheet, putSheet } from './sheet.ts'

let database: TestDatabase
let rows: Rows
let brand: Awaited<ReturnType<Rows['brand']>>
let ann: Actor
let bo: Actor
let first: Actor
let second: Actor
const monday = new Date('2026-11-16T00:00:00Z')
const now = () => new Date('2026-11-24T10:00:00Z')
const deps = () => ({ db: database.db, now })

beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
  brand = await rows.brand()
  ann = await rows.user('agent', [brand], 'Ann')
  bo = await rows.user('agent', [brand], 'Bo')
  first = await rows.user('supervisor', [brand], 'First')
  second = await rows.user('supervisor', [brand], 'Second')
  const at = (hours: number) => new Date(monday.getTime() + hours * 3_600_000)
  const talk = await rows.conversation({ brand, ticket: { lastMessageAt: at(100) } })
  await rows.message(talk, { text: '屏幕碎了', sentAt: at(0) })
  const answer = (userId: string, hours: number, more: object = {}) =>
    rows.message(talk, { direction: 'outbound', userId, text: `答复 ${hours}`, sentAt: at(hours), ...more })
  for (let hour = 1; hour <= 9; hour++) await answer(ann.id, hour)
  await answer(bo.id, 10)
  // None of these is an answer of that week that somebody wrote.
  await answer(bo.id, 11, { automatic: true })
  await answer(bo.id, -5)
  await answer(bo.id, 7 * 24)
  await answer(bo.id, 12, { direction: 'note' })
  const lost = await answer(bo.id, 13)
  await rows.delivery(lost, { state: 'failed' })
})
afterAll(() => database?.close())

const samples = async (actor: Actor, values: object = {}) =>
  (await listSamples(database.db, actor, SampleQuery.parse(values))).samples
const fullMarks = async (value = 4) =>
  (await currentSheet(database.db)).criteria.map(({ id }) => ({ criterion: id, value }))

test('weeks begin on Monday', () => {
  expect(weekOf(new Date('2026-11-22T23:59:59Z'))).toEqual(monday)
  expect(weekOf(monday)).toEqual(monday)
  expect(weekOf(new Date('2026-11-15T23:59:59Z'))).toEqual(new Date('2026-11-09T00:00:00Z'))
})

describe('answers', () => {
  test('are drawn by chance, the same for everybody, so many of each agent', async () => {
    const drawn = await Promise.all([drawWeek(deps(), monday), drawWeek(deps(), monday)])
    expect(drawn.sort()).toEqual([0, 4])
    const listed = await samples(first)
    expect(listed.map(({ agent }) => agent.name).sort()).toEqual(['Ann', 'Ann', 'Ann', 'Bo'])
    expect(listed[0]).toMatchObject({ before: [{ text: '屏幕碎了' }], reviews: [] })
    const ids = listed.map(({ messageId }) => messageId).sort()
    await database.sql`delete from quality_samples`
    await drawWeek(deps(), monday)
    expect((await samples(first)).map(({ messageId }) => messageId).sort()).toEqual(ids)
    expect(await samples(first, { agent: bo.id })).toHaveLength(1)
    const page = await listSamples(database.db, first, SampleQuery.parse({ limit: 3 }))
    const rest = await listSamples(database.db, first, SampleQuery.parse({ limit: 3, after: page.next }))
    expect([...page.samples, ...rest.samples].map(({ messageId }) => messageId).sort()).toEqual(ids)
  })

  test('are reviewed once by each, without seeing the others’', async () => {
    const [sample] = await samples(first, { agent: ann.id })
    const review = { sheetVersion: 1, marks: await fullMarks(3), comment: '很好' }
    const both = await Promise.allSettled([
      reviewAnswer(deps(), first, sample!.messageId, review),
      reviewAnswer(deps(), first, sample!.messageId, review),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const again = reviewAnswer(deps(), first, sample!.messageId, review)
    await expect(again).rejects.toMatchObject({ code: 'reviewed_already' })
    const open = (await samples(second)).find(({ messageId }) => messageId === sample!.messageId)
    expect(open?.reviews).toEqual([])
    await reviewAnswer(deps(), second, sample!.messageId, { ...review, marks: await fullMarks(4), comment: '' })
    expect(await samples(first, { show: 'done' })).toMatchObject([
      { reviews: [{ score: 75, reviewer: { name: 'First' } }] },
    ])
    expect((await samples(first)).map(({ messageId }) => messageId)).not.toContain(sample!.messageId)
  })

  test('are shown to who wrote them with what was said, and not by whom', async () => {
    const [own, ...others] = await samples(ann, { show: 'mine' })
    expect(others).toEqual([])
    expect(own!.reviews.map(({ score, comment, reviewer }) => [score, comment, reviewer])).toEqual([
      [75, '很好', null],
      [100, '', null],
    ])
    expect(await samples(bo, { show: 'mine' })).toEqual([])
    await expect(samples(ann, { show: 'todo' })).rejects.toMatchObject({ status: 403 })
    const stranger: Actor = { ...second, brandIds: [] }
    expect(await samples(stranger)).toEqual([])
    await expect(
      reviewAnswer(deps(), stranger, own!.messageId, { sheetVersion: 1, marks: await fullMarks(), comment: '' }),
    ).rejects.toMatchObject({ status: 404 })
  })

  test('need a mark for every criterion, and somebody else’s eyes', async () => {
    const [sample] = await samples(first)
    const marks = await fullMarks()
    const review = (body: object, actor = first) =>
      reviewAnswer(deps(), actor, sample!.messageId, { sheetVersion: 1, marks, comment: '', ...body })
    await expect(review({ marks: marks.slice(1) })).rejects.toMatchObject({ code: 'marks_incomplete' })
    await expect(review({ marks: [...marks, marks[0]!] })).rejects.toMatchObject({ code: 'marks_incomplete' })
    const own: Actor = { ...first, id: sample!.agent.id }
    await expect(review({}, own)).rejects.toMatchObject({ code: 'own_answer' })
  })
})

test('the sheet is changed by one at a time, and old reviews keep theirs', async () => {
  const criteria = [
    { id: 'a', zh: '甲', en: 'A', weight: 3 },
    { id: 'b', zh: '乙', en: 'B', weight: 1 },
  ]
  const puts = await Promise.allSettled([
    putSheet(deps(), first, { version: 1, criteria, perAgent: 2 }),
    putSheet(deps(), second, { version: 1, criteria, perAgent: 5 }),
  ])
  expect(puts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const [sample] = await samples(first)
  const stale = { sheetVersion: 1, marks: [{ criterion: 'a', value: 4 }], comment: '' }
  await expect(reviewAnswer(deps(), first, sample!.messageId, stale)).rejects.toMatchObject({ code: 'sheet_changed' })
  const [done] = await samples(first, { show: 'done' })
  expect(done!.reviews[0]!.sheet).toMatchObject({ version: 1 })
  expect(done!.reviews[0]!.sheet.criteria).toHaveLength(4)
  expect(
    scoreOf(criteria, [
      { criterion: 'a', value: 4 },
      { criterion: 'b', value: 0 },
    ]),
  ).toBe(75)
})
