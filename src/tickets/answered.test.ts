import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { plainCapabilities } from '../../test/helpers/house.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { audit, events, threads, tickets } from '../db/schema.ts'
import { standingOf } from '../outbound/standing.ts'
import { NewAnswered } from '../wire.ts'
import { postAnswered } from './answered.ts'
import { showTickets } from './show-tickets.ts'
import { readUnansweredSince } from './unanswered.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
let nudges: number
const now = new Date('2026-11-22T12:00:00Z')
const asked = new Date('2026-11-22T11:00:00Z')
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  nudges = 0
  talk = await rows.conversation({ ticket: { status: 'open', unansweredSince: asked, lastMessageAt: asked } })
  agent = await rows.user('agent', [talk.brand], 'Lin')
})

const answered = async (body: object = {}, actor = agent) =>
  (
    await postAnswered(
      { db: database.db, now: () => now, nudge: () => void nudges++ },
      actor,
      talk.ticket.id,
      NewAnswered.parse({ text: 'Called them.', ...body }),
      undefined,
    )
  ).body.message
const ticket = async () => (await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id)))[0]

test('the ticket is answered as by a reply, told, and audited without its words', async () => {
  await rows.message(talk, { sentAt: asked })
  const newest = await rows.message(talk, { sentAt: asked, replyable: false })
  const message = await answered()
  expect(message).toMatchObject({
    direction: 'outbound',
    outside: true,
    author: { id: agent.id, name: 'Lin', kind: 'user' },
    threadId: talk.thread.id,
    inReplyTo: newest.id,
    sentAt: now.toISOString(),
    version: 2,
  })
  expect(await ticket()).toMatchObject({
    status: 'waiting_customer',
    unansweredSince: null,
    lastMessageAt: now,
    version: 2,
  })
  expect(await readUnansweredSince(database.db, talk.ticket.id)).toBeNull()
  const told = await database.db.select().from(events).where(eq(events.ticketId, talk.ticket.id))
  expect(told).toMatchObject([{ type: 'message', version: 2, brandId: talk.brand.id }])
  expect(nudges).toBe(1)
  const acts = await database.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `ticket:${talk.ticket.id}`))
  expect(acts).toMatchObject([
    { actor: agent.id, action: 'ticket.answered_outside', detail: { messageId: message.id } },
  ])
})

test('the message named is the one that was answered', async () => {
  const first = await rows.message(talk, { sentAt: asked })
  await rows.message(talk, { sentAt: now })
  expect(await answered({ inReplyTo: first.id })).toMatchObject({ inReplyTo: first.id })
})

test('without a message of the customer there is nothing to answer; another brand’s ticket is not there', async () => {
  await expect(answered()).rejects.toMatchObject({ status: 422, code: 'no_target' })
  await rows.message(talk)
  const stranger = await rows.user('agent', [await rows.brand()])
  await expect(answered({}, stranger)).rejects.toMatchObject({ status: 404, code: 'not_found' })
})

test('it comes to the rescue of a reply that failed, and uses up one of the window’s', async () => {
  await rows.message(talk, { sentAt: asked })
  await database.db.update(threads).set({ lastInboundAt: asked }).where(eq(threads.id, talk.thread.id))
  const lost = await rows.message(talk, { direction: 'outbound', userId: agent.id, sentAt: asked })
  await rows.delivery(lost, { state: 'failed', settledAt: asked })
  const failed = async () => (await showTickets(database.db, [talk.ticket.id]))[0]?.failed
  const left = async () => {
    const direct = plainCapabilities.surfaces.direct!
    const windows = [{ openedBy: 'message', lengthMs: 1e12, replies: 5 }] as const
    const capabilities = { ...plainCapabilities, surfaces: { direct: { ...direct, windows } } }
    const standings = await standingOf(database.db, [talk.thread.id], () => capabilities)
    return standings.get(talk.thread.id)?.windows?.[0]?.left
  }
  expect([await failed(), await left()]).toEqual([1, 5])
  await answered()
  expect([await failed(), await left()]).toEqual([0, 4])
})
