import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { priorities, ticketStatuses } from '../db/schema.ts'
import { Ticket, TicketQuery } from '../wire.ts'
import { countTickets } from './count.ts'
import { writeCursor } from './cursor.ts'
import { listTickets } from './list.ts'
import type { Channels } from './window.ts'

let database: TestDatabase
let rows: Rows
const now = new Date('2026-11-22T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())

/** Two channels close their windows: one of them a message opens, the other a menu. */
const lengthMs = 48 * 3_600_000
const windowed = (openedBy: unknown) => ({
  capabilities: { surfaces: { direct: { windows: [{ openedBy, lengthMs, replies: 5 }] } } },
})
const channels = new Map<string, unknown>([
  ['x', windowed('message')],
  ['weibo', windowed({ opened: ['menu'] })],
]) as unknown as Channels
const list = (actor: Actor, query: object = {}) =>
  listTickets(database.db, actor, TicketQuery.parse(query), now, channels)
const ids = async (actor: Actor, query: object = {}) => (await list(actor, query)).tickets.map(({ id }) => id)

/** Every page of a list, one after the other. */
async function walk(actor: Actor, query: object, limits: readonly number[]): Promise<string[]> {
  const all: string[] = []
  let after: string | null = null
  for (let page = 0; ; page++) {
    const limit = limits[page % limits.length] ?? 1
    const { tickets, next } = await list(actor, { ...query, limit, ...(after === null ? {} : { after }) })
    all.push(...tickets.map(({ id }) => id))
    if (next === null) return all
    expect(tickets).toHaveLength(limit)
    expect(next).toMatch(/^[\w-]+$/u)
    after = next
  }
}

describe('any list, in pages of any size', () => {
  let talks: Conversation[]
  let agent: Actor
  let administrator: Actor

  beforeAll(async () => {
    const brands = [await rows.brand(), await rows.brand(), await rows.brand()]
    agent = await rows.user('agent', brands.slice(0, 2))
    administrator = await rows.user('administrator')
    const accounts = []
    for (const [index, channel] of ['telegram', 'x', 'weibo', 'telegram'].entries()) {
      accounts.push(await rows.account({ brandId: brands[index % 3]!.id, channel }))
    }
    talks = []
    for (let index = 0; index < 60; index++) {
      const account = accounts[index % 4]!
      talks.push(
        await rows.conversation({
          brand: brands[index % 4 === 3 ? 0 : (index % 4) % 3]!,
          account,
          ticket: {
            status: ticketStatuses[(index * 7) % 6]!,
            priority: priorities[(index * 3) % 4]!,
            assigneeId: [null, agent.id, 'somebody'][index % 3] ?? null,
            tags: index % 5 === 0 ? ['vip', 'repair'] : [],
            // Many share their time: only the id tells them apart.
            lastMessageAt: ago(index % 9),
            unansweredSince: index % 2 === 0 ? ago(index % 7) : null,
            surface: index % 8 === 1 ? 'public' : 'direct',
            snoozedUntil: [null, ago(5), ago(-5)][(index * 5) % 3] ?? null,
          },
          thread: {
            surface: index % 16 === 1 ? 'public' : 'direct',
            lastInboundAt: ago(index * 97),
            openedKind: index % 2 === 0 ? 'menu' : 'follow',
            openedAt: ago((60 - index) * 101),
          },
        }),
      )
    }
    // Two that differ by less than a Date can hold.
    await database.sql`update tickets set last_message_at = last_message_at + interval '3 microseconds' where number % 3 = 0`
    talks = await Promise.all(talks)
  })

  /** What the list is by its definition, worked out in memory. */
  async function expected(actor: Actor, query: TicketQuery): Promise<string[]> {
    const times = new Map(
      (
        await database.sql<{ id: string; at: string; since: string | null }[]>`
          select id, to_char(last_message_at, 'YYYYMMDDHH24MISSUS') as at, unanswered_since::text as since from tickets`
      ).map((row) => [row.id, row]),
    )
    const has = <T>(wanted: readonly T[] | undefined, value: T) => !wanted?.length || wanted.includes(value)
    const kept = talks.filter((talk) => {
      const { ticket, brand, account } = talk
      const assignee = query.assignee === 'me' ? actor.id : query.assignee
      const sleeps = ticket.snoozedUntil !== null && ticket.snoozedUntil > now
      return (
        (actor.brandIds === null || actor.brandIds.includes(brand.id)) &&
        has(query.brand, brand.id) &&
        has(query.status, ticket.status) &&
        has(query.priority, ticket.priority) &&
        has(query.channel, account.channel) &&
        has(query.account, account.id) &&
        (assignee === undefined || (assignee === 'none' ? null : assignee) === ticket.assigneeId) &&
        (query.tag === undefined || ticket.tags.includes(query.tag)) &&
        has(query.surface, ticket.surface) &&
        (query.window === undefined ||
          (closesAt(talk) ?? Number.POSITIVE_INFINITY) <= now.getTime() + 24 * 3_600_000) &&
        (query.snoozed === undefined || (query.snoozed === 'true') === sleeps)
      )
    })
    const closes = new Map(talks.map((talk) => [talk.ticket.id, closesAt(talk)]))
    const ranks = new Map(talks.map(({ ticket }) => [ticket.id, priorities.indexOf(ticket.priority)]))
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
    const newest = (a: string, b: string) => compare(times.get(b)?.at ?? '', times.get(a)?.at ?? '') || compare(b, a)
    const order = {
      newest,
      // None of these has a promise; `promises/clocks.test.ts` has some.
      due: newest,
      oldest: (a: string, b: string) => newest(b, a),
      waiting: (a: string, b: string) => {
        const [sinceA, sinceB] = [times.get(a)?.since ?? null, times.get(b)?.since ?? null]
        if (sinceA === null && sinceB === null) return newest(a, b)
        if (sinceA === null || sinceB === null) return sinceA === null ? 1 : -1
        return compare(sinceA, sinceB) || compare(a, b)
      },
      window: (a: string, b: string) => {
        const [endA, endB] = [closes.get(a) ?? null, closes.get(b) ?? null]
        if (endA === null && endB === null) return newest(a, b)
        if (endA === null || endB === null) return endA === null ? 1 : -1
        return endA - endB || compare(a, b)
      },
      priority: (a: string, b: string) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0) || newest(a, b),
    }[query.sort]
    return kept.map(({ ticket }) => ticket.id).sort(order)
  }

  /** When the window of somebody who waits closes; null: not at all, or it did. */
  function closesAt({ ticket, account, thread }: Conversation): number | null {
    const { surface, lastInboundAt, openedKind, openedAt } = thread
    const opened =
      account.channel === 'x' ? lastInboundAt : account.channel === 'weibo' && openedKind === 'menu' ? openedAt : null
    if (surface !== 'direct' || ticket.unansweredSince === null || opened === null) return null
    const end = opened.getTime() + lengthMs
    return end > now.getTime() ? end : null
  }

  const some = <T>(values: readonly T[]) =>
    fc.option(fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 }), { nil: undefined })
  const option = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 })

  test('is what its definition says', async () => {
    const brandIds = [...new Set(talks.map(({ brand }) => brand.id))]
    const accountIds = [...new Set(talks.map(({ account }) => account.id))]
    const queries = fc.record({
      status: some(ticketStatuses),
      priority: some(priorities),
      channel: some(['telegram', 'x', 'weibo', 'none']),
      brand: some(brandIds),
      account: some(accountIds),
      assignee: option('me', 'none', 'somebody', 'nobody'),
      tag: option('vip', 'none'),
      snoozed: option('true', 'false'),
      surface: some(['direct', 'public']),
      window: option('closing'),
      sort: fc.constantFrom('newest', 'oldest', 'waiting', 'window', 'priority'),
    })
    await fc.assert(
      fc.asyncProperty(
        queries,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
        async (raw, asAgent, limits) => {
          const actor = asAgent ? agent : administrator
          const query = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined))
          expect(await walk(actor, query, limits)).toEqual(await expected(actor, TicketQuery.parse(query)))
        },
      ),
      { numRuns: 120 },
    )
  })

  test('has as many as its figure says, each of several at once', async () => {
    const asked = [
      {},
      { assignee: 'me' },
      { status: 'new,open', snoozed: 'false' },
      { window: 'closing' },
      { brand: [talks[0]!.brand.id], surface: 'public' },
      { tag: 'none' },
    ].map((query) => TicketQuery.parse(query))
    for (const actor of [agent, administrator]) {
      const lengths = await Promise.all(asked.map(async (query) => (await expected(actor, query)).length))
      expect(await countTickets(database.db, actor, asked, now, channels)).toEqual(lengths)
    }
    const words = [TicketQuery.parse({ q: '退款' }), TicketQuery.parse({ delivery: 'failed' })]
    expect(await countTickets(database.db, agent, words, now)).toEqual([null, 0])
    expect(await countTickets(database.db, agent, [], now)).toEqual([])
  })

  test('says how long each can be answered, and how often', async () => {
    const { tickets } = await list(administrator, { limit: 100 })
    for (const { id, window, channel } of tickets) {
      const talk = talks.find(({ ticket }) => ticket.id === id)
      if (!talk || talk.thread.surface === 'public' || channel === 'telegram') continue
      const { thread } = talk
      const opened = channel === 'x' ? thread.lastInboundAt! : thread.openedKind === 'menu' ? thread.openedAt! : null
      const until = opened && new Date(opened.getTime() + lengthMs)
      const open = until !== null && until > now
      expect(window).toEqual(open ? { until: until.toISOString(), left: 5 } : { until: null, left: 0 })
    }
    expect(tickets.filter(({ window }) => window?.until).length).toBeGreaterThan(5)
    const free = tickets.filter(({ channel }) => channel === 'telegram')
    expect(free.every(({ window }) => (window ?? null) === null)).toBe(true)
  })

  test.each(['newest', 'oldest', 'waiting', 'window', 'priority'] as const)('no filter at all, %s', async (sort) => {
    expect(await walk(administrator, { sort }, [7])).toEqual(await expected(administrator, TicketQuery.parse({ sort })))
  })

  test('every ticket once, while others move to the front', async () => {
    const first = await list(administrator, { limit: 10 })
    const moved = first.tickets[3]!.id
    await database.sql`update tickets set last_message_at = now() + interval '1 day' where id = ${moved}`
    const rest = await walk(administrator, { after: first.next }, [20])
    const seen = [...first.tickets.map(({ id }) => id), ...rest]
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(talks.length)
  })

  test('a cursor of another sort, and anything made up, is refused', async () => {
    const { next } = await list(administrator, { limit: 1 })
    const id = talks[0]!.ticket.id
    const bad = [
      '',
      '?',
      'e30',
      next?.slice(0, -4),
      writeCursor(['newest', 1, 1, id]),
      writeCursor(['newest', 0, 1.5, id]),
    ]
    for (const after of bad) {
      await expect(list(administrator, { after })).rejects.toMatchObject({ status: 400, code: 'bad_cursor' })
    }
    await expect(list(administrator, { after: next, sort: 'oldest' })).rejects.toMatchObject({ code: 'bad_cursor' })
  })

  test("a cursor of somebody who sees more shows nobody else's tickets", async () => {
    const foreign = talks.filter(({ brand }) => !agent.brandIds?.includes(brand.id))
    const { next } = await list(administrator, { limit: 1 })
    const seen = await walk(agent, { after: next }, [50])
    expect(seen.length).toBeGreaterThan(0)
    expect(foreign.map(({ ticket }) => ticket.id).filter((id) => seen.includes(id))).toEqual([])
  })

  test.each(['\u0000', '\ud800', "'", '{', '\\'])('%j in a filter is a value like any other', async (value) => {
    for (const filter of ['tag', 'assignee', 'channel']) {
      expect(await list(administrator, { [filter]: value })).toEqual({ tickets: [], unread: [], next: null })
    }
  })

  test('nobody’s brands show nothing', async () => {
    const stranger = await rows.user('agent')
    expect(await list(stranger)).toEqual({ tickets: [], unread: [], next: null })
    expect(await list(stranger, { q: 'a' })).toEqual({ tickets: [], unread: [], next: null })
    expect(await list(stranger, { delivery: 'failed', sort: 'waiting' })).toEqual({
      tickets: [],
      unread: [],
      next: null,
    })
  })
})

describe('search', () => {
  test('finds by the text shown, by name, handle and number, only what is in scope', async () => {
    const talk = await rows.conversation({
      contact: { name: '陳小姐' },
      identity: { name: 'Chen', handle: 'chen_88' },
    })
    const other = await rows.conversation({ contact: { name: '陈小姐' } })
    await rows.message(talk, { text: '我的電池鼓包了' })
    await rows.message(other, { text: '电池鼓包' })
    const agent = await rows.user('agent', [talk.brand])
    const { id, number } = talk.ticket
    for (const q of [
      '电池',
      '鼓包',
      '陈小姐',
      '小姐',
      'Chen',
      '@chen_88',
      'hen_8',
      `${number}`,
      `#${number}`,
      ' 鼓包 電池 ',
    ]) {
      expect([q, await ids(agent, { q })]).toEqual([q, [id]])
    }
    for (const q of ['电鼓', 'zzz', '@nobody', `#${other.ticket.number}`]) {
      expect([q, await ids(agent, { q })]).toEqual([q, []])
    }
  })

  test('an edit takes the old words away and brings the new ones', async () => {
    const talk = await rows.conversation()
    const agent = await rows.user('agent', [talk.brand])
    const message = await rows.message(talk, { text: 'the screen is black' })
    await rows.revision(message.id, 'the battery is hot', ago(-1))
    // The index still has the old tokens beside the new ones: the text that is shown decides.
    await database.sql`
      update messages set search = search || '''bat'' ''att'' ''tte'' ''ter'' ''ery'' ''hot''' where id = ${message.id}`
    expect(await ids(agent, { q: 'hot' })).toEqual([talk.ticket.id])
    expect(await ids(agent, { q: 'black' })).toEqual([])
  })

  test('finds notes and replies too', async () => {
    const talk = await rows.conversation()
    const agent = await rows.user('agent', [talk.brand])
    await rows.message(talk, { direction: 'note', userId: agent.id, text: 'internal-4711' })
    await rows.message(talk, { direction: 'outbound', userId: agent.id, text: 'external-4712' })
    expect(await ids(agent, { q: '4711' })).toEqual([talk.ticket.id])
    expect(await ids(agent, { q: '4712' })).toEqual([talk.ticket.id])
  })

  test('goes with filters and pages, and only spaces are no search', async () => {
    const brand = await rows.brand()
    const agent = await rows.user('agent', [brand])
    const talks: Conversation[] = []
    for (let index = 0; index < 7; index++) {
      const status = index % 2 === 0 ? 'open' : 'closed'
      const talk = await rows.conversation({ brand, ticket: { status, lastMessageAt: ago(index) } })
      await rows.message(talk, { text: index === 2 ? '物流' : '退款' })
      await rows.message(talk, { text: '退款' })
      talks.push(talk)
    }
    const at = (...indexes: number[]) => indexes.map((index) => talks[index]!.ticket.id)
    expect(await walk(agent, { q: '退款' }, [2])).toEqual(at(0, 1, 2, 3, 4, 5, 6))
    expect(await walk(agent, { q: '退款', status: 'open', sort: 'oldest' }, [1])).toEqual(at(6, 4, 2, 0))
    expect(await walk(agent, { q: '退款', sort: 'waiting' }, [3])).toEqual(at(0, 1, 2, 3, 4, 5, 6))
    expect(await walk(agent, { q: '物流', status: 'closed' }, [1])).toEqual([])
    expect(await walk(agent, { q: ' \u3000' }, [4])).toEqual(at(0, 1, 2, 3, 4, 5, 6))
  })

  test.each(["'", '\\', '%', '_', "');--", '\u0000', '\ud800', ':*', '(', '[', '!', '&', '🇨🇳', '*'.repeat(200)])(
    '%j is text to look for',
    async (q) => {
      const talk = await rows.conversation()
      const agent = await rows.user('agent', [talk.brand])
      await rows.message(talk, { text: 'plain words' })
      expect(await ids(agent, { q })).toEqual([])
      const clean = q.toWellFormed().replaceAll('\u0000', '\ufffd')
      await rows.message(talk, { text: `before${clean}after` })
      expect(await ids(agent, { q })).toEqual([talk.ticket.id])
    },
  )
})

describe('deliveries to look at', () => {
  let talk: Conversation
  let agent: Actor
  const reply = async (minutesAgo: number, delivery: Parameters<Rows['delivery']>[1], automatic = false) => {
    const message = await rows.message(talk, {
      direction: 'outbound',
      userId: automatic ? 'system' : agent.id,
      automatic,
      sentAt: ago(minutesAgo),
    })
    return rows.delivery(message, { automatic, settledAt: ago(minutesAgo - 1), ...delivery })
  }
  const counts = async () => {
    const [ticket] = (await list(agent)).tickets
    const has = async (delivery: string) => (await ids(agent, { delivery })).length
    expect([Math.min(ticket!.failed, 1), Math.min(ticket!.unknown, 1)]).toEqual([
      await has('failed'),
      await has('unknown'),
    ])
    return { failed: ticket!.failed, unknown: ticket!.unknown }
  }
  const setUp = async (ticket: Parameters<Rows['conversation']>[0] = {}) => {
    talk = await rows.conversation(ticket)
    agent = await rows.user('agent', [talk.brand])
  }

  test('states that need nobody count nothing', async () => {
    await setUp()
    for (const state of ['queued', 'claimed', 'sending', 'sent', 'delivered', 'read', 'cancelled'] as const) {
      await reply(30, { state })
    }
    expect(await counts()).toEqual({ failed: 0, unknown: 0 })
  })

  test('a failed and an unknown one count', async () => {
    await setUp()
    await reply(30, { state: 'unknown' })
    await reply(20, { state: 'failed' })
    expect(await counts()).toEqual({ failed: 1, unknown: 1 })
  })

  test('an unknown one that was passed over counts no more', async () => {
    await setUp()
    await reply(30, { state: 'unknown', passedOver: true })
    expect(await counts()).toEqual({ failed: 0, unknown: 0 })
  })

  test('a failed one counts until a person writes again after it failed', async () => {
    await setUp()
    await reply(30, { state: 'failed', settledAt: ago(10) })
    await reply(20, { state: 'sent' })
    expect(await counts()).toEqual({ failed: 1, unknown: 0 })
    await reply(5, { state: 'sent' }, true)
    await reply(4, { state: 'cancelled' })
    expect(await counts()).toEqual({ failed: 1, unknown: 0 })
    await reply(3, { state: 'queued' })
    expect(await counts()).toEqual({ failed: 0, unknown: 0 })
  })

  test('its own later parts are no answer to it', async () => {
    await setUp()
    const first = await reply(30, { state: 'failed', settledAt: ago(29) })
    const message = { id: first.messageId, ticketId: talk.ticket.id, threadId: talk.thread.id } as never
    await rows.delivery({ ...(message as object), accountId: talk.account.id, text: '', sentAt: ago(20) } as never, {
      part: 1,
      state: 'sent',
      createdAt: ago(20),
    })
    expect(await counts()).toEqual({ failed: 1, unknown: 0 })
  })

  test('an automatic one that failed needs nobody, one in doubt does', async () => {
    await setUp()
    await reply(30, { state: 'failed' }, true)
    await reply(30, { state: 'unknown' }, true)
    expect(await counts()).toEqual({ failed: 0, unknown: 1 })
  })

  test('finishing the ticket after it failed is an answer, failing after that is not', async () => {
    await setUp({ ticket: { status: 'resolved', resolvedAt: ago(10) } })
    await reply(30, { state: 'failed', settledAt: ago(11) })
    expect(await counts()).toEqual({ failed: 0, unknown: 0 })
    await reply(30, { state: 'failed', settledAt: ago(9) })
    expect(await counts()).toEqual({ failed: 1, unknown: 0 })
  })

  test('the filter goes with search and status', async () => {
    await setUp({ ticket: { status: 'open' } })
    await rows.message(talk, { text: '退款' })
    await reply(30, { state: 'failed' })
    expect(await ids(agent, { delivery: 'failed', q: '退款', status: 'open' })).toEqual([talk.ticket.id])
    expect(await ids(agent, { delivery: 'failed', q: '物流' })).toEqual([])
    expect(await ids(agent, { delivery: 'failed', status: 'closed' })).toEqual([])
    expect(await ids(agent, { delivery: 'unknown', q: '退款' })).toEqual([])
  })
})

describe('what a ticket in the list shows', () => {
  test('everything the API promises, and the handle of the account it came by', async () => {
    const talk = await rows.conversation({
      ticket: { preview: '我的电池', priority: 'high', tags: ['b', 'a'], category: 'battery', lastMessageAt: ago(3) },
      identity: { handle: 'here' },
      account: { channel: 'telegram' },
    })
    const elsewhere = await rows.account({ brandId: talk.brand.id })
    await rows.identity({ accountId: elsewhere.id, contactId: talk.contact.id, handle: 'elsewhere' })
    const agent = await rows.user('agent', [talk.brand], 'Lin')
    await database.sql`update tickets set assignee_id = ${agent.id} where id = ${talk.ticket.id}`
    const [shown] = (await list(agent)).tickets
    expect(Ticket.parse(shown)).toEqual({
      id: talk.ticket.id,
      number: talk.ticket.number,
      status: 'new',
      priority: 'high',
      channel: 'telegram',
      accountId: talk.account.id,
      brandId: talk.brand.id,
      contact: { id: talk.contact.id, name: talk.contact.name, handle: 'here' },
      assignee: { id: agent.id, name: 'Lin' },
      team: null,
      clock: null,
      tags: ['b', 'a'],
      category: 'battery',
      preview: '我的电池',
      surface: 'direct',
      lastMessageAt: ago(3).toISOString(),
      unansweredSince: null,
      snoozedUntil: null,
      createdAt: talk.ticket.createdAt.toISOString(),
      version: 1,
      named: null,
      escalated: false,
      failed: 0,
      unknown: 0,
    })
  })

  test('an assignee whose user is gone still has an id', async () => {
    const talk = await rows.conversation({ ticket: { assigneeId: 'gone' } })
    const agent = await rows.user('agent', [talk.brand])
    expect((await list(agent)).tickets[0]?.assignee).toEqual({ id: 'gone', name: 'gone' })
  })
})
