import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House, message, plainCapabilities, silent } from '../../test/helpers/house.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import { audit, deliveries, events, tasks, tickets } from '../db/schema.ts'
import { abandonOverdue, abandonQueued } from '../outbound/abandon.ts'
import { claimDue } from '../outbound/claim.ts'
import { undoReply } from '../outbound/resolve.ts'
import { postAnswered } from '../tickets/answered.ts'
import { getTicket } from '../tickets/get.ts'
import { returnTicket } from '../tickets/lost-reply.ts'
import { messagesPage } from '../tickets/messages.ts'
import { postReply } from '../tickets/reply.ts'
import { NewReply, TaskQuery } from '../wire.ts'
import { changeTask } from './change.ts'
import { cancelTask, finishTask, tryAgain } from './finish.ts'
import { listTasks } from './list.ts'

const byHand: Capabilities = {
  ...plainCapabilities,
  surfaces: { direct: { ...plainCapabilities.surfaces.direct!, byHand: { act: { en: 'Call back', zh: '回电' } } } },
}
const hooks = { lostReply: returnTicket }

let house: House
let account: OpenAccount
let agent: Actor
let ticketId: string
let count = 0
const now = () => new Date()
const deps = () => ({ ...house, now, hooks, log: silent })

beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  account = await house.account({}, { capabilities: byHand })
  agent = await house.agent('Lin')
  count += 1
  const author = { externalId: `+861380000${count}`, name: '王芳', handle: null, avatarUrl: null, followers: null }
  await house.ingest().submit(account, [message({ externalId: `call-${count}`, threadId: author.externalId, author })])
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.accountId, account.id))
  ticketId = ticket!.id
})

const plan = async (body: object = {}) =>
  (await postReply(deps(), agent, ticketId, NewReply.parse({ text: 'Tell her it is on its way.', ...body }), undefined))
    .body.message
const ticket = async () => (await house.db.select().from(tickets).where(eq(tickets.id, ticketId)))[0]!
const open = async () => (await listTasks(deps(), agent, TaskQuery.parse({ ticket: ticketId }))).tasks
const only = async () => (await open())[0]!
const states = async () =>
  (await house.db.select().from(deliveries).where(eq(deliveries.ticketId, ticketId))).map(({ state }) => state)

describe('a reply on a surface that is answered by hand', () => {
  test('is a task that is due, and the customer waits on', async () => {
    const planned = await plan()
    expect(planned.deliveries).toMatchObject([{ state: 'queued', byHand: true }])
    expect(await ticket()).toMatchObject({ status: 'open', unansweredSince: expect.any(Date) })
    expect(await only()).toMatchObject({
      kind: 'reply',
      state: 'open',
      act: { zh: '回电' },
      text: 'Tell her it is on its way.',
      messageId: planned.id,
      assignee: { name: 'Lin' },
      createdBy: { name: 'Lin' },
      contact: { name: '王芳' },
    })
    const detail = await getTicket({ ...house, channels: new Map() }, agent, ticketId)
    expect(detail.tasks.map(({ messageId }) => messageId)).toEqual([planned.id])
    const told = await house.db
      .select()
      .from(events)
      .where(and(eq(events.ticketId, ticketId), eq(events.type, 'task')))
    expect(told).toHaveLength(1)
  })

  test('is never claimed by the sender, and never given up for its age', async () => {
    await plan()
    await house.sql`insert into account_leases values (${account.id}, 'node', 1, now() + interval '1 hour')`
    expect(await claimDue(house.db, { accountId: account.id, node: 'node', fence: 1 }, 10)).toEqual([])
    expect(await abandonOverdue(house.db, hooks)).toBe(0)
    expect(await states()).toEqual(['queued'])
  })

  test('with a time is due then, not scheduled', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString()
    await plan({ sendAt })
    expect((await only()).dueAt).toBe(sendAt)
    expect((await listTasks(deps(), agent, TaskQuery.parse({ ticket: ticketId, due: 'now' }))).tasks).toEqual([])
  })
})

describe('what was said', () => {
  test('becomes the reply, settles its delivery and answers the ticket, once', async () => {
    const planned = await plan()
    await house.ingest().submit(account, [message({ externalId: `more-${count}`, threadId: `+861380000${count}` })])
    const caller = await house.agent('Chen')
    await finishTask(deps(), caller, (await only()).id, 'She has it already.')
    const { messages } = await messagesPage(house.db, agent, ticketId, { limit: 50 })
    expect(messages.at(-1)).toMatchObject({
      id: planned.id,
      text: 'She has it already.',
      revisions: [{ text: 'Tell her it is on its way.' }],
      author: { name: 'Chen' },
      deliveries: [{ state: 'sent', byHand: true }],
    })
    expect(await ticket()).toMatchObject({ status: 'waiting_customer', unansweredSince: null })
    const [done] = (await listTasks(deps(), agent, TaskQuery.parse({ state: 'done', ticket: ticketId }))).tasks
    expect(done).toMatchObject({ state: 'done', result: 'She has it already.', doneBy: { name: 'Chen' } })
    await expect(finishTask(deps(), caller, done!.id, 'Again.')).rejects.toMatchObject({ code: 'task_not_open' })
    const acts = await house.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `task:${done!.id}`))
    expect(acts.map(({ action }) => action)).toEqual(['task.done'])
  })

  test('is taken once when two write it down at the same time', async () => {
    await plan()
    const { id } = await only()
    const both = await Promise.allSettled(['One.', 'Two.'].map((text) => finishTask(deps(), agent, id, text)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('without a plan is the same as an answer given elsewhere', async () => {
    const body = { text: 'Called her: all is well.' }
    await postAnswered({ ...deps(), nudge: () => {} }, agent, ticketId, body, undefined)
    expect(await ticket()).toMatchObject({ status: 'waiting_customer', unansweredSince: null })
  })
})

describe('a task', () => {
  test('that reached nobody is due again, and every try stays', async () => {
    await plan()
    const { id } = await only()
    const dueAt = new Date(Date.now() + 60_000).toISOString()
    await tryAgain(deps(), agent, id, { dueAt, note: 'Engaged' })
    await tryAgain(deps(), agent, id, { dueAt })
    expect(await only()).toMatchObject({ dueAt, tries: [{ name: 'Lin', note: 'Engaged' }, { note: null }] })
    expect(await ticket()).toMatchObject({ status: 'open' })
  })

  test('that is cancelled takes the reply back', async () => {
    await plan()
    await cancelTask(deps(), agent, (await only()).id)
    expect([await states(), await open()]).toEqual([['cancelled'], []])
    expect(await ticket()).toMatchObject({ status: 'open', unansweredSince: expect.any(Date) })
  })

  test('ends with the reply that is undone, and with the account', async () => {
    const planned = await plan()
    await house.db.transaction((tx) => undoReply(tx, planned.id))
    expect(await open()).toEqual([])
    await plan()
    await house.db.transaction((tx) => abandonQueued(tx, account.id, hooks))
    expect(await open()).toEqual([])
    const rows = await house.db.select().from(tasks).where(eq(tasks.ticketId, ticketId))
    expect(rows.map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  })

  test('is given to somebody else, who must see the brand', async () => {
    await plan()
    const { id } = await only()
    await changeTask(deps(), agent, id, { assignee: null })
    expect((await only()).assignee).toBeNull()
    const stranger = await house.agent('Stranger')
    await expect(changeTask(deps(), agent, id, { assignee: stranger.id })).rejects.toMatchObject({
      code: 'assignee_unknown',
    })
  })

  test('of another brand is not there', async () => {
    await plan()
    const { id } = await only()
    const stranger: Actor = { ...agent, brandIds: [] }
    await expect(finishTask(deps(), stranger, id, 'x')).rejects.toMatchObject({ status: 404 })
    expect(await listTasks(deps(), stranger, TaskQuery.parse({}))).toMatchObject({ tasks: [], due: 0 })
  })
})

test('the list goes on where its page ended, first due first', async () => {
  const hour = 3_600_000
  for (const hours of [3, 1, 2]) await plan({ sendAt: new Date(Date.now() + hours * hour).toISOString() })
  const page = (after?: string) =>
    listTasks(deps(), agent, TaskQuery.parse({ ticket: ticketId, limit: 2, ...(after ? { after } : {}) }))
  const first = await page()
  const second = await page(first.next!)
  const due = [...first.tasks, ...second.tasks].map(({ dueAt }) => dueAt)
  expect(due).toHaveLength(3)
  expect(due).toEqual(due.toSorted())
  expect(second.next).toBeNull()
})
