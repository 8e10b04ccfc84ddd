import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { newId } from '../db/id.ts'
import { dueWork } from '../db/schema.ts'

let house: TestApp
let rows: Rows
let nudges = 0
let administrator: { authorization: string }
let supervisor: { authorization: string }
let accountId = ''

beforeAll(async () => {
  house = await openTestApp({
    nudge: () => {
      nudges += 1
    },
  })
  rows = createRows(house.deps.db)
  accountId = (await rows.account({ brandId: house.brandId })).id
  administrator = await house.program('administrator')
  supervisor = await house.program('supervisor', [house.brandId])
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.deps.db.delete(dueWork)
  nudges = 0
})

async function parked(values: Partial<typeof dueWork.$inferInsert> = {}) {
  const id = newId()
  const row = { id, kind: 'media', subject: id, accountId, attempts: 8, reason: 'read: later', parkedAt: new Date() }
  await house.deps.db.insert(dueWork).values({ ...row, ...values })
  return id
}
const list = async (headers: object, query = '') =>
  (await house.app.inject({ url: `/api/parked${query}`, headers: { ...headers } })).json()
const replay = (id: string, headers: object) =>
  house.app.inject({ method: 'POST', url: `/api/parked/${id}/replay`, headers: { ...headers } })
const idsOf = (answer: { parked: { id: string }[] }) => answer.parked.map((row) => row.id)

test('what is parked is listed with why, the last first, a page at a time; the rest is not', async () => {
  const times = [1, 2, 3, 3, 4]
  const ids = await Promise.all(times.map((time) => parked({ parkedAt: new Date(time * 1_000) })))
  await parked({ parkedAt: null })
  const seen: string[] = []
  let next: string | null = null
  do {
    const page = await list(administrator, `?limit=2${next ? `&after=${next}` : ''}`)
    seen.push(...idsOf(page))
    next = page.next
  } while (next)
  expect(seen).toHaveLength(5)
  expect(new Set(seen)).toEqual(new Set(ids))
  expect(seen[0]).toBe(ids[4])
  expect((await list(administrator)).parked[0]).toMatchObject({
    kind: 'media',
    accountId,
    attempts: 8,
    reason: 'read: later',
    parkedAt: '1970-01-01T00:00:04.000Z',
  })
})

test('a supervisor sees and replays the work of their brands only; what belongs to no brand is an administrator’s', async () => {
  const foreign = await parked({ accountId: (await rows.account({ brandId: await house.addBrand() })).id })
  const nobodys = await parked({ accountId: null })
  const own = await parked()
  expect(idsOf(await list(supervisor))).toEqual([own])
  expect(idsOf(await list(administrator)).toSorted()).toEqual([foreign, nobodys, own].toSorted())
  expect((await replay(foreign, supervisor)).statusCode).toBe(404)
  expect((await replay(nobodys, supervisor)).statusCode).toBe(404)
  expect((await replay(own, supervisor)).statusCode).toBe(204)
  expect((await replay(nobodys, administrator)).statusCode).toBe(204)
})

test('replayed work is due at once from its first attempt, is written down, and wakes the nodes', async () => {
  const id = await parked()
  expect((await replay(id, supervisor)).statusCode).toBe(204)
  const [row] = await house.deps.db.select().from(dueWork)
  expect(row).toMatchObject({ parkedAt: null, attempts: 0, reason: null, leaseUntil: null, dueAt: house.clock.now })
  expect(nudges).toBe(1)
  const [act] = await house.database.sql`select * from audit where subject = ${`work:${id}`}`
  expect(act).toMatchObject({ action: 'work.replayed', detail: { kind: 'media' } })
  expect((await replay(id, supervisor)).statusCode, 'it is not parked any more').toBe(404)
})

test('a cursor of another list is refused', async () => {
  for (const after of ['x', 'cDEueA', Buffer.from('p1.not-an-id').toString('base64url')]) {
    const answer = await house.app.inject({ url: `/api/parked?after=${after}`, headers: administrator })
    expect(answer.json()).toMatchObject({ status: 400, code: 'bad_cursor' })
  }
})
