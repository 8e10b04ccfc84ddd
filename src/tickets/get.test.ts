import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { plainCapabilities } from '../../test/helpers/house.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { type Adapter, defineAdapter } from '../channel/adapter.ts'
import { newId } from '../db/id.ts'
import { accounts, drafts, threads } from '../db/schema.ts'
import { TicketDetail } from '../wire.ts'
import { getTicket } from './get.ts'

const HOUR = 3_600_000
const channel: Adapter<unknown> = defineAdapter({
  channel: 'example',
  title: { en: 'Example', zh: '示例' },
  icon: { path: '' },
  capabilities: {
    ...plainCapabilities,
    surfaces: {
      direct: {
        ...plainCapabilities.surfaces.direct!,
        windows: [{ openedBy: 'message', lengthMs: 48 * HOUR, replies: 5 }],
        undoMs: 3_000,
      },
    },
  },
  settings: z.object({}),
  connect: () => {
    throw new Error('reading a ticket opens no connection')
  },
})

const nobody = { get: async () => null }

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  talk = await rows.conversation({ account: { channel: 'example' } })
  agent = await rows.user('agent', [talk.brand])
})

const get = async (actor = agent) =>
  TicketDetail.parse(
    await getTicket(
      { db: database.db, channels: new Map([['example', channel]]), connections: nobody },
      actor,
      talk.ticket.id,
    ),
  )

describe('a ticket', () => {
  test('shows its conversation and where that stands', async () => {
    const lastInboundAt = new Date()
    await rows.message(talk, { sentAt: lastInboundAt })
    await database.db.update(threads).set({ lastInboundAt }).where(eq(threads.id, talk.thread.id))
    expect((await get()).threads).toEqual([
      {
        id: talk.thread.id,
        accountId: talk.account.id,
        channel: 'example',
        surface: 'direct',
        rootId: null,
        identity: {
          id: talk.identity.id,
          name: talk.identity.name,
          handle: talk.identity.handle,
          reachable: true,
          contact: { id: talk.contact.id, name: talk.contact.name },
        },
        capabilities: null,
        standing: {
          surface: 'direct',
          reachable: true,
          unreachableReason: null,
          replyable: true,
          notReplyableReason: null,
          windows: [{ until: new Date(lastInboundAt.getTime() + 48 * HOUR).toISOString(), left: 5 }],
        },
        undoMs: 3_000,
        pausedUntil: null,
        hold: null,
      },
    ])
  })

  test('shows every conversation it has messages of, also one that went on to another ticket', async () => {
    const second = await rows.thread({
      accountId: talk.account.id,
      identityId: talk.identity.id,
      surface: 'public',
      lastInboundAt: new Date(),
    })
    await rows.message({ ...talk, thread: second })
    await rows.message({ ...talk, thread: second })
    const elsewhere = await rows.conversation({ brand: talk.brand })
    const shown = (await get()).threads
    expect(shown.map(({ id, surface }) => [id, surface])).toEqual([
      [second.id, 'public'],
      [talk.thread.id, 'direct'],
    ])
    expect(shown.map(({ id }) => id)).not.toContain(elsewhere.thread.id)
  })

  test('of a channel that is not installed any more can still be read', async () => {
    await database.sql`update accounts set channel = 'gone' where id = ${talk.account.id}`
    expect((await get()).threads).toMatchObject([{ channel: 'gone', undoMs: 0, standing: { windows: null } }])
  })

  test("gives the account's undo time where it has one of its own", async () => {
    await database.sql`update accounts set undo_ms = 0 where id = ${talk.account.id}`
    expect((await get()).threads).toMatchObject([{ undoMs: 0 }])
  })

  test.each([
    ['the thread', 1, 0, 1],
    ['the account', 0, 2, 2],
    ['both: the longer one', 1, 2, 2],
    ['none any more', -1, -2, null],
  ])('says until when sends are paused: %s', async (_name, thread, account, expected) => {
    const at = (hours: number) => (hours === 0 ? null : new Date(Math.round(Date.now() / 1000) * 1000 + hours * HOUR))
    const [ofThread, ofAccount] = [at(thread), at(account)]
    await database.db.update(threads).set({ pausedUntil: ofThread }).where(eq(threads.id, talk.thread.id))
    await database.db.update(accounts).set({ pausedUntil: ofAccount }).where(eq(accounts.id, talk.account.id))
    const wanted = expected === null ? null : (expected === thread ? ofThread : ofAccount)?.toISOString()
    expect((await get()).threads).toMatchObject([{ pausedUntil: wanted }])
  })

  test('shows what is scheduled and what was refused when its time came; no draft', async () => {
    const draft = { ticketId: talk.ticket.id, userId: agent.id }
    const [soon, late] = [new Date('2026-12-01T08:00:00Z'), new Date('2026-12-02T08:00:00Z')]
    await database.db.insert(drafts).values([
      { ...draft, id: newId(), body: { text: 'late' }, sendAt: late },
      { ...draft, id: newId(), body: { text: 'soon' }, sendAt: soon, refused: 'window_closed' },
      { ...draft, id: newId(), userId: 'key:1', body: { text: 'by CRM', actor: { name: 'CRM' } }, sendAt: late },
      { ...draft, id: newId(), body: { text: 'a draft' } },
    ])
    const by = { id: agent.id, name: agent.name }
    expect((await get()).scheduled).toMatchObject([
      { text: 'soon', sendAt: soon.toISOString(), by, refused: 'window_closed' },
      { text: 'late', sendAt: late.toISOString(), by, refused: null },
      { text: 'by CRM', by: { id: 'key:1', name: 'CRM' } },
    ])
  })

  test('of another brand is not there', async () => {
    const stranger = await rows.user('supervisor', [await rows.brand()])
    await expect(get(stranger)).rejects.toMatchObject({ status: 404, code: 'not_found' })
  })
})
