import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { OtherLine } from '../wire.ts'
import { linesAround } from './around.ts'

let database: TestDatabase
let rows: Rows
let own: Conversation
let other: Conversation
let agent: Actor
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 8, minute))
/** Another person's conversation under the post. */
const under = (rootId: string | null, account = own.account) =>
  rows.conversation({ brand: own.brand, account, thread: { rootId, surface: 'public' } })

beforeEach(async () => {
  own = await rows.conversation({ thread: { rootId: 'post-1', surface: 'public' } })
  other = await under('post-1')
  agent = await rows.user('agent', [own.brand])
})

const lines = (messageId: string, limit = 20, actor = agent) =>
  linesAround(database.db, actor, own.ticket.id, messageId, limit)
const texts = async (messageId: string, limit = 20) => (await lines(messageId, limit)).map(({ text }) => text)

test('others’ lines of the same post in the order they were written, ours to them too', async () => {
  const mine = await rows.message(own, { sentAt: at(2) })
  await rows.message(own, { sentAt: at(3), text: 'mine' })
  const said = await rows.message(other, { sentAt: at(1), text: 'me too', url: 'https://social.example/2' })
  await rows.revision(said.id, 'me too!', at(5))
  await rows.message(other, { sentAt: at(4), text: 'sorry', direction: 'outbound', authorName: 'Lin' })
  const found = await lines(mine.id)
  expect(found.map((line) => OtherLine.parse(line))).toEqual([
    {
      id: said.id,
      ticketId: other.ticket.id,
      author: other.contact.name,
      text: 'me too!',
      sentAt: at(1).toISOString(),
      direction: 'inbound',
      url: 'https://social.example/2',
    },
    expect.objectContaining({ text: 'sorry', direction: 'outbound', author: 'Lin', url: null }),
  ])
})

test('not those of another post, of another account, of nobody’s post; no notes, and nothing that was deleted', async () => {
  const mine = await rows.message(own)
  const account = await rows.account({ brandId: own.brand.id })
  for (const talk of [await under('post-2'), await under(null), await under('post-1', account)]) {
    await rows.message(talk)
  }
  await rows.message(other, { direction: 'note' })
  await rows.message(other, { deletedAt: at(9) })
  expect(await texts(mine.id)).toEqual([])
})

test('the nearest in time, when there are many', async () => {
  const mine = await rows.message(own, { sentAt: at(30) })
  for (const minute of [1, 28, 29, 33, 50]) await rows.message(other, { sentAt: at(minute), text: String(minute) })
  expect(await texts(mine.id, 3)).toEqual(['28', '29', '33'])
})

test('those of earlier tickets, and of threads that share one ticket', async () => {
  const mine = await rows.message(own, { sentAt: at(1) })
  const earlier = await rows.ticket({ brandId: own.brand.id, accountId: own.account.id, contactId: other.contact.id })
  await rows.message(other, { sentAt: at(2), text: 'earlier', ticketId: earlier.id })
  const person = await under('post-1')
  const shared = await rows.thread({
    accountId: own.account.id,
    identityId: person.identity.id,
    rootId: 'post-1',
    currentTicketId: own.ticket.id,
  })
  await rows.message(own, { sentAt: at(3), text: 'shared', threadId: shared.id })
  expect(await texts(mine.id)).toEqual(['earlier', 'shared'])
})

test('a message without a root has none', async () => {
  const alone = await rows.conversation({ brand: own.brand })
  const line = await rows.message(alone)
  const note = await rows.message(own, { direction: 'note' })
  expect(await linesAround(database.db, agent, alone.ticket.id, line.id, 20)).toEqual([])
  expect(await lines(note.id)).toEqual([])
})

test('a message of another ticket, or of another brand’s, is not there; nor are others’ lines of a brand not mine', async () => {
  const mine = await rows.message(own)
  const notFound = { status: 404, code: 'not_found' }
  await expect(lines((await rows.message(other)).id)).rejects.toMatchObject(notFound)
  const stranger = await rows.user('agent', [await rows.brand()])
  await expect(lines(mine.id, 20, stranger)).rejects.toMatchObject(notFound)
  const foreign = await rows.ticket({
    brandId: (await rows.brand()).id,
    accountId: own.account.id,
    contactId: other.contact.id,
  })
  await rows.message(other, { ticketId: foreign.id, text: 'foreign' })
  expect(await texts(mine.id)).not.toContain('foreign')
})
