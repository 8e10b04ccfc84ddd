import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { Contact } from '../wire.ts'
import { getContact } from './contact.ts'

let database: TestDatabase
let rows: Rows
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())

test('a contact has their identities, oldest first, and their tickets, newest first', async () => {
  const talk = await rows.conversation({ ticket: { lastMessageAt: new Date('2026-11-20T00:00:00Z') } })
  const { brand, contact, account } = talk
  const other = await rows.account({ brandId: brand.id, channel: 'x' })
  const second = await rows.identity({
    accountId: other.id,
    contactId: contact.id,
    followers: 1_200,
    reachable: false,
    unreachableReason: 'blocked',
    avatarUrl: 'https://platform.example/picture',
  })
  const newer = await rows.ticket({
    brandId: brand.id,
    accountId: account.id,
    contactId: contact.id,
    lastMessageAt: new Date('2026-11-21T00:00:00Z'),
  })
  const agent = await rows.user('agent', [brand])
  const shown = Contact.parse(await getContact(database.db, agent, contact.id))
  expect(shown).toMatchObject({ id: contact.id, brandId: brand.id, name: contact.name })
  expect(shown.identities).toMatchObject([
    { id: talk.identity.id, channel: 'telegram', reachable: true },
    { id: second.id, channel: 'x', followers: 1_200, reachable: false, unreachableReason: 'blocked' },
  ])
  expect(shown.tickets.map(({ id }) => id)).toEqual([newer.id, talk.ticket.id])
  expect(JSON.stringify(shown)).not.toContain('platform.example')
})

test('a contact of another brand is not there', async () => {
  const talk = await rows.conversation()
  const stranger = await rows.user('agent', [await rows.brand()])
  const asked = getContact(database.db, stranger, talk.contact.id)
  await expect(asked).rejects.toMatchObject({ status: 404, code: 'not_found' })
})
