import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { drafts } from '../db/schema.ts'
import { Draft, DraftPut } from '../wire.ts'
import { deleteDraft, putDraft, readDraft } from './drafts.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
let now = new Date('2026-11-22T12:00:00Z')
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.truncate()
  talk = await rows.conversation()
  agent = await rows.user('agent', [talk.brand])
})

const deps = () => ({ db: database.db, now: () => now })
const put = (body: object, actor = agent) => putDraft(deps(), actor, talk.ticket.id, DraftPut.parse(body))
const read = (actor = agent) => readDraft(deps(), actor, talk.ticket.id)
const drop = (revision?: number, actor = agent) => deleteDraft(deps(), actor, talk.ticket.id, revision)

test('a draft is kept as it is written, each time under a new revision', async () => {
  expect(await read()).toBeNull()
  const first = await put({ text: '您好\u0000' })
  expect(Draft.parse(first)).toMatchObject({ text: '您好\ufffd', mediaIds: [], updatedAt: now.toISOString() })
  const full = { text: 'b', mediaIds: [newId()], surface: 'public', inReplyTo: newId() }
  const second = await put({ ...full, revision: first.revision })
  expect(second).toMatchObject({ ...full, revision: first.revision + 1 })
  expect(await read()).toEqual(second)
})

test('a tab that has not seen the newest revision is shown it, and overwrites nothing', async () => {
  const first = await put({ text: 'a' })
  const second = await put({ text: 'b', revision: first.revision })
  for (const revision of [0, first.revision, second.revision + 1]) {
    await expect(put({ text: 'c', revision })).rejects.toMatchObject({
      status: 409,
      code: 'draft_conflict',
      details: { draft: second },
    })
  }
  expect(await read()).toEqual(second)
})

test('the same request again is no conflict', async () => {
  const first = await put({ text: 'a' })
  expect(await put({ text: 'a' })).toEqual(first)
  const second = await put({ text: 'b', revision: first.revision })
  expect(await put({ text: 'b', revision: first.revision })).toEqual(second)
})

test('of two tabs that begin at once one is first', async () => {
  const both = await Promise.allSettled([put({ text: 'a' }), put({ text: 'b' })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await database.db.$count(drafts)).toBe(1)
})

test('of many saves over one revision one is taken', async () => {
  const { revision } = await put({ text: 'a' })
  const all = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => put({ text: `${index}`, revision })))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await read()).toMatchObject({ revision: revision + 1 })
})

test('after the draft was sent, a tab that still holds it overwrites neither nothing nor the next one', async () => {
  const sent = await put({ text: 'a' })
  await drop()
  await expect(put({ text: 'a again', revision: sent.revision })).rejects.toMatchObject({
    code: 'draft_conflict',
    details: { draft: null },
  })
  now = new Date(now.getTime() + 1_000)
  const next = await put({ text: 'b' })
  await expect(put({ text: 'a again', revision: sent.revision })).rejects.toMatchObject({ details: { draft: next } })
})

test('deleting with a revision spares a newer one; deleting nothing is fine', async () => {
  const first = await put({ text: 'a' })
  const second = await put({ text: 'b', revision: first.revision })
  await expect(drop(first.revision)).rejects.toMatchObject({ code: 'draft_conflict', details: { draft: second } })
  await drop(second.revision)
  expect(await read()).toBeNull()
  await drop(second.revision)
  await drop()
})

test("a colleague's draft and a scheduled reply are not mine", async () => {
  const colleague = await rows.user('agent', [talk.brand])
  await put({ text: 'theirs' }, colleague)
  await database.db.insert(drafts).values({
    id: newId(),
    ticketId: talk.ticket.id,
    userId: agent.id,
    body: { text: 'scheduled' },
    sendAt: new Date(),
  })
  expect(await read()).toBeNull()
  await put({ text: 'mine' })
  await drop()
  expect(await read(colleague)).toMatchObject({ text: 'theirs' })
  expect(await database.db.$count(drafts)).toBe(2)
})

describe('a ticket of another brand', () => {
  test('has no drafts', async () => {
    const stranger = await rows.user('agent', [await rows.brand()])
    await expect(read(stranger)).rejects.toMatchObject({ status: 404 })
    await expect(put({ text: 'a' }, stranger)).rejects.toMatchObject({ status: 404 })
    await expect(drop(undefined, stranger)).rejects.toMatchObject({ status: 404 })
  })
})
