import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { TicketQuery } from '../wire.ts'
import { listTickets } from './list.ts'
import { putSeen } from './seen.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let anna: Actor
let ben: Actor
const start = Date.now() - 3_600_000
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
  const brand = await rows.brand()
  anna = await rows.user('agent', [brand])
  ben = await rows.user('agent', [brand])
  talk = await rows.conversation({ brand, ticket: { unansweredSince: new Date(start), version: 1 } })
  await write('inbound', 1)
})
afterAll(() => database.close())

/** A line of the conversation, which brings the ticket to its version. */
async function write(direction: 'inbound' | 'outbound' | 'note', version: number) {
  const { thread, ticket } = talk
  await rows.message(talk, {
    direction,
    threadId: direction === 'note' ? null : thread.id,
    orderedAt: new Date(start + version * 1_000),
    ticketVersion: version,
  })
  await database.sql`update tickets set version = ${version} where id = ${ticket.id}`
}
const unread = async (actor: Actor) =>
  (await listTickets(database.db, actor, TicketQuery.parse({}), new Date())).unread.includes(talk.ticket.id)

test('what an agent has not seen is marked for them, and for nobody who has', async () => {
  expect(await unread(anna)).toBe(true)
  await putSeen(database.db, anna, talk.ticket.id, 1)
  expect([await unread(anna), await unread(ben)]).toEqual([false, true])

  await write('outbound', 2)
  await write('note', 3)
  expect(await unread(anna), 'words of colleagues are no news from the customer').toBe(false)

  await write('inbound', 4)
  await write('outbound', 5)
  expect(await unread(anna), 'answered meanwhile, but not seen by her').toBe(true)
  await putSeen(database.db, anna, talk.ticket.id, 5)
  expect(await unread(anna)).toBe(false)
})

test('it never goes back, and never beyond what has come', async () => {
  await putSeen(database.db, anna, talk.ticket.id, 1)
  expect(await unread(anna)).toBe(false)
  await putSeen(database.db, anna, talk.ticket.id, 1_000)
  await write('inbound', 6)
  expect(await unread(anna)).toBe(true)
})

test('where an agent never was, only a customer who waits counts', async () => {
  expect(await unread(ben)).toBe(true)
  await database.sql`update tickets set unanswered_since = null where id = ${talk.ticket.id}`
  expect(await unread(ben)).toBe(false)
})

test('nobody tells of a ticket they do not see', async () => {
  const stranger = await rows.user('agent', [await rows.brand()])
  await expect(putSeen(database.db, stranger, talk.ticket.id, 1)).rejects.toThrow('There is no such ticket.')
})

test('a conversation of thousands is not read to find its newest line', async () => {
  const { ticket, thread, account } = talk
  await database.sql`
    insert into messages (id, ticket_id, thread_id, account_id, direction, external_id, surface, author_name, text, sent_at, received_at, ordered_at, ticket_version)
    select uuidv7(), ${ticket.id}, ${thread.id}, ${account.id}, 'inbound', 'many-' || n, 'direct', 'x', 'x', now(), now(), now() + n * interval '1 second', 7
    from generate_series(1, 3000) n`
  await database.sql`update tickets set version = 7 where id = ${ticket.id}`
  await database.sql`analyze messages`
  const [{ 'QUERY PLAN': plan } = { 'QUERY PLAN': '' }] = await database.sql<{ 'QUERY PLAN': string }[]>`
    explain (format json) select m.ticket_version from messages m where m.ticket_id = ${ticket.id} and m.direction = 'inbound'
    order by m.ordered_at desc, coalesce(m.sequence, '') desc, m.id desc limit 1`
  expect(JSON.stringify(plan)).toContain('messages_order')
  expect(await unread(anna)).toBe(true)
})
