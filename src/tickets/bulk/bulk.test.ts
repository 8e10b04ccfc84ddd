import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../../test/helpers/app.ts'
import { createRows, type Rows } from '../../../test/helpers/rows.ts'
import { audit, authUser, brands, bulkItems, drafts, events, messages, tickets } from '../../db/schema.ts'
import type { TicketAct } from '../../wire-bulk.ts'
import { type BulkDeps, bulkHandler, work } from './run.ts'

let house: TestApp
let rows: Rows
let deps: BulkDeps
let [agent, colleague, stranger]: Person[] = []
beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  deps = house.deps
  agent = await house.person('agent')
  colleague = await house.person('agent')
  stranger = await house.person('agent', [await house.addBrand('Other')])
})
afterAll(() => house.close())
beforeEach(() => house.database.sql`update tickets set status = 'closed'`)

async function call(who: Person | undefined, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const start = (payload: object, who = agent) => call(who, 'POST', '/api/tickets/bulk', payload)
const row = async (id: string) => (await house.deps.db.select().from(tickets).where(eq(tickets.id, id)))[0]!

async function some(count: number, values: Parameters<Rows['conversation']>[0] = {}) {
  const brand = (await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId)))[0]!
  const account = await rows.account({ brandId: brand.id })
  return Promise.all(Array.from({ length: count }, () => rows.conversation({ brand, account, ...values })))
}
/** As the due runner would, until it says that there is no more. */
async function runAll(id: string) {
  const run = { signal: new AbortController().signal, attempt: 1, isLast: false }
  while (await bulkHandler(deps)({ subject: id } as never, run));
}

describe('those chosen', () => {
  test('are changed when the answer comes, each with its version, event and audit', async () => {
    const all = await some(3, { ticket: { tags: ['old', 'VIP'], status: 'open' } })
    const ids = all.map(({ ticket }) => ticket.id)
    const acts = { assignee: 'me', addTags: ['vip', 'recall'], removeTags: ['OLD'], priority: 'high' }
    const { status, body } = await start({ ids, acts })
    expect({ status, body }).toMatchObject({ status: 202, body: { state: 'done', total: 3, changed: 3, problems: [] } })
    for (const id of ids) {
      expect(await row(id)).toMatchObject({
        assigneeId: agent!.id,
        tags: ['VIP', 'recall'],
        priority: 'high',
        version: 2,
      })
      const told = await house.deps.db.select().from(events).where(eq(events.ticketId, id))
      expect(told).toMatchObject([{ type: 'ticket', version: 2 }])
      const acted = (await call(agent, 'GET', `/api/tickets/${id}/history`)).body.acts as TicketAct[]
      expect(acted).toMatchObject([
        { action: 'ticket.changed', by: { id: agent!.id, name: 'agent' }, detail: { bulk: body.id } },
      ])
    }
    // Once more: nothing is left to change, and nobody is told.
    expect((await start({ ids, acts })).body).toMatchObject({ state: 'done', changed: 0, same: 3 })
    expect((await row(ids[0]!)).version).toBe(2)
  })

  test('one that cannot be changed is told, and spoils no other', async () => {
    const [finished] = await some(1, { ticket: { status: 'resolved' } })
    const [open] = await some(1, { ticket: { status: 'open' } })
    const until = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
    const ids = [finished!.ticket.id, open!.ticket.id]
    const { body } = await start({ ids, acts: { snoozedUntil: until } })
    expect(body).toMatchObject({ state: 'done', changed: 1, failed: 1 })
    expect(body.problems).toEqual([
      {
        ticketId: finished!.ticket.id,
        number: finished!.ticket.number,
        name: finished!.contact.name,
        code: 'snooze_finished',
      },
    ])
    expect((await row(open!.ticket.id)).snoozedUntil?.toISOString()).toBe(until)
  })

  test('those of another brand are not there; the others are done', async () => {
    const [own] = await some(1, { ticket: { status: 'open' } })
    expect((await start({ ids: [own!.ticket.id], acts: { priority: 'low' } }, stranger)).status).toBe(404)
    const [foreign] = [await rows.conversation()]
    const { body } = await start({ ids: [own!.ticket.id, foreign!.ticket.id], acts: { priority: 'low' } })
    expect(body).toMatchObject({ total: 1, missing: 1, changed: 1 })
    expect((await row(foreign!.ticket.id)).priority).toBe('normal')
  })

  test('a change is seen, stopped and undone by who began it alone', async () => {
    const [own] = await some(1)
    const { body } = await start({ ids: [own!.ticket.id], acts: { priority: 'low' } })
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/stop'],
      ['POST', '/undo'],
    ] as const) {
      expect((await call(colleague, method, `/api/bulk/${body.id}${path}`)).status).toBe(404)
    }
    expect((await call(agent, 'GET', '/api/bulk')).body.changes[0]).toMatchObject({ id: body.id })
    expect((await call(colleague, 'GET', '/api/bulk')).body.changes).toEqual([])
  })
})

describe('all that match', () => {
  const query = { status: ['open'], tag: 'flood' }
  test('are counted, changed in slices by due work, and no newcomer with them', async () => {
    const all = await some(7, { ticket: { status: 'open', tags: ['flood'] } })
    await some(2, { ticket: { status: 'open' } })
    expect((await call(agent, 'POST', '/api/tickets/bulk/count', { query })).body).toEqual({ count: 7, most: 10_000 })
    expect((await call(stranger, 'POST', '/api/tickets/bulk/count', { query })).body.count).toBe(0)
    const { body } = await start({ query: { ...query, limit: '2', sort: 'oldest' }, acts: { status: 'resolved' } })
    expect(body).toMatchObject({ state: 'running', total: 7, waiting: 7 })
    const [late] = await some(1, { ticket: { status: 'open', tags: ['flood'] } })
    expect(await work(deps, body.id, 3)).toBe(true)
    expect((await call(agent, 'GET', `/api/bulk/${body.id}`)).body).toMatchObject({
      state: 'running',
      waiting: 4,
      changed: 3,
    })
    await runAll(body.id)
    expect((await call(agent, 'GET', `/api/bulk/${body.id}`)).body).toMatchObject({
      state: 'done',
      waiting: 0,
      changed: 7,
    })
    for (const { ticket } of all) expect(await row(ticket.id)).toMatchObject({ status: 'resolved', version: 2 })
    expect((await row(late!.ticket.id)).status).toBe('open')
  })

  test('two nodes at once change each ticket once', async () => {
    const all = await some(20, { ticket: { status: 'open', tags: ['flood'] } })
    const { body } = await start({ query, acts: { status: 'closed' } })
    await Promise.all([runAll(body.id), runAll(body.id), runAll(body.id)])
    expect((await call(agent, 'GET', `/api/bulk/${body.id}`)).body).toMatchObject({ state: 'done', changed: 20 })
    const versions = await Promise.all(all.map(async ({ ticket }) => (await row(ticket.id)).version))
    expect(versions).toEqual(Array(20).fill(2))
  })

  test('stopped, the rest is left alone, and what was done can be put back', async () => {
    const all = await some(5, { ticket: { status: 'open', tags: ['flood'] } })
    const { body } = await start({ query, acts: { status: 'closed' } })
    await work(deps, body.id, 2)
    expect((await call(agent, 'POST', `/api/bulk/${body.id}/undo`)).body).toMatchObject({ code: 'bulk_running' })
    expect((await call(agent, 'POST', `/api/bulk/${body.id}/stop`)).body).toMatchObject({
      state: 'stopped',
      waiting: 3,
      changed: 2,
    })
    await runAll(body.id)
    const states = async () => (await Promise.all(all.map(async ({ ticket }) => (await row(ticket.id)).status))).sort()
    expect(await states()).toEqual(['closed', 'closed', 'open', 'open', 'open'])
    expect((await call(agent, 'POST', `/api/bulk/${body.id}/undo`)).body).toMatchObject({ state: 'undone', undone: 2 })
    expect(await states()).toEqual(Array(5).fill('open'))
  })

  test('a person who was shut out meanwhile changes nothing more', async () => {
    const someone = await house.person('agent')
    const all = await some(3, { ticket: { status: 'open', tags: ['flood'] } })
    const { body } = await start({ query, acts: { status: 'closed' } }, someone)
    await house.deps.db.update(authUser).set({ banned: true }).where(eq(authUser.id, someone.id))
    await runAll(body.id)
    for (const { ticket } of all) expect((await row(ticket.id)).status).toBe('open')
    const [left] = await house.database.sql`select state, reason from bulk_changes where id = ${body.id}`
    expect(left).toEqual({ state: 'stopped', reason: 'actor_gone' })
  })

  test('nothing in the list is said, not done', async () => {
    expect((await start({ query: { tag: 'nobody-has-it' }, acts: { status: 'closed' } })).body).toMatchObject({
      code: 'nothing_matches',
    })
    expect(await house.deps.db.$count(bulkItems)).toBeGreaterThan(0)
  })
})

describe('undo', () => {
  const pick = ({
    status,
    priority,
    assigneeId,
    tags,
    snoozedUntil,
    resolvedAt,
    unansweredSince,
  }: typeof tickets.$inferSelect) => ({ status, priority, assigneeId, tags, snoozedUntil, resolvedAt, unansweredSince })

  test.each([
    ['waiting', { status: 'open' as const, unansweredSince: new Date('2026-11-20T08:00:00Z'), tags: ['a'] }],
    ['snoozed', { status: 'waiting_other' as const, snoozedUntil: new Date('2030-01-01T00:00:00Z'), assigneeId: 'x' }],
    ['resolved', { status: 'resolved' as const, resolvedAt: new Date('2026-11-20T08:00:00Z') }],
  ])('gives a ticket that was %s back as it was', async (_what, values) => {
    const [one] = await some(1, { ticket: values })
    const before = pick(await row(one!.ticket.id))
    for (const acts of [
      { status: 'resolved', addTags: ['b'], assignee: null },
      { status: 'open', priority: 'urgent' },
      { status: 'waiting_customer', assignee: 'me', removeTags: ['a'] },
    ]) {
      const { body } = await start({ ids: [one!.ticket.id], acts })
      expect(pick(await row(one!.ticket.id))).not.toEqual(before)
      const undone = await call(agent, 'POST', `/api/bulk/${body.id}/undo`)
      expect(undone.body).toMatchObject({ state: 'undone', undone: 1, kept: 0 })
      expect(pick(await row(one!.ticket.id))).toEqual(before)
    }
  })

  test('keeps what somebody set since, and says so', async () => {
    const [one, two] = await some(2, { ticket: { status: 'open' } })
    const ids = [one!.ticket.id, two!.ticket.id]
    const { body } = await start({ ids, acts: { status: 'resolved', addTags: ['b'] } })
    await call(colleague, 'PATCH', `/api/tickets/${ids[0]}`, { status: 'closed' })
    const undone = await call(agent, 'POST', `/api/bulk/${body.id}/undo`)
    expect(undone.body).toMatchObject({
      state: 'undone',
      undone: 1,
      kept: 1,
      problems: [{ ticketId: ids[0], code: 'changed_since' }],
    })
    expect(await row(ids[0]!)).toMatchObject({ status: 'closed', tags: [] })
    expect(await row(ids[1]!)).toMatchObject({ status: 'open', tags: [] })
    // Twice is once.
    expect((await call(agent, 'POST', `/api/bulk/${body.id}/undo`)).body).toMatchObject({ undone: 1, kept: 1 })
  })
})

describe('macros', () => {
  const add = (payload: object, who = agent) => call(who, 'POST', '/api/macros', payload)
  test('run over a selection: the note is written, the reply waits as a draft and is not sent', async () => {
    const acts = {
      status: 'waiting_other',
      addTags: ['parts'],
      note: '已订配件',
      reply: '{{客户}}您好，工单 {{ticket}} 的配件已订。',
      snoozeForMs: 3_600_000,
    }
    const { status, body: macro } = await add({ name: '订配件', acts })
    expect({ status, macro }).toMatchObject({ status: 201, macro: { name: '订配件', acts, shared: false, mine: true } })
    const [one, two] = await some(2, { ticket: { status: 'open' } })
    const own = { text: '我先看看', revision: 0 }
    await house.app.inject({
      method: 'PUT',
      url: `/api/tickets/${two!.ticket.id}/draft`,
      headers: agent!.headers,
      payload: own,
    })
    const { body } = await start({ ids: [one!.ticket.id, two!.ticket.id], macro: macro.id })
    expect(body).toMatchObject({ state: 'done', changed: 2, macro: '订配件' })
    const text = (of: typeof one) => `${of!.contact.name}您好，工单 #${of!.ticket.number} 的配件已订。`
    const draft = async (id: string) => (await call(agent, 'GET', `/api/tickets/${id}/draft`)).body.draft?.text
    expect(await draft(one!.ticket.id)).toBe(text(one))
    expect(await draft(two!.ticket.id)).toBe(`我先看看\n\n${text(two)}`)
    const written = await house.deps.db.select().from(messages).where(eq(messages.ticketId, one!.ticket.id))
    expect(written).toMatchObject([{ direction: 'note', text: '已订配件', userId: agent!.id }])
    expect(await house.deps.db.select().from(drafts).where(eq(drafts.userId, colleague!.id))).toEqual([])
    expect(await row(one!.ticket.id)).toMatchObject({ status: 'waiting_other', tags: ['parts'], version: 3 })
    const acted = (await call(agent, 'GET', `/api/tickets/${one!.ticket.id}/history`)).body.acts as TicketAct[]
    expect(acted.find(({ action }) => action === 'ticket.changed')?.detail).toMatchObject({ macro: '订配件' })
  })

  test('are kept like quick replies: one’s own, or shared by supervisors', async () => {
    const supervisor = await house.person('supervisor')
    const acts = { status: 'closed' }
    expect((await add({ name: 'x', acts, shared: true, brandId: house.brandId })).status).toBe(403)
    const { body: shared } = await add({ name: 'Shut', acts, shared: true, brandId: house.brandId }, supervisor)
    expect((await add({ name: 'shut', acts, shared: true, brandId: house.brandId }, supervisor)).body).toMatchObject({
      code: 'name_taken',
    })
    const seen = (await call(colleague, 'GET', '/api/macros')).body.macros
    expect(seen).toMatchObject([{ id: shared.id, mine: false }])
    expect((await call(stranger, 'GET', '/api/macros')).body.macros).toEqual([])
    const [one] = await some(1)
    expect((await start({ ids: [one!.ticket.id], macro: shared.id }, stranger)).status).toBe(404)
    const answer = await house.app.inject({
      method: 'DELETE',
      url: `/api/macros/${shared.id}`,
      headers: colleague!.headers,
    })
    expect(answer.statusCode).toBe(403)
  })

  test.each([
    ['nothing to do', {}],
    ['an unknown variable', { reply: '{{谁}}' }],
    ['a field nobody knows', { send: 'now' }],
    ['a time without end', { snoozeForMs: 1e15 }],
  ])('%s is refused', async (_what, acts) => {
    expect((await add({ name: 'n', acts })).status).toBe(400)
  })

  test.each([
    ['neither ids nor a list', { acts: { status: 'open' } }],
    ['both', { ids: ['01900000-0000-7000-8000-000000000001'], query: {}, acts: { status: 'open' } }],
    ['too many ids', { ids: Array(201).fill('01900000-0000-7000-8000-000000000001'), acts: { status: 'open' } }],
    ['a list nobody knows', { query: { sql: '1' }, acts: { status: 'open' } }],
  ])('%s is refused', async (_what, body) => {
    expect((await start(body)).status).toBe(400)
  })
})

test('the audit names who, and not the words of a note or reply', async () => {
  const all = await house.deps.db.select().from(audit)
  expect(JSON.stringify(all.map(({ detail }) => detail))).not.toMatch(/已订配件|您好/u)
})
