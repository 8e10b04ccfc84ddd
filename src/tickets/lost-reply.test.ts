import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import { events, tickets } from '../db/schema.ts'
import { returnTicket } from './lost-reply.ts'
import { readUnansweredSince } from './unanswered.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  talk = await rows.conversation({ ticket: { status: 'waiting_customer' } })
})

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22, 12, minutes))
const customer = (minutes: number) => rows.message(talk, { sentAt: at(minutes) })
async function reply(
  minutes: number,
  states: ('queued' | 'sent' | 'failed' | 'cancelled' | 'unknown')[],
  automatic = false,
) {
  const message = await rows.message(talk, { direction: 'outbound', userId: 'agent', automatic, sentAt: at(minutes) })
  for (const [part, state] of states.entries()) await rows.delivery(message, { part, state, automatic })
  return message
}
const since = () => readUnansweredSince(database.db, talk.ticket.id)

describe('unanswered since', () => {
  test('nothing is unanswered where the customer wrote nothing', async () => {
    await reply(1, ['sent'])
    expect(await since()).toBeNull()
  })

  test("the first message after a person's newest reply", async () => {
    await customer(1)
    await reply(2, ['sent'])
    expect(await since()).toBeNull()
    await customer(3)
    await customer(4)
    expect(await since()).toEqual(at(3))
  })

  test.each([
    [['queued'], null],
    [['unknown'], null],
    [['sent', 'failed'], null],
    [['failed'], at(1)],
    [['cancelled', 'cancelled'], at(1)],
    [['failed', 'cancelled'], at(1)],
  ] as const)('a reply whose parts are %j', async (states, expected) => {
    await customer(1)
    await reply(2, [...states])
    expect(await since()).toEqual(expected)
  })

  test('an automatic reply answers nothing, one written in the platform’s app does', async () => {
    await customer(1)
    await reply(2, ['sent'], true)
    expect(await since()).toEqual(at(1))
    await rows.message(talk, { direction: 'outbound', externalId: 'app', sentAt: at(3) })
    expect(await since()).toBeNull()
  })

  test('a deleted message and a note ask for nothing', async () => {
    await rows.message(talk, { sentAt: at(1), deletedAt: at(2) })
    await rows.message(talk, { direction: 'note', userId: 'agent', sentAt: at(3) })
    expect(await since()).toBeNull()
  })
})

describe('a lost reply', () => {
  const lose = () => database.db.transaction((tx) => returnTicket(tx, talk.ticket.id))
  const ticket = async () => (await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id)))[0]
  const told = () => database.db.select().from(events).where(eq(events.ticketId, talk.ticket.id))

  test('returns the ticket to the agent, with the clock where it was, and tells the desk', async () => {
    await customer(1)
    await reply(2, ['failed'])
    await lose()
    expect(await ticket()).toMatchObject({ status: 'open', unansweredSince: at(1), version: 2 })
    expect(await told()).toMatchObject([{ type: 'ticket', version: 2, brandId: talk.brand.id }])
  })

  test('lost twice is lost once', async () => {
    await customer(1)
    await reply(2, ['failed'])
    await lose()
    await lose()
    expect(await ticket()).toMatchObject({ version: 2 })
    expect(await told()).toHaveLength(1)
  })

  test('a ticket that is closed stays closed, and nobody is told', async () => {
    await database.db.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, talk.ticket.id))
    await customer(1)
    await reply(2, ['failed'])
    await lose()
    expect(await ticket()).toMatchObject({ status: 'closed', unansweredSince: null, version: 1 })
    expect(await told()).toEqual([])
  })
})
