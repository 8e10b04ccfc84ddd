/** Tickets together with what feeds and wakes them: the real ingest and the real runner of due work. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenAccount } from '../src/accounts/connections.ts'
import type { Actor } from '../src/auth/actor.ts'
import { createDueRunner } from '../src/db/run-due.ts'
import { dueWork, events, messages, tickets } from '../src/db/schema.ts'
import type { Ingest } from '../src/inbound/ingest.ts'
import { changeTicket } from '../src/tickets/change.ts'
import { listTickets } from '../src/tickets/list.ts'
import { messagesPage } from '../src/tickets/messages.ts'
import { postNote } from '../src/tickets/note.ts'
import { unsnoozeHandler } from '../src/tickets/unsnooze.ts'
import { TicketQuery } from '../src/wire.ts'
import { createHouse, edited, type House, message, silent } from './helpers/house.ts'
import { until } from './helpers/until.ts'

let house: House
let account: OpenAccount
let agent: Actor
let ingest: Ingest
beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await house.agent()
  ingest = house.ingest()
})
afterAll(() => house.close())

const find = async (query: object) =>
  (await listTickets(house.db, agent, TicketQuery.parse(query), new Date())).tickets.map(({ id }) => id)

test('what arrives is found by any part of it, and after an edit by its new words only', async () => {
  const externalId = 'edited-later'
  await ingest.submit(account, [message({ externalId, threadId: 'edit', text: '屏幕黑屏，订单 iPhone15-0089' })])
  const [id] = await find({ q: '黑屏' })
  expect(id).toBeDefined()
  for (const q of ['0089', 'e15-', '訂單', '屏 幕']) expect([q, await find({ q })]).toEqual([q, [id]])
  const at = new Date('2026-11-22T09:00:00Z')
  await ingest.submit(account, [edited(at, { externalId, threadId: 'edit', text: '电池鼓包' })])
  expect(await find({ q: '鼓包' })).toEqual([id])
  expect(await find({ q: '黑屏' })).toEqual([])
  const page = await messagesPage(house.db, agent, id ?? '', { limit: 10 })
  expect(page.messages).toMatchObject([
    { text: '电池鼓包', revisions: [{ text: '屏幕黑屏，订单 iPhone15-0089' }], author: { kind: 'contact' } },
  ])
})

test('a customer who writes wakes a snoozed ticket and reopens a resolved one', async () => {
  const say = (text: string) => ingest.submit(account, [message({ threadId: 'snooze', text, sentAt: new Date() })])
  await say('网络断线')
  const [id = ''] = await find({ q: '网络断线' })
  const deps = { db: house.db, now: () => new Date(), nudge: () => {} }
  await changeTicket(deps, agent, id, { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() })
  expect(await find({ q: '断线', snoozed: 'true' })).toEqual([id])
  await say('还没好吗')
  expect(await find({ q: '断线', snoozed: 'true' })).toEqual([])
  await changeTicket(deps, agent, id, { status: 'resolved' })
  await say('又断了')
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, id))
  expect(ticket).toMatchObject({ status: 'open', resolvedAt: null })
  expect(ticket?.unansweredSince).not.toBeNull()
})

test('customer, agent and notes at once: each raises the version by one, and each is told with its own', async () => {
  // A person of their own: an open ticket takes all that one person writes.
  const author = { externalId: 'busy', name: '赵敏', handle: null, avatarUrl: null, followers: null }
  const threadId = 'busy'
  await ingest.submit(account, [message({ threadId, author, text: '太慢了，太慢了' })])
  const [id = ''] = await find({ q: '太慢了，太慢了' })
  const deps = { db: house.db, now: () => new Date(), nudge: () => {} }
  const other = house.ingest()
  const rounds = Array.from({ length: 20 }, (_, index) => index)
  await Promise.all(
    rounds.flatMap((index) => [
      (index % 2 === 0 ? ingest : other).submit(account, [message({ threadId, author, text: `${index}` })]),
      changeTicket(deps, agent, id, { tags: [`${index}`] }),
      postNote(deps, agent, id, { text: `${index}`, mediaIds: [] }, undefined),
    ]),
  )
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, id))
  const told = await house.db.select().from(events).where(eq(events.ticketId, id))
  expect(ticket?.version).toBe(1 + 3 * rounds.length)
  const versions = told.map(({ version }) => version)
  for (let version = 2; version <= 1 + 3 * rounds.length; version++) expect(versions).toContain(version)
  expect(await house.db.$count(messages, eq(messages.ticketId, id))).toBe(1 + 2 * rounds.length)
})

test('a snoozed ticket is woken at its time by the runner of due work', async () => {
  await ingest.submit(account, [message({ threadId: 'wake', text: '维修太慢' })])
  const [id = ''] = await find({ q: '维修太慢' })
  const deps = { db: house.db, now: () => new Date(), nudge: () => {} }
  const until200ms = new Date(Date.now() + 200).toISOString()
  const { version } = await changeTicket(deps, agent, id, { snoozedUntil: until200ms })
  const handlers = { unsnooze: unsnoozeHandler(deps) }
  const runner = createDueRunner({ db: house.db, handlers, now: () => new Date(), log: silent, pollMs: 20 })
  runner.start()
  try {
    const read = () => house.db.select().from(tickets).where(eq(tickets.id, id))
    const [woken] = await until(async () => ((await read())[0]?.snoozedUntil === null ? read() : false))
    expect(woken?.version).toBe(version + 1)
    await until(async () => (await house.db.$count(dueWork, eq(dueWork.subject, id))) === 0)
  } finally {
    await runner.stop()
  }
})
