import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { createPresenceBoard } from '../live/presence.ts'
import { PresenceEvent, PresencePut } from '../wire.ts'
import { putPresence } from './presence.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let [lina, wang]: Actor[] = []
let nudges = 0
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.truncate()
  talk = await rows.conversation()
  lina = await rows.user('agent', [talk.brand], 'Li Na')
  wang = await rows.user('agent', [talk.brand], 'Wang Fang')
  nudges = 0
})

let sequence = 0
const count = () => {
  nudges += 1
}
const report = (actor: Actor | undefined, put: object = {}, page: string = actor!.id) =>
  putPresence(
    { db: database.db, nudge: count },
    actor!,
    page,
    PresencePut.parse({ ticketId: talk.ticket.id, sequence: ++sequence, ...put }),
  )
const here = (user: Actor | undefined, more: object = {}) => ({
  user: { id: user!.id, name: user!.name },
  typing: false,
  holds: false,
  ...more,
})
/** As if everybody's last report were so long ago. */
const age = (span: string) => database.sql.unsafe(`update presence set expires_at = expires_at - interval '${span}'`)

describe('who is in a ticket', () => {
  test('sees the others, and is gone without a report', async () => {
    expect(await report(lina)).toEqual([here(lina)])
    expect(await report(wang, { typing: true })).toEqual([here(lina), here(wang, { typing: true })])
    await age('25 seconds')
    expect(await report(lina)).toEqual([here(lina)])
  })

  test('is one person with two pages, until both have left', async () => {
    const second = newId()
    await report(lina)
    expect(await report(lina, { typing: true }, second)).toEqual([here(lina, { typing: true })])
    await report(lina, { ticketId: null })
    expect(await report(wang)).toEqual([here(lina, { typing: true }), here(wang)])
    await report(lina, { ticketId: null }, second)
    expect(await report(wang)).toEqual([here(wang)])
  })

  test('is where the page was last, however late its earlier reports arrive', async () => {
    const elsewhere = await rows.conversation({ brand: talk.brand })
    await report(lina, { sequence: 1_000, ticketId: elsewhere.ticket.id })
    await report(lina, { sequence: 999, answers: true })
    await report(lina, { sequence: 1_000, ticketId: talk.ticket.id })
    expect(await report(wang)).toEqual([here(wang)])
  })

  test('of another brand is not there, and programs look at nothing', async () => {
    const stranger = await rows.user('agent', [(await rows.conversation()).brand])
    await expect(report(stranger)).rejects.toMatchObject({ status: 404 })
    await expect(report({ ...lina!, kind: 'key', id: 'key:1' })).rejects.toMatchObject({ status: 403 })
    await expect(report(lina, { ticketId: newId() })).rejects.toMatchObject({ status: 404 })
  })

  test('tells the nodes only when it is news', async () => {
    await report(lina)
    await report(lina)
    await report(lina)
    expect(nudges).toBe(1)
    await report(lina, { typing: true })
    await report(lina, { typing: true })
    expect(nudges).toBe(2)
    await age('25 seconds')
    await report(lina, { typing: true })
    expect(nudges).toBe(3)
  })
})

describe('who answers', () => {
  test('holds the ticket, and a colleague who writes too does not', async () => {
    expect(await report(lina, { answers: true })).toEqual([here(lina, { holds: true })])
    expect(await report(wang, { answers: true })).toEqual([here(lina, { holds: true }), here(wang)])
    expect(await report(lina, { answers: true })).toEqual([here(lina, { holds: true }), here(wang)])
  })

  test('gives it up by leaving, by writing no more, or by being gone', async () => {
    for (const leave of [
      () => report(lina, { ticketId: null }),
      () => report(lina, { answers: false }),
      () => database.sql`update presence set expires_at = now() where user_id = ${lina!.id}`,
    ]) {
      await report(lina, { answers: true })
      await report(wang, { answers: true })
      await leave()
      expect(await report(wang, { answers: true })).toContainEqual(here(wang, { holds: true }))
      await report(wang, { ticketId: null })
    }
  })

  test('loses it to who takes it over, and can take it back', async () => {
    await report(lina, { answers: true })
    expect(await report(wang, { answers: true, takeOver: true })).toEqual([
      here(lina),
      here(wang, { holds: true, typing: true }),
    ])
    expect(await report(lina, { answers: true })).toContainEqual(here(wang, { holds: true, typing: true }))
    expect(await report(lina, { answers: true, takeOver: true })).toContainEqual(
      here(lina, { holds: true, typing: true }),
    )
  })

  test('has it again when who took it over has left', async () => {
    await report(lina, { answers: true })
    await report(wang, { answers: true, takeOver: true })
    await report(wang, { ticketId: null })
    expect(await report(lina, { answers: true })).toEqual([here(lina, { holds: true })])
  })

  test('does not bring the claim into the next ticket', async () => {
    const next = await rows.conversation({ brand: talk.brand })
    await report(lina, { answers: true })
    expect(await report(lina, { ticketId: next.ticket.id })).toEqual([here(lina)])
    expect(await report(wang, { answers: true })).toEqual([here(wang, { holds: true })])
  })

  test('is one of two who begin at once', async () => {
    await Promise.all([report(lina, { answers: true }), report(wang, { answers: true })])
    const people = await report(await rows.user('administrator'))
    expect(people.filter(({ holds }) => holds)).toHaveLength(1)
  })
})

describe('what a stream is told', () => {
  const read = (news: { text: string } | null) =>
    news?.text
      ? PresenceEvent.parse(JSON.parse(/^event: presence\ndata: (?<data>.*)\n\n$/u.exec(news.text)!.groups!.data!))
      : null

  test('is everything at first, then what changed, and of its own brands', async () => {
    const board = createPresenceBoard(database.db)
    expect(board.since(null, null)).toBeNull()
    const other = await rows.conversation()
    const chief = await rows.user('administrator')
    await report(lina)
    await report(chief, { ticketId: other.ticket.id })
    expect(await board.look()).toBe(true)
    const ofBoth = board.since(null, null)!
    expect(read(ofBoth)).toMatchObject({ all: true, tickets: { length: 2 } })
    const ofOne = board.since(null, [talk.brand.id])!
    expect(read(ofOne)).toEqual({
      type: 'presence',
      all: true,
      tickets: [{ ticketId: talk.ticket.id, people: [here(lina)] }],
    })
    expect(await board.look()).toBe(false)
    expect(board.since(ofOne.seen, null)).toBeNull()
    await report(chief, { ticketId: null })
    expect(await board.look()).toBe(true)
    expect(read(board.since(ofBoth.seen, null))).toEqual({
      type: 'presence',
      all: false,
      tickets: [{ ticketId: other.ticket.id, people: [] }],
    })
    // Another brand's news is no news, and is not looked at again.
    const silent = board.since(ofOne.seen, [talk.brand.id])!
    expect(silent.text).toBe('')
    expect(board.since(silent.seen, [talk.brand.id])).toBeNull()
  })

  test('is that somebody left, also when nobody said so', async () => {
    const board = createPresenceBoard(database.db)
    await report(lina)
    await board.look()
    const { seen } = board.since(null, null)!
    await age('25 seconds')
    await board.look()
    expect(read(board.since(seen, null))).toMatchObject({ tickets: [{ people: [] }] })
    // Who comes now is told nothing of a ticket with nobody in it.
    expect(board.since(null, null)!.text).toBe('')
  })
})
