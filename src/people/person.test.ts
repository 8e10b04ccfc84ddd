import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { message } from '../../test/helpers/house.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { audit, brands, contacts, identities, messages, tickets } from '../db/schema.ts'
import { createIngest } from '../inbound/ingest.ts'
import type { Contact } from '../wire.ts'
import type { ContactField, PersonDetail } from '../wire-people.ts'

let house: TestApp
let rows: Rows
let [agent, supervisor, administrator, stranger]: Person[] = []
beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  agent = await house.person('agent')
  supervisor = await house.person('supervisor')
  administrator = await house.person('administrator', [])
  stranger = await house.person('agent', [await house.addBrand('Other')])
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function call(who: Person | undefined, method: Method, url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const detail = async (id: string, who = agent) =>
  (await call(who, 'GET', `/api/contacts/${id}/detail`)).body as PersonDetail
const contact = async (id: string) => (await call(agent, 'GET', `/api/contacts/${id}`)).body as Contact

async function person(values: Parameters<Rows['conversation']>[0] = {}): Promise<Conversation> {
  const brand = (await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId)))[0]!
  return rows.conversation({ brand, ticket: { status: 'open' }, ...values })
}
/** They write, as ingest hears it. */
async function writes({ account, identity, thread }: Conversation, text: string, more: object = {}) {
  const open = {
    ...account,
    adapter: { capabilities: { surfaces: {} } },
    intake: 'tickets',
    ticketPer: 'person',
    reopenWithinMs: 0,
    ...more,
  }
  const { externalId, name, handle } = identity
  const event = message({
    threadId: thread.externalId,
    author: { externalId, name, handle, avatarUrl: null, followers: null },
    text,
  })
  await createIngest(house.deps).submit(open as unknown as OpenAccount, [event])
  return (await house.deps.db.select().from(messages).where(eq(messages.text, text)))[0]!
}

describe('notes', () => {
  test('are seen by colleagues, and taken away by who wrote them or a supervisor', async () => {
    const { contact: who } = await person()
    const add = (text: string, by = agent) => call(by, 'POST', `/api/contacts/${who.id}/notes`, { text })
    const one = (await add('讲粤语\u0000')).body
    const two = (await add('VIP', supervisor)).body
    expect((await detail(who.id)).notes).toMatchObject([
      { text: 'VIP', mine: false, by: { name: 'supervisor' } },
      { text: '讲粤语\ufffd', mine: true },
    ])
    expect((await call(agent, 'DELETE', `/api/contacts/${who.id}/notes/${two.id}`)).status).toBe(403)
    expect((await call(supervisor, 'DELETE', `/api/contacts/${who.id}/notes/${one.id}`)).status).toBe(204)
    expect((await detail(who.id)).notes).toHaveLength(1)
    expect((await add('x', stranger)).status).toBe(404)
    expect((await call(stranger, 'GET', `/api/contacts/${who.id}/detail`)).status).toBe(404)
    const acts = await house.deps.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `contact:${who.id}`))
    expect(JSON.stringify(acts)).not.toContain('讲粤语')
  })
})

describe('fields', () => {
  const fields = async () => (await call(agent, 'GET', '/api/contact-fields')).body.fields as ContactField[]
  const set = (id: string, values: object, who = agent) => call(who, 'PATCH', `/api/contacts/${id}/values`, { values })

  test('model, serial number and purchase date are there from the beginning', async () => {
    expect((await fields()).map(({ key, type }) => [key, type])).toEqual([
      ['model', 'text'],
      ['serial', 'text'],
      ['purchase_date', 'date'],
    ])
  })

  test('values are kept by their type', async () => {
    const { contact: who } = await person()
    const [model, , date] = await fields()
    expect((await set(who.id, { [model!.id]: ' X200 ', [date!.id]: '2026-02-28' })).status).toBe(204)
    expect((await detail(who.id)).values).toEqual({ [model!.id]: 'X200', [date!.id]: '2026-02-28' })
    for (const bad of ['2026-02-30', '28.2.2026', '2026-2-8']) {
      expect((await set(who.id, { [date!.id]: bad })).body).toMatchObject({
        code: 'bad_value',
        details: { field: date!.id },
      })
    }
    await set(who.id, { [model!.id]: null })
    expect((await detail(who.id)).values).toEqual({ [date!.id]: '2026-02-28' })
    expect((await set(who.id, { [who.id]: 'x' })).body.code).toBe('field_unknown')
    expect((await set(who.id, { [model!.id]: 'x' }, stranger)).status).toBe(404)
  })

  test('are changed by administrators; one taken away keeps its values and can come back', async () => {
    const wanted = { key: 'colour', title: { en: 'Colour', zh: '颜色' }, type: 'choice', choices: ['红', '白', '红'] }
    expect((await call(supervisor, 'POST', '/api/contact-fields', wanted)).status).toBe(403)
    expect((await call(administrator, 'POST', '/api/contact-fields', { ...wanted, choices: [] })).status).toBe(400)
    const { body: field } = await call(administrator, 'POST', '/api/contact-fields', wanted)
    expect(field).toMatchObject({ key: 'colour', choices: ['红', '白'] })
    expect((await call(administrator, 'POST', '/api/contact-fields', wanted)).body.code).toBe('name_taken')
    const { contact: who } = await person()
    expect((await set(who.id, { [field.id]: '黑' })).body.code).toBe('bad_value')
    await set(who.id, { [field.id]: '白' })
    await call(administrator, 'PATCH', `/api/contact-fields/${field.id}`, {
      position: 1,
      title: { en: 'Color', zh: '颜色' },
    })
    expect((await fields())[0]).toMatchObject({ key: 'colour', title: { en: 'Color' } })
    await call(administrator, 'DELETE', `/api/contact-fields/${field.id}`)
    expect((await fields()).map(({ key }) => key)).not.toContain('colour')
    const { body: again } = await call(administrator, 'POST', '/api/contact-fields', wanted)
    expect(again.id).toBe(field.id)
    expect((await detail(who.id)).values).toEqual({ [field.id]: '白' })
  })
})

describe('a blocked person', () => {
  test('has no open ticket, and what they write is kept without one, until they are unblocked', async () => {
    const them = await person()
    const { body } = await call(agent, 'PUT', `/api/contacts/${them.contact.id}/block`)
    expect(body).toEqual({ closed: 1 })
    expect((await call(agent, 'PUT', `/api/contacts/${them.contact.id}/block`)).body).toEqual({ closed: 0 })
    const all = await house.deps.db.$count(tickets)
    for (const [index, intake] of ['tickets', 'watch'].entries()) {
      expect(await writes(them, `kept ${index}`, { intake })).toMatchObject({ ticketId: null })
    }
    expect(await house.deps.db.$count(tickets)).toBe(all)
    expect((await call(agent, 'GET', '/api/mentions')).body.mentions).toEqual([])
    const shown = await detail(them.contact.id)
    expect(shown).toMatchObject({ block: { by: { id: agent!.id } }, kept: { count: 2 } })
    expect(shown.kept.posts.map(({ text }) => text).sort()).toEqual(['kept 0', 'kept 1'])
    const [ticket] = await house.deps.db.select().from(tickets).where(eq(tickets.id, them.ticket.id))
    expect(ticket).toMatchObject({ status: 'closed', unansweredSince: null })
    expect((await call(stranger, 'DELETE', `/api/contacts/${them.contact.id}/block`)).status).toBe(404)
    expect((await call(agent, 'DELETE', `/api/contacts/${them.contact.id}/block`)).status).toBe(204)
    expect((await writes(them, 'heard again')).ticketId).not.toBeNull()
    expect((await detail(them.contact.id)).kept.count).toBe(2)
  })

  test('others are not, also in the same batch', async () => {
    const [them, other] = [await person(), await person()]
    await call(agent, 'PUT', `/api/contacts/${them.contact.id}/block`)
    const ids = await Promise.all([writes(them, 'not this'), writes(other, 'but this')])
    expect(ids.map(({ ticketId }) => ticketId)).toEqual([null, other.ticket.id])
  })
})

describe('two people', () => {
  const merge = (from: Conversation, into: Conversation, who = agent) =>
    call(who, 'POST', `/api/contacts/${from.contact.id}/merge`, { into: into.contact.id })
  const undo = (id: string, who = agent) => call(who, 'POST', `/api/contact-merges/${id}/undo`)

  test('become one, and two again: identities, tickets, notes, fields and a block', async () => {
    const [from, into] = [await person(), await person()]
    const [model, serial] = (await call(agent, 'GET', '/api/contact-fields')).body.fields.filter(
      ({ key }: ContactField) => key === 'model' || key === 'serial',
    ) as [ContactField, ContactField]
    await call(agent, 'PATCH', `/api/contacts/${from.contact.id}/values`, {
      values: { [model.id]: 'of from', [serial.id]: 'S1' },
    })
    await call(agent, 'PATCH', `/api/contacts/${into.contact.id}/values`, { values: { [model.id]: 'of into' } })
    await call(agent, 'POST', `/api/contacts/${from.contact.id}/notes`, { text: 'note of from' })
    await call(agent, 'PUT', `/api/contacts/${from.contact.id}/block`)
    const before = [await contact(from.contact.id), await contact(into.contact.id)]
    const details = [await detail(from.contact.id), await detail(into.contact.id)]

    const { body } = await merge(from, into)
    expect((await merge(from, into)).body).toEqual(body)
    const one = await contact(into.contact.id)
    expect(one.identities.map(({ id }) => id).sort()).toEqual([from.identity.id, into.identity.id].sort())
    expect(one.tickets.map(({ id }) => id).sort()).toEqual([from.ticket.id, into.ticket.id].sort())
    expect(await contact(from.contact.id)).toEqual(one)
    expect(await detail(into.contact.id)).toMatchObject({
      values: { [model.id]: 'of into', [serial.id]: 'S1' },
      notes: [{ text: 'note of from' }],
      block: { by: { id: agent!.id } },
      merges: [{ id: body.mergeId, from: { id: from.contact.id } }],
    })
    expect(await writes(into, 'blocked too')).toMatchObject({ ticketId: null })
    await call(agent, 'DELETE', `/api/contacts/${into.contact.id}/block`)
    const mine = (await writes(from, 'from writes')).ticketId

    expect((await undo(body.mergeId, stranger)).status).toBe(404)
    expect((await undo(body.mergeId)).status).toBe(200)
    expect((await undo(body.mergeId)).status).toBe(200)
    const [backFrom, backInto] = [await contact(from.contact.id), await contact(into.contact.id)]
    expect(backFrom.identities).toEqual(before[0]!.identities)
    expect(backInto.identities).toEqual(before[1]!.identities)
    expect(backFrom.tickets.map(({ id }) => id).sort()).toEqual([from.ticket.id, mine].sort())
    expect(backInto.tickets.map(({ id }) => id)).toEqual([into.ticket.id])
    expect((await detail(from.contact.id)).values).toEqual(details[0]!.values)
    expect((await detail(into.contact.id)).values).toEqual(details[1]!.values)
    expect((await detail(into.contact.id)).notes).toEqual([])
  })

  test('a third merge is taken back first; strangers and other brands are refused', async () => {
    const [a, b, c] = [await person(), await person(), await person()]
    const one = (await merge(a, b)).body
    const two = (await merge(b, c)).body
    expect((await contact(a.contact.id)).id).toBe(c.contact.id)
    expect((await undo(one.mergeId)).body.code).toBe('merged_further')
    expect((await undo(two.mergeId)).status).toBe(200)
    expect((await undo(one.mergeId)).status).toBe(200)
    expect((await merge(a, a)).body.code).toBe('same_person')
    expect((await merge(a, b, stranger)).status).toBe(404)
    const foreign = await rows.conversation()
    expect((await merge(a, foreign, administrator)).body.code).toBe('other_brand')
  })

  test('both ways and twice at the same time leave one person', async () => {
    const [a, b] = [await person(), await person()]
    const answers = await Promise.all(
      [merge(a, b), merge(b, a), merge(a, b), writes(a, 'meanwhile')].slice(0, 3) as ReturnType<typeof merge>[],
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    const [one, other] = [await contact(a.contact.id), await contact(b.contact.id)]
    expect(one.id).toBe(other.id)
    expect(one.identities).toHaveLength(2)
  })

  test('are suggested by number, address, handle, and name with serial number; never over brands, nor once kept apart', async () => {
    const brand = (await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId)))[0]!
    const by = (values: object, name?: string) =>
      rows.conversation({ brand, identity: values, ...(name ? { contact: { name } } : {}) })
    const me = await by({ externalId: '+8613800138000', handle: '+8613800138000' }, '周敏')
    const phone = await by({ externalId: '+8613800138000' })
    const handle = await by({ handle: '@ZhouMin_1' })
    const mail = await by({ handle: 'min@example.com' })
    await house.deps.db.insert(identities).values([
      {
        id: crypto.randomUUID(),
        accountId: mail.account.id,
        externalId: 'z2',
        contactId: me.contact.id,
        name: 'm',
        handle: 'zhoumin_1',
      },
      {
        id: crypto.randomUUID(),
        accountId: handle.account.id,
        externalId: 'z3',
        contactId: me.contact.id,
        name: 'm',
        handle: 'Min@example.com',
      },
    ])
    const namesake = await by({}, '周敏')
    const stranger_ = await by({}, '周敏')
    await rows.conversation({ identity: { externalId: '+8613800138000' } })
    const serial = ((await call(agent, 'GET', '/api/contact-fields')).body.fields as ContactField[]).find(
      ({ key }) => key === 'serial',
    )!
    for (const { contact: who } of [me, namesake])
      await call(agent, 'PATCH', `/api/contacts/${who.id}/values`, { values: { [serial.id]: 'SN-77' } })
    const alike = async () => (await detail(me.contact.id)).alike.map(({ id, why }) => [id, why])
    expect((await alike()).sort()).toEqual(
      [
        [phone.contact.id, 'phone'],
        [handle.contact.id, 'handle'],
        [mail.contact.id, 'email'],
        [namesake.contact.id, 'serial'],
      ].sort(),
    )
    expect((await detail(stranger_.contact.id)).alike).toEqual([])
    await call(agent, 'PUT', `/api/contacts/${handle.contact.id}/apart`, { into: me.contact.id })
    expect((await alike()).map(([id]) => id)).not.toContain(handle.contact.id)
    await merge(phone, me)
    expect((await alike()).map(([id]) => id)).not.toContain(phone.contact.id)
    expect(await house.deps.db.$count(contacts)).toBeGreaterThan(5)
  })
})
