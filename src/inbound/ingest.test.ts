import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, edited, type House, message, plainCapabilities, seal, silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { systemActor } from '../auth/actor.ts'
import type { InboundEvent } from '../channel/events.ts'
import { openDatabase } from '../db/client.ts'
import {
  contacts,
  dueWork,
  events,
  identities,
  inboundUnread,
  media,
  messages,
  pollCursors,
  threads,
  tickets,
} from '../db/schema.ts'
import { standingOf } from '../outbound/standing.ts'
import { listTickets } from '../tickets/list.ts'
import { readMessages } from '../tickets/messages.ts'
import { TicketQuery } from '../wire.ts'
import { createIngest, FenceLost } from './ingest.ts'
import { replayUnread } from './unread.ts'

let house: House
let account: OpenAccount
beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  account = await house.account()
})

const rowsOf = (id = account.id) =>
  house.db.select().from(messages).where(eq(messages.accountId, id)).orderBy(messages.orderedAt, messages.id)
const ticketsOf = (id = account.id) =>
  house.db.select().from(tickets).where(eq(tickets.accountId, id)).orderBy(tickets.number)
const shown = async () =>
  (
    await readMessages(
      house.db,
      (await rowsOf()).map((row) => row.id),
    )
  ).map((row) => row.text)

test('a post becomes a contact, an identity, a thread, a ticket, a message and one event', async () => {
  await house.ingest().submit(account, [message({ text: '屏幕碎了', externalId: 'a1' })])
  const [ticket] = await ticketsOf()
  expect(ticket).toMatchObject({ status: 'new', preview: '屏幕碎了', version: 1, surface: 'direct' })
  expect(ticket?.unansweredSince).toEqual(new Date('2026-11-22T08:00:00Z'))
  const [row] = await rowsOf()
  expect(row).toMatchObject({ ticketId: ticket?.id, text: '屏幕碎了', direction: 'inbound', ticketVersion: 1 })
  const [thread] = await house.db.select().from(threads).where(eq(threads.accountId, account.id))
  expect(thread).toMatchObject({ externalId: 'chat-1', currentTicketId: ticket?.id })
  const [person] = await house.db.select().from(identities).where(eq(identities.accountId, account.id))
  expect(person).toMatchObject({ name: '王芳', handle: 'wangfang', contactId: ticket?.contactId })
  expect(await house.db.select().from(events).where(eq(events.ticketId, ticket!.id))).toHaveLength(1)
})

describe('the same event again has no effect', () => {
  const once = async () => {
    const [ticket, ...others] = await ticketsOf()
    expect(others).toEqual([])
    expect(await rowsOf()).toHaveLength(1)
    expect(await house.db.select().from(events).where(eq(events.ticketId, ticket!.id))).toHaveLength(1)
    return ticket!
  }

  test('ten times in one batch and ten times after it', async () => {
    const ingest = house.ingest()
    const event = message({ externalId: 'same' })
    await ingest.submit(
      account,
      Array.from({ length: 10 }, () => event),
    )
    for (let time = 0; time < 10; time++) await ingest.submit(account, [event])
    await once()
  })

  test('fifty at once through two nodes', async () => {
    const nodes = [house.ingest(), house.ingest()]
    const event = message({ externalId: 'same' })
    await Promise.all(Array.from({ length: 50 }, (_, index) => nodes[index % 2]!.submit(account, [event])))
    await once()
  })

  test('after its ticket was resolved: it stays resolved', async () => {
    const ingest = house.ingest()
    const event = message({ externalId: 'same' })
    await ingest.submit(account, [event])
    await house.db
      .update(tickets)
      .set({ status: 'resolved', resolvedAt: new Date() })
      .where(eq(tickets.accountId, account.id))
    await ingest.submit(account, [event])
    expect((await once()).status).toBe('resolved')
  })
})

test('fifty first messages of one person through two nodes open one ticket', async () => {
  const nodes = [house.ingest(), house.ingest()]
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => nodes[index % 2]!.submit(account, [message({ externalId: `x${index}` })])),
  )
  expect(await ticketsOf()).toHaveLength(1)
  expect(await rowsOf()).toHaveLength(50)
  const people = await house.db.select().from(identities).where(eq(identities.accountId, account.id))
  expect(people).toHaveLength(1)
  expect(new Set((await rowsOf()).map((row) => row.ticketVersion)).size).toBe(50)
  const orphans = await house.db
    .select()
    .from(contacts)
    .leftJoin(identities, eq(identities.contactId, contacts.id))
    .where(eq(contacts.brandId, house.brandId))
  expect(orphans.filter((row) => row.identities === null)).toEqual([])
})

describe('a message of the customer', () => {
  const setStatus = (values: Partial<typeof tickets.$inferInsert>) =>
    house.db.update(tickets).set(values).where(eq(tickets.accountId, account.id))
  const now = new Date()

  test.each([
    ['new stays new', { status: 'new' as const }, 'new', 1],
    ['waiting for the customer opens', { status: 'waiting_customer' as const }, 'open', 1],
    ['waiting for another opens', { status: 'waiting_other' as const }, 'open', 1],
    ['snoozed wakes', { status: 'open' as const, snoozedUntil: new Date(Date.now() + 1e7) }, 'open', 1],
    ['resolved within the threshold reopens', { status: 'resolved' as const, resolvedAt: now }, 'open', 1],
    ['closed stays closed', { status: 'closed' as const, resolvedAt: now }, 'closed', 2],
  ])('%s', async (_name, before, status, count) => {
    const ingest = house.ingest()
    await ingest.submit(account, [message()])
    await setStatus(before)
    await ingest.submit(account, [message({ sentAt: now })])
    const rows = await ticketsOf()
    expect(rows).toHaveLength(count)
    expect(rows[0]).toMatchObject({ status, snoozedUntil: null })
  })

  test('resolved beyond the threshold: a new ticket, and the thread goes on there', async () => {
    const late = await house.account({}, { reopenWithinMs: 1_000 })
    const ingest = house.ingest()
    await ingest.submit(late, [message()])
    await house.db
      .update(tickets)
      .set({ status: 'resolved', resolvedAt: new Date(Date.now() - 60_000) })
      .where(eq(tickets.accountId, late.id))
    await ingest.submit(late, [message({ sentAt: new Date() }), message({ sentAt: new Date() })])
    const rows = await ticketsOf(late.id)
    expect(rows.map((row) => row.status)).toEqual(['resolved', 'new'])
    expect((await rowsOf(late.id)).filter((row) => row.ticketId === rows[1]?.id)).toHaveLength(2)
  })
})

describe('edits and deletes', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 8, 0, second))
  const story: InboundEvent[] = [
    message({ externalId: 'e', text: 'first' }),
    edited(at(10), { externalId: 'e', text: 'second' }),
    edited(at(20), { externalId: 'e', text: 'third' }),
    { type: 'deleted', externalId: 'e', at: at(30) },
  ]

  test('the end is the same in every order, in one batch and one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(story, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        async (order, batched) => {
          account = await house.account()
          const ingest = house.ingest()
          if (batched) await ingest.submit(account, order)
          else for (const event of order) await ingest.submit(account, [event])
          const rows = await readMessages(
            house.db,
            (await rowsOf()).map((row) => row.id),
          )
          expect(rows).toHaveLength(1)
          expect(rows[0]).toMatchObject({ text: 'third', deletedAt: at(30).toISOString() })
          expect(rows[0]?.revisions.map((revision) => revision.text)).toEqual(['first', 'second'])
          expect(await ticketsOf()).toHaveLength(1)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('an edit does not reopen a resolved ticket', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, [story[0]!])
    await house.db
      .update(tickets)
      .set({ status: 'resolved', resolvedAt: new Date() })
      .where(eq(tickets.accountId, account.id))
    await ingest.submit(account, [story[1]!])
    const [ticket] = await ticketsOf()
    expect(ticket).toMatchObject({ status: 'resolved', version: 2 })
    expect(await shown()).toEqual(['second'])
  })

  test('a delete without its message leaves a tombstone and nothing to read', async () => {
    await house.ingest().submit(account, [story[3]!])
    expect(await rowsOf()).toEqual([])
    expect(await house.db.select().from(dueWork).where(eq(dueWork.accountId, account.id))).toMatchObject([
      { kind: 'tombstone' },
    ])
  })
})

describe('albums', () => {
  const part = (number: number, text = ''): InboundEvent =>
    message({
      externalId: `p${number}`,
      sequence: String(number).padStart(20, '0'),
      groupKey: 'album',
      text,
      media: [
        {
          kind: 'photo',
          externalId: `f${number}`,
          reference: { file: number },
          name: null,
          mimeType: null,
          bytes: null,
          width: null,
          height: null,
          durationMs: null,
        },
      ],
    })
  const parts = [part(1), part(2), part(3, '三张照片'), part(4)]

  test('parts in any order, over two nodes, become one message with the files in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: 4, maxLength: 4 }), async (order) => {
        account = await house.account()
        const nodes = [house.ingest(), house.ingest()]
        await Promise.all(order.map((event, index) => nodes[index % 2]!.submit(account, [event])))
        const found = await readMessages(
          house.db,
          (await rowsOf()).map((row) => row.id),
        )
        expect(found).toMatchObject([{ text: '三张照片' }])
        const files = await house.db
          .select()
          .from(media)
          .where(eq(media.messageId, found[0]!.id))
          .orderBy(media.position)
        expect(files.map((file) => file.externalId)).toEqual(['f1', 'f2', 'f3', 'f4'])
        expect(files.every((file) => file.state === 'pending')).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  test('an edit of the part with the words is a revision of the whole message', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, parts)
    const again = (parts[2] as Extract<InboundEvent, { type: 'message' }>).message
    await ingest.submit(account, [{ type: 'edited', editedAt: new Date(), message: { ...again, text: '四张照片' } }])
    expect(await shown()).toEqual(['四张照片'])
  })
})

describe('hostile input', () => {
  test('NUL and lone surrogates are stored as U+FFFD', async () => {
    await house.ingest().submit(account, [
      message({
        text: 'a\u0000b\ud800c',
        author: { externalId: 'p', name: '\udfffx\u0000', handle: null, avatarUrl: null, followers: null },
        context: { text: '\u0000', author: '\ud800' },
        raw: { text: 'a\u0000\ud800' },
      }),
    ])
    const [row] = await rowsOf()
    expect(row).toMatchObject({
      text: 'a\ufffdb\ufffdc',
      authorName: '\ufffdx\ufffd',
      context: { text: '\ufffd', author: '\ufffd' },
    })
  })

  test('any text at all is stored and read back as it was', async () => {
    const ingest = house.ingest()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        account = await house.account()
        await ingest.submit(account, [message({ text })])
        expect(await shown()).toEqual([text.replaceAll('\u0000', '\ufffd')])
      }),
      { numRuns: 40 },
    )
  })

  test('a clock in the future does not keep the reply window open', async () => {
    await house.ingest().submit(account, [message({ sentAt: new Date('2126-01-01') })])
    const [thread] = await house.db.select().from(threads).where(eq(threads.accountId, account.id))
    expect(thread!.lastInboundAt!.getTime()).toBeLessThanOrEqual(Date.now())
  })

  test('a clock in the future does not sort a message last for ever', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, [message({ externalId: 'future', sentAt: new Date('2038-01-19T00:00:00Z') })])
    const [row] = await rowsOf()
    expect(row!.orderedAt.getTime()).toBeLessThanOrEqual(Date.now())
  })
})

describe('a poison event', () => {
  const poison = message({ externalId: 'poison', sentAt: new Date(Number.NaN) })

  test('goes to unread; its neighbours go in, those of other requests too', async () => {
    const ingest = house.ingest()
    await Promise.all([
      ingest.submit(account, [message(), poison, message()]),
      ingest.submit(account, [message()]),
      ingest.submit(account, [poison]),
    ])
    expect(await rowsOf()).toHaveLength(3)
    const unread = await house.db.select().from(inboundUnread).where(eq(inboundUnread.accountId, account.id))
    expect(unread.length).toBeGreaterThan(0)
    expect(unread[0]?.reason).not.toContain('手机')
  })

  test('an unread payload comes in once by replay after the adapter was mended', async () => {
    let mended = false
    const broken = await house.account({
      reread: () =>
        mended ? [message({ externalId: 'r1' })] : [{ type: 'unread', externalId: 'u', reason: 'x', raw: {} }],
    })
    const ingest = house.ingest()
    await ingest.submit(broken, [{ type: 'unread', externalId: 'u', reason: 'no chat', raw: { update: 1 } }])
    const replay = () => replayUnread({ db: house.db, seal, connections: house.connections, ingest }, broken.id)
    expect(await replay()).toEqual({ replayed: 0, failed: 1 })
    mended = true
    expect(await replay()).toEqual({ replayed: 1, failed: 0 })
    expect(await replay()).toEqual({ replayed: 0, failed: 0 })
    expect(await rowsOf(broken.id)).toHaveLength(1)
  })
})

test('posts that come one right after the other never wait for a later one', async () => {
  const ingest = house.ingest()
  for (let index = 0; index < 200; index++) {
    await ingest.submit(account, [message()])
    // Lets the turn pass in which the loop has ended and has not said so.
    for (let turn = 0; turn < index % 5; turn++) await Promise.resolve()
  }
  expect(await rowsOf()).toHaveLength(200)
})

test('a batch that waits for somebody’s lock does not hold up the next', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let batches = 0
  const ingest = house.ingest({
    passing: async (point) => {
      if (point === 'ingest:before-commit' && ++batches === 1) await held
    },
  })
  const first = ingest.submit(account, [message({ threadId: 'a' })])
  await until(() => batches === 1)
  const person = { externalId: 'p-9', name: 'P', handle: null, avatarUrl: null, followers: null }
  await ingest.submit(account, [message({ threadId: 'b', author: person })])
  expect(await rowsOf()).toHaveLength(1)
  release()
  await first
  expect(await rowsOf()).toHaveLength(2)
})

describe('when the database is away', () => {
  test('the platform is told to come again', async () => {
    const gone = openDatabase('postgres://127.0.0.1:9/none', { max: 1 })
    const ingest = createIngest({ db: gone.db, seal, now: () => new Date(), log: silent, nudge: () => {} })
    await expect(ingest.submit(account, [message()])).rejects.toMatchObject({
      status: 503,
      code: 'database_unavailable',
    })
    await gone.close()
  })

  test('a race for locks that is lost again and again is no fault of the event', async () => {
    const ingest = house.ingest({
      passing: () => {
        throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
      },
    })
    await expect(ingest.submit(account, [message()])).rejects.toMatchObject({ status: 503 })
    await expect(ingest.submit(account, [message(), message()])).rejects.toMatchObject({ status: 503 })
    expect(await house.db.select().from(inboundUnread).where(eq(inboundUnread.accountId, account.id))).toEqual([])
  })

  test('more than 2,000 waiting nudges are refused', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const ingest = house.ingest({ passing: () => held })
    const nudge = () => ingest.submit(account, [], { nudge: { stream: 's', hint: null } })
    const first = Array.from({ length: 2_000 }, nudge)
    await expect(nudge()).rejects.toMatchObject({ status: 503, code: 'too_busy' })
    release()
    await Promise.all(first)
  })

  test('more than 2,000 waiting events are refused', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const ingest = house.ingest({ passing: () => held })
    const many = Array.from({ length: 2_000 }, () => message())
    const first = ingest.submit(account, many)
    await expect(ingest.submit(account, [message()])).rejects.toMatchObject({ status: 503, code: 'too_busy' })
    release()
    await first
    expect(await rowsOf()).toHaveLength(2_000)
  })
})

describe('a poll', () => {
  const lease = (fence: number) =>
    house.sql`insert into account_leases (account_id, node, fence, expires_at)
      values (${account.id}, 'n1', ${fence}, now() + interval '1 minute')
      on conflict (account_id) do update set fence = excluded.fence`
  const cursor = (value: string, fence = 1) => ({
    cursor: { stream: 's', cursor: value, nextAt: null, hint: null, node: 'n1', fence },
  })

  test('stores its cursor with its events', async () => {
    await lease(1)
    await house.ingest().submit(account, [message()], cursor('10'))
    expect(await house.db.select().from(pollCursors).where(eq(pollCursors.accountId, account.id))).toMatchObject([
      { cursor: '10' },
    ])
  })

  test('of a node that lost its lease writes nothing, and spoils nobody else', async () => {
    await lease(2)
    const ingest = house.ingest()
    const results = await Promise.allSettled([
      ingest.submit(account, [message({ externalId: 'stale' })], cursor('10', 1)),
      ingest.submit(account, [message({ externalId: 'good' })], cursor('20', 2)),
    ])
    expect(results[0]).toMatchObject({ status: 'rejected', reason: expect.any(FenceLost) })
    expect(results[1]?.status).toBe('fulfilled')
    expect((await rowsOf()).map((row) => row.externalId)).toEqual(['good'])
  })

  test('with a poison event still moves on', async () => {
    await lease(1)
    const poison = message({ sentAt: new Date(Number.NaN) })
    await house.ingest().submit(account, [message(), poison], cursor('30'))
    expect(await house.db.select().from(pollCursors).where(eq(pollCursors.accountId, account.id))).toMatchObject([
      { cursor: '30' },
    ])
    expect(await rowsOf()).toHaveLength(1)
  })
})

test('a person who blocked us is unreachable until a newer message or event', async () => {
  const ingest = house.ingest()
  const person = async () => (await house.db.select().from(identities).where(eq(identities.accountId, account.id)))[0]
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 9, minute))
  const event = (reachable: boolean, minute: number): InboundEvent => ({
    type: 'reachability',
    identity: 'person-1',
    reachable,
    reason: 'blocked',
    at: at(minute),
  })
  await ingest.submit(account, [message({ sentAt: at(0) }), event(false, 10)])
  expect(await person()).toMatchObject({ reachable: false, unreachableReason: 'blocked' })
  await ingest.submit(account, [event(true, 5)])
  expect(await person()).toMatchObject({ reachable: false })
  await ingest.submit(account, [message({ sentAt: at(20) })])
  expect(await person()).toMatchObject({ reachable: true, unreachableReason: null })
})

describe('a chat that goes on under another id', () => {
  const moved = (from: string, to: string, externalId = `${from}>${to}`): InboundEvent => ({
    type: 'moved',
    externalId,
    from,
    to,
    at: new Date('2026-11-22T09:00:00Z'),
  })
  const inGroup = (chat: string, person: string, externalId: string) =>
    message({
      externalId,
      rootId: chat,
      threadId: `${chat}/${person}`,
      surface: 'public',
      author: { externalId: person, name: person, handle: null, avatarUrl: null, followers: null },
    })
  const placesOf = async () =>
    (await house.db.select().from(threads).where(eq(threads.accountId, account.id)))
      .map(({ externalId, rootId }) => `${rootId} ${externalId}`)
      .sort()

  test('takes its threads along, so that the next line goes into the same ticket', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, [inGroup('-12', 'li', 'a'), inGroup('-12', 'wu', 'b'), inGroup('-123', 'he', 'c')])
    await ingest.submit(account, [moved('-12', '-100777')])
    expect(await placesOf()).toEqual(['-100777 -100777/li', '-100777 -100777/wu', '-123 -123/he'])
    await ingest.submit(account, [inGroup('-100777', 'li', 'd'), moved('-12', '-100777')])
    const rows = await rowsOf()
    const ticketOf = (id: string) => rows.find(({ externalId }) => externalId === id)?.ticketId
    expect(ticketOf('d')).toBe(ticketOf('a'))
  })

  test('in the same batch as its last line, and where the new thread is there already both stay', async () => {
    await house.ingest().submit(account, [inGroup('-9', 'li', 'a'), inGroup('-109', 'li', 'b'), moved('-9', '-109')])
    expect(await placesOf()).toEqual(['-109 -109/li', '-9 -9/li'])
    await house.ingest().submit(account, [inGroup('-9', 'wu', 'c'), moved('-9', '-109', 'again')])
    expect(await placesOf()).toContain('-109 -109/wu')
  })

  const ticketOf = async (id: string) => (await rowsOf()).find(({ externalId }) => externalId === id)?.ticketId

  test('with the first line of the new chat behind it in one batch: one ticket', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, [inGroup('-31', 'li', 'a')])
    await ingest.submit(account, [
      inGroup('-31', 'wu', 'b'),
      moved('-31', '-10031'),
      inGroup('-10031', 'li', 'c'),
      inGroup('-10031', 'wu', 'd'),
    ])
    expect(await placesOf()).toEqual(['-10031 -10031/li', '-10031 -10031/wu'])
    expect(await ticketOf('c')).toBe(await ticketOf('a'))
    expect(await ticketOf('d')).toBe(await ticketOf('b'))
    expect(await ticketsOf()).toHaveLength(2)
  })

  test('takes along what stands below it, and no chat whose id only looks alike', async () => {
    const ingest = house.ingest()
    const inTopic = (root: string, externalId: string) =>
      message({ externalId, rootId: root, threadId: `${root}/li`, surface: 'public' })
    await ingest.submit(account, [inTopic('-41/t5', 'a'), inTopic('-411/t5', 'b'), moved('-41', '-10041')])
    expect(await placesOf()).toEqual(['-10041/t5 -10041/t5/li', '-411/t5 -411/t5/li'])
  })

  test('after a reply has moved the thread already: its root follows', async () => {
    const ingest = house.ingest()
    await ingest.submit(account, [inGroup('-100123', 'li', 'a')])
    await house.sql`update threads set external_id = '-100123456/li' where account_id = ${account.id}`
    await ingest.submit(account, [moved('-100123', '-100123456')])
    expect(await placesOf()).toEqual(['-100123456 -100123456/li'])
  })
})

describe('names', () => {
  const someone = (name: string, more: { isNamed?: boolean; avatarUrl?: string | null } = {}) => ({
    externalId: 'named',
    name,
    handle: null,
    avatarUrl: null,
    followers: null,
    ...more,
  })
  const says = (externalId: string, author: ReturnType<typeof someone>) =>
    house.ingest().submit(account, [message({ externalId, threadId: 'named', author })])
  const namesOf = async () => {
    const [row] = await house.db
      .select({ contact: contacts.name, identity: identities.name, avatarUrl: identities.avatarUrl })
      .from(identities)
      .innerJoin(contacts, eq(contacts.id, identities.contactId))
      .where(eq(identities.accountId, account.id))
    return row
  }

  test('known only by an id at first, a person gets their name with their first words', async () => {
    const at = new Date('2026-11-22T07:00:00Z')
    await house.ingest().submit(account, [{ type: 'opened', identity: 'named', threadId: 'named', kind: 'follow', at }])
    expect(await namesOf()).toMatchObject({ contact: 'named', identity: 'named' })
    await says('a', someone('夜跑的鱼'))
    expect(await namesOf()).toMatchObject({ contact: '夜跑的鱼', identity: '夜跑的鱼' })
  })

  test('a stand-in replaces no name, and a picture that was left out takes none away', async () => {
    await says('a', someone('夜跑的鱼', { avatarUrl: 'https://platform.example/1.png' }))
    await says('b', someone('author unknown', { isNamed: false }))
    await says('c', someone('夜跑的鱼'))
    expect(await namesOf()).toEqual({
      contact: '夜跑的鱼',
      identity: '夜跑的鱼',
      avatarUrl: 'https://platform.example/1.png',
    })
  })

  test('what the desk calls a person stays when the platform renames them', async () => {
    await says('a', someone('夜跑的鱼'))
    await says('b', someone('晨跑的鱼'))
    expect(await namesOf()).toMatchObject({ contact: '晨跑的鱼' })
    await house.sql`update contacts set name = '张先生' where id in (
      select contact_id from identities where account_id = ${account.id})`
    await says('c', someone('不跑的鱼'))
    expect(await namesOf()).toMatchObject({ contact: '张先生', identity: '不跑的鱼' })
  })
})

test('who blocked us in private can still be answered in public, and a public word unblocks no chat', async () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 9, minute))
  const inPublic = (externalId: string, minute: number) =>
    message({ externalId, threadId: 'post-1/person-1', rootId: 'post-1', surface: 'public', sentAt: at(minute) })
  const reachable = async () => {
    const standings = await standingOf(
      house.db,
      (await house.db.select().from(threads).where(eq(threads.accountId, account.id))).map(({ id }) => id),
      () => null,
    )
    return Object.fromEntries([...standings.values()].map((one) => [one.surface, one.reachable]))
  }
  const ingest = house.ingest()
  await ingest.submit(account, [message({ externalId: 'a', sentAt: at(0) }), inPublic('b', 1)])
  const blocked = { type: 'reachability', identity: 'person-1', reachable: false, reason: 'blocked' } as const
  await ingest.submit(account, [{ ...blocked, surface: 'direct', at: at(2) }])
  expect(await reachable()).toEqual({ direct: false, public: true })
  await ingest.submit(account, [inPublic('c', 3)])
  expect(await reachable()).toEqual({ direct: false, public: true })
  await ingest.submit(account, [message({ externalId: 'd', sentAt: at(4) })])
  expect(await reachable()).toEqual({ direct: true, public: true })
  await ingest.submit(account, [{ ...blocked, at: at(5) }])
  expect(await reachable()).toEqual({ direct: false, public: false })
})

describe('opened', () => {
  test('a kind that opens no window takes the place of none that does', async () => {
    const direct = plainCapabilities.surfaces.direct!
    const windows = [{ openedBy: { opened: ['scan', 'click'] }, lengthMs: 60_000, replies: 3 }] as const
    const capabilities = { ...plainCapabilities, surfaces: { direct: { ...direct, windows } } }
    const own = await house.account({}, { capabilities })
    const opened = (kind: string, second: number) =>
      house
        .ingest()
        .submit(own, [
          { type: 'opened', identity: 'p', threadId: 'p', kind, at: new Date(Date.UTC(2026, 10, 22, 7, 0, second)) },
        ])
    const kept = async () => {
      const [row] = await house.db.select().from(threads).where(eq(threads.accountId, own.id))
      return [row?.openedKind, row?.openedAt?.getUTCSeconds()]
    }
    await opened('scan', 1)
    await opened('view', 2)
    expect(await kept()).toEqual(['scan', 1])
    await opened('click', 3)
    expect(await kept()).toEqual(['click', 3])
  })
})

test('a ticket keeps in which language it began, and lists are narrowed by it', async () => {
  const personOf = (externalId: string) => ({
    externalId,
    name: externalId,
    handle: null,
    avatarUrl: null,
    followers: null,
  })
  const say = (text: string, externalId: string, threadId: string) =>
    house.ingest().submit(account, [message({ text, externalId, threadId, author: personOf(threadId) })])
  await say('充电也没有反应，怎么办', 'l1', 'l-zh')
  await say('The screen is broken and I need help', 'l2', 'l-en')
  await say('👍', 'l3', 'l-und')
  // What they go on with changes nothing.
  await say('Thank you for the answer, it is working', 'l4', 'l-zh')
  const found = async (language: string) =>
    (await listTickets(house.db, systemActor, TicketQuery.parse({ account: account.id, language }), new Date())).tickets
      .map(({ preview }) => preview)
      .sort()
  expect(await found('zh')).toEqual(['Thank you for the answer, it is working'])
  expect(await found('en')).toEqual(['The screen is broken and I need help'])
  expect(await found('en,und')).toEqual(['The screen is broken and I need help', '👍'])
  expect(await found('ja')).toEqual([])
})
