import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../test/helpers/house.ts'
import { complaint, member, ticketNow } from '../../test/helpers/people.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { type Actor, systemActor } from '../auth/actor.ts'
import { audit, ticketNames } from '../db/schema.ts'
import type { NamedStatus, TicketPatch } from '../wire.ts'
import { TicketQuery } from '../wire.ts'
import { changeTicket } from './change.ts'
import { listTickets } from './list.ts'
import { addNamedStatus, changeNamedStatus, listNamedStatuses, orderNamedStatuses } from './named-statuses.ts'

let house: House
let account: OpenAccount
let agent: Actor
let parts: NamedStatus
let ticketId: string
const now = () => new Date()
const change = (patch: TicketPatch) => changeTicket({ ...house, now, nudge: () => {} }, agent, ticketId, patch)
const add = (values: object = {}) =>
  addNamedStatus(house.db, systemActor, {
    ...{ status: 'waiting_other', zh: '等配件', en: 'Waiting for parts', color: 'amber' },
    ...values,
  })
const stored = () => house.db.select().from(ticketNames).where(eq(ticketNames.ticketId, ticketId))

beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await member(house, 'Lin')
  parts = await add()
})
afterAll(() => house.close())
beforeEach(async () => {
  ticketId = (await complaint(house, account)).id
})

test('a ticket gets one with the fixed status it belongs to, and is found by it', async () => {
  const before = (await ticketNow(house, ticketId)).version
  expect(await change({ named: parts.id })).toMatchObject({ status: 'waiting_other', named: parts.id })
  expect((await ticketNow(house, ticketId)).version).toBe(before + 1)
  const found = await listTickets(house.db, agent, TicketQuery.parse({ named: parts.id }), now())
  expect(found.tickets.map(({ id }) => id)).toEqual([ticketId])
  // The same once more is no change.
  await change({ named: parts.id })
  expect((await ticketNow(house, ticketId)).version).toBe(before + 1)
  const acts = await house.db
    .select()
    .from(audit)
    .where(and(eq(audit.subject, `ticket:${ticketId}`), eq(audit.action, 'ticket.changed')))
    .orderBy(audit.id)
  expect(acts.map(({ detail }) => detail)).toMatchObject([{ named: { from: null, to: parts.id } }])
})

test('another of the same fixed status is a change too, and none is its own name again', async () => {
  const store = await add({ zh: '等门店', en: 'Waiting for the store' })
  await change({ named: parts.id })
  expect(await change({ named: store.id })).toMatchObject({ status: 'waiting_other', named: store.id })
  expect(await change({ named: null })).toMatchObject({ status: 'waiting_other', named: null })
})

test('it goes with the fixed status, whoever changes that', async () => {
  await change({ named: parts.id })
  expect(await change({ status: 'open' })).toMatchObject({ status: 'open', named: null })
  await change({ status: 'waiting_other' })
  expect(await stored()).toEqual([])
  await change({ named: parts.id })
  // The customer writes: the ticket is open by itself.
  const talk = await house.sql`
    select t.external_id, i.external_id as author from threads t join identities i on i.id = t.identity_id
    where t.current_ticket_id = ${ticketId}`
  const author = { externalId: String(talk[0]!.author), name: '王芳', handle: null, avatarUrl: null, followers: null }
  const threadId = String(talk[0]!.external_id)
  await house.ingest().submit(account, [message({ externalId: `again-${ticketId}`, threadId, author, sentAt: now() })])
  expect([(await ticketNow(house, ticketId)).status, await stored()]).toEqual(['open', []])
})

test('one of another fixed status than the one asked for is refused, an archived one is chosen no more', async () => {
  await expect(change({ named: parts.id, status: 'open' })).rejects.toMatchObject({ code: 'named_mismatch' })
  const old = await add({ zh: '旧状态', en: 'Old' })
  await change({ named: old.id })
  await changeNamedStatus(house.db, systemActor, old.id, { archived: true }, now())
  // The ticket that has it keeps it.
  expect(await change({ priority: 'high' })).toMatchObject({ named: old.id })
  ticketId = (await complaint(house, account)).id
  await expect(change({ named: old.id })).rejects.toMatchObject({ code: 'unknown_named_status' })
})

test('the list has an order, which is changed as a whole', async () => {
  await add({ status: 'open', zh: '调查中', en: 'Looking into it', color: 'blue' })
  const ids = (await listNamedStatuses(house.db)).map(({ id }) => id)
  const turned = ids.toReversed()
  expect((await orderNamedStatuses(house.db, systemActor, turned)).map(({ id }) => id)).toEqual(turned)
  await expect(orderNamedStatuses(house.db, systemActor, turned.slice(1))).rejects.toMatchObject({
    code: 'order_changed',
  })
  const changed = await changeNamedStatus(house.db, systemActor, parts.id, { zh: '等零件', color: 'violet' }, now())
  expect(changed).toMatchObject({ zh: '等零件', en: 'Waiting for parts', color: 'violet', status: 'waiting_other' })
})
