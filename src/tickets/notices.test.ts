import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import type { Notice } from '../wire.ts'
import { readNotices } from './notices.ts'

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
  since = (await readNotices(database.db, me, {})).at
})
afterAll(() => database.close())

const told = async (actor = me, kinds?: Notice['kind'][]) =>
  (await readNotices(database.db, actor, { since, ...(kinds ? { kinds } : {}) })).notices
const deliveryEvent = (ticketId: string) =>
  database.sql`insert into events (brand_id, type, ticket_id, version) values (${brand.id}, 'delivery', ${ticketId}, 1)`

test('without a time there is nothing but the time', async () => {
  const talk = await rows.conversation({ brand, ticket: { assigneeId: me.id } })
  await rows.message(talk)
  expect(await readNotices(database.db, me, {})).toEqual({ notices: [], at: expect.any(String) })
})

test('a customer’s words in one’s own ticket, once for each of them; nobody else’s, and no answer of ours', async () => {
  const person = await rows.user('agent', [brand])
  const talk = await rows.conversation({ brand, ticket: { assigneeId: person.id, status: 'open' } })
  const first = await rows.message(talk, { text: '手机\n 坏了' })
  const said = { kind: 'mine', ticketId: talk.ticket.id, brandId: brand.id, name: talk.contact.name, state: null }
  expect(await told(person)).toEqual([{ ...said, key: first.id, text: '手机 坏了' }])
  // The same again has the same key.
  expect(await told(person)).toHaveLength(1)
  const second = await rows.message(talk, { text: '还在吗' })
  expect((await told(person)).map(({ key }) => key)).toEqual([second.id])
  expect(await told(other, ['mine'])).toEqual([])
  expect(await told(person, ['task'])).toEqual([])
})

test('old words are no news', async () => {
  const person = await rows.user('agent', [brand])
  const talk = await rows.conversation({ brand, ticket: { assigneeId: person.id } })
  await rows.message(talk, { sentAt: new Date(Date.now() - 3_600_000) })
  expect(await told(person)).toEqual([])
  // Nor is what somebody asks for who slept for a day.
  const { notices } = await readNotices(database.db, person, { since: new Date(Date.now() - 86_400_000).toISOString() })
  expect(notices).toEqual([])
})

test('a new ticket that is nobody’s is told to those who see its brand, until somebody has it', async () => {
  const stranger = await rows.user('agent', [await rows.brand()])
  const talk = await rows.conversation({ brand })
  await rows.message(talk, { text: '在吗' })
  const mine = (list: Notice[]) => list.filter(({ ticketId }) => ticketId === talk.ticket.id)
  expect(mine(await told())).toMatchObject([{ kind: 'unassigned', key: talk.ticket.id, text: '在吗' }])
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
    expect(await mine(me)).toMatchObject([{ kind: 'delivery', key: `${delivery.id}:0:${state}`, state, text: '您好' }])
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
    { kind: 'mention', key: message.id, ticketId: null, name: '路人', text: '这手机真难用' },
  ])
  const stranger = await rows.user('agent', [await rows.brand()])
  expect(await told(stranger, ['mention'])).toEqual([])
  await database.sql`update mentions set dismissed_at = now() where message_id = ${message.id}`
  expect(await told(me, ['mention'])).toEqual([])
})
