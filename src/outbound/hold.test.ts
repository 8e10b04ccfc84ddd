/** A person's pause of an account: what is written waits, is kept from expiring, and goes out when the pause ends. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, message, silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { endHold, type HoldDeps, holdAccount, holdHandler } from '../accounts/hold.ts'
import type { Actor } from '../auth/actor.ts'
import type { DueRow } from '../db/due-rows.ts'
import { accountHolds, audit, deliveries, dueWork, tickets } from '../db/schema.ts'
import { returnTicket } from '../tickets/lost-reply.ts'
import { postReply } from '../tickets/reply.ts'
import { abandonOverdue } from './abandon.ts'
import { claimDue } from './claim.ts'
import { createSender } from './sender.ts'

let house: House
let agent: Actor
let deps: HoldDeps
const hooks = { lostReply: returnTicket }
beforeAll(async () => {
  house = await createHouse()
  agent = await house.agent('陈雨')
  deps = { db: house.db, now: () => new Date(), nudge: () => {} }
})
afterAll(() => house.close())

/** A reply that waits to be sent, on a node that owns the account. */
async function scene() {
  const sent: string[] = []
  const account = await house.account(
    {
      send: async ({ text }) => {
        sent.push(text)
        return { externalId: null }
      },
    },
    { undoMs: 0 },
  )
  const { id } = account
  await house.ingest().submit(account, [message({ externalId: `in-${id}` })])
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.accountId, id))
  await house.sql`insert into account_leases (account_id, node, fence, expires_at) values (${id}, 'n1', 1, now() + interval '1 hour')`
  const replyDeps = { db: house.db, connections: house.connections, now: () => new Date() }
  await postReply(replyDeps, agent, ticket!.id, { text: '请稍候', mediaIds: [] }, undefined)
  const row = async () => (await house.db.select().from(deliveries).where(eq(deliveries.accountId, id)))[0]!
  const claim = () => claimDue(house.db, { accountId: id, node: 'n1', fence: 1 }, 5)
  const sender = createSender({
    db: house.db,
    connections: house.connections,
    leases: { node: 'n1', owned: () => new Map([[id, 1]]) },
    mediaOf: async () => [],
    withDelivery: (_id, fn) => fn(),
    hooks,
    log: silent,
    nudge: () => {},
    now: () => new Date(),
  })
  return { id, row, claim, sender, sent }
}

test('nothing is claimed while it lasts, and what waited goes out after it', async () => {
  const at = await scene()
  await holdAccount(deps, agent, at.id, { reason: '公关核对中' })
  expect(await at.claim()).toEqual([])
  await endHold(deps, agent, at.id)
  at.sender.start()
  await until(async () => (await at.row()).state === 'sent')
  await at.sender.stop(5_000)
  expect(at.sent).toEqual(['请稍候'])
})

test('a day’s limit does not run meanwhile: what had an hour left has an hour left', async () => {
  const at = await scene()
  await holdAccount(deps, agent, at.id, { reason: 'x' })
  // As it is two days later.
  await house.sql`update account_holds set since = since - interval '2 days' where account_id = ${at.id}`
  await house.sql`
    update deliveries set created_at = created_at - interval '2 days' - interval '23 hours',
      expires_at = expires_at - interval '2 days' - interval '23 hours' where account_id = ${at.id}`
  await abandonOverdue(house.db, hooks)
  expect((await at.row()).state).toBe('queued')
  await endHold(deps, agent, at.id)
  const left = (await at.row()).expiresAt.getTime() - Date.now()
  expect(left).toBeGreaterThan(55 * 60_000)
  expect(left).toBeLessThan(61 * 60_000)
  await abandonOverdue(house.db, hooks)
  expect((await at.row()).state).toBe('queued')
})

test('what was written during it gets no more than its day', async () => {
  const at = await scene()
  await holdAccount(deps, agent, at.id, { reason: 'x' })
  await house.sql`update account_holds set since = since - interval '5 days' where account_id = ${at.id}`
  await endHold(deps, agent, at.id)
  expect((await at.row()).expiresAt.getTime() - Date.now()).toBeLessThan(24 * 3_600_000 + 5_000)
})

test('one with an end is over by the clock, even before the due work has tidied it up', async () => {
  const at = await scene()
  const end = new Date(Date.now() + 3_600_000)
  await holdAccount(deps, agent, at.id, { reason: 'x', until: end.toISOString() })
  expect(await at.claim()).toEqual([])
  const [due] = await house.db.select().from(dueWork).where(eq(dueWork.subject, at.id))
  expect(due).toMatchObject({ kind: 'account.hold', dueAt: end })
  const run = holdHandler(deps)
  const row = { subject: at.id } as DueRow
  // Too early, as after it was put off by hand: it comes again at the right time.
  expect(await run(row, {} as never)).toEqual({ again: end })
  await house.sql`update account_holds set until = now() - interval '1 second' where account_id = ${at.id}`
  expect(await at.claim()).toHaveLength(1)
  expect(await run(row, {} as never)).toBeUndefined()
  expect(await house.db.select().from(accountHolds).where(eq(accountHolds.accountId, at.id))).toEqual([])
  const acts = await house.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `account:${at.id}`))
  expect(acts.map(({ action, actor }) => [action, actor])).toEqual([
    ['account.paused', agent.id],
    ['account.resumed', 'system'],
  ])
  // Again, as after a crash: nothing more.
  expect(await run(row, {} as never)).toBeUndefined()
})

test('a second pause takes the first one’s place, and an end in the past is refused', async () => {
  const at = await scene()
  await holdAccount(deps, agent, at.id, { reason: 'first' })
  const second = await holdAccount(deps, agent, at.id, { reason: 'second' })
  expect(second).toMatchObject({ reason: 'second', until: null, by: { id: agent.id, name: '陈雨' } })
  const past = new Date(Date.now() - 1).toISOString()
  await expect(holdAccount(deps, agent, at.id, { reason: 'x', until: past })).rejects.toMatchObject({
    status: 422,
    code: 'already_expired',
  })
  await endHold(deps, agent, at.id)
  // Twice is once.
  await endHold(deps, agent, at.id)
  const acts = await house.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `account:${at.id}`))
  expect(acts.map(({ action }) => action)).toEqual(['account.paused', 'account.paused', 'account.resumed'])
})

test('somebody of another brand finds no such account', async () => {
  const at = await scene()
  const stranger: Actor = { ...agent, brandIds: [] }
  await expect(holdAccount(deps, stranger, at.id, { reason: 'x' })).rejects.toMatchObject({ status: 404 })
  await expect(endHold(deps, stranger, at.id)).rejects.toMatchObject({ status: 404 })
})
