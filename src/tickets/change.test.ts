import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { audit, authUser, dueWork, events, tickets } from '../db/schema.ts'
import { Ticket, type TicketPatch } from '../wire.ts'
import { changeTicket } from './change.ts'
import { unsnoozeHandler } from './unsnooze.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
let now: Date
let nudges: number
const HOUR = 3_600_000
const later = (ms: number) => new Date(now.getTime() + ms)
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  now = new Date('2026-11-22T12:00:00Z')
  nudges = 0
  talk = await rows.conversation()
  agent = await rows.user('agent', [talk.brand], 'Lin')
})

const deps = () => ({ db: database.db, now: () => now, nudge: () => void nudges++ })
const change = (patch: TicketPatch, actor = agent) => changeTicket(deps(), actor, talk.ticket.id, patch)
const stored = async () => (await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id)))[0]!
const told = () => database.db.select().from(events).where(eq(events.ticketId, talk.ticket.id)).orderBy(asc(events.id))
const audited = () =>
  database.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `ticket:${talk.ticket.id}`))

describe('a change', () => {
  test('is written, answered, told and audited', async () => {
    const answer = await change({
      status: 'open',
      priority: 'urgent',
      assignee: 'me',
      category: 'product.battery',
      tags: ['a'],
    })
    expect(Ticket.parse(answer)).toMatchObject({
      status: 'open',
      priority: 'urgent',
      assignee: { id: agent.id, name: 'Lin' },
      category: 'product.battery',
      tags: ['a'],
      version: 2,
    })
    expect(await told()).toMatchObject([{ type: 'ticket', version: 2, brandId: talk.brand.id }])
    expect(nudges).toBe(1)
    expect(await audited()).toMatchObject([
      {
        actor: agent.id,
        action: 'ticket.changed',
        detail: {
          status: { from: 'new', to: 'open' },
          priority: { from: 'normal', to: 'urgent' },
          assigneeId: { from: null, to: agent.id },
        },
      },
    ])
  })

  test('to what is so already changes nothing and tells nobody', async () => {
    const full = { status: 'open', priority: 'high', assignee: 'me', tags: ['a', 'b'], category: 'service' } as const
    await change({ ...full, tags: [...full.tags] })
    const before = await stored()
    await change({ ...full, tags: [...full.tags] })
    await change({})
    expect(await stored()).toEqual(before)
    expect(await told()).toHaveLength(1)
    expect(await audited()).toHaveLength(1)
    expect(nudges).toBe(1)
  })

  test('of a ticket of another brand finds no ticket', async () => {
    const stranger = await rows.user('supervisor', [await rows.brand()])
    await expect(change({ status: 'closed' }, stranger)).rejects.toMatchObject({ status: 404, code: 'not_found' })
    expect(await stored()).toMatchObject({ status: 'new', version: 1 })
  })

  test('with text no database can hold is stored clean', async () => {
    expect(await change({ tags: ['\ud800', 'c\u0000'] })).toMatchObject({
      tags: ['\ufffd', 'c\ufffd'],
    })
  })
})

describe('the version', () => {
  test('that is another is a conflict, which carries the ticket as it is', async () => {
    await change({ priority: 'high' })
    const late = change({ version: 1, status: 'closed' })
    await expect(late).rejects.toMatchObject({
      status: 409,
      code: 'version_conflict',
      details: { ticket: { id: talk.ticket.id, version: 2, priority: 'high', status: 'new' } },
    })
    expect(await stored()).toMatchObject({ status: 'new', version: 2 })
  })

  test('guards a change that would change nothing too', async () => {
    await change({ priority: 'high' })
    await expect(change({ version: 1, priority: 'high' })).rejects.toMatchObject({ code: 'version_conflict' })
  })

  test('lets one of many at once through', async () => {
    const priorities = ['low', 'high', 'urgent'] as const
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        change({ version: 1, priority: priorities[index % 3]!, tags: [`${index}`] }),
      ),
    )
    const won = all.filter((one) => one.status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect(await stored()).toMatchObject({ version: 2, tags: won[0]?.value.tags })
  })
})

describe('the category', () => {
  test('is one that is offered, or none', async () => {
    expect(await change({ category: 'product.battery' })).toMatchObject({ category: 'product.battery' })
    expect(await change({ category: '' })).toMatchObject({ category: null })
    for (const category of ['nonsense', 'a\u0000b', 'Product']) {
      await expect(change({ category })).rejects.toMatchObject({ status: 422, code: 'category_unknown' })
    }
  })

  test('that is archived stays until another one is chosen', async () => {
    await database.db.update(tickets).set({ category: 'old words' })
    expect(await change({ category: 'old words', priority: 'low' })).toMatchObject({ category: 'old words' })
    expect(await change({ category: 'service' })).toMatchObject({ category: 'service' })
    await expect(change({ category: 'old words' })).rejects.toMatchObject({ code: 'category_unknown' })
  })
})

describe('tags', () => {
  test('are kept once each, the first way of writing them', async () => {
    expect(await change({ tags: ['VIP', 'vip', '退款', ' VIP ', 'ＶＩＰ'] })).toMatchObject({ tags: ['VIP', '退款'] })
  })
  test('may all be taken away', async () => {
    await change({ tags: ['a'] })
    expect(await change({ tags: [] })).toMatchObject({ tags: [], version: 3 })
  })
  test.each(["it's", '{a,b}', '"', '\\', 'NULL', ''])('%j is a tag like any other', async (tag) => {
    expect(await change({ tags: [tag] })).toMatchObject({ tags: tag === '' ? [] : [tag] })
  })
})

describe('the assignee', () => {
  test('may be a colleague of the brand, an administrator, and nobody', async () => {
    const colleague = await rows.user('supervisor', [talk.brand])
    const administrator = await rows.user('administrator')
    expect(await change({ assignee: colleague.id })).toMatchObject({ assignee: { id: colleague.id } })
    expect(await change({ assignee: administrator.id })).toMatchObject({ assignee: { id: administrator.id } })
    expect(await change({ assignee: null })).toMatchObject({ assignee: null, version: 4 })
  })

  test.each(['nobody', 'a colleague of another brand', 'somebody disabled', 'a program', 'NUL'])(
    '%s is refused, and nothing of the change is made',
    async (who) => {
      const disabled = await rows.user('agent', [talk.brand])
      await database.db.update(authUser).set({ banned: true }).where(eq(authUser.id, disabled.id))
      const id = {
        nobody: 'nobody',
        'a colleague of another brand': (await rows.user('agent', [await rows.brand()])).id,
        'somebody disabled': disabled.id,
        'a program': 'key:0190',
        NUL: '\u0000',
      }[who]
      const asked = change({ status: 'open', assignee: id ?? '' })
      await expect(asked).rejects.toMatchObject({ status: 422, code: 'assignee_unknown' })
      expect(await stored()).toMatchObject({ status: 'new', version: 1 })
    },
  )

  test('cannot be a program that says `me`', async () => {
    const program: Actor = { ...agent, kind: 'key', id: 'key:0190' }
    await expect(change({ assignee: 'me' }, program)).rejects.toMatchObject({ code: 'assignee_unknown' })
  })

  test('who lost the brand stays until somebody else is chosen', async () => {
    await change({ assignee: 'me' })
    await database.sql`delete from brand_members where user_id = ${agent.id}`
    await expect(change({ assignee: agent.id, priority: 'low' })).resolves.toMatchObject({ priority: 'low' })
  })
})

describe('the status', () => {
  test('resolved stops the clock and ends the snooze', async () => {
    await database.db.update(tickets).set({ unansweredSince: later(-HOUR), snoozedUntil: later(HOUR) })
    await change({ status: 'resolved' })
    expect(await stored()).toMatchObject({ resolvedAt: now, unansweredSince: null, snoozedUntil: null })
  })

  test('closed may be opened again by an agent, with the clock of what is unanswered', async () => {
    const { orderedAt } = await rows.message(talk, { sentAt: later(-HOUR) })
    await change({ status: 'closed' })
    await change({ status: 'open' })
    expect(await stored()).toMatchObject({ status: 'open', resolvedAt: null, unansweredSince: orderedAt, version: 3 })
  })
})

describe('the snooze', () => {
  const due = () => database.db.select().from(dueWork).where(eq(dueWork.subject, talk.ticket.id))
  const wake = () => unsnoozeHandler(deps())({ subject: talk.ticket.id })

  test('wakes the ticket at its time, once', async () => {
    await change({ snoozedUntil: later(HOUR).toISOString() })
    expect(await due()).toMatchObject([{ kind: 'unsnooze', dueAt: later(HOUR) }])
    now = later(HOUR)
    await wake()
    await wake()
    expect(await stored()).toMatchObject({ snoozedUntil: null, version: 3 })
    expect(await told()).toHaveLength(2)
    expect(nudges).toBe(2)
  })

  test('moved on is waited for at its new time', async () => {
    await change({ snoozedUntil: later(HOUR).toISOString() })
    const until = later(2 * HOUR)
    await change({ snoozedUntil: until.toISOString() })
    expect(await due()).toMatchObject([{ dueAt: until }])
    now = later(HOUR)
    expect(await wake()).toEqual({ again: until })
    expect(await stored()).toMatchObject({ snoozedUntil: until, version: 3 })
  })

  test('ended by hand, or of a ticket that is gone, has nothing to wake', async () => {
    await change({ snoozedUntil: later(HOUR).toISOString() })
    await change({ snoozedUntil: null })
    now = later(HOUR)
    expect(await wake()).toBeUndefined()
    expect(await unsnoozeHandler(deps())({ subject: talk.brand.id })).toBeUndefined()
    expect(await stored()).toMatchObject({ version: 3 })
  })

  test.each([0, -1, -HOUR])('%i ms from now is refused', async (ms) => {
    const asked = change({ snoozedUntil: later(ms).toISOString() })
    await expect(asked).rejects.toMatchObject({ status: 422, code: 'snooze_past' })
  })

  test('of a finished ticket is refused, unless it is opened with it', async () => {
    const snoozedUntil = later(HOUR).toISOString()
    await expect(change({ status: 'resolved', snoozedUntil })).rejects.toMatchObject({ code: 'snooze_finished' })
    await change({ status: 'resolved' })
    await expect(change({ snoozedUntil })).rejects.toMatchObject({ code: 'snooze_finished' })
    await expect(change({ status: 'open', snoozedUntil })).resolves.toMatchObject({ status: 'open', snoozedUntil })
  })
})
