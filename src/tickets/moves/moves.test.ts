import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../../test/helpers/app.ts'
import { message } from '../../../test/helpers/house.ts'
import { type Conversation, createRows, type Rows } from '../../../test/helpers/rows.ts'
import type { OpenAccount } from '../../accounts/connections.ts'
import { newId } from '../../db/id.ts'
import {
  brands,
  deliveries,
  drafts,
  escalations,
  events,
  incidentTickets,
  messages,
  tasks,
  threads,
  tickets,
} from '../../db/schema.ts'
import { createIngest } from '../../inbound/ingest.ts'
import type { TicketAct } from '../../wire-bulk.ts'
import type { TicketRelations } from '../../wire-moves.ts'

let house: TestApp
let rows: Rows
let [agent, colleague, stranger]: Person[] = []
beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  agent = await house.person('agent')
  colleague = await house.person('agent')
  stranger = await house.person('agent', [await house.addBrand('Other')])
})
afterAll(() => house.close())

async function call(
  who: Person | undefined,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const merge = (from: Conversation, into: Conversation, who = agent) =>
  call(who, 'POST', `/api/tickets/${from.ticket.id}/merge`, { into: into.ticket.id })
const undo = (moveId: string, who = agent) => call(who, 'POST', `/api/ticket-moves/${moveId}/undo`)
const ticket = async (of: Conversation) =>
  (await house.deps.db.select().from(tickets).where(eq(tickets.id, of.ticket.id)))[0]!
const relations = async (of: Conversation) =>
  (await call(agent, 'GET', `/api/tickets/${of.ticket.id}/relations`)).body as TicketRelations
const lines = async (of: Conversation) =>
  (
    await house.deps.db.select().from(messages).where(eq(messages.ticketId, of.ticket.id)).orderBy(messages.orderedAt)
  ).map(({ text }) => text)

const none = { escalated: 0, incidents: 0 }

async function two(values: Parameters<Rows['conversation']>[0] = {}): Promise<[Conversation, Conversation]> {
  const brand = (await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId)))[0]!
  const account = await rows.account({ brandId: brand.id })
  const open = { status: 'open' as const, ...values.ticket }
  return [
    await rows.conversation({ brand, account, ticket: open }),
    await rows.conversation({ brand, account, ticket: open }),
  ]
}

describe('a merge', () => {
  test('takes messages, deliveries, drafts, scheduled replies, tasks and the conversation along, and gives them back', async () => {
    const [from, into] = await two()
    const hers = await rows.message(from, { text: 'B says' })
    await rows.message(into, { text: 'A says' })
    const ours = await rows.message(from, {
      direction: 'outbound',
      userId: agent!.id,
      identityId: null,
      text: 'we say',
    })
    await rows.delivery(ours, { state: 'failed', settledAt: new Date() })
    await house.deps.db.insert(tasks).values({
      id: newId(),
      brandId: house.brandId,
      ticketId: from.ticket.id,
      kind: 'reply',
      messageId: ours.id,
      text: 'call',
      dueAt: new Date(),
      createdBy: agent!.id,
      createdName: 'agent',
      createdAt: new Date(),
    })
    const scheduled = newId()
    await house.deps.db.insert(drafts).values([
      {
        id: scheduled,
        ticketId: from.ticket.id,
        userId: agent!.id,
        body: { text: 'later', inReplyTo: hers.id, seenVersion: 1 },
        sendAt: new Date(Date.now() + 3_600_000),
      },
      { id: newId(), ticketId: from.ticket.id, userId: agent!.id, body: { text: 'to B', mediaIds: [] } },
      { id: newId(), ticketId: into.ticket.id, userId: agent!.id, body: { text: 'to A', mediaIds: [] } },
      { id: newId(), ticketId: from.ticket.id, userId: colleague!.id, body: { text: 'hers', mediaIds: [] } },
    ])
    const before = await house.deps.db.select().from(drafts)
    const versions = await house.deps.db.select({ id: messages.id, version: messages.ticketVersion }).from(messages)

    const { status, body } = await merge(from, into)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { ticketId: into.ticket.id, number: into.ticket.number },
    })
    expect((await merge(from, into)).body).toEqual(body)
    expect((await lines(into)).sort()).toEqual(['A says', 'B says', 'we say'])
    expect(await lines(from)).toEqual([])
    const draft = async (who: Person | undefined, of: Conversation) =>
      (await call(who, 'GET', `/api/tickets/${of.ticket.id}/draft`)).body.draft?.text
    expect(await draft(agent, into)).toBe('to A\n\nto B')
    expect(await draft(colleague, into)).toBe('hers')
    const shown = (await call(agent, 'GET', `/api/tickets/${into.ticket.id}`)).body
    expect(shown).toMatchObject({ failed: 1, tasks: [{ text: 'call' }], scheduled: [{ text: 'later' }] })
    expect(await ticket(from)).toMatchObject({ status: 'closed', unansweredSince: null })
    expect((await relations(from)).mergedInto).toEqual({ id: into.ticket.id, number: into.ticket.number })
    const told = await house.deps.db.select().from(events).where(eq(events.ticketId, into.ticket.id))
    expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(['message', 'task']))

    expect((await undo(body.moveId)).status).toBe(200)
    expect((await undo(body.moveId)).status).toBe(200)
    expect((await lines(from)).sort()).toEqual(['B says', 'we say'])
    expect((await relations(from)).mergedInto).toBeNull()
    const after = await house.deps.db.select().from(drafts)
    const plain = (all: typeof before) => all.map(({ id, ticketId, body: words }) => [id, ticketId, words]).sort()
    expect(plain(after)).toEqual(plain(before))
    const sends = await house.deps.db.select().from(deliveries).where(eq(deliveries.messageId, ours.id))
    expect(sends.map((row) => row.ticketId)).toEqual([from.ticket.id])
    const work = await house.deps.db.select().from(tasks).where(eq(tasks.messageId, ours.id))
    expect(work.map((row) => row.ticketId)).toEqual([from.ticket.id])
    expect(await house.deps.db.select({ id: messages.id, version: messages.ticketVersion }).from(messages)).toEqual(
      expect.arrayContaining(versions),
    )
    const acts = (await call(agent, 'GET', `/api/tickets/${into.ticket.id}/history`)).body.acts as TicketAct[]
    expect(acts.map(({ action }) => action)).toEqual(['ticket.merged', 'ticket.unmerged'])
  })

  test('takes what is escalated and the incident along, where the other has none of its own, and gives them back', async () => {
    const places = async (of: Conversation) => ({
      escalated: await house.deps.db.$count(
        escalations,
        and(eq(escalations.ticketId, of.ticket.id), eq(escalations.state, 'open')),
      ),
      incidents: await house.deps.db.$count(incidentTickets, eq(incidentTickets.ticketId, of.ticket.id)),
    })
    for (const both of [false, true]) {
      const [from, into] = await two()
      for (const { ticket: one } of both ? [from, into] : [from]) {
        const asked = await call(agent, 'POST', `/api/tickets/${one.id}/escalation`, { reason: 'she is furious' })
        expect(asked.status).toBe(204)
        const made = await call(agent, 'POST', '/api/incidents', { title: 'No signal', ticketIds: [one.id] })
        expect(made.status).toBe(201)
      }
      const { body } = await merge(from, into)
      expect([await places(from), await places(into)]).toEqual(
        both ? Array(2).fill({ escalated: 1, incidents: 1 }) : [none, { escalated: 1, incidents: 1 }],
      )
      expect((await undo(body.moveId)).status).toBe(200)
      expect(await places(from)).toEqual({ escalated: 1, incidents: 1 })
      expect(await places(into)).toEqual(both ? { escalated: 1, incidents: 1 } : none)
    }
  })

  test('hides nothing that waits: the one that is left is open, urgent and has both tags', async () => {
    const [from, into] = await two()
    const since = new Date('2026-11-20T08:00:00Z')
    await house.deps.db
      .update(tickets)
      .set({ status: 'open', unansweredSince: since, priority: 'urgent', tags: ['a', 'VIP'] })
      .where(eq(tickets.id, from.ticket.id))
    await house.deps.db
      .update(tickets)
      .set({
        status: 'waiting_customer',
        tags: ['vip', 'b'],
        assigneeId: agent!.id,
        snoozedUntil: new Date('2030-01-01'),
      })
      .where(eq(tickets.id, into.ticket.id))
    const before = await ticket(into)
    const { body } = await merge(from, into)
    expect(await ticket(into)).toMatchObject({
      status: 'open',
      unansweredSince: since,
      priority: 'urgent',
      tags: ['vip', 'b', 'a'],
      snoozedUntil: null,
      assigneeId: agent!.id,
    })
    await undo(body.moveId)
    expect({ ...(await ticket(into)), version: before.version }).toEqual(before)
  })

  test('what somebody set since stays; what came since goes with its conversation', async () => {
    const [from, into] = await two()
    await rows.message(from)
    await rows.message(into)
    const { body } = await merge(from, into)
    await call(colleague, 'PATCH', `/api/tickets/${into.ticket.id}`, { priority: 'high', tags: ['mine'] })
    const account = {
      ...from.account,
      adapter: { capabilities: { surfaces: {} } },
      intake: 'tickets',
      ticketPer: 'person',
      reopenWithinMs: 0,
    } as unknown as OpenAccount
    const author = {
      externalId: from.identity.externalId,
      name: from.identity.name,
      handle: from.identity.handle,
      avatarUrl: null,
      followers: null,
    }
    await createIngest(house.deps).submit(account, [
      message({ threadId: from.thread.externalId, author, text: 'and this' }),
    ])
    expect(await lines(into)).toContain('and this')
    await undo(body.moveId)
    expect(await lines(from)).toContain('and this')
    expect(await lines(into)).not.toContain('and this')
    expect(await ticket(into)).toMatchObject({ priority: 'high', tags: ['mine'] })
  })

  test('an empty ticket is in no list, takes nothing, and says where it went', async () => {
    const [from, into] = await two()
    await rows.message(from)
    const { body } = await merge(from, into)
    const list = (await call(agent, 'GET', '/api/tickets?status=resolved,closed&limit=100')).body.tickets as {
      id: string
    }[]
    expect(list.map(({ id }) => id)).not.toContain(from.ticket.id)
    for (const [method, path, payload] of [
      ['PATCH', '', { status: 'open' }],
      ['POST', '/notes', { text: 'x' }],
      ['PUT', '/draft', { text: 'x' }],
      ['POST', '/split', { messageIds: [newId()] }],
    ] as const) {
      const answer = await call(agent, method, `/api/tickets/${from.ticket.id}${path}`, payload)
      expect(answer.body).toMatchObject({
        status: 409,
        code: 'ticket_merged',
        details: { ticket: { id: into.ticket.id } },
      })
    }
    expect((await call(agent, 'GET', `/api/tickets/${into.ticket.id}`)).body.threads).toHaveLength(2)
    await undo(body.moveId)
    expect((await call(agent, 'PATCH', `/api/tickets/${from.ticket.id}`, { status: 'resolved' })).status).toBe(200)
  })

  test('is taken back in the order it was made', async () => {
    const [first, second] = await two()
    const third = await rows.conversation({ brand: first.brand, account: first.account, ticket: { status: 'open' } })
    const one = (await merge(first, second)).body
    const two_ = (await merge(second, third)).body
    expect((await undo(one.moveId)).body).toMatchObject({ code: 'ticket_merged' })
    expect((await merge(third, first)).body).toMatchObject({
      code: 'ticket_merged',
      details: { ticket: { id: third.ticket.id } },
    })
    expect((await undo(two_.moveId)).status).toBe(200)
    expect((await undo(one.moveId)).status).toBe(200)
  })

  test('is refused for itself, for another brand, and to strangers', async () => {
    const [from, into] = await two()
    const foreign = await rows.conversation()
    expect((await merge(from, from)).body.code).toBe('same_ticket')
    expect((await merge(from, foreign)).status).toBe(404)
    expect((await merge(from, into, stranger)).status).toBe(404)
    const { body } = await merge(from, into)
    expect((await undo(body.moveId, stranger)).status).toBe(404)
    const administrator = await house.person('administrator', [])
    expect((await merge(into, foreign, administrator)).body.code).toBe('other_brand')
  })

  test('both ways at once become one of the two', async () => {
    const [a, b] = await two()
    const answers = await Promise.all([merge(a, b), merge(b, a), merge(a, b)])
    const stubs = [await relations(a), await relations(b)].filter(({ mergedInto }) => mergedInto !== null)
    expect(stubs).toHaveLength(1)
    expect(answers.map(({ status }) => status).sort()).toEqual(expect.arrayContaining([200]))
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
  })
})

describe('a division', () => {
  test('makes a ticket of the chosen messages, linked to the first; the conversation goes where its newest word went', async () => {
    const [from] = await two()
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute))
    const one = await rows.message(from, { text: 'broken screen', sentAt: at(1) })
    const other = await rows.message(from, { text: 'and where is my bill', sentAt: at(2) })
    await house.deps.db
      .update(tickets)
      .set({ unansweredSince: at(1), lastMessageAt: at(2), preview: 'and where is my bill' })
      .where(eq(tickets.id, from.ticket.id))
    const before = await ticket(from)
    const { status, body } = await call(agent, 'POST', `/api/tickets/${from.ticket.id}/split`, {
      messageIds: [other.id],
    })
    expect(status).toBe(201)
    const made = (await house.deps.db.select().from(tickets).where(eq(tickets.id, body.ticketId)))[0]!
    expect(made).toMatchObject({
      status: 'new',
      contactId: from.contact.id,
      unansweredSince: at(2),
      preview: 'and where is my bill',
    })
    expect(await ticket(from)).toMatchObject({ unansweredSince: at(1), lastMessageAt: at(1), preview: 'broken screen' })
    const [thread] = await house.deps.db.select().from(threads).where(eq(threads.id, from.thread.id))
    expect(thread!.currentTicketId).toBe(body.ticketId)
    expect(await relations(from)).toMatchObject({
      moves: [{ kind: 'split', ticket: { id: body.ticketId } }],
      links: [{ id: body.ticketId }],
      samePerson: [{ id: body.ticketId }],
    })
    expect((await undo(body.moveId)).body).toMatchObject({ ticketId: from.ticket.id })
    expect({ ...(await ticket(from)), version: before.version }).toEqual(before)
    expect(await lines(from)).toEqual(['broken screen', 'and where is my bill'])
    expect(await relations(from)).toMatchObject({ moves: [], links: [] })
    const empty = (await call(agent, 'GET', `/api/tickets/${body.ticketId}/relations`)).body
    expect(empty.mergedInto).toMatchObject({ id: from.ticket.id })
    expect(
      await house.deps.db
        .select()
        .from(messages)
        .where(and(eq(messages.id, one.id), eq(messages.ticketVersion, 1))),
    ).toHaveLength(1)
  })

  test('needs words of the customer on both sides', async () => {
    const [from] = await two()
    const first = await rows.message(from)
    const note = await rows.message(from, { direction: 'note', userId: agent!.id })
    const split = (ids: string[], who = agent) =>
      call(who, 'POST', `/api/tickets/${from.ticket.id}/split`, { messageIds: ids })
    expect((await split([note.id])).body.code).toBe('no_customer_words')
    expect((await split([first.id])).body.code).toBe('nothing_left')
    expect((await split([newId()])).status).toBe(404)
    expect((await split([first.id], stranger)).status).toBe(404)
    expect((await split([])).status).toBe(400)
  })

  test('a merge whose messages went on alone is taken back after that', async () => {
    const [from, into] = await two()
    const moved = await rows.message(from)
    await rows.message(into)
    const merged = (await merge(from, into)).body
    const apart = (await call(agent, 'POST', `/api/tickets/${into.ticket.id}/split`, { messageIds: [moved.id] })).body
    expect((await undo(merged.moveId)).body).toMatchObject({ code: 'moved_since' })
    expect((await undo(apart.moveId)).status).toBe(200)
    expect((await undo(merged.moveId)).status).toBe(200)
    expect(await lines(from)).toEqual([moved.text])
  })
})

describe('links', () => {
  test('stand on both, once, and can be taken away', async () => {
    const [a, b] = await two()
    const put = (who = agent) => call(who, 'PUT', `/api/tickets/${a.ticket.id}/links`, { ticketId: b.ticket.id })
    expect((await put()).status).toBe(204)
    expect((await put()).status).toBe(204)
    expect((await put(stranger)).status).toBe(404)
    expect((await relations(b)).links).toMatchObject([{ id: a.ticket.id, name: a.contact.name }])
    expect((await call(agent, 'DELETE', `/api/tickets/${b.ticket.id}/links/${a.ticket.id}`)).status).toBe(204)
    expect((await relations(a)).links).toEqual([])
  })
})
