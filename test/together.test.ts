/** Working together over HTTP: who may ask, what is refused, and that the answers are what the API promises. */
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ApprovalPage,
  Conduct,
  Department,
  FreshNotices,
  NamedStatus,
  NoticePage,
  Problem,
  Remedy,
  RemedyPage,
  ResultPage,
  Task,
  TicketDetail,
  TicketResult,
} from '../src/wire.ts'
import { openTestApp, type Person, type TestApp } from './helpers/app.ts'
import { type Conversation, createRows } from './helpers/rows.ts'

let house: TestApp
let ours: Conversation
let theirs: Conversation
let agent: Person
let boss: Person
let administrator: Person

beforeAll(async () => {
  house = await openTestApp()
  const rows = createRows(house.database.db)
  ours = await rows.conversation()
  theirs = await rows.conversation()
  for (const talk of [ours, theirs]) await rows.message(talk, { text: '电池鼓包' })
  agent = await house.person('agent', [ours.brand.id])
  boss = await house.person('supervisor', [ours.brand.id])
  administrator = await house.person('administrator')
})
afterAll(() => house.close())

type Method = NonNullable<InjectOptions['method']>
const ask = (who: Person, method: Method, url: string, payload?: object, headers: object = {}) =>
  house.app.inject({ method, url, headers: { ...who.headers, ...headers }, ...(payload ? { payload } : {}) })
const at = (talk: Conversation, rest = '') => `/api/tickets/${talk.ticket.id}${rest}`
const refusedAs = (answer: Awaited<ReturnType<typeof ask>>) => [answer.statusCode, Problem.parse(answer.json()).code]

test('a department is the administrators’; its tasks go from the ticket and back', async () => {
  const wanted = { zh: '检测中心', en: 'Test centre', memberIds: [boss.id] }
  expect(refusedAs(await ask(boss, 'POST', '/api/departments', wanted))).toEqual([403, 'forbidden'])
  const department = Department.parse((await ask(administrator, 'POST', '/api/departments', wanted)).json())
  const { departments } = (await ask(agent, 'GET', '/api/departments')).json()
  expect(departments.map(Department.parse).map(({ en }: Department) => en)).toContain('Test centre')
  const body = { departmentId: department.id, text: '请检测', dueAt: '2026-12-01T00:00:00.000Z' }
  const key = { 'idempotency-key': 'once' }
  const first = await ask(agent, 'POST', at(ours, '/tasks'), body, key)
  expect(first.statusCode).toBe(201)
  const task = Task.parse(first.json().task)
  expect((await ask(agent, 'POST', at(ours, '/tasks'), body, key)).json().task.id).toBe(task.id)
  expect(refusedAs(await ask(agent, 'POST', at(theirs, '/tasks'), body))).toEqual([404, 'not_found'])
  expect(refusedAs(await ask(agent, 'POST', `/api/tasks/${task.id}/return`, { reason: 'x' }))).toEqual([
    403,
    'not_a_member',
  ])
  const back = await ask(boss, 'POST', `/api/tasks/${task.id}/return`, { reason: '没有配件' })
  expect(Task.parse(back.json().task)).toMatchObject({ state: 'returned', result: '没有配件' })
  expect(NoticePage.parse((await ask(agent, 'GET', '/api/notices')).json())).toMatchObject({
    unread: 1,
    notices: [{ kind: 'task_returned', by: 'supervisor', read: false }],
  })
})

test('notices are one’s own: nobody else reads them', async () => {
  const { notices } = NoticePage.parse((await ask(agent, 'GET', '/api/notices')).json())
  const read = { ids: notices.map(({ id }) => id) }
  expect((await ask(boss, 'POST', '/api/notices/read', read)).statusCode).toBe(204)
  expect((await ask(agent, 'GET', '/api/notices')).json().unread).toBe(1)
  await ask(agent, 'POST', '/api/notices/read', read)
  expect((await ask(agent, 'GET', '/api/notices')).json().unread).toBe(0)
  const fresh = FreshNotices.parse((await ask(agent, 'GET', '/api/notices/fresh?kinds=kept')).json())
  expect(fresh.notices).toEqual([])
})

test('how a brand works is the administrators’ to say, of brands one sees', async () => {
  const conduct = `/api/brands/${ours.brand.id}/conduct`
  expect(refusedAs(await ask(boss, 'PATCH', conduct, { approvePublic: true }))).toEqual([403, 'forbidden'])
  expect(Conduct.parse((await ask(administrator, 'PATCH', conduct, { resultNeeded: true })).json())).toMatchObject({
    resultNeeded: true,
    approvePublic: false,
  })
  const foreign = `/api/brands/${theirs.brand.id}/conduct`
  expect(refusedAs(await ask(agent, 'GET', foreign))).toEqual([404, 'not_found'])
  expect(refusedAs(await ask(agent, 'PATCH', at(ours), { status: 'resolved' }))).toEqual([422, 'result_needed'])
  const result = await ask(agent, 'POST', at(ours, '/results'), { outcome: 'upheld', reason: '确有质量问题' })
  expect(TicketResult.parse(result.json())).toMatchObject({ outcome: 'upheld' })
  expect((await ask(agent, 'PATCH', at(ours), { status: 'resolved' })).statusCode).toBe(200)
})

test('remedies go in, are changed and are exported; nothing of another brand', async () => {
  const money = { minor: 9_900, currency: 'CNY' }
  const added = Remedy.parse((await ask(agent, 'POST', at(ours, '/remedies'), { kind: 'refund', money })).json())
  expect(refusedAs(await ask(agent, 'POST', at(theirs, '/remedies'), { kind: 'refund' }))).toEqual([404, 'not_found'])
  const wrong = { kind: 'refund', money: { minor: 0.1, currency: 'CNY' } }
  expect(refusedAs(await ask(agent, 'POST', at(ours, '/remedies'), wrong))).toEqual([400, 'invalid_request'])
  const patch = { version: added.version, state: 'carried_out' }
  expect((await ask(agent, 'PATCH', `/api/remedies/${added.id}`, patch)).statusCode).toBe(200)
  expect(refusedAs(await ask(agent, 'PATCH', `/api/remedies/${added.id}`, patch))).toEqual([409, 'version_conflict'])
  const { remedies } = RemedyPage.parse((await ask(agent, 'GET', '/api/remedies')).json())
  expect(remedies).toMatchObject([{ id: added.id, state: 'carried_out', money }])
  expect(ResultPage.parse((await ask(agent, 'GET', '/api/results?limit=1')).json()).results).toHaveLength(1)
})

test('approving is the supervisors’; escalating anybody’s, answering theirs', async () => {
  const id = ours.ticket.id
  expect(refusedAs(await ask(agent, 'POST', `/api/approvals/${id}/approve`, {}))).toEqual([403, 'forbidden'])
  expect(refusedAs(await ask(boss, 'POST', `/api/approvals/${id}/approve`, {}))).toEqual([404, 'not_found'])
  expect(refusedAs(await ask(agent, 'POST', `/api/approvals/${id}/withdraw`))).toEqual([404, 'not_found'])
  expect(ApprovalPage.parse((await ask(agent, 'GET', '/api/approvals')).json())).toMatchObject({ waiting: 0 })
  expect((await ask(agent, 'POST', at(ours, '/escalation'), { reason: '超出权限' })).statusCode).toBe(204)
  expect(refusedAs(await ask(agent, 'POST', at(ours, '/escalation/end'), { answer: 'Yes' }))).toEqual([
    403,
    'forbidden',
  ])
  expect((await ask(boss, 'POST', at(ours, '/escalation/end'), { answer: 'Yes' })).statusCode).toBe(204)
  const detail = TicketDetail.parse((await ask(agent, 'GET', at(ours))).json())
  expect(detail.together.acts.map(({ kind }) => kind)).toEqual([
    'task_opened',
    'task_returned',
    'result_set',
    'remedy_added',
    'remedy_changed',
    'escalated',
    'escalation_answered',
  ])
})

test('named statuses are the administrators’ to make, and everybody’s to choose', async () => {
  const wanted = { status: 'waiting_other', zh: '等配件', en: 'Waiting for parts', color: 'amber' }
  expect(refusedAs(await ask(boss, 'POST', '/api/named-statuses', wanted))).toEqual([403, 'forbidden'])
  const named = NamedStatus.parse((await ask(administrator, 'POST', '/api/named-statuses', wanted)).json())
  expect((await ask(agent, 'PATCH', at(ours), { named: named.id })).json()).toMatchObject({
    named: named.id,
    status: 'waiting_other',
  })
  const found = await ask(agent, 'GET', `/api/tickets?named=${named.id}`)
  expect(found.json().tickets).toHaveLength(1)
  const bad = { ...wanted, color: '#ff0000' }
  expect(refusedAs(await ask(administrator, 'POST', '/api/named-statuses', bad))).toEqual([400, 'invalid_request'])
})
