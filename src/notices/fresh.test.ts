import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { type FreshKind, type Notice, NoticeListQuery } from '../wire.ts'
import { readFresh } from './fresh.ts'
import { listNotices, markRead, type NewNotice, tellPeople } from './notices.ts'

let database: TestDatabase
let rows: Rows
let brand: Awaited<ReturnType<Rows['brand']>>
let me: Actor
let other: Actor
let since: string
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
  brand = await rows.brand()
  me = await rows.user('agent', [brand])
  other = await rows.user('agent', [brand])
  since = (await readFresh(database.db, me, {})).at
})
afterAll(() => database.close())

const told = async (actor = me, kinds?: FreshKind[]) =>
  (await readFresh(database.db, actor, { since, ...(kinds ? { kinds } : {}) })).notices
const deliveryEvent = (ticketId: string) =>
  database.sql`insert into events (brand_id, type, ticket_id, version) values (${brand.id}, 'delivery', ${ticketId}, 1)`

test('without a time there is nothing but the time', async () => {
  const talk = await rows.conversation({ brand, ticket: { assigneeId: me.id } })
  await rows.message(talk)
  expect(await readFresh(database.db, me, {})).toEqual({ notices: [], at: expect.any(String) })
})

test('a customer’s words in one’s own ticket, once for each of them; nobody else’s, and no answer of ours', async () => {
  const person = await rows.user('agent', [brand])
  const talk = await rows.conversation({ brand, ticket: { assigneeId: person.id, status: 'open' } })
  const first = await rows.message(talk, { text: '手机\n 坏了' })
  const { id: ticketId, number } = talk.ticket
  const said = { kind: 'mine', ticketId, number, brandId: brand.id, name: talk.contact.name, state: null, read: null }
  expect(await told(person)).toMatchObject([{ ...said, id: first.id, text: '手机 坏了' }])
  // The same again has the same id.
  expect(await told(person)).toHaveLength(1)
  const second = await rows.message(talk, { text: '还在吗' })
  expect((await told(person)).map(({ id }) => id)).toEqual([second.id])
  expect(await told(other, ['mine'])).toEqual([])
  expect(await told(person, ['task'])).toEqual([])
})

test('old words are no news', async () => {
  const person = await rows.user('agent', [brand])
  const talk = await rows.conversation({ brand, ticket: { assigneeId: person.id } })
  await rows.message(talk, { sentAt: new Date(Date.now() - 3_600_000) })
  expect(await told(person)).toEqual([])
  // Nor is what somebody asks for who slept for a day.
  const { notices } = await readFresh(database.db, person, { since: new Date(Date.now() - 86_400_000).toISOString() })
  expect(notices).toEqual([])
})

test('a new ticket that is nobody’s is told to those who see its brand, until somebody has it', async () => {
  const stranger = await rows.user('agent', [await rows.brand()])
  const talk = await rows.conversation({ brand })
  await rows.message(talk, { text: '在吗' })
  const mine = (list: Notice[]) => list.filter(({ ticketId }) => ticketId === talk.ticket.id)
  expect(mine(await told())).toMatchObject([{ kind: 'unassigned', id: talk.ticket.id, text: '在吗' }])
  expect(mine(await told(stranger))).toEqual([])
  await database.sql`update tickets set assignee_id = ${other.id} where id = ${talk.ticket.id}`
  expect(mine(await told())).toEqual([])
})

describe('one’s own replies', () => {
  test.each(['failed', 'unknown'] as const)('that are %s', async (state) => {
    const talk = await rows.conversation({ brand, ticket: { status: 'open' } })
    const reply = await rows.message(talk, { direction: 'outbound', userId: me.id, text: '您好' })
    const delivery = await rows.delivery(reply, { state, settledAt: state === 'failed' ? new Date() : null })
    const mine = async (actor: Actor) => (await told(actor)).filter(({ ticketId }) => ticketId === talk.ticket.id)
    expect(await mine(me)).toEqual([])
    await deliveryEvent(talk.ticket.id)
    expect(await mine(me)).toMatchObject([{ kind: 'delivery', id: `${delivery.id}:0:${state}`, state, text: '您好' }])
    expect(await mine(other)).toEqual([])
  })
})

test('tasks that became due, one’s own and nobody’s', async () => {
  const talk = await rows.conversation({ brand, ticket: { status: 'open' } })
  const task = (dueMs: number, assigneeId: string | null) =>
    database.sql`insert into tasks (id, brand_id, ticket_id, kind, text, due_at, assignee_id, created_by, created_name, created_at)
      values (${newId()}, ${brand.id}, ${talk.ticket.id}, 'reply', 'call', ${new Date(Date.now() + dueMs).toISOString()},
        ${assigneeId}, 'x', 'x', now())`
  await task(-1_000, me.id)
  await task(-1_000, null)
  await task(-1_000, other.id)
  await task(60_000, me.id)
  await task(-86_400_000, me.id)
  expect((await told(me, ['task'])).map(({ kind, text }) => [kind, text])).toEqual(Array(2).fill(['task', 'call']))
})

test('mentions of the brands one sees', async () => {
  const talk = await rows.conversation({ brand })
  const message = await rows.message(talk, { ticketId: null, text: '这手机真难用', authorName: '路人' })
  await database.sql`insert into mentions (message_id, brand_id, account_id, thread_id, surface, language, at)
    values (${message.id}, ${brand.id}, ${talk.account.id}, ${talk.thread.id}, 'public', 'zh', now())`
  expect(await told(me, ['mention'])).toMatchObject([
    { kind: 'mention', id: message.id, ticketId: null, name: '路人', text: '这手机真难用' },
  ])
  const stranger = await rows.user('agent', [await rows.brand()])
  expect(await told(stranger, ['mention'])).toEqual([])
  await database.sql`update mentions set dismissed_at = now() where message_id = ${message.id}`
  expect(await told(me, ['mention'])).toEqual([])
})

test('what is kept in one’s list, until it is read; once for a key, of brands one sees, never to who did it', async () => {
  const talk = await rows.conversation({ brand, ticket: { status: 'open' } })
  const stranger = await rows.user('agent', [await rows.brand()])
  const dueAt = new Date('2026-12-01T00:00:00Z')
  const about = { ticket: talk.ticket, kind: 'clock_breach', clock: 'first_answer', dueAt, key: 'once' } as const
  const tell = (notice: NewNotice) =>
    database.db.transaction((tx) => tellPeople(tx, [me.id, other.id, stranger.id, null], notice))
  await tell(about)
  await tell(about)
  await tell({ ticket: talk.ticket, kind: 'escalated', by: other })
  const said = { ticketId: talk.ticket.id, number: talk.ticket.number, name: talk.contact.name, read: false }
  const [breach, escalated] = [
    { ...said, kind: 'clock_breach', clock: 'first_answer', dueAt: dueAt.toISOString(), by: null },
    { ...said, kind: 'escalated', clock: null, dueAt: null, by: other.name },
  ]
  expect(await told(me, ['kept'])).toMatchObject([escalated, breach])
  expect(await told(other, ['kept'])).toMatchObject([breach])
  expect(await told(stranger, ['kept'])).toEqual([])
  const query = NoticeListQuery.parse({})
  expect(await listNotices(database.db, me, query)).toMatchObject({ notices: [escalated, breach], unread: 2 })
  const { notices } = await listNotices(database.db, other, query)
  await markRead(database.db, me, new Date(), [notices[0]!.id])
  expect((await listNotices(database.db, me, query)).unread).toBe(2)
  await markRead(database.db, me, new Date(), undefined)
  expect(await told(me, ['kept'])).toEqual([])
  expect(await listNotices(database.db, me, query)).toMatchObject({
    notices: [{ read: true }, { read: true }],
    unread: 0,
  })
})
