import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House, silent } from '../../test/helpers/house.ts'
import { complaint, member, ticketNow, told } from '../../test/helpers/people.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { audit, brands } from '../db/schema.ts'
import { changeTicket } from '../tickets/change.ts'
import { getTicket } from '../tickets/get.ts'
import { returnTicket } from '../tickets/lost-reply.ts'
import { messagesPage } from '../tickets/messages.ts'
import { NewDepartment, NewTask, TaskQuery } from '../wire.ts'
import { changeTask } from './change.ts'
import { openDepartmentTask, returnTask } from './department-task.ts'
import { addDepartment, changeDepartment, listDepartments } from './departments.ts'
import { cancelTask, finishTask, tryAgain } from './finish.ts'
import { listTasks } from './list.ts'

let house: House
let account: OpenAccount
let agent: Actor
let clerk: Actor
let boss: Actor
let storeId: string
let ticketId: string
const now = () => new Date()
const deps = () => ({ ...house, now, nudge: () => {}, hooks: { lostReply: returnTicket }, log: silent })
const soon = () => new Date(Date.now() + 3_600_000).toISOString()

beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await member(house, 'Lin')
  clerk = await member(house, 'Chen')
  boss = await member(house, 'Zhou', 'supervisor')
  const store = NewDepartment.parse({ zh: '一号店', en: 'Store one', memberIds: [clerk.id] })
  storeId = (await addDepartment(house.db, boss, store)).id
})
afterAll(() => house.close())
beforeEach(async () => {
  ticketId = (await complaint(house, account)).id
})

const ask = async (values: object = {}, key?: string) =>
  (
    await openDepartmentTask(
      deps(),
      agent,
      ticketId,
      NewTask.parse({ departmentId: storeId, text: '请检查是否有货', dueAt: soon(), ...values }),
      key,
    )
  ).body.id
const open = async (query: object = {}) =>
  (await listTasks(deps(), agent, TaskQuery.parse({ ticket: ticketId, ...query }))).tasks
const detail = () => getTicket({ ...house, channels: new Map() }, agent, ticketId)
const acts = async () => (await detail()).together.acts.map(({ kind }) => kind)

describe('a task for another department', () => {
  test('stands on its list and on the ticket, which waits for it', async () => {
    const id = await ask()
    expect(await open({ department: storeId })).toMatchObject([
      { id, kind: 'department', department: { zh: '一号店' }, state: 'open', assignee: null, act: null },
    ])
    expect((await detail()).tasks.map((task) => task.id)).toEqual([id])
    expect(await ticketNow(house, ticketId)).toMatchObject({
      status: 'waiting_other',
      unansweredSince: expect.any(Date),
    })
    expect(await acts()).toEqual(['task_opened'])
  })

  test('leaves the ticket’s status when asked to, but somebody works on it', async () => {
    await ask({ wait: false })
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'open' })
  })

  test('is one task when the same request comes twice', async () => {
    const body = { dueAt: soon() }
    expect(await ask(body, 'once')).toBe(await ask(body, 'once'))
    expect(await open()).toHaveLength(1)
  })

  test('is late once its time is over', async () => {
    await ask({ dueAt: new Date(Date.now() - 1_000).toISOString() })
    const { open: all, late } = (await listDepartments(house.db, agent, now())).find(({ id }) => id === storeId)!
    expect(late).toBeGreaterThan(0)
    expect(all).toBeGreaterThanOrEqual(late)
    expect(await open({ due: 'now' })).toHaveLength(1)
  })

  test('done brings its result into the ticket as a note, and tells the assignee', async () => {
    const before = (await told(house, agent)).length
    await changeTicket(deps(), agent, ticketId, { assignee: 'me' })
    const id = await ask()
    await changeTask(deps(), clerk, id, { assignee: 'me' })
    expect(await open()).toMatchObject([{ assignee: { name: 'Chen' } }])
    await finishTask(deps(), clerk, id, '有货，已为她留一台')
    const { messages } = await messagesPage(house.db, agent, ticketId, { limit: 10 })
    expect(messages.at(-1)).toMatchObject({
      direction: 'note',
      text: '有货，已为她留一台',
      author: { name: 'Chen' },
      deliveries: [],
    })
    expect(await open({ state: 'done' })).toMatchObject([
      { id, result: '有货，已为她留一台', doneBy: { name: 'Chen' } },
    ])
    // Not answered: the customer still waits for a person's word.
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'open', unansweredSince: expect.any(Date) })
    expect((await told(house, agent)).slice(before)).toEqual(['task_done'])
    expect(await acts()).toEqual(['task_opened', 'task_done'])
    await expect(finishTask(deps(), clerk, id, 'Again')).rejects.toMatchObject({ code: 'task_not_open' })
    const written = await house.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `task:${id}`))
      .orderBy(audit.id)
    expect(written.map(({ action }) => action)).toEqual(['task.opened', 'task.changed', 'task.done'])
  })

  test('returned says why, and its ticket comes back only with the last one', async () => {
    const [first, second] = [await ask(), await ask()]
    await returnTask(deps(), clerk, first, '本店没有备件')
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'waiting_other' })
    expect(await open({ state: 'returned' })).toMatchObject([{ id: first, result: '本店没有备件' }])
    await returnTask(deps(), clerk, second, '已停产')
    expect(await ticketNow(house, ticketId)).toMatchObject({ status: 'open' })
    // Nobody has the ticket: who asked is told.
    expect((await told(house, agent)).slice(-2)).toEqual(['task_returned', 'task_returned'])
  })

  test('ends once when two end it at the same time', async () => {
    const id = await ask()
    const both = await Promise.allSettled([finishTask(deps(), clerk, id, 'One'), returnTask(deps(), clerk, id, 'Two')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { messages } = await messagesPage(house.db, agent, ticketId, { limit: 10 })
    expect(messages.filter(({ direction }) => direction === 'note')).toHaveLength(1)
  })

  test('is for its members and for supervisors; of one without members everybody is', async () => {
    const id = await ask()
    await expect(finishTask(deps(), agent, id, 'Mine')).rejects.toMatchObject({ status: 403, code: 'not_a_member' })
    await expect(returnTask(deps(), agent, id, 'No')).rejects.toMatchObject({ code: 'not_a_member' })
    await expect(changeTask(deps(), agent, id, { assignee: 'me' })).rejects.toMatchObject({ code: 'not_a_member' })
    await finishTask(deps(), boss, id, 'Done')
    const shipped = (await listDepartments(house.db, agent, now())).find(({ en }) => en === 'Logistics')!
    await finishTask(deps(), agent, await ask({ departmentId: shipped.id }), 'Found')
  })

  test('is taken back by who asked, not by who was asked, and never “tried again”', async () => {
    const id = await ask()
    await expect(cancelTask(deps(), clerk, id)).rejects.toMatchObject({ status: 403 })
    await expect(tryAgain(deps(), clerk, id, { dueAt: soon() })).rejects.toMatchObject({ code: 'task_kind' })
    await cancelTask(deps(), agent, id)
    expect(await open()).toEqual([])
    expect(await open({ state: 'cancelled' })).toHaveLength(1)
  })

  test('of another brand is not there, nor can its department be asked', async () => {
    const id = await ask()
    const stranger: Actor = { ...clerk, brandIds: [] }
    await expect(finishTask(deps(), stranger, id, 'x')).rejects.toMatchObject({ status: 404 })
    const other = newId()
    await house.db.insert(brands).values({ id: other, name: 'Other' })
    const theirs = await addDepartment(
      house.db,
      boss,
      NewDepartment.parse({ zh: '他店', en: 'Theirs', brandId: other }),
    )
    await expect(ask({ departmentId: theirs.id })).rejects.toMatchObject({ code: 'unknown_department' })
    expect((await listDepartments(house.db, agent, now())).map((one) => one.id)).not.toContain(theirs.id)
  })
})

describe('a department', () => {
  test('is there from the first day: technical support, a store, logistics', async () => {
    const names = (await listDepartments(house.db, agent, now())).map(({ en }) => en)
    expect(names).toEqual(expect.arrayContaining(['Technical support', 'Store', 'Logistics']))
  })

  test('that is archived takes no new tasks; those it has go on', async () => {
    const made = await addDepartment(house.db, boss, NewDepartment.parse({ zh: '旧部门', en: 'Old' }))
    const id = await ask({ departmentId: made.id })
    await changeDepartment(house.db, boss, made.id, { archived: true, zh: '已撤部门' }, now())
    await expect(ask({ departmentId: made.id })).rejects.toMatchObject({ code: 'unknown_department' })
    await finishTask(deps(), agent, id, 'Still done')
    const [done] = await open({ state: 'done' })
    expect(done).toMatchObject({ department: { zh: '已撤部门' } })
  })

  test('has members who exist', async () => {
    const wanted = NewDepartment.parse({ zh: '无', en: 'None', memberIds: ['nobody'] })
    await expect(addDepartment(house.db, boss, wanted)).rejects.toMatchObject({ code: 'unknown_user' })
    const rows = await house.db
      .select()
      .from(audit)
      .where(and(eq(audit.action, 'department.added')))
      .orderBy(audit.id)
    expect(rows.every(({ detail }) => !JSON.stringify(detail).includes('nobody'))).toBe(true)
  })
})
