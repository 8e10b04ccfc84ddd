import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHouse, type House, line, message } from '../../test/helpers/house.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { messages, threads, tickets } from '../db/schema.ts'

let house: House
beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())

const author = (externalId: string) => ({
  externalId,
  name: externalId,
  handle: null,
  avatarUrl: null,
  followers: null,
})
/** A line of one person under a public post. */
const comment = (rootId: string, person: string, externalId: string, minute = 0) =>
  message({
    externalId,
    rootId,
    threadId: `${rootId}/${person}`,
    surface: 'public',
    author: author(person),
    sentAt: new Date(Date.UTC(2026, 10, 22, 8, minute)),
  })
const chat = (person: string, externalId: string, minute = 0) =>
  message({
    externalId,
    threadId: person,
    author: author(person),
    sentAt: new Date(Date.UTC(2026, 10, 22, 8, minute)),
  })

/** The ticket each message stands in, as the ticket's place in the order they were opened. */
async function placesOf(account: OpenAccount): Promise<Record<string, number>> {
  const rows = await house.db
    .select({ externalId: messages.externalId, number: tickets.number })
    .from(messages)
    .innerJoin(tickets, eq(tickets.id, messages.ticketId))
    .where(eq(messages.accountId, account.id))
  const numbers = [...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b)
  return Object.fromEntries(rows.map(({ externalId, number }) => [externalId, numbers.indexOf(number)]))
}

async function finish(account: OpenAccount, status: 'resolved' | 'closed', resolvedAt: Date): Promise<void> {
  await house.db.update(tickets).set({ status, resolvedAt }).where(eq(tickets.accountId, account.id))
}

describe('one ticket per person', () => {
  test('takes what they write in public and in private', async () => {
    const account = await house.account()
    const ingest = house.ingest()
    await ingest.submit(account, [comment('post-1', 'li', 'a')])
    await ingest.submit(account, [chat('li', 'b'), comment('post-2', 'li', 'c')])
    expect(await placesOf(account)).toEqual({ a: 0, b: 0, c: 0 })
    const rows = await house.db.select().from(threads).where(eq(threads.accountId, account.id))
    expect(new Set(rows.map(({ currentTicketId }) => currentTicketId)).size).toBe(1)
  })

  test('in one batch too, and somebody else has their own', async () => {
    const account = await house.account()
    await house.ingest().submit(account, [comment('post-1', 'li', 'a'), chat('li', 'b'), comment('post-1', 'wu', 'c')])
    expect(await placesOf(account)).toEqual({ a: 0, b: 0, c: 1 })
  })

  test('a closed one is not joined, a resolved one within its time is', async () => {
    const account = await house.account({}, { reopenWithinMs: 3_600_000 })
    const ingest = house.ingest()
    await ingest.submit(account, [comment('post-1', 'li', 'a')])
    await finish(account, 'resolved', new Date('2026-11-22T08:10:00Z'))
    await ingest.submit(account, [chat('li', 'b', 30)])
    await finish(account, 'closed', new Date('2026-11-22T08:40:00Z'))
    await ingest.submit(account, [comment('post-2', 'li', 'c', 50)])
    // Their first thread goes on in the new ticket as well.
    await ingest.submit(account, [comment('post-1', 'li', 'd', 51)])
    expect(await placesOf(account)).toEqual({ a: 0, b: 0, c: 1, d: 1 })
  })

  test('through two nodes at once with two threads', async () => {
    const account = await house.account()
    const [first, other] = [house.ingest(), house.ingest()]
    // Known already, so that the person's row is not new to either.
    await first.submit(account, [chat('known', 'z')])
    await finish(account, 'closed', new Date('2026-11-22T08:00:00Z'))
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        first.submit(account, [comment(`post-${round}`, 'known', `a${round}`, 5)]),
        other.submit(account, [comment(`side-${round}`, 'known', `b${round}`, 5)]),
        first.submit(account, [comment(`post-${round}`, `new-${round}`, `c${round}`, 5)]),
        other.submit(account, [chat(`new-${round}`, `d${round}`, 5)]),
      ])
      const places = await placesOf(account)
      expect(places[`a${round}`]).toBe(places[`b${round}`])
      expect(places[`c${round}`]).toBe(places[`d${round}`])
      await finish(account, 'closed', new Date('2026-11-22T08:00:00Z'))
    }
  })
})

describe('one ticket per public conversation', () => {
  test('takes everybody under the post, while private chats stay apart', async () => {
    const account = await house.account({}, { ticketPer: 'conversation' })
    const ingest = house.ingest()
    await ingest.submit(account, [comment('post-1', 'li', 'a'), comment('post-1', 'wu', 'b')])
    await ingest.submit(account, [comment('post-1', 'he', 'c'), comment('post-2', 'li', 'd'), chat('li', 'e')])
    expect(await placesOf(account)).toEqual({ a: 0, b: 0, c: 0, d: 1, e: 2 })
  })

  test('a public line that belongs to no post is a conversation of its own', async () => {
    const account = await house.account({}, { ticketPer: 'conversation' })
    const alone = (externalId: string, threadId: string) =>
      message({ ...line({ externalId, threadId, surface: 'public', rootId: null, author: author('li') }) })
    await house.ingest().submit(account, [alone('a', 't1'), alone('b', 't2')])
    expect(await placesOf(account)).toEqual({ a: 0, b: 1 })
  })

  test('through two nodes at once', async () => {
    const account = await house.account({}, { ticketPer: 'conversation' })
    const [first, other] = [house.ingest(), house.ingest()]
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        first.submit(account, [comment(`post-${round}`, 'li', `a${round}`)]),
        other.submit(account, [comment(`post-${round}`, 'wu', `b${round}`)]),
      ])
      const places = await placesOf(account)
      expect(places[`a${round}`]).toBe(places[`b${round}`])
    }
  })
})
