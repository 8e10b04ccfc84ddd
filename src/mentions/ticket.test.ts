import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, edited, type House, message } from '../../test/helpers/house.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { systemActor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { audit, dueWork, events, mentions, messages, threads, tickets } from '../db/schema.ts'
import { postNote } from '../tickets/note.ts'
import type { MentionQuery } from '../wire-mentions.ts'
import { countMentions } from './count.ts'
import { dismissMentions } from './dismiss.ts'
import { listMentions } from './list.ts'
import { makeTicket, ticketOf, undoTicket } from './ticket.ts'

let house: House
let account: OpenAccount
let agent: Actor
let deps: { db: House['db']; now: () => Date; nudge: () => void }
beforeAll(async () => {
  house = await createHouse()
  deps = { db: house.db, now: () => new Date(), nudge: () => {} }
})
beforeEach(async () => {
  account = await house.account({}, { intake: 'watch' })
  agent = await house.agent()
})
afterEach(async () => {
  await house.sql`truncate mentions, messages, threads, tickets, identities, contacts, events, due_work, inbound_keys, audit cascade`
})
afterAll(() => house.close())

const post = (id: string, text: string, more: object = {}) =>
  message({
    externalId: id,
    threadId: `post-${id}`,
    rootId: `post-${id}`,
    surface: 'public',
    text,
    sentAt: new Date('2026-11-22T08:00:00Z'),
    ...more,
  })
const take = (...list: ReturnType<typeof message>[]) => house.ingest().submit(account, list)
const ofExternal = async (id: string) => (await house.db.select().from(messages).where(eq(messages.externalId, id)))[0]!
const query = (more: Partial<MentionQuery> = {}): MentionQuery => ({ state: 'open', limit: 50, ...more })
const textsOf = async (more: Partial<MentionQuery> = {}, actor = agent) =>
  (await listMentions(house.db, actor, query(more))).mentions.map(({ message: { text } }) => text)

describe('a post of a watched account', () => {
  test('is a mention: no ticket, no clock, nobody is told of a message', async () => {
    await take(post('1', '屏幕总是闪'))
    expect(await house.db.$count(tickets)).toBe(0)
    expect(await house.db.$count(dueWork)).toBe(0)
    expect(await ofExternal('1')).toMatchObject({ ticketId: null, text: '屏幕总是闪', ticketVersion: 0 })
    expect(await house.db.select().from(mentions)).toMatchObject([
      { language: 'zh', surface: 'public', ticketId: null },
    ])
    const told = await house.db.select().from(events)
    expect(told).toMatchObject([{ type: 'mention', brandId: house.brandId, ticketId: null }])
  })

  test('comes once however often it comes, and a flood tells each batch once', async () => {
    const flood = Array.from({ length: 300 }, (_, n) => post(`f${n}`, `post ${n}`))
    await Promise.all([take(...flood), take(...flood)])
    expect(await house.db.$count(mentions)).toBe(300)
    expect(await house.db.$count(events)).toBeLessThanOrEqual(2)
  })

  test('is edited and deleted like any other, and its brand is told', async () => {
    await take(post('1', 'the screen flickers'))
    const edit = edited(new Date('2026-11-22T09:00:00Z'), {
      externalId: '1',
      threadId: 'post-1',
      rootId: 'post-1',
      surface: 'public',
      text: 'the screen is fine again',
    })
    await take(edit as ReturnType<typeof message>)
    expect(await textsOf()).toEqual(['the screen is fine again'])
    await house.ingest().submit(account, [{ type: 'deleted', externalId: '1', at: new Date() }])
    const [shown] = (await listMentions(house.db, agent, query())).mentions
    expect(shown?.message.deletedAt).not.toBeNull()
    expect((await house.db.select().from(events)).map(({ type }) => type)).toEqual(['mention', 'mention', 'mention'])
  })

  test('is a ticket where the account makes tickets', async () => {
    const other = await house.account()
    await house.ingest().submit(other, [post('1', 'no power')])
    expect(await house.db.$count(tickets)).toBe(1)
    expect(await house.db.$count(mentions)).toBe(0)
  })
})

describe('making a ticket', () => {
  test('takes the conversation along, starts its clock, and sends later posts of it there', async () => {
    await take(
      post('1', '第一句'),
      post('2', '第二句', { threadId: 'post-1', sentAt: new Date('2026-11-22T08:05:00Z') }),
    )
    await take(
      post('3', 'somebody else', {
        author: { externalId: 'p2', name: 'B', handle: null, avatarUrl: null, followers: null },
      }),
    )
    const made = await makeTicket(deps, agent, (await ofExternal('1')).id)
    expect(made.created).toBe(true)
    const [ticket] = await house.db.select().from(tickets)
    expect(ticket).toMatchObject({
      id: made.ticketId,
      status: 'new',
      assigneeId: null,
      preview: '第二句',
      surface: 'public',
      unansweredSince: new Date('2026-11-22T08:00:00Z'),
      lastMessageAt: new Date('2026-11-22T08:05:00Z'),
    })
    expect(await textsOf()).toEqual(['somebody else'])
    expect(await textsOf({ state: 'ticket' })).toEqual(['第二句', '第一句'])
    await take(post('4', '还是不行', { threadId: 'post-1', sentAt: new Date('2026-11-22T08:10:00Z') }))
    expect((await ofExternal('4')).ticketId).toBe(made.ticketId)
    expect(await house.db.$count(tickets)).toBe(1)
    expect(await house.db.select().from(audit)).toMatchObject([{ action: 'mention.ticket_made', actor: agent.id }])
  })

  test('twice, and by two at once, is once', async () => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    const both = await Promise.all([makeTicket(deps, agent, id), makeTicket(deps, agent, id)])
    expect(new Set(both.map(({ ticketId }) => ticketId)).size).toBe(1)
    expect(both.map(({ created }) => created).sort()).toEqual([false, true])
    expect(await house.db.$count(tickets)).toBe(1)
  })

  test('while the next post of the conversation comes in leaves none of them outside', async () => {
    for (let round = 0; round < 10; round++) {
      const thread = { threadId: `t${round}`, rootId: `t${round}` }
      await take(post(`a${round}`, 'first', thread))
      const { id } = await ofExternal(`a${round}`)
      const [made] = await Promise.all([makeTicket(deps, agent, id), take(post(`b${round}`, 'second', thread))])
      const later = await ofExternal(`b${round}`)
      // Before, it was taken along; after, it was sent there.
      expect(later.ticketId).toBe(made.ticketId)
    }
  })

  test('of a conversation whose ticket is closed opens another; a post there is a mention again', async () => {
    await take(post('1', 'x'))
    const first = await makeTicket(deps, agent, (await ofExternal('1')).id)
    await house.db.update(tickets).set({ status: 'closed', resolvedAt: new Date() })
    await take(post('2', 'y', { threadId: 'post-1' }))
    expect((await ofExternal('2')).ticketId).toBeNull()
    const second = await makeTicket(deps, agent, (await ofExternal('2')).id)
    expect(second.ticketId).not.toBe(first.ticketId)
    expect((await ofExternal('1')).ticketId).toBe(first.ticketId)
  })

  test('is what a rule does inside its own transaction', async () => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    const made = await house.db.transaction((tx) => ticketOf(tx, systemActor, id, new Date()))
    expect((await ofExternal('1')).ticketId).toBe(made.ticketId)
  })

  test('of another brand’s post is 404', async () => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    const stranger: Actor = { ...agent, brandIds: [newId()] }
    await expect(makeTicket(deps, stranger, id)).rejects.toMatchObject({ status: 404 })
    await expect(undoTicket(deps, stranger, id)).rejects.toMatchObject({ status: 404 })
    expect(await dismissMentions(deps, stranger, { ids: [id], dismissed: true })).toBe(0)
    expect(await textsOf({}, stranger)).toEqual([])
    expect(await textsOf({ brand: [house.brandId] }, stranger)).toEqual([])
    const counts = await countMentions(
      house.db,
      stranger,
      { state: 'open', hours: 168 },
      new Date('2026-11-22T09:00:00Z'),
    )
    expect(counts.counts).toEqual([])
  })
})

describe('undo', () => {
  test('leaves no ticket, and later posts are mentions again', async () => {
    await take(post('1', '第一句'))
    const { id } = await ofExternal('1')
    await makeTicket(deps, agent, id)
    await take(post('2', 'second', { threadId: 'post-1', sentAt: new Date('2026-11-22T08:05:00Z') }))
    await undoTicket(deps, agent, id)
    expect(await house.db.$count(tickets)).toBe(0)
    expect(await textsOf()).toEqual(['second', '第一句'])
    expect(await textsOf({ language: ['en'] })).toEqual([])
    expect((await house.db.select().from(threads))[0]?.currentTicketId).toBeNull()
    await take(post('3', 'third', { threadId: 'post-1', sentAt: new Date('2026-11-22T08:06:00Z') }))
    expect((await ofExternal('3')).ticketId).toBeNull()
    // A second press changes nothing.
    await undoTicket(deps, agent, id)
    expect((await makeTicket(deps, agent, id)).created).toBe(true)
  })

  test('of a post that had been dismissed leaves it dismissed', async () => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    await dismissMentions(deps, agent, { ids: [id], dismissed: true })
    await makeTicket(deps, agent, id)
    await undoTicket(deps, agent, id)
    expect(await textsOf({ state: 'dismissed' })).toEqual(['x'])
  })

  test('is refused once somebody worked on the ticket', async () => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    const { ticketId } = await makeTicket(deps, agent, id)
    await postNote(deps, agent, ticketId, { text: 'asked the workshop', mediaIds: [] }, undefined)
    await expect(undoTicket(deps, agent, id)).rejects.toMatchObject({ status: 409, code: 'ticket_in_use' })
    expect((await ofExternal('1')).ticketId).toBe(ticketId)
  })

  test.each([
    ['resolved', { status: 'resolved' as const }],
    ['taken by a colleague', { assigneeId: 'somebody' }],
    ['snoozed', { snoozedUntil: new Date('2027-01-01') }],
  ])('is refused when the ticket is %s', async (_, change) => {
    await take(post('1', 'x'))
    const { id } = await ofExternal('1')
    await makeTicket(deps, agent, id)
    await house.db.update(tickets).set(change)
    await expect(undoTicket(deps, agent, id)).rejects.toMatchObject({ code: 'ticket_in_use' })
  })

  test('is refused for a ticket that was there before', async () => {
    await take(post('1', 'watched'))
    const { id } = await ofExternal('1')
    await house.ingest().submit({ ...account, intake: 'tickets' }, [post('2', 'worked on', { threadId: 'post-1' })])
    const made = await makeTicket(deps, agent, id)
    expect(made.created).toBe(false)
    await expect(undoTicket(deps, agent, id)).rejects.toMatchObject({ code: 'ticket_in_use' })
  })
})

describe('dismissing', () => {
  test('takes a post out of the list, and back', async () => {
    await take(post('1', 'a'), post('2', 'b'))
    const { id } = await ofExternal('1')
    expect(await dismissMentions(deps, agent, { ids: [id, id, newId()], dismissed: true })).toBe(1)
    expect(await textsOf()).toEqual(['b'])
    expect(await dismissMentions(deps, agent, { ids: [id], dismissed: true })).toBe(0)
    expect(await dismissMentions(deps, agent, { ids: [id], dismissed: false })).toBe(1)
    expect((await textsOf()).sort()).toEqual(['a', 'b'])
  })

  test('does nothing to what is a ticket', async () => {
    await take(post('1', 'a'))
    const { id } = await ofExternal('1')
    await makeTicket(deps, agent, id)
    expect(await dismissMentions(deps, agent, { ids: [id], dismissed: true })).toBe(0)
  })
})

describe('the list', () => {
  test('is filtered by account, language, surface and time', async () => {
    const other = await house.account({}, { intake: 'watch' })
    await take(post('1', '电池不行'), post('2', 'the battery is bad', { sentAt: new Date('2026-11-22T10:00:00Z') }))
    await house
      .ingest()
      .submit(other, [post('3', 'акку сдох', { surface: 'direct', sentAt: new Date('2026-11-22T11:00:00Z') })])
    expect(await textsOf({ account: [other.id] })).toEqual(['акку сдох'])
    expect(await textsOf({ language: ['en', 'ru'] })).toEqual(['акку сдох', 'the battery is bad'])
    expect(await textsOf({ surface: 'public' })).toEqual(['the battery is bad', '电池不行'])
    expect(await textsOf({ from: '2026-11-22T09:00:00Z', to: '2026-11-22T11:00:00Z' })).toEqual(['the battery is bad'])
    expect(await textsOf({ channel: ['example'] })).toHaveLength(3)
    expect(await textsOf({ channel: ['other'] })).toEqual([])
  })

  test('is searched in Chinese and English, in the text that is shown and for its author', async () => {
    await take(
      post('1', '螢幕一直閃，想退貨'),
      post('2', 'I want a refund', {
        author: { externalId: 'p2', name: '李雷', handle: 'lilei', avatarUrl: null, followers: null },
      }),
    )
    expect(await textsOf({ q: '退货' })).toEqual(['螢幕一直閃，想退貨'])
    expect(await textsOf({ q: 'REFUND' })).toEqual(['I want a refund'])
    expect(await textsOf({ q: '李雷' })).toEqual(['I want a refund'])
    expect(await textsOf({ q: '@lilei' })).toEqual(['I want a refund'])
    expect(await textsOf({ q: 'warranty' })).toEqual([])
  })

  test('comes page by page, whole and in order', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 10, 22, 8, 0, n % 3))
    await take(...Array.from({ length: 25 }, (_, n) => post(`p${n}`, `post ${n}`, { sentAt: at(n) })))
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await listMentions(house.db, agent, query({ limit: 7, ...(after ? { after } : {}) }))
      seen.push(...page.mentions.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
    await expect(listMentions(house.db, agent, query({ after: 'nonsense' }))).rejects.toMatchObject({
      code: 'bad_cursor',
    })
  })

  test('is counted by hour, account and language', async () => {
    await take(
      post('1', '电池不行'),
      post('2', '屏幕不行', { sentAt: new Date('2026-11-22T08:59:59Z') }),
      post('3', 'the battery is bad', { sentAt: new Date('2026-11-22T10:00:00Z') }),
      post('4', 'long ago', { sentAt: new Date('2026-11-01T10:00:00Z') }),
    )
    const now = new Date('2026-11-22T10:30:00Z')
    const counts = await countMentions(house.db, agent, { state: 'open', hours: 3 }, now)
    expect(counts).toEqual({
      since: '2026-11-22T08:00:00.000Z',
      hours: 3,
      counts: [
        { hour: '2026-11-22T08:00:00.000Z', accountId: account.id, language: 'zh', count: 2 },
        { hour: '2026-11-22T10:00:00.000Z', accountId: account.id, language: 'en', count: 1 },
      ],
    })
    const found = await countMentions(house.db, agent, { state: 'open', hours: 3, q: '屏幕' }, now)
    expect(found.counts).toMatchObject([{ count: 1 }])
  })
})
