import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../test/helpers/house.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { audit, contacts, events, identities, tickets } from '../db/schema.ts'
import { listTickets } from '../tickets/list.ts'
import { messagesPage } from '../tickets/messages.ts'
import { TicketQuery } from '../wire.ts'
import { renameContact } from './rename.ts'

let house: House
let rows: Rows
beforeAll(async () => {
  house = await createHouse()
  rows = createRows(house.db)
})
afterAll(() => house.close())

const author = (name: string, externalId = 'p1') => ({
  externalId,
  name,
  handle: null,
  avatarUrl: null,
  followers: null,
})
const rename = (actor: Parameters<typeof renameContact>[1], id: string, name: string) =>
  renameContact({ db: house.db, nudge: () => {} }, actor, id, name)

/** Somebody the platform tells no name of, who has written. */
async function nobody() {
  const account = await house.account()
  const says = (name: string, text: string) => house.ingest().submit(account, [message({ author: author(name), text })])
  await says('oX3_nameless', 'one')
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.accountId, account.id))
  const called = async () => (await house.db.select().from(contacts).where(eq(contacts.id, ticket!.contactId)))[0]?.name
  return { account, ticket: ticket!, contactId: ticket!.contactId, says, called }
}

test('the name stands in the queue and under what they wrote, and can be looked for', async () => {
  const { contactId, ticket } = await nobody()
  const agent = await house.agent()
  const contact = await rename(agent, contactId, '周大\u0000')
  expect(contact).toMatchObject({ name: '周大\ufffd', identities: [{ name: 'oX3_nameless' }] })
  await rename(agent, contactId, '周大姐')
  const found = await listTickets(house.db, agent, TicketQuery.parse({ q: '周大姐' }), new Date())
  expect(found.tickets).toMatchObject([{ id: ticket.id, contact: { name: '周大姐' } }])
  const { messages } = await messagesPage(house.db, agent, ticket.id, { limit: 10 })
  expect(messages).toMatchObject([{ author: { name: '周大姐', kind: 'contact' } }])
})

test('it is told to those who look at their tickets, and audited without the name; the same name is no change', async () => {
  const { contactId, ticket } = await nobody()
  const agent = await house.agent()
  const before = await house.db.$count(events)
  await rename(agent, contactId, '赵五')
  await rename(agent, contactId, '赵五')
  expect((await house.db.$count(events)) - before).toBe(1)
  const told = await house.db.select().from(events).where(eq(events.ticketId, ticket.id))
  expect(told.at(-1)).toMatchObject({ type: 'message', version: ticket.version })
  const acts = await house.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `contact:${contactId}`))
  expect(acts).toMatchObject([{ actor: agent.id, action: 'contact.renamed', detail: {} }])
})

test('what the platform calls them later does not take its place', async () => {
  const { contactId, account, says, called } = await nobody()
  await rename(await house.agent(), contactId, '周大姐')
  await says('Rose', 'two')
  expect(await called()).toBe('周大姐')
  const [identity] = await house.db.select().from(identities).where(eq(identities.accountId, account.id))
  expect(identity?.name).toBe('Rose')
})

test('while nobody has named them, they are called what the platform calls them now', async () => {
  const { says, called } = await nobody()
  await says('Rose', 'two')
  await says('Rosie', 'three')
  expect(await called()).toBe('Rosie')
})

test('a contact of another brand is not there', async () => {
  const { contactId, called } = await nobody()
  const stranger = await rows.user('agent', [await rows.brand()])
  await expect(rename(stranger, contactId, 'x')).rejects.toMatchObject({ status: 404, code: 'not_found' })
  expect(await called()).toBe('oX3_nameless')
})
