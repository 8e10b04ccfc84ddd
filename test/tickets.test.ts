/** Tickets over HTTP: what a request must look like, who may ask, and what the same request twice gets. */
import { eq } from 'drizzle-orm'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../src/db/schema.ts'
import {
  Contact,
  Draft,
  Message,
  MessagePage,
  OtherLines,
  Problem,
  Ticket,
  TicketDetail,
  TicketPage,
} from '../src/wire.ts'
import { openTestApp, type Person, type TestApp } from './helpers/app.ts'
import { type Conversation, createRows, type Rows } from './helpers/rows.ts'

let house: TestApp
let rows: Rows
let ours: Conversation
let theirs: Conversation
let agent: Person
let program: { authorization: string }

beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.database.db)
  ours = await rows.conversation({ identity: { handle: 'wang' } })
  theirs = await rows.conversation()
  for (const talk of [ours, theirs]) await rows.message(talk, { text: '电池鼓包 battery' })
  agent = await house.person('agent', [ours.brand.id])
  program = await house.program('agent', [ours.brand.id])
})
afterAll(() => house.close())

type Method = NonNullable<InjectOptions['method']>
const ask = (method: Method, url: string, payload?: object, headers: object = agent.headers) =>
  house.app.inject({ method, url, headers: { ...headers }, ...(payload ? { payload } : {}) })
const at = (talk: Conversation, rest = '') => `/api/tickets/${talk.ticket.id}${rest}`

function problem(answer: Awaited<ReturnType<typeof ask>>, status: number, code: string) {
  const body = Problem.parse(answer.json())
  expect([answer.statusCode, body.code]).toEqual([status, code])
  return body
}

describe('an answer is what the API promises', () => {
  test('the queue, a ticket, its messages, the contact', async () => {
    const page = TicketPage.parse((await ask('GET', '/api/tickets')).json())
    expect(page.tickets.map(({ id }) => id)).toEqual([ours.ticket.id])
    expect(TicketDetail.parse((await ask('GET', at(ours))).json()).threads).toHaveLength(1)
    const { messages } = MessagePage.parse((await ask('GET', at(ours, '/messages?limit=1'))).json())
    expect(messages).toMatchObject([{ text: '电池鼓包 battery', direction: 'inbound' }])
    const contact = Contact.parse((await ask('GET', `/api/contacts/${ours.contact.id}`)).json())
    expect(contact.tickets.map(({ id }) => id)).toEqual([ours.ticket.id])
  })

  test('a program sees the same', async () => {
    const page = TicketPage.parse((await ask('GET', '/api/tickets?q=%E7%94%B5%E6%B1%A0', undefined, program)).json())
    expect(page.tickets.map(({ id }) => id)).toEqual([ours.ticket.id])
  })

  test('filters as lists, repeated and with commas', async () => {
    for (const query of ['status=new,open&priority=normal', 'status=new&status=open', 'status=', 'q=@wang&limit=100']) {
      const answer = await ask('GET', `/api/tickets?${query}`)
      expect([query, TicketPage.parse(answer.json()).tickets.length]).toEqual([query, 1])
    }
    const none = await ask('GET', '/api/tickets?status=closed')
    expect(none.json()).toEqual({ tickets: [], unread: [], next: null })
  })

  test('a change, and the conflict it meets', async () => {
    const talk = await rows.conversation({ brand: ours.brand })
    const changed = await ask('PATCH', at(talk), { version: 1, status: 'open', assignee: 'me', tags: ['a', 'a'] })
    expect(Ticket.parse(changed.json())).toMatchObject({
      version: 2,
      status: 'open',
      assignee: { id: agent.id },
      tags: ['a'],
    })
    const late = problem(await ask('PATCH', at(talk), { version: 1, status: 'closed' }), 409, 'version_conflict')
    expect(Ticket.parse(late.details?.ticket)).toMatchObject({ version: 2, status: 'open' })
  })

  test('a note, once for the same key', async () => {
    const talk = await rows.conversation({ brand: ours.brand })
    const headers = { ...agent.headers, 'idempotency-key': 'a-key' }
    const first = await ask('POST', at(talk, '/notes'), { text: 'internal' }, headers)
    expect(first.statusCode).toBe(202)
    expect(Message.parse(first.json().message)).toMatchObject({ direction: 'note', text: 'internal' })
    const again = await ask('POST', at(talk, '/notes'), { mediaIds: [], text: ' internal ' }, headers)
    expect([again.statusCode, again.body]).toEqual([202, first.body])
    problem(await ask('POST', at(talk, '/notes'), { text: 'other' }, headers), 422, 'idempotency_mismatch')
    const stored = await house.database.db.select().from(messages).where(eq(messages.ticketId, talk.ticket.id))
    expect(stored).toHaveLength(1)
  })

  test('a person under another name', async () => {
    const talk = await rows.conversation({ brand: ours.brand })
    await rows.message(talk)
    const url = `/api/contacts/${talk.contact.id}`
    const renamed = await ask('PATCH', url, { name: ' 周大姐 ' })
    expect([renamed.statusCode, Contact.parse(renamed.json()).name]).toEqual([200, '周大姐'])
    const detail = TicketDetail.parse((await ask('GET', at(talk))).json())
    expect(detail.contact.name).toBe('周大姐')
    expect(detail.threads[0]?.identity).toMatchObject({ name: talk.identity.name, contact: { name: '周大姐' } })
    for (const wrong of [{ name: ' ' }, { name: 'x'.repeat(201) }, {}, { name: 'x', brandId: ours.brand.id }]) {
      problem(await ask('PATCH', url, wrong), 400, 'invalid_request')
    }
    problem(await ask('PATCH', `/api/contacts/${theirs.contact.id}`, { name: 'x' }), 404, 'not_found')
  })

  test('others’ lines around a message', async () => {
    const account = await rows.account({ brandId: ours.brand.id })
    const thread = { rootId: 'post', surface: 'public' } as const
    const [talk, other] = [
      await rows.conversation({ brand: ours.brand, account, thread }),
      await rows.conversation({ brand: ours.brand, account, thread }),
    ]
    const mine = await rows.message(talk)
    await rows.message(other, { text: '我也是' })
    const url = at(talk, `/messages/${mine.id}/around`)
    const answer = await ask('GET', `${url}?limit=5`)
    expect(OtherLines.parse(answer.json()).lines).toMatchObject([{ text: '我也是', ticketId: other.ticket.id }])
    for (const limit of ['0', '51', 'x']) problem(await ask('GET', `${url}?limit=${limit}`), 400, 'invalid_request')
  })

  test('an answer given on the platform itself, once for the same key', async () => {
    const talk = await rows.conversation({ brand: ours.brand })
    await rows.message(talk, { sentAt: new Date(0) })
    const headers = { ...agent.headers, 'idempotency-key': 'a-key' }
    const body = { text: ' 已在平台上回复 ', url: 'https://social.example/1' }
    const first = await ask('POST', at(talk, '/answered'), body, headers)
    expect(first.statusCode).toBe(201)
    expect(Message.parse(first.json().message)).toMatchObject({
      direction: 'outbound',
      outside: true,
      text: '已在平台上回复',
      url: body.url,
      author: { id: agent.id, kind: 'user' },
      deliveries: [],
    })
    const again = await ask('POST', at(talk, '/answered'), body, headers)
    expect([again.statusCode, again.body]).toEqual([201, first.body])
    const { messages: shown } = MessagePage.parse((await ask('GET', at(talk, '/messages'))).json())
    expect(shown.map(({ outside }) => outside)).toEqual([false, true])
    for (const wrong of [{ text: '  ' }, { text: 'x', url: 'javascript:alert(1)' }, { text: 'x', url: 'ftp://a.b' }]) {
      problem(await ask('POST', at(talk, '/answered'), wrong), 400, 'invalid_request')
    }
  })

  test('a draft from beginning to end', async () => {
    const talk = await rows.conversation({ brand: ours.brand })
    const url = at(talk, '/draft')
    expect((await ask('GET', url)).json()).toEqual({ draft: null })
    const { draft } = (await ask('PUT', url, { text: '您好', mediaIds: [], revision: 0 })).json()
    expect(Draft.parse(draft)).toMatchObject({ text: '您好' })
    const stale = problem(await ask('PUT', url, { text: 'x', revision: 0 }), 409, 'draft_conflict')
    expect(stale.details?.draft).toEqual(draft)
    expect((await ask('GET', url)).json()).toEqual({ draft })
    expect((await ask('GET', url, undefined, program)).json()).toEqual({ draft: null })
    problem(await ask('DELETE', `${url}?revision=1`), 409, 'draft_conflict')
    const gone = await ask('DELETE', `${url}?revision=${draft.revision}`)
    expect([gone.statusCode, gone.body]).toEqual([204, ''])
    expect((await ask('GET', url)).json()).toEqual({ draft: null })
  })
})

describe('what is not of my brands is not there', () => {
  const routes: [Method, string, object?][] = [
    ['GET', ''],
    ['PATCH', '', { status: 'closed' }],
    ['GET', '/messages'],
    ['GET', '/messages/01900000-0000-7000-8000-000000000000/around'],
    ['POST', '/notes', { text: 'x' }],
    ['POST', '/answered', { text: 'x' }],
    ['GET', '/draft'],
    ['PUT', '/draft', { text: 'x' }],
    ['DELETE', '/draft'],
  ]

  test.each(routes)('%s /api/tickets/:id%s', async (method, rest, body) => {
    const nowhere = `/api/tickets/01900000-0000-7000-8000-000000000000${rest}`
    const absent = await ask(method, nowhere, body)
    for (const headers of [agent.headers, program]) {
      const foreign = await ask(method, at(theirs, rest), body, headers)
      // Not even that it exists: the same answer but for the request's id.
      expect({ ...problem(foreign, 404, 'not_found'), requestId: '' }).toEqual({ ...absent.json(), requestId: '' })
    }
  })

  test('GET /api/contacts/:id', async () => {
    problem(await ask('GET', `/api/contacts/${theirs.contact.id}`), 404, 'not_found')
  })

  test('nor in the queue, by any filter that names it', async () => {
    const { account, brand, ticket } = theirs
    for (const query of [`brand=${brand.id}`, `account=${account.id}`, `q=%23${ticket.number}`, 'q=battery']) {
      const page = TicketPage.parse((await ask('GET', `/api/tickets?${query}`)).json())
      expect(page.tickets.map(({ id }) => id)).not.toContain(ticket.id)
    }
  })

  test('and it was not touched by any of these', async () => {
    const administrator = await house.person('administrator')
    const detail = TicketDetail.parse((await ask('GET', at(theirs), undefined, administrator.headers)).json())
    expect(detail).toMatchObject({ version: 1, status: 'new' })
  })
})

describe('odd requests are refused', () => {
  test.each([
    'status=unknown',
    'priority=1',
    'limit=0',
    'limit=101',
    'limit=x',
    'sort=random',
    'snoozed=maybe',
    'delivery=sent',
    'account=1',
    'brand=x',
    'unknown=1',
    `q=${'x'.repeat(201)}`,
    `after=${'x'.repeat(501)}`,
    'q=%00',
  ])('GET /api/tickets?%s', async (query) => {
    problem(await ask('GET', `/api/tickets?${query}`), 400, 'invalid_request')
  })

  test('a cursor nobody gave', async () => {
    problem(await ask('GET', '/api/tickets?after=x'), 400, 'bad_cursor')
    problem(await ask('GET', at(ours, '/messages?before=x')), 400, 'bad_cursor')
  })

  test.each<[Method, string, object]>([
    ['PATCH', '', { status: 'open', extra: 1 }],
    ['PATCH', '', { status: 'gone' }],
    ['PATCH', '', { version: '1' }],
    ['PATCH', '', { tags: ['x'.repeat(51)] }],
    ['PATCH', '', { tags: Array.from({ length: 31 }, (_, index) => `${index}`) }],
    ['PATCH', '', { snoozedUntil: 'tomorrow' }],
    ['POST', '/notes', { text: '  ' }],
    ['POST', '/notes', {}],
    ['POST', '/notes', { text: 'x'.repeat(100_001) }],
    ['POST', '/notes', { text: 'x', mediaIds: ['1'] }],
    ['PUT', '/draft', { text: 'x', revision: -1 }],
    ['PUT', '/draft', { text: 'x', sendAt: '2026-11-22T12:00:00Z' }],
  ])('%s /api/tickets/:id%s %j', async (method, rest, body) => {
    problem(await ask(method, at(ours, rest), body), 400, 'invalid_request')
  })

  test('an id that is none', async () => {
    problem(await ask('GET', '/api/tickets/1'), 400, 'invalid_request')
  })

  test('a key no header can hold', async () => {
    const headers = { ...agent.headers, 'idempotency-key': 'x'.repeat(256) }
    problem(await ask('POST', at(ours, '/notes'), { text: 'x' }, headers), 400, 'invalid_request')
  })

  test.each<[object, string]>([
    [{ assignee: 'nobody' }, 'assignee_unknown'],
    [{ snoozedUntil: '2020-01-01T00:00:00Z' }, 'snooze_past'],
    [{ status: 'closed', snoozedUntil: '2999-01-01T00:00:00Z' }, 'snooze_finished'],
  ])('a change that cannot be: %j', async (patch, code) => {
    problem(await ask('PATCH', at(ours), patch), 422, code)
  })
})
