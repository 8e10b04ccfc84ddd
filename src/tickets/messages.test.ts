import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { Message } from '../wire.ts'
import { writeCursor } from './cursor.ts'
import { messagesPage, readMessages } from './messages.ts'

const SOME_ID = '01900000-0000-7000-8000-000000000000'

let database: TestDatabase
let rows: Rows
let house: Conversation
let agent: Actor
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
  house = await rows.conversation()
  agent = await rows.user('agent', [house.brand])
})
afterAll(() => database.close())

const at = (ms: number) => new Date(Date.UTC(2026, 10, 22, 12) + ms)
async function show(id: string): Promise<Message> {
  const [message] = await readMessages(database.db, [id])
  return Message.parse(message)
}

describe('what a message shows', () => {
  test('the newest edit by its time, whichever came last; the earlier ones oldest first', async () => {
    const { id } = await rows.message(house, { text: 'first', sentAt: at(0) })
    await rows.revision(id, 'third', at(2_000))
    await rows.revision(id, 'second', at(1_000))
    expect(await show(id)).toMatchObject({
      text: 'third',
      revisions: [
        { text: 'first', at: at(0).toISOString() },
        { text: 'second', at: at(1_000).toISOString() },
      ],
    })
  })

  test('of two edits in the same second, the one that came later', async () => {
    const { id } = await rows.message(house, { text: 'first' })
    await rows.revision(id, 'second', at(1_000))
    await rows.revision(id, 'third', at(1_000))
    expect(await show(id)).toMatchObject({ text: 'third' })
  })

  test('an edit whose original was never seen', async () => {
    const { id } = await rows.message(house, { text: null })
    expect(await show(id)).toMatchObject({ text: '', revisions: [] })
    await rows.revision(id, 'edited', at(1_000))
    expect(await show(id)).toMatchObject({ text: 'edited', revisions: [] })
  })

  test('the files of an album in their order, without what fetches them', async () => {
    const { id } = await rows.message(house)
    for (const position of [2, 0, 1]) {
      await rows.file(house.brand.id, {
        messageId: id,
        position,
        name: `${position}.jpg`,
        externalId: `file-${position}`,
        referenceSealed: Buffer.from('sealed'),
      })
    }
    const { media } = await show(id)
    expect(media.map(({ name }) => name)).toEqual(['0.jpg', '1.jpg', '2.jpg'])
    expect(JSON.stringify(media)).not.toContain('file-')
    expect(JSON.stringify(media)).not.toMatch(/reference|sealed/iu)
  })

  test('deliveries by part, with the reason of each', async () => {
    const message = await rows.message(house, { direction: 'outbound', identityId: null, userId: agent.id })
    const text = { en: 'Blocked', zh: '被拉黑' }
    await rows.delivery(message, { part: 1, state: 'failed', reasonCode: 'blocked', reason: text })
    await rows.delivery(message, { part: 0, state: 'sent', externalId: '17' })
    const { deliveries } = await show(message.id)
    expect(deliveries).toMatchObject([
      { part: 0, state: 'sent', externalId: '17', reason: null },
      { part: 1, state: 'failed', reason: { code: 'blocked', text } },
    ])
  })

  test.each([
    ['contact', { direction: 'inbound' }],
    ['user', { direction: 'outbound', userId: 'somebody' }],
    ['user', { direction: 'note', userId: 'somebody' }],
    ['program', { direction: 'outbound', userId: 'key:0190' }],
    ['program', { direction: 'outbound', userId: 'system' }],
    ['outside', { direction: 'outbound', externalId: 'written in the app' }],
  ] as const)('a %s wrote it: %o', async (kind, values) => {
    const { id } = await rows.message(house, values)
    const { author } = await show(id)
    expect(author.kind).toBe(kind)
    const userId = 'userId' in values ? values.userId : null
    expect(author.id).toBe(kind === 'contact' ? house.identity.id : userId)
  })

  test('a deleted message stays, and says when it was deleted', async () => {
    const { id } = await rows.message(house, { text: 'gone', deletedAt: at(5_000) })
    expect(await show(id)).toMatchObject({ text: 'gone', deletedAt: at(5_000).toISOString() })
  })
})

describe('thread order', () => {
  test('time, then sequence with none first, then id', async () => {
    const talk = await rows.conversation({ brand: house.brand })
    const wanted = ['early', 'no sequence', 'sequence 1', 'sequence 2', 'late']
    const place = {
      early: { orderedAt: at(0), sequence: '9' },
      'no sequence': { orderedAt: at(1), sequence: null },
      'sequence 1': { orderedAt: at(1), sequence: '00000000000000000001' },
      'sequence 2': { orderedAt: at(1), sequence: '00000000000000000002' },
      late: { orderedAt: at(2), sequence: '0' },
    }
    for (const text of ['late', 'sequence 2', 'sequence 1', 'no sequence', 'early'] as const) {
      await rows.message(talk, { text, ...place[text] })
    }
    const page = await messagesPage(database.db, agent, talk.ticket.id, { limit: 100 })
    expect(page.messages.map(({ text }) => text)).toEqual(wanted)
    const ids = page.messages.map(({ id }) => id)
    expect((await readMessages(database.db, ids.toReversed())).map(({ id }) => id)).toEqual(ids)
  })

  test('pages of any size join to the whole, even when times differ by a microsecond or not at all', async () => {
    const talk = await rows.conversation({ brand: house.brand })
    for (let index = 0; index < 23; index++) {
      await rows.message(talk, {
        orderedAt: at(Math.floor(index / 6)),
        sequence: index % 3 === 0 ? null : `${index % 4}`,
      })
    }
    await database.sql`
      update messages set ordered_at = ordered_at + (case when sequence = '1' then 1 else 0 end) * interval '1 microsecond'
      where ticket_id = ${talk.ticket.id}`
    const whole = await messagesPage(database.db, agent, talk.ticket.id, { limit: 100 })
    expect(whole.next).toBeNull()
    expect(whole.messages).toHaveLength(23)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 23, maxLength: 23 }), async (limits) => {
        let all: Message[] = []
        let before: string | undefined
        for (const limit of limits) {
          const page = await messagesPage(database.db, agent, talk.ticket.id, { limit, before })
          all = [...page.messages, ...all]
          if (page.next === null) break
          expect(page.next).toMatch(/^[\w-]+$/u)
          before = page.next
        }
        expect(all.map(({ id }) => id)).toEqual(whole.messages.map(({ id }) => id))
      }),
      { numRuns: 20 },
    )
  })

  test('a message that comes while pages are read neither shifts nor repeats any', async () => {
    const talk = await rows.conversation({ brand: house.brand })
    for (let index = 0; index < 4; index++) await rows.message(talk, { text: `${index}`, orderedAt: at(index) })
    const first = await messagesPage(database.db, agent, talk.ticket.id, { limit: 2 })
    await rows.message(talk, { text: 'new', orderedAt: at(9) })
    const second = await messagesPage(database.db, agent, talk.ticket.id, { limit: 2, before: first.next ?? '' })
    expect([...second.messages, ...first.messages].map(({ text }) => text)).toEqual(['0', '1', '2', '3'])
    expect(second.next).toBeNull()
  })
})

describe('refusals', () => {
  test.each([
    '',
    '!',
    'bm90IGpzb24',
    writeCursor([]),
    writeCursor([1, '', 'no uuid']),
    writeCursor([Number.MAX_VALUE, '', SOME_ID]),
    writeCursor([-1, '', SOME_ID]),
    writeCursor([1, '\0', SOME_ID]),
  ])('the cursor %j is not one of this list', async (before) => {
    const read = messagesPage(database.db, agent, house.ticket.id, { limit: 2, before })
    await expect(read).rejects.toMatchObject({ status: 400, code: 'bad_cursor' })
  })

  test('the latest time a cursor can hold is still a time', async () => {
    const before = writeCursor([Number.MAX_SAFE_INTEGER, '\ud800', SOME_ID])
    const page = await messagesPage(database.db, agent, house.ticket.id, { limit: 100, before })
    expect(page.messages.length).toBeGreaterThan(0)
  })

  test("another brand's ticket is not there, with and without a cursor of its own", async () => {
    const other = await rows.conversation()
    for (let index = 0; index < 2; index++) await rows.message(other)
    const administrator = await rows.user('administrator')
    const { next } = await messagesPage(database.db, administrator, other.ticket.id, { limit: 1 })
    for (const before of [undefined, next ?? '']) {
      const read = messagesPage(database.db, agent, other.ticket.id, { limit: 1, before })
      await expect(read).rejects.toMatchObject({ status: 404, code: 'not_found' })
    }
    const mixed = await messagesPage(database.db, agent, house.ticket.id, { limit: 100, before: next ?? '' })
    expect(mixed.messages.every(({ author }) => author.id !== other.identity.id)).toBe(true)
  })
})
