import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { patience } from '../../test/helpers/patience.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import { dueRunner } from '../../test/helpers/run-due.ts'
import { agents, audit, brands, tickets } from '../db/schema.ts'
import type { Agent, NewTeam, Team } from '../wire.ts'
import { seen } from './agents.ts'

let house: TestApp
let rows: Rows
let runDue: ReturnType<typeof dueRunner>
let [ada, bo, supervisor, administrator, stranger]: Person[] = []
let brand: typeof brands.$inferSelect
const kinds = ['tickets_moved', 'assign', 'give_back']
const minute = 60_000

beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  runDue = dueRunner(house)
  ada = await house.person('agent')
  bo = await house.person('agent')
  supervisor = await house.person('supervisor')
  administrator = await house.person('administrator', [])
  stranger = await house.person('agent', [await house.addBrand('Other')])
  brand = (await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId)))[0]!
}, 60_000 * patience)
afterAll(() => house.close())
beforeEach(async () => {
  const { sql } = house.database
  house.clock.now = new Date()
  await sql`delete from teams`
  await sql`truncate agents, notices`
  await sql`update tickets set status = 'closed', assignee_id = null`
  await sql`update auth_user set banned = false`
  await sql`truncate due_work`
})

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'
async function call(who: Person | undefined, method: Method, url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  if (answer.statusCode >= 400) throw new Error(answer.body)
  return answer.body === '' ? null : answer.json()
}
const is = (who: Person | undefined, state: Agent['state']) => call(who, 'PUT', '/api/me/state', { state })
const can = (who: Person | undefined, put: object) =>
  call(supervisor, 'PUT', `/api/agents/${who!.id}`, { languages: [], channels: null, capacity: null, ...put })
const ourTeam = (more: Partial<NewTeam> = {}): Promise<Team> =>
  call(administrator, 'POST', '/api/teams', {
    name: '一组',
    autoAssign: true,
    takesNew: true,
    memberIds: [ada!.id, bo!.id],
    ...more,
  })
const comes = (values: { text?: string; channel?: string; ticket?: object } = {}): Promise<Conversation> =>
  rows
    .conversation({
      brand,
      account: values.channel ? { channel: values.channel } : {},
      ticket: { unansweredSince: house.clock.now, ...values.ticket },
    })
    .then(async (talk) => {
      await rows.message(talk, { text: values.text ?? '手机坏了' })
      return talk
    })
async function holderOf(talk: Conversation): Promise<string | null> {
  const [row] = await house.deps.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id))
  return row?.assigneeId ?? null
}
const holders = (...talks: Conversation[]) => Promise.all(talks.map(holderOf))
const change = (talk: Conversation, patch: object) =>
  call(administrator, 'PATCH', `/api/tickets/${talk.ticket.id}`, patch)

describe('a ticket that comes', () => {
  test('goes to whoever of the team is here and has the fewest', async () => {
    const team = await ourTeam()
    await is(ada, 'online')
    await is(bo, 'online')
    const talks = [await comes(), await comes(), await comes(), await comes()]
    await runDue(...kinds)
    const given = await holders(...talks)
    expect(given.filter((id) => id === ada!.id)).toHaveLength(2)
    expect(given.filter((id) => id === bo!.id)).toHaveLength(2)
    const [row] = await house.deps.db.select().from(tickets).where(eq(tickets.id, talks[0]!.ticket.id))
    expect(row?.teamId).toBe(team.id)
    const notices = await call(ada, 'GET', '/api/notices')
    expect(notices).toMatchObject({ unread: 2, notices: [{ kind: 'assigned', clock: null }, {}] })
    const acts = await house.deps.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `ticket:${talks[0]!.ticket.id}`))
    expect(acts.map(({ actor }) => actor)).toEqual(['system'])
  })

  test('waits while everybody is busy, away, or never came; and is given when one comes', async () => {
    await ourTeam()
    await is(ada, 'busy')
    const talk = await comes()
    await runDue(...kinds)
    expect(await holderOf(talk)).toBeNull()
    await is(ada, 'online')
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(ada!.id)
  })

  test('is given to nobody whose desk has been closed for minutes, until it opens', async () => {
    await ourTeam()
    await is(ada, 'online')
    house.clock.now = new Date(house.clock.now.getTime() + 6 * minute)
    const talk = await comes()
    await runDue(...kinds)
    expect(await holderOf(talk)).toBeNull()
    expect(await seen(house.deps.db, [ada!.id], house.clock.now)).toBe(true)
    expect(await seen(house.deps.db, [ada!.id], house.clock.now)).toBe(false)
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(ada!.id)
  })

  test('is taken once, by two nodes and a person at the same moment', async () => {
    await ourTeam()
    await is(ada, 'online')
    await is(bo, 'online')
    const talks = await Promise.all(Array.from({ length: 6 }, () => comes()))
    await runDue('tickets_moved')
    await Promise.all([
      runDue(...kinds),
      runDue(...kinds),
      ...talks.map((talk) => change(talk, { assignee: supervisor!.id, team: null })),
    ])
    const given = await holders(...talks)
    expect(given).not.toContain(null)
    for (const talk of talks) {
      const acts = await house.deps.db
        .select()
        .from(audit)
        .where(eq(audit.subject, `ticket:${talk.ticket.id}`))
      // By hand is by hand: nothing given by itself comes after it.
      expect(acts.at(-1)?.actor).toBe(administrator!.id)
    }
    expect(new Set(given)).toEqual(new Set([supervisor!.id]))
  })

  test('is left alone by a team that does not give out, and by one that takes only its own', async () => {
    await ourTeam({ autoAssign: false })
    const own = await ourTeam({ name: '二组', takesNew: false })
    await is(ada, 'online')
    const [talk, ours] = [await comes(), await comes()]
    await change(ours, { team: own.id })
    await runDue(...kinds)
    expect(await holders(talk, ours)).toEqual([null, ada!.id])
  })
})

describe('who fits', () => {
  test('speaks the customer’s language, works on the channel, and sees the brand', async () => {
    await ourTeam({ memberIds: [ada!.id, bo!.id, stranger!.id], brandIds: null })
    for (const who of [ada, bo, stranger]) await is(who, 'online')
    await can(ada, { languages: ['zh'] })
    await can(bo, { languages: ['en'], channels: ['weibo'] })
    const english = 'The phone is broken and I want my money back'
    const [chinese, other, there] = [
      await comes(),
      await comes({ text: english }),
      await comes({ text: english, channel: 'weibo' }),
    ]
    await runDue(...kinds)
    expect(await holders(chinese, other, there)).toEqual([ada!.id, null, bo!.id])
  })

  test('has room: no more than their capacity, also when two teams give at once', async () => {
    await ourTeam({ takesNew: true })
    const second = await ourTeam({ name: '二组', takesNew: false })
    await is(ada, 'online')
    await can(ada, { capacity: 3 })
    const talks = await Promise.all(Array.from({ length: 4 }, () => comes()))
    const others = await Promise.all(Array.from({ length: 4 }, () => comes({ ticket: { teamId: second.id } })))
    await runDue('tickets_moved')
    await Promise.all([runDue('assign'), runDue('assign')])
    const given = await holders(...talks, ...others)
    expect(given.filter((id) => id === ada!.id)).toHaveLength(3)
  })
})

describe('the queue drains', () => {
  test('when one is answered or finished, most urgent first', async () => {
    await ourTeam({ memberIds: [ada!.id] })
    await is(ada, 'online')
    await can(ada, { capacity: 1 })
    const first = await comes()
    await runDue(...kinds)
    const [calm, urgent] = [await comes(), await comes({ ticket: { priority: 'urgent' } })]
    await runDue(...kinds)
    expect(await holders(first, calm, urgent)).toEqual([ada!.id, null, null])
    await change(first, { status: 'waiting_customer' })
    await runDue(...kinds)
    expect(await holders(calm, urgent)).toEqual([null, ada!.id])
    await change(urgent, { status: 'resolved' })
    await runDue(...kinds)
    expect(await holderOf(calm)).toBe(ada!.id)
  })

  test('when they can take more', async () => {
    await ourTeam({ memberIds: [ada!.id] })
    await is(ada, 'online')
    await can(ada, { capacity: 0 })
    const talk = await comes()
    await runDue(...kinds)
    expect(await holderOf(talk)).toBeNull()
    await can(ada, { capacity: 1 })
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(ada!.id)
  })
})

describe('somebody is not there any more', () => {
  test('disabled: what they have goes to a colleague', async () => {
    // Who is disabled is signed out, for good.
    const leaver = await house.person('agent')
    await ourTeam({ memberIds: [leaver.id, bo!.id] })
    await is(leaver, 'online')
    const talk = await comes()
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(leaver.id)
    await is(bo, 'online')
    await call(administrator, 'PATCH', `/api/users/${leaver.id}`, { disabled: true })
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(bo!.id)
    const told = (await call(bo, 'GET', '/api/notices')).notices as { kind: string }[]
    expect(told.map(({ kind }) => kind).sort()).toEqual(['assigned', 'given_back'])
  })

  test('out of the team: what is of it', async () => {
    const team = await ourTeam()
    await is(ada, 'online')
    const [talk, own] = [await comes(), await comes({ ticket: { assigneeId: ada!.id } })]
    await runDue(...kinds)
    await is(bo, 'online')
    const { id: _, members: __, mine: ___, ...body } = team
    await call(administrator, 'PUT', `/api/teams/${team.id}`, { ...body, memberIds: [bo!.id] })
    await runDue(...kinds)
    expect(await holders(talk, own)).toEqual([bo!.id, ada!.id])
  })

  test('away for long: what a customer waits for, where the team says so', async () => {
    await ourTeam({ returnAfterMs: 10 * minute })
    await is(ada, 'online')
    const [waits, answered] = [await comes(), await comes()]
    await runDue(...kinds)
    await change(answered, { status: 'waiting_customer' })
    await house.database.sql`update tickets set unanswered_since = null where id = ${answered.ticket.id}`
    await is(ada, 'away')
    await is(bo, 'online')
    const start = house.clock.now.getTime()
    house.clock.now = new Date(start + 9 * minute)
    await runDue(...kinds)
    expect(await holderOf(waits)).toBe(ada!.id)
    house.clock.now = new Date(start + 11 * minute)
    await is(bo, 'online')
    await runDue(...kinds)
    expect(await holders(waits, answered)).toEqual([bo!.id, ada!.id])
  })

  test('back in time, they keep it', async () => {
    await ourTeam({ returnAfterMs: 10 * minute })
    await is(ada, 'online')
    const talk = await comes()
    await runDue(...kinds)
    await is(ada, 'away')
    const start = house.clock.now.getTime()
    house.clock.now = new Date(start + 9 * minute)
    await is(ada, 'online')
    await is(bo, 'online')
    house.clock.now = new Date(start + 11 * minute)
    await runDue(...kinds)
    expect(await holderOf(talk)).toBe(ada!.id)
  })
})

describe('colleagues see', () => {
  test('who is here, and how much they have', async () => {
    await ourTeam()
    await is(ada, 'online')
    await can(ada, { languages: ['zh', 'en'], capacity: 5 })
    await comes({ ticket: { assigneeId: ada!.id } })
    const list = (await call(bo, 'GET', '/api/agents')).agents as Agent[]
    expect(list.find(({ id }) => id === ada!.id)).toMatchObject({
      state: 'online',
      languages: ['en', 'zh'],
      capacity: 5,
      open: 1,
    })
    expect(list.find(({ id }) => id === bo!.id)).toMatchObject({ state: 'away', capacity: null })
    expect(list.some(({ id }) => id === stranger!.id)).toBe(false)
    expect(await house.deps.db.$count(agents)).toBe(1)
  })

  test('what a colleague can take is said by supervisors, of those they know', async () => {
    const put = { languages: [], channels: null, capacity: 1 }
    const ask = (who: Person | undefined, id: string) =>
      house.app.inject({ method: 'PUT', url: `/api/agents/${id}`, headers: who!.headers, payload: put })
    expect((await ask(ada, bo!.id)).statusCode).toBe(403)
    expect((await ask(supervisor, stranger!.id)).statusCode).toBe(404)
  })
})
