import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House } from '../../test/helpers/house.ts'
import { complaint, member, ticketNow } from '../../test/helpers/people.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { type Actor, systemActor } from '../auth/actor.ts'
import { audit } from '../db/schema.ts'
import { changeTicket } from '../tickets/change.ts'
import { getTicket } from '../tickets/get.ts'
import { ExportQuery, NewRemedy } from '../wire.ts'
import { changeConduct } from './conduct.ts'
import { exportRemedies, exportResults } from './exports.ts'
import { addRemedy, changeRemedy } from './remedies.ts'
import { setResult } from './results.ts'

let house: House
let account: OpenAccount
let agent: Actor
let ticketId: string
let clock = new Date()
const now = () => clock
const deps = () => ({ ...house, now, nudge: () => {} })
const detail = async () => (await getTicket({ ...house, channels: new Map() }, agent, ticketId)).together
const add = async (values: object, key?: string) =>
  (await addRemedy(deps(), agent, ticketId, NewRemedy.parse(values), key)).body

beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await member(house, 'Lin')
})
afterAll(() => house.close())
beforeEach(async () => {
  clock = new Date()
  ticketId = (await complaint(house, account)).id
})

describe('a remedy', () => {
  test('is data: what, how much in whole minor units, for which device, how far, when and who', async () => {
    const refund = await add({
      kind: 'refund',
      money: { minor: 19_900, currency: 'CNY' },
      serialNumber: 'SN-42',
      orderReference: 'O-7',
      note: '退运费',
    })
    await add({ kind: 'repair', state: 'accepted' })
    expect((await detail()).remedies).toMatchObject([
      {
        kind: 'refund',
        money: { minor: 19_900, currency: 'CNY' },
        serialNumber: 'SN-42',
        orderReference: 'O-7',
        state: 'offered',
        offeredAt: clock.toISOString(),
        decidedAt: null,
        createdBy: { name: 'Lin' },
        version: 1,
      },
      { kind: 'repair', money: null, state: 'accepted', decidedAt: clock.toISOString() },
    ])
    clock = new Date(clock.getTime() + 60_000)
    const done = await changeRemedy(deps(), agent, refund.id, { version: 1, state: 'carried_out' })
    expect(done).toMatchObject({ state: 'carried_out', carriedOutAt: clock.toISOString(), version: 2 })
    const back = await changeRemedy(deps(), agent, refund.id, { version: 2, state: 'offered' })
    expect(back).toMatchObject({ state: 'offered', decidedAt: null, carriedOutAt: null })
    const acts = await house.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `remedy:${refund.id}`))
      .orderBy(audit.id)
    expect(acts.map(({ action }) => action)).toEqual(['remedy.added', 'remedy.changed', 'remedy.changed'])
    expect((await detail()).acts.map(({ kind }) => kind)).toContain('remedy_changed')
  })

  test('is one when the same request comes twice', async () => {
    const first = await add({ kind: 'coupon' }, 'once')
    expect(await add({ kind: 'coupon' }, 'once')).toEqual(first)
    expect((await detail()).remedies).toHaveLength(1)
  })

  test('changed by two at once takes the first and shows it to the second', async () => {
    const { id } = await add({ kind: 'replacement' })
    const both = await Promise.allSettled(
      (['accepted', 'refused'] as const).map((state) => changeRemedy(deps(), agent, id, { version: 1, state })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(changeRemedy(deps(), agent, id, { version: 1, note: 'x' })).rejects.toMatchObject({
      code: 'version_conflict',
      details: { remedy: { version: 2 } },
    })
    // What is so already changes nothing.
    const { remedies } = await detail()
    expect(await changeRemedy(deps(), agent, id, { version: 2, state: remedies[0]!.state })).toEqual(remedies[0])
  })

  test.each([
    [{ kind: 'refund', money: { minor: 1, currency: 'XYZ' } }, 'unknown_currency'],
    [{ kind: 'refund', state: 'carried_out' }, 'amount_needed'],
    [{ kind: 'compensation', state: 'carried_out' }, 'amount_needed'],
  ])('%j is refused: %s', async (values, code) => {
    await expect(add(values)).rejects.toMatchObject({ status: 422, code })
    expect((await detail()).remedies).toEqual([])
  })

  test.each([{ minor: 1.5 }, { minor: -1 }, { minor: 1, currency: 'cny' }, { minor: 9e15 }])(
    'never holds %j as money',
    (money) => {
      expect(NewRemedy.safeParse({ kind: 'refund', money: { currency: 'CNY', ...money } }).success).toBe(false)
    },
  )

  test('of another brand is not there', async () => {
    const { id } = await add({ kind: 'coupon' })
    const stranger: Actor = { ...agent, brandIds: [] }
    await expect(changeRemedy(deps(), stranger, id, { version: 1, note: 'x' })).rejects.toMatchObject({ status: 404 })
    expect(await exportRemedies(house.db, stranger, ExportQuery.parse({}))).toEqual({ remedies: [], next: null })
  })
})

describe('a formal result', () => {
  test('is changed with its history: the newest holds', async () => {
    await setResult(deps(), agent, ticketId, { outcome: 'not_upheld', reason: '人为损坏' })
    await setResult(deps(), agent, ticketId, { outcome: 'partly_upheld', reason: '复检后部分成立' })
    await setResult(deps(), agent, ticketId, { outcome: 'partly_upheld', reason: '复检后部分成立' })
    expect((await detail()).results.map(({ outcome }) => outcome)).toEqual(['partly_upheld', 'not_upheld'])
    expect((await detail()).acts.at(-1)).toMatchObject({
      kind: 'result_set',
      detail: { outcome: 'partly_upheld', from: 'not_upheld' },
    })
  })

  test('is needed to resolve where the brand wants it, and only there; what runs by itself is not held up', async () => {
    await changeConduct(house.db, systemActor, house.brandId, { resultNeeded: true })
    try {
      for (const status of ['resolved', 'closed'] as const) {
        await expect(changeTicket(deps(), agent, ticketId, { status })).rejects.toMatchObject({
          code: 'result_needed',
        })
      }
      await changeTicket(deps(), agent, ticketId, { status: 'waiting_other' })
      await setResult(deps(), agent, ticketId, { outcome: 'upheld', reason: '电池有问题' })
      await changeTicket(deps(), agent, ticketId, { status: 'resolved' })
      const other = await complaint(house, account)
      await changeTicket(deps(), systemActor, other.id, { status: 'closed' })
    } finally {
      await changeConduct(house.db, systemActor, house.brandId, { resultNeeded: false })
    }
    const free = await complaint(house, account)
    await changeTicket(deps(), agent, free.id, { status: 'resolved' })
    expect(await ticketNow(house, free.id)).toMatchObject({ status: 'resolved' })
  })
})

test('programs read what changed since, page by page', async () => {
  // Later than what any other test wrote.
  clock = new Date(clock.getTime() + 3_600_000)
  const since = clock.toISOString()
  for (const kind of ['repair', 'refund', 'coupon']) await add({ kind })
  await setResult(deps(), agent, ticketId, { outcome: 'upheld', reason: 'a' })
  const first = await exportRemedies(house.db, agent, ExportQuery.parse({ since, limit: 2 }))
  const second = await exportRemedies(house.db, agent, ExportQuery.parse({ since, limit: 2, after: first.next! }))
  const all = [...first.remedies, ...second.remedies]
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(all.map(({ kind }) => kind).sort()).toEqual(['coupon', 'refund', 'repair'])
  expect(second.next).toBeNull()
  const { results } = await exportResults(house.db, agent, ExportQuery.parse({ since }))
  expect(results.filter((result) => result.ticketId === ticketId)).toMatchObject([{ outcome: 'upheld' }])
  await expect(exportResults(house.db, agent, ExportQuery.parse({ after: first.next! }))).rejects.toMatchObject({
    code: 'bad_cursor',
  })
})
