/**
 * Whatever comes in between, and at the same moment: taken back, a merge or a division leaves what would be there had it
 * never been. A second house with the same posts and without the moves says what that is.
 */
import { eq, inArray } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../../test/helpers/house.ts'
import { patience } from '../../../test/helpers/patience.ts'
import type { OpenAccount } from '../../accounts/connections.ts'
import type { Actor } from '../../auth/actor.ts'
import { deliveries, messages, threads, tickets } from '../../db/schema.ts'
import type { NewReply } from '../../wire.ts'
import { postReply } from '../reply.ts'
import { mergeTickets } from './merge.ts'
import { splitTicket } from './split.ts'
import { undoMove } from './undo.ts'

let house: House
let agent: Actor
beforeAll(async () => {
  house = await createHouse()
  agent = await house.agent()
})
afterAll(() => house.close())

/** Threads 0 and 1 are the first person's, 2 and 3 the second's: two tickets. */
const personOf = (thread: number) => (thread < 2 ? 1 : 2)
type Post = { readonly kind: 'post'; readonly thread: number }
type Reply = { readonly kind: 'reply'; readonly thread: number }
type Turn = readonly Post[] | readonly [Reply] | 'move' | 'undo'

const post = fc.record({ kind: fc.constant('post' as const), thread: fc.integer({ min: 0, max: 3 }) })
const reply = fc.record({ kind: fc.constant('reply' as const), thread: fc.integer({ min: 0, max: 3 }) })

/** One of the two houses: what is told to it, and what stands in it then. */
class World {
  readonly account: OpenAccount
  private readonly clock: { at: number }
  private count = 0
  constructor(account: OpenAccount, clock: { at: number }) {
    this.account = account
    this.clock = clock
  }
  private deps() {
    const now = () => new Date(this.clock.at)
    return { db: house.db, connections: house.connections, now, nudge: () => {} }
  }
  async posts(all: readonly Post[], ingests: readonly ReturnType<House['ingest']>[]) {
    await Promise.all(
      all.map(({ thread }, index) => {
        const number = this.count++
        const event = message({
          externalId: `${this.account.id}-${number}`,
          threadId: `t${thread}`,
          author: {
            externalId: `p${personOf(thread)}`,
            name: `P${personOf(thread)}`,
            handle: null,
            avatarUrl: null,
            followers: null,
          },
          text: `post ${number} in ${thread}`,
          sentAt: new Date(this.clock.at + index),
        })
        return ingests[index % ingests.length]!.submit(this.account, [event])
      }),
    )
  }
  async reply(thread: number) {
    const [newest] = await house.sql<{ id: string; ticket_id: string }[]>`
      select m.id, m.ticket_id from messages m join threads t on t.id = m.thread_id
      where t.account_id = ${this.account.id} and t.external_id = ${`t${thread}`} and m.direction = 'inbound'
      order by m.ordered_at desc limit 1`
    if (!newest) return
    const body: NewReply = { text: `reply ${this.count++}`, mediaIds: [], inReplyTo: newest.id }
    await postReply(this.deps(), agent, newest.ticket_id, body, undefined)
  }
  async ticketOf(thread: number): Promise<string> {
    const [row] = await house.db
      .select()
      .from(threads)
      .where(eq(threads.accountId, this.account.id))
      .then((all) => all.filter(({ externalId }) => externalId === `t${thread}`))
    return row!.currentTicketId!
  }
  merge = (from: string, into: string) => mergeTickets(this.deps(), agent, from, into)
  split = (from: string, ids: readonly string[]) => splitTicket(this.deps(), agent, from, ids)
  undo = (id: string) => undoMove(this.deps(), agent, id)

  /** Everything that is said of tickets, without ids and versions. `over`: those that are looked at. */
  async shown(over: readonly string[]) {
    const rows = await house.db
      .select()
      .from(tickets)
      .where(inArray(tickets.id, [...over]))
    const lines = await house.db.select().from(messages).where(eq(messages.accountId, this.account.id))
    const sends = await house.db.select().from(deliveries).where(eq(deliveries.accountId, this.account.id))
    const places = await house.db.select().from(threads).where(eq(threads.accountId, this.account.id))
    const nameOf = (id: string | null) => (id === null ? null : over.indexOf(id))
    return {
      tickets: over.map((id) => {
        const {
          status,
          priority,
          tags,
          assigneeId,
          snoozedUntil,
          resolvedAt,
          unansweredSince,
          lastMessageAt,
          preview,
        } = rows.find((row) => row.id === id)!
        return { status, priority, tags, assigneeId, snoozedUntil, resolvedAt, unansweredSince, lastMessageAt, preview }
      }),
      messages: lines.map(({ text, ticketId }) => [text, nameOf(ticketId)]).sort(),
      sends: sends.map(({ text, ticketId }) => [text, nameOf(ticketId)]).sort(),
      threads: places.map(({ externalId, currentTicketId }) => [externalId, nameOf(currentTicketId)]).sort(),
    }
  }
}

async function twoWorlds() {
  const clock = { at: Date.parse('2026-11-22T08:00:00Z') }
  const worlds = [new World(await house.account(), clock), new World(await house.account(), clock)] as const
  return { clock, moved: worlds[0], control: worlds[1] }
}

test('a merge that is taken back has not been', { timeout: 120_000 * patience }, async () => {
  const turns = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.array(post, { minLength: 1, maxLength: 4 }) },
      { weight: 2, arbitrary: fc.tuple(reply) },
      { weight: 3, arbitrary: fc.constant('move' as const) },
      { weight: 2, arbitrary: fc.constant('undo' as const) },
    ),
    { minLength: 3, maxLength: 14 },
  )
  await fc.assert(
    fc.asyncProperty(turns, fc.boolean(), async (all: readonly Turn[], backwards) => {
      const { clock, moved, control } = await twoWorlds()
      const ingests = [house.ingest(), house.ingest()]
      const first: Post[] = [0, 1, 2, 3].map((thread) => ({ kind: 'post', thread }))
      for (const each of first) {
        clock.at += 1_000
        await moved.posts([each], ingests)
        await control.posts([each], ingests)
      }
      const pairs = [moved, control].map(async (world) => [await world.ticketOf(0), await world.ticketOf(2)] as const)
      const [here, there] = (await Promise.all(pairs)) as [readonly [string, string], readonly [string, string]]
      let move: string | null = null
      for (const [index, turn] of all.entries()) {
        clock.at += 1_000
        if (turn === 'move' || turn === 'undo') {
          // With the posts of the next turn at the same moment.
          const next = all[index + 1]
          const beside = Array.isArray(next) && next[0]?.kind === 'post' ? (next as readonly Post[]) : []
          const act = async () => {
            if (turn === 'undo') {
              if (move !== null) await moved.undo(move)
              move = null
            } else {
              const [from, into] = backwards ? [here[1], here[0]] : [here[0], here[1]]
              const twice = await Promise.all([moved.merge(from, into), moved.merge(from, into)])
              expect(twice[0]).toEqual(twice[1])
              move = twice[0].moveId
            }
          }
          await Promise.all([act(), moved.posts(beside, ingests), control.posts(beside, ingests)])
        } else if (turn[0]?.kind === 'reply') {
          await moved.reply(turn[0].thread)
          await control.reply(turn[0].thread)
        } else {
          await moved.posts(turn as readonly Post[], ingests)
          await control.posts(turn as readonly Post[], ingests)
        }
      }
      clock.at += 1_000
      if (move !== null) await Promise.all([moved.undo(move), moved.undo(move)])
      expect(await moved.shown(here)).toEqual(await control.shown(there))
    }),
    { numRuns: 25 },
  )
})

test('a division that is taken back has not been', { timeout: 120_000 * patience }, async () => {
  const posts = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      posts,
      posts,
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      async (before, after, picks) => {
        const { clock, moved, control } = await twoWorlds()
        const ingests = [house.ingest(), house.ingest()]
        for (const thread of before) {
          clock.at += 1_000
          const each: Post[] = [{ kind: 'post', thread }]
          await moved.posts(each, ingests)
          await control.posts(each, ingests)
        }
        const [here, there] = [await moved.ticketOf(before[0]!), await control.ticketOf(before[0]!)]
        const lines = await house.db
          .select()
          .from(messages)
          .where(eq(messages.ticketId, here))
          .orderBy(messages.orderedAt)
        const ids = lines.filter((_line, index) => picks[index]).map(({ id }) => id)
        if (ids.length === 0 || ids.length === lines.length) {
          await expect(moved.split(here, ids.length === 0 ? [here] : ids)).rejects.toMatchObject({
            status: ids.length === 0 ? 404 : 422,
          })
          return
        }
        const all: Post[] = after.map((thread) => ({ kind: 'post', thread }))
        const half = Math.ceil(all.length / 2)
        clock.at += 1_000
        const [done] = await Promise.all([
          moved.split(here, ids),
          moved.posts(all.slice(0, half), ingests),
          control.posts(all.slice(0, half), ingests),
        ])
        const apart = await house.db.select().from(messages).where(inArray(messages.id, ids))
        expect(apart.map(({ ticketId }) => ticketId)).toEqual(ids.map(() => done.ticketId))
        clock.at += 1_000
        await Promise.all([
          moved.undo(done.moveId),
          moved.undo(done.moveId),
          moved.posts(all.slice(half), ingests),
          control.posts(all.slice(half), ingests),
        ])
        expect(await moved.shown([here])).toEqual(await control.shown([there]))
      },
    ),
    { numRuns: 25 },
  )
})
