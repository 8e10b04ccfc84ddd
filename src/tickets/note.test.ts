import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { audit, events, idempotencyKeys, media, messages, tickets } from '../db/schema.ts'
import { Message, NewNote } from '../wire.ts'
import { postNote } from './note.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
let nudges: number
const now = new Date('2026-11-22T12:00:00Z')
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  nudges = 0
  talk = await rows.conversation({
    ticket: { status: 'waiting_customer', preview: 'hello', lastMessageAt: new Date('2026-11-21T12:00:00Z') },
  })
  agent = await rows.user('agent', [talk.brand], 'Lin')
})

const note = (body: object, key?: string, actor = agent) =>
  postNote(
    { db: database.db, now: () => now, nudge: () => void nudges++ },
    actor,
    talk.ticket.id,
    NewNote.parse(body),
    key,
  )
const stored = () => database.db.select().from(messages).where(eq(messages.ticketId, talk.ticket.id))
const ticket = async () => (await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id)))[0]

describe('a note', () => {
  test('is answered as a message, told and audited without its words', async () => {
    const { status, body } = await note({ text: '  客户是 VIP\u0000 ' })
    expect(status).toBe(202)
    expect(Message.parse(body.message)).toMatchObject({
      direction: 'note',
      text: '客户是 VIP\ufffd',
      author: { id: agent.id, name: 'Lin', kind: 'user' },
      threadId: null,
      sentAt: now.toISOString(),
      version: 2,
      deliveries: [],
    })
    const told = await database.db.select().from(events).where(eq(events.ticketId, talk.ticket.id))
    expect(told).toMatchObject([{ type: 'message', version: 2, brandId: talk.brand.id }])
    expect(nudges).toBe(1)
    const acts = await database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `ticket:${talk.ticket.id}`))
    expect(acts).toMatchObject([{ actor: agent.id, action: 'note.written', detail: { messageId: body.message.id } }])
    expect(JSON.stringify(acts)).not.toContain('VIP')
  })

  test("raises the version; status, place and clocks are the customer's", async () => {
    const before = await ticket()
    await note({ text: 'internal' })
    expect(await ticket()).toEqual({ ...before, version: 2 })
  })

  test('of a program says so', async () => {
    const { body } = await note({ text: 'by a program' }, undefined, {
      ...agent,
      kind: 'key',
      id: 'key:0190',
      name: 'CRM',
    })
    expect(body.message.author).toEqual({ id: 'key:0190', name: 'CRM', kind: 'program' })
  })

  test('in a ticket of another brand finds no ticket, not even with a key that was used there', async () => {
    await note({ text: 'x' }, 'key')
    const stranger: Actor = { ...agent, brandIds: [(await rows.brand()).id] }
    await expect(note({ text: 'x' }, 'key', stranger)).rejects.toMatchObject({ status: 404 })
    await expect(note({ text: 'y' }, undefined, stranger)).rejects.toMatchObject({ status: 404 })
    expect(await stored()).toHaveLength(1)
  })
})

describe('with a key', () => {
  test('thirty at once are one note with one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => note({ text: 'once' }, 'key')))
    expect(await stored()).toHaveLength(1)
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
    expect(await ticket()).toMatchObject({ version: 2 })
    expect(nudges).toBe(1)
  })

  test('the first answer is given again, whatever happened since', async () => {
    const first = await note({ text: 'once' }, 'key')
    await note({ text: 'another' })
    await rows.revision(first.body.message.id, 'edited', now)
    expect(await note({ text: 'once', mediaIds: [] }, 'key')).toEqual({ ...first, repeated: true })
  })

  test('another text is refused', async () => {
    await note({ text: 'once' }, 'key')
    await expect(note({ text: 'twice' }, 'key')).rejects.toMatchObject({ status: 422, code: 'idempotency_mismatch' })
    expect(await stored()).toHaveLength(1)
  })

  test('a refused note leaves the key free', async () => {
    const mediaIds = [talk.ticket.id]
    await expect(note({ text: 'once', mediaIds }, 'key')).rejects.toMatchObject({ code: 'media_unknown' })
    expect(await database.db.$count(idempotencyKeys, eq(idempotencyKeys.ticketId, talk.ticket.id))).toBe(0)
    await expect(note({ text: 'once' }, 'key')).resolves.toMatchObject({ status: 202 })
  })
})

describe('files', () => {
  test('the actor uploaded go with it, in their order and each once', async () => {
    const upload = () => rows.file(talk.brand.id, { uploadedBy: agent.id })
    const [a, b, c] = [await upload(), await upload(), await upload()]
    const { body } = await note({ text: 'see', mediaIds: [c.id, a.id, b.id, a.id] })
    expect(body.message.media.map(({ id }) => id)).toEqual([c.id, a.id, b.id])
    await expect(note({ text: 'again', mediaIds: [a.id] })).rejects.toMatchObject({ code: 'media_unknown' })
  })

  test.each(['a colleague uploaded', 'of another brand', 'that are not here yet', 'that do not exist'])(
    '%s are refused, and no note is written',
    async (which) => {
      const file = {
        'a colleague uploaded': () => rows.file(talk.brand.id, { uploadedBy: 'colleague' }),
        'of another brand': async () => rows.file((await rows.brand()).id, { uploadedBy: agent.id }),
        'that are not here yet': () => rows.file(talk.brand.id, { uploadedBy: agent.id, state: 'pending' }),
        'that do not exist': async () => talk.ticket,
      }[which]
      const asked = note({ text: 'see', mediaIds: [(await file?.())?.id] })
      await expect(asked).rejects.toMatchObject({ status: 422, code: 'media_unknown' })
      expect(await stored()).toEqual([])
      expect(await ticket()).toMatchObject({ version: 1 })
    },
  )

  test('asked for by two notes at once go with one', async () => {
    const { id } = await rows.file(talk.brand.id, { uploadedBy: agent.id })
    const both = await Promise.allSettled([note({ text: 'a', mediaIds: [id] }), note({ text: 'b', mediaIds: [id] })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [file] = await database.db.select().from(media).where(eq(media.id, id))
    const [written] = await database.db
      .select()
      .from(messages)
      .where(eq(messages.ticketId, talk.ticket.id))
      .orderBy(asc(messages.id))
    expect(file?.messageId).toBe(written?.id)
  })
})
