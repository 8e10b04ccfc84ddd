import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createHouse, type House } from '../../test/helpers/house.ts'
import { complaint, member, told } from '../../test/helpers/people.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import { audit, teamMembers, teams } from '../db/schema.ts'
import { getTicket } from '../tickets/get.ts'
import { listTickets } from '../tickets/list.ts'
import { NewEscalation, TicketQuery } from '../wire.ts'
import { endEscalation, escalate } from './escalation.ts'

let house: House
let account: OpenAccount
let agent: Actor
let boss: Actor
let other: Actor
let ticketId: string
const now = () => new Date()
const deps = () => ({ db: house.db, now })
const detail = async () => (await getTicket({ ...house, channels: new Map() }, agent, ticketId)).together
const listed = async (actor: Actor, escalated: 'any' | 'me') =>
  (await listTickets(house.db, actor, TicketQuery.parse({ escalated }), now())).tickets.map(({ id }) => id)

beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await member(house, 'Lin')
  boss = await member(house, 'Zhou', 'supervisor')
  other = await member(house, 'Qian', 'supervisor')
})
afterAll(() => house.close())
beforeEach(async () => {
  ticketId = (await complaint(house, account)).id
})

test('a ticket is put before a supervisor with its reason: on the ticket, in their list, in the audit', async () => {
  await escalate(deps(), agent, ticketId, { to: boss.id, team: null, reason: '客户威胁曝光' })
  expect(await detail()).toMatchObject({
    escalation: { to: { name: 'Zhou' }, reason: '客户威胁曝光', by: { name: 'Lin' }, state: 'open' },
    acts: [{ kind: 'escalated', by: { name: 'Lin' }, detail: { to: 'Zhou', reason: '客户威胁曝光' } }],
  })
  expect(await listed(boss, 'me')).toContain(ticketId)
  expect(await listed(other, 'me')).not.toContain(ticketId)
  expect(await listed(other, 'any')).toContain(ticketId)
  const { tickets } = await listTickets(house.db, agent, TicketQuery.parse({ escalated: 'any' }), now())
  expect(tickets.find(({ id }) => id === ticketId)).toMatchObject({ escalated: true })
  expect((await told(house, boss)).at(-1)).toBe('escalated')
  const acts = await house.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `ticket:${ticketId}`))
    .orderBy(audit.id)
  expect(acts.map(({ action }) => action)).toEqual(['ticket.escalated'])
})

test('to nobody by name it goes to every supervisor of the brand', async () => {
  const before = [(await told(house, boss)).length, (await told(house, other)).length]
  await escalate(deps(), agent, ticketId, { to: null, team: null, reason: '超出权限' })
  expect([(await told(house, boss)).length, (await told(house, other)).length]).toEqual(before.map((n) => n + 1))
  expect(await listed(other, 'me')).toContain(ticketId)
})

test('it is open once, also when two ask at the same time', async () => {
  const both = await Promise.allSettled(
    [1, 2].map((n) => escalate(deps(), agent, ticketId, { to: null, team: null, reason: `${n}` })),
  )
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(escalate(deps(), agent, ticketId, { to: null, team: null, reason: '3' })).rejects.toMatchObject({
    code: 'already_escalated',
  })
})

test('a supervisor answers it, who escalated hears of it, and it can be escalated again', async () => {
  await escalate(deps(), agent, ticketId, { to: null, team: null, reason: 'Refund?' })
  await expect(endEscalation(deps(), agent, ticketId, { answer: 'Yes' })).rejects.toMatchObject({ status: 403 })
  await endEscalation(deps(), boss, ticketId, { answer: '同意退款' })
  expect(await detail()).toMatchObject({ escalation: null })
  expect((await detail()).acts.at(-1)).toMatchObject({ kind: 'escalation_answered', detail: { answer: '同意退款' } })
  expect((await told(house, agent)).at(-1)).toBe('escalation_answered')
  expect(await listed(boss, 'any')).not.toContain(ticketId)
  await expect(endEscalation(deps(), boss, ticketId, {})).rejects.toMatchObject({ code: 'not_escalated' })
  await escalate(deps(), agent, ticketId, { to: null, team: null, reason: 'Once more' })
})

test('who escalated takes it back, a colleague does not', async () => {
  await escalate(deps(), agent, ticketId, { to: null, team: null, reason: 'By mistake' })
  const colleague = await member(house, 'Wu')
  await expect(endEscalation(deps(), colleague, ticketId, {})).rejects.toMatchObject({ status: 403 })
  await endEscalation(deps(), agent, ticketId, {})
  expect((await detail()).acts.map(({ kind }) => kind)).toEqual(['escalated', 'escalation_ended'])
})

test('only to somebody who decides for this brand, and only by who sees it', async () => {
  const colleague = await member(house, 'Sun')
  for (const to of [colleague.id, 'nobody']) {
    await expect(escalate(deps(), agent, ticketId, { to, team: null, reason: 'x' })).rejects.toMatchObject({
      code: 'not_a_supervisor',
    })
  }
  const stranger: Actor = { ...agent, brandIds: [] }
  await expect(escalate(deps(), stranger, ticketId, { to: null, team: null, reason: 'x' })).rejects.toMatchObject({
    status: 404,
  })
})

test('a team: its members are told, have it in their list and answer it; a team of nobody leaves it to supervisors', async () => {
  const [member1, outsider] = [await member(house, 'He'), await member(house, 'Gu')]
  const team = { id: newId(), name: '法务' }
  await house.db.insert(teams).values([team, { id: newId(), name: 'Other', brandIds: [newId()] }])
  await house.db.insert(teamMembers).values({ teamId: team.id, userId: member1.id })
  await escalate(deps(), agent, ticketId, { to: null, team: team.id, reason: '收到律师函' })
  expect(await detail()).toMatchObject({
    escalation: { to: null, team: { name: '法务', mine: false } },
    acts: [{ kind: 'escalated', detail: { to: '法务' } }],
  })
  expect(await told(house, member1)).toEqual(['escalated'])
  expect(await told(house, outsider)).toEqual([])
  expect(await listed(member1, 'me')).toContain(ticketId)
  expect(await listed(outsider, 'me')).not.toContain(ticketId)
  expect(await listed(other, 'me')).not.toContain(ticketId)
  await expect(endEscalation(deps(), outsider, ticketId, { answer: 'x' })).rejects.toMatchObject({ status: 403 })
  await endEscalation(deps(), member1, ticketId, { answer: '已回函' })
  expect(await detail()).toMatchObject({ escalation: null })

  await house.db.delete(teamMembers)
  const before = (await told(house, boss)).length
  await escalate(deps(), agent, ticketId, { to: null, team: team.id, reason: '又来了' })
  expect(await told(house, boss)).toHaveLength(before + 1)
  // A team that is gone: it is any supervisor's.
  await house.db.delete(teams).where(eq(teams.id, team.id))
  expect(await listed(other, 'me')).toContain(ticketId)
})

test('not to a team that takes no tickets of this brand, nor to both', async () => {
  const team = { id: newId(), name: 'Elsewhere', brandIds: [newId()] }
  await house.db.insert(teams).values(team)
  for (const id of [team.id, newId()]) {
    await expect(escalate(deps(), agent, ticketId, { to: null, team: id, reason: 'x' })).rejects.toMatchObject({
      code: 'team_unknown',
    })
  }
  expect(NewEscalation.safeParse({ to: boss.id, team: team.id, reason: 'x' }).success).toBe(false)
})
