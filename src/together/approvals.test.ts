import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House, message, plainCapabilities } from '../../test/helpers/house.ts'
import { complaint, member, ticketNow, told } from '../../test/helpers/people.ts'
import { until } from '../../test/helpers/until.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { type Actor, systemActor } from '../auth/actor.ts'
import { createKey } from '../auth/keys.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import { approvals, audit, authUser, deliveries, drafts, dueWork, messages } from '../db/schema.ts'
import { claimDue } from '../outbound/claim.ts'
import { enqueue } from '../outbound/enqueue.ts'
import { getTicket } from '../tickets/get.ts'
import { choosePlace, postReply, writeReply } from '../tickets/reply.ts'
import { scheduledHandler } from '../tickets/scheduled.ts'
import { NewReply } from '../wire.ts'
import { approvalHandler } from './approval-due.ts'
import { approve as approveReply, sendBack, withdraw } from './approvals.ts'
import { changeConduct } from './conduct.ts'
import { listApprovals, showApprovals } from './show-approvals.ts'

const hour = 3_600_000
const direct = plainCapabilities.surfaces.direct!
const can: Capabilities = {
  ...plainCapabilities,
  surfaces: {
    direct,
    public: {
      ...direct,
      text: { max: 100, unit: 'utf16', whenTooLong: 'split' },
      windows: [{ openedBy: 'message', lengthMs: 6 * hour, replies: null }],
    },
  },
}

let house: House
let account: OpenAccount
let agent: Actor
let boss: Actor
let ticketId: string
let late = 0
const now = () => new Date(Date.now() + late)
const deps = () => ({ ...house, now, nudge: () => {} })

beforeAll(async () => {
  house = await createHouse()
  account = await house.account({}, { capabilities: can })
  agent = await member(house, 'Lin')
  boss = await member(house, 'Zhou', 'supervisor')
})
afterAll(() => house.close())
beforeEach(async () => {
  late = 0
  await changeConduct(house.db, systemActor, house.brandId, { approvePublic: true, approveWithinMs: 2 * hour })
  ticketId = (await complaint(house, account, '电池鼓包', { surface: 'public' })).id
})

const post = async (actor: Actor, body: object = {}, key?: string) =>
  (await postReply(deps(), actor, ticketId, NewReply.parse({ text: '您好，请私信我们', ...body }), key)).body.message
const ways = () => ({
  ...deps(),
  choosePlace: choosePlace.bind(null, deps()),
  writeReply: (tx: Parameters<typeof writeReply>[0], reply: Parameters<typeof writeReply>[2]) =>
    writeReply(tx, deps(), reply),
})
const approve = (actor: Actor, id: string, body: object = {}) => approveReply(ways(), actor, id, body)
const sends = () => house.db.select().from(deliveries).where(eq(deliveries.ticketId, ticketId))
const row = async (id: string) => (await house.db.select().from(approvals).where(eq(approvals.id, id)))[0]!
const seenBy = async (actor: Actor) => (await getTicket({ ...house, channels: new Map() }, actor, ticketId)).together
const due = (id: string) => approvalHandler(deps())({ subject: id })

describe('an agent’s public reply where the brand wants approval', () => {
  test('waits: no message, nothing to send, and the customer’s clock goes on', async () => {
    const waiting = await post(agent)
    expect(waiting).toMatchObject({ waitsForApproval: true, deliveries: [], text: '您好，请私信我们' })
    expect(await sends()).toEqual([])
    expect(await house.db.select().from(messages).where(eq(messages.id, waiting.id))).toEqual([])
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'open', unansweredSince: expect.any(Date) })
    expect(await seenBy(agent)).toMatchObject({
      needsApproval: true,
      approvals: [{ id: waiting.id, state: 'waiting', by: { name: 'Lin' }, answers: '电池鼓包', overtaken: false }],
    })
    expect((await listApprovals(house.db, boss)).approvals.map(({ id }) => id)).toContain(waiting.id)
    expect((await told(house, boss)).at(-1)).toBe('approval_waiting')
    expect((await seenBy(boss)).needsApproval).toBe(false)
  })

  test('is one, when the same request comes twice', async () => {
    expect((await post(agent, {}, 'once')).id).toBe((await post(agent, {}, 'once')).id)
    expect((await seenBy(agent)).approvals).toHaveLength(1)
  })

  test('approved it goes out in the agent’s name, in all its parts, and answers the ticket', async () => {
    const text = `${'长'.repeat(90)}\n\n${'文'.repeat(90)}`
    const { id } = await post(agent, { text })
    await approve(boss, id)
    const out = await sends()
    expect(out.length).toBeGreaterThan(1)
    expect(out.every(({ state, messageId }) => state === 'queued' && messageId === id)).toBe(true)
    const [written] = await house.db.select().from(messages).where(eq(messages.id, id))
    expect(written).toMatchObject({ userId: agent.id, authorName: 'Lin', text })
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'waiting_customer', unansweredSince: null })
    expect((await told(house, agent)).at(-1)).toBe('approval_approved')
    expect(await row(id)).toMatchObject({ state: 'approved', decidedBy: boss.id })
    await expect(approve(boss, id)).rejects.toMatchObject({ code: 'approval_decided' })
  })

  test('is approved with other words, which are the ones that go out', async () => {
    const { id } = await post(agent)
    await approve(boss, id, { text: '您好，我们已私信您。' })
    expect((await sends()).map(({ text }) => text)).toEqual(['您好，我们已私信您。'])
    expect((await seenBy(agent)).acts.at(-1)).toMatchObject({ kind: 'approval_changed', by: { name: 'Zhou' } })
    expect(await row(id)).toMatchObject({ text: '您好，请私信我们', approvedText: '您好，我们已私信您。' })
  })

  test('is decided once when two supervisors decide at the same time', async () => {
    const { id } = await post(agent)
    const second = await member(house, 'Qian', 'supervisor')
    const all = await Promise.allSettled([approve(boss, id), approve(second, id), sendBack(deps(), second, id, 'No')])
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await sends()).length).toBe((await row(id)).state === 'approved' ? 1 : 0)
  })

  test('goes out or is taken back, never both, when both are asked at the same time', async () => {
    const { id } = await post(agent)
    const [given, taken] = await Promise.allSettled([
      approve(boss, id),
      house.db.transaction((tx) => withdraw(tx, agent, id, now())),
    ])
    const isTaken = taken.status === 'fulfilled' && taken.value
    expect(isTaken).toBe(given.status === 'rejected')
    expect(await sends()).toHaveLength(isTaken ? 0 : 1)
  })

  test('sent back keeps its words with the comment, until the agent hands in another', async () => {
    const { id } = await post(agent)
    await sendBack(deps(), boss, id, '请先道歉')
    expect(await sends()).toEqual([])
    expect((await seenBy(agent)).approvals).toMatchObject([
      { id, state: 'returned', comment: '请先道歉', text: '您好，请私信我们' },
    ])
    // Somebody else's is none of a colleague's business once it is back.
    expect((await seenBy(boss)).approvals).toEqual([])
    expect((await told(house, agent)).at(-1)).toBe('approval_returned')
    const next = await post(agent, { text: '非常抱歉，请私信我们' })
    expect((await seenBy(agent)).approvals.map((one) => one.id)).toEqual([next.id])
  })

  test('shows the approver that the customer wrote meanwhile, and is not approved over it unseen', async () => {
    const { id } = await post(agent)
    const seenVersion = (await ticketNow(house, ticketId)).version
    const [thread] = await house.db.select().from(messages).where(eq(messages.ticketId, ticketId))
    const external = await house.db.execute<{ external_id: string; author: string }>(sql`
      select t.external_id, i.external_id as author from threads t join identities i on i.id = t.identity_id
      where t.id = ${thread!.threadId}`)
    const author = { name: '王芳', handle: null, avatarUrl: null, followers: null, externalId: external[0]!.author }
    await house.ingest().submit(account, [
      message({
        ...{ externalId: `later-${id}`, threadId: external[0]!.external_id, author, surface: 'public' as const },
        ...{ text: '已经解决了', sentAt: new Date() },
      }),
    ])
    const { approvals: list } = await listApprovals(house.db, boss)
    expect(list.find((one) => one.id === id)).toMatchObject({ overtaken: true })
    await expect(approve(boss, id, { seenVersion })).rejects.toMatchObject({
      code: 'seen_conflict',
      details: { messages: [{ text: '已经解决了' }] },
    })
    expect(await row(id)).toMatchObject({ state: 'waiting' })
    await approve(boss, id, { seenVersion: (await ticketNow(house, ticketId)).version })
    expect(await sends()).toHaveLength(1)
  })

  test('is taken back by its author, not by a colleague', async () => {
    const { id } = await post(agent)
    const colleague = await member(house, 'Wu')
    const take = (actor: Actor) => house.db.transaction((tx) => withdraw(tx, actor, id, now()))
    await expect(take(colleague)).rejects.toMatchObject({ status: 403 })
    expect([await take(agent), await take(agent)]).toEqual([true, false])
    await expect(approve(boss, id)).rejects.toMatchObject({ code: 'approval_decided' })
  })

  test('of another brand is not there', async () => {
    const { id } = await post(agent)
    const stranger: Actor = { ...boss, brandIds: [] }
    await expect(approve(stranger, id)).rejects.toMatchObject({ status: 404 })
    await expect(sendBack(deps(), stranger, id, 'x')).rejects.toMatchObject({ status: 404 })
    expect(await listApprovals(house.db, stranger)).toMatchObject({ approvals: [], waiting: 0 })
  })
})

describe('time', () => {
  test('is over for the approvers: both sides are told, once, and it still waits', async () => {
    const { id } = await post(agent)
    expect(await due(id)).toMatchObject({ again: (await row(id)).lateAt })
    late = 3 * hour
    const closesAt = (await row(id)).closesAt
    expect(await due(id)).toEqual({ again: closesAt })
    await due(id)
    for (const actor of [agent, boss]) {
      expect((await told(house, actor)).filter((kind) => kind === 'approval_late').length).toBeGreaterThan(0)
    }
    expect((await seenBy(agent)).acts.filter(({ kind }) => kind === 'approval_late')).toHaveLength(1)
    await approve(boss, id)
  })

  test('is over for the platform: it is refused, both sides are told, and the agent keeps the words', async () => {
    const { id } = await post(agent)
    late = 7 * hour
    expect(await due(id)).toBeUndefined()
    expect(await row(id)).toMatchObject({ state: 'refused', refused: 'window_closed' })
    expect([(await told(house, agent)).at(-1), (await told(house, boss)).at(-1)]).toEqual([
      'approval_refused',
      'approval_refused',
    ])
    expect((await seenBy(agent)).approvals).toMatchObject([{ state: 'refused', text: '您好，请私信我们' }])
  })

  test('is over when it is approved: nothing is sent, and that is its end', async () => {
    const { id } = await post(agent)
    late = 7 * hour
    await expect(approve(boss, id)).rejects.toMatchObject({ code: 'window_closed' })
    expect(await sends()).toEqual([])
    expect(await row(id)).toMatchObject({ state: 'refused', refused: 'window_closed', approvedText: null })
  })

  test('has its row of due work from the moment it is handed in', async () => {
    const { id } = await post(agent)
    const [work] = await house.db.select().from(dueWork).where(eq(dueWork.subject, id))
    expect(work).toMatchObject({ kind: 'approval', dueAt: (await row(id)).lateAt })
  })
})

describe('no way around it', () => {
  const sendAt = () => new Date(Date.now() + hour).toISOString()
  const run = (id: string) => scheduledHandler(deps())({ subject: id })
  const scheduled = (id: string) => house.db.select().from(drafts).where(eq(drafts.id, id))

  test('a reply for later waits too; approved it is scheduled, and goes out at its time', async () => {
    const { id } = await post(agent, { sendAt: sendAt() })
    expect(await scheduled(id)).toEqual([])
    await approve(boss, id, { text: '稍后回复您' })
    expect([await sends(), (await scheduled(id)).length]).toEqual([[], 1])
    await run(id)
    expect((await sends()).map(({ text }) => text)).toEqual(['稍后回复您'])
  })

  test('one that was scheduled before the brand wanted it waits when its time comes', async () => {
    await changeConduct(house.db, systemActor, house.brandId, { approvePublic: false })
    const { id } = await post(agent, { sendAt: sendAt() })
    await changeConduct(house.db, systemActor, house.brandId, { approvePublic: true })
    await run(id)
    expect([await sends(), await scheduled(id)]).toEqual([[], []])
    expect(await row(id)).toMatchObject({ state: 'waiting', userId: agent.id })
    await approve(boss, id)
    expect(await sends()).toHaveLength(1)
  })

  test('a program with an agent’s key waits, one with a supervisor’s does not', async () => {
    const program = async (role: 'agent' | 'supervisor'): Promise<Actor> => {
      const { apiKey } = await createKey(house.db, systemActor, { name: role, role, brandIds: null })
      return { kind: 'key', id: `key:${apiKey.id}`, name: role, email: null, role, brandIds: null }
    }
    expect(await post(await program('agent'))).toMatchObject({ waitsForApproval: true })
    expect(await sends()).toEqual([])
    await post(await program('supervisor'))
    expect(await sends()).toHaveLength(1)
  })

  test('a variable that nobody filled in goes nowhere, nor in the words of the approver', async () => {
    await expect(post(agent, { text: '您的{{型号}}已到店' })).rejects.toMatchObject({
      code: 'variable_left',
      details: { open: ['型号'] },
    })
    const { id } = await post(agent)
    await expect(approve(boss, id, { text: 'Your {{ model }}' })).rejects.toMatchObject({ code: 'variable_left' })
    expect(await row(id)).toMatchObject({ state: 'waiting' })
    await approve(boss, id, { text: '{{这不是变量}}' })
  })

  test('a supervisor’s own, a private one, and those of a brand that wants none go out', async () => {
    await post(boss)
    expect(await sends()).toHaveLength(1)
    const inPrivate = await complaint(house, account)
    await postReply(deps(), agent, inPrivate.id, NewReply.parse({ text: '您好' }), undefined)
    await changeConduct(house.db, systemActor, house.brandId, { approvePublic: false })
    await post(agent)
    expect(await sends()).toHaveLength(2)
  })

  test('who was a supervisor when they wrote and is none when it is sent waits', async () => {
    const once = await member(house, 'Once', 'supervisor')
    const { id } = await post(once, { sendAt: sendAt() })
    expect(await scheduled(id)).toHaveLength(1)
    await house.db.update(authUser).set({ role: 'agent' }).where(eq(authUser.id, once.id))
    await run(id)
    expect(await sends()).toEqual([])
    expect(await row(id)).toMatchObject({ state: 'waiting' })
    // A token that still says supervisor does not help an agent to approve their own.
    await expect(approve({ ...once, role: 'agent' }, id)).rejects.toMatchObject({ status: 403 })
  })

  test('the database refuses what the code would forget', async () => {
    const place = await choosePlace(deps(), agent, ticketId, {})
    const outgoing = (id: string, text: string) => ({
      ...{ id, ticketId, thread: place.thread, capabilities: can.surfaces.public!, actor: agent, text, media: [] },
      ...{ inReplyTo: null, automatic: false, ticketVersion: 9, search: '', now: now(), undoMs: 0 },
    })
    const refused = { cause: { code: '23514' } }
    const { id } = await post(agent)
    await expect(house.db.transaction((tx) => enqueue(tx, outgoing(id, 'Never seen')))).rejects.toMatchObject(refused)
    // Not with other words than the approved ones either.
    await house.db
      .update(approvals)
      .set({ state: 'approved', approvedText: 'Seen', decidedBy: boss.id, decidedAt: now() })
      .where(eq(approvals.id, id))
    await expect(house.db.transaction((tx) => enqueue(tx, outgoing(id, 'Not it')))).rejects.toMatchObject(refused)
    await house.db.transaction((tx) => enqueue(tx, outgoing(id, 'Seen')))
    await house.sql`insert into account_leases values (${account.id}, 'node', 1, now() + interval '1 hour')
      on conflict (account_id) do nothing`
    const claimed = await claimDue(house.db, { accountId: account.id, node: 'node', fence: 1 }, 100)
    const mine = claimed.filter((one) => one.ticketId === ticketId)
    expect(mine.map(({ text }) => text)).toEqual(['Seen'])
  })

  test('what is decided is audited', async () => {
    const { id } = await post(agent)
    await sendBack(deps(), boss, id, 'No')
    const acts = await house.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `approval:${id}`))
      .orderBy(audit.id)
    expect(acts.map(({ actor, action }) => [actor, action])).toEqual([
      [agent.id, 'approval.asked'],
      [boss.id, 'approval.returned'],
    ])
    expect(JSON.stringify(acts)).not.toContain('您好')
  })
})

test.each(['approve', 'sendBack', 'withdraw'] as const)(
  'to %s waits for a merge, which takes the reply along',
  async (how) => {
    const { id, threadId } = await row((await post(agent)).id)
    const decide = {
      approve: () => approve(boss, id),
      sendBack: () => sendBack(deps(), boss, id, 'no'),
      withdraw: () => house.db.transaction((tx) => withdraw(tx, agent, id, now())),
    }[how]
    const [deciding] = await house.db.transaction(async (tx) => {
      // As `lockMove` and `carry` do it.
      await tx.execute(sql`select from threads where id = ${threadId} for update`)
      await tx.execute(sql`select from tickets where id = ${ticketId} for update`)
      const begun = decide().then(
        () => 'done',
        (error: unknown) => error,
      )
      await until(async () => {
        const [waiting] = await house.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        return waiting
      })
      await tx.execute(sql`update approvals set ticket_id = ticket_id where id = ${id}`)
      return [begun]
    })
    expect(await deciding).toBe('done')
  },
)

test('the list does not read all messages for those that are answered', async () => {
  await post(agent)
  const asked: { text: string; values: unknown[] }[] = []
  const logger = { logQuery: (text: string, values: unknown[]) => asked.push({ text, values }) }
  await showApprovals(drizzle(house.sql, { casing: 'snake_case', logger }) as never, eq(approvals.ticketId, ticketId))
  const [{ text, values } = { text: '', values: [] }] = asked
  const plan = await house.sql.begin(async (tx) => {
    for (const way of ['seqscan', 'hashjoin', 'mergejoin']) await tx.unsafe(`set local enable_${way} = off`)
    return tx.unsafe(`explain (format json) ${text}`, values as string[])
  })
  expect(JSON.stringify(plan)).toMatch(/"Index Name":"messages_pkey"/u)
})
