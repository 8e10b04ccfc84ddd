import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { patience } from '../../test/helpers/patience.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import { dueRunner } from '../../test/helpers/run-due.ts'
import { newId } from '../db/id.ts'
import { audit, brands, clocks, dueWork, tickets } from '../db/schema.ts'
import type { Clock, NewPolicy, NoticePage, Policy, Ticket, TicketDetail } from '../wire.ts'
import { refreshClocks } from './refresh.ts'
import { loadRules } from './rules.ts'
import { shipPromises } from './ship.ts'

let house: TestApp
let rows: Rows
let runDue: ReturnType<typeof dueRunner>
let [agent, mate, supervisor, administrator]: Person[] = []
const hourMs = 3_600_000
const monday = new Date('2026-11-23T02:00:00Z')
const kinds = ['tickets_moved', 'clock', 'clocks_anew']

beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  runDue = dueRunner(house)
  agent = await house.person('agent')
  mate = await house.person('agent')
  supervisor = await house.person('supervisor')
  administrator = await house.person('administrator', [])
}, 60_000 * patience)
afterAll(() => house.close())
beforeEach(async () => {
  house.clock.now = monday
  const { sql } = house.database
  await sql`truncate clocks, ticket_changes, notices, holding_replies, due_work, policies, calendars cascade`
  await sql`update tickets set status = 'closed', unanswered_since = null`
  await sql`truncate due_work`
  await sql`delete from teams`
  await sql`delete from installation where key = 'promises_shipped'`
  await shipPromises(house.deps.db)
})

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function call(who: Person | undefined, method: Method, url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  if (answer.statusCode >= 500) throw new Error(answer.body)
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const at = (hours: number) => new Date(monday.getTime() + hours * hourMs)
const go = async (hours: number) => {
  house.clock.now = at(hours)
  await runDue(...kinds)
}
async function cry(hours = 0, values: { channel?: string } = {}): Promise<Conversation> {
  const [brand] = await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId))
  const talk = await rows.conversation({
    brand: brand!,
    account: values.channel ? { channel: values.channel } : {},
    ticket: { unansweredSince: at(hours), lastMessageAt: at(hours), createdAt: at(hours) },
  })
  await rows.message(talk, { sentAt: at(hours), receivedAt: at(hours), orderedAt: at(hours) })
  await runDue(...kinds)
  return talk
}
/** As ingest does: the message, and what it does to the ticket. */
async function says(talk: Conversation, hours: number, heard = hours): Promise<void> {
  await rows.message(talk, { sentAt: at(hours), receivedAt: at(heard), orderedAt: at(hours) })
  await house.database.sql`
    update tickets set status = 'open', resolved_at = null, snoozed_until = null, version = version + 1,
      unanswered_since = least(coalesce(unanswered_since, ${at(hours).toISOString()}), ${at(hours).toISOString()}),
      last_message_at = greatest(last_message_at, ${at(hours).toISOString()})
    where id = ${talk.ticket.id}`
  await runDue(...kinds)
}
const answers = async (talk: Conversation, hours: number) => {
  house.clock.now = at(hours)
  const answer = await call(agent, 'POST', `/api/tickets/${talk.ticket.id}/answered`, { text: '已在处理' })
  expect(answer.status).toBe(201)
  await runDue(...kinds)
  return answer.body.message.id as string
}
const change = async (who: Person | undefined, talk: Conversation, patch: object) => {
  const answer = await call(who, 'PATCH', `/api/tickets/${talk.ticket.id}`, patch)
  expect(answer.status).toBe(200)
  await runDue(...kinds)
}
const detail = async (talk: Conversation): Promise<TicketDetail> =>
  (await call(agent, 'GET', `/api/tickets/${talk.ticket.id}`)).body
const clockOf = async (talk: Conversation, kind: Clock['kind']) =>
  (await detail(talk)).clocks.find((clock) => clock.kind === kind)
const hoursOf = (time: string | null | undefined) => (time ? (Date.parse(time) - monday.getTime()) / hourMs : null)
const due = async (talk: Conversation, kind: Clock['kind']) => hoursOf((await clockOf(talk, kind))?.dueAt)
const noticesOf = async (who: Person | undefined): Promise<NoticePage> => (await call(who, 'GET', '/api/notices')).body
const heard = async (who: Person | undefined) =>
  (await noticesOf(who)).notices.map(({ kind, clock }) => `${kind} ${clock}`).sort()
async function shipped(): Promise<Policy> {
  return (await call(administrator, 'GET', '/api/policies')).body.policies[0]
}
async function rule(more: Partial<NewPolicy>): Promise<Policy> {
  const { id, ...policy } = await shipped()
  const answer = await call(administrator, 'PUT', `/api/policies/${id}`, { ...policy, ...more })
  expect(answer).toMatchObject({ status: 200 })
  await runDue(...kinds)
  return answer.body
}
const hours = (count: number, working = false) => ({ ms: count * hourMs, working })

describe('what is promised from the first start', () => {
  test('an answer in 24 hours and one of substance in 48, from the customer’s first message', async () => {
    const talk = await cry(-3)
    expect((await detail(talk)).clocks).toMatchObject([
      {
        kind: 'first_answer',
        state: 'running',
        startedAt: at(-3).toISOString(),
        dueAt: at(21).toISOString(),
        calendar: null,
      },
      { kind: 'substance', state: 'running', dueAt: at(45).toISOString() },
    ])
    expect((await detail(talk)).clock).toMatchObject({ kind: 'first_answer', warnAt: at(19).toISOString() })
  })

  test('is shipped once: what was deleted stays deleted', async () => {
    await call(administrator, 'DELETE', `/api/policies/${(await shipped()).id}`)
    await Promise.all([shipPromises(house.deps.db), shipPromises(house.deps.db)])
    expect((await call(administrator, 'GET', '/api/policies')).body.policies).toEqual([])
  })
})

describe('only a person’s answer stops it', () => {
  test('“I answered there” does, an automatic message does not', async () => {
    const talk = await cry()
    const ours = {
      ticketId: talk.ticket.id,
      threadId: talk.thread.id,
      direction: 'outbound' as const,
      identityId: null,
    }
    await rows.message(talk, { ...ours, automatic: true, orderedAt: at(1), sentAt: at(1), receivedAt: at(1) })
    await go(1)
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'running' })
    await answers(talk, 2)
    const stopped = { state: 'met', stoppedAt: at(2).toISOString() }
    expect([await clockOf(talk, 'first_answer'), await clockOf(talk, 'substance')]).toMatchObject([stopped, stopped])
    expect((await detail(talk)).clock).toBeNull()
  })

  test('late is missed, and stays on record', async () => {
    const talk = await cry()
    await answers(talk, 30)
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'missed', dueAt: at(24).toISOString() })
    expect(await clockOf(talk, 'substance')).toMatchObject({ state: 'met' })
  })

  test('a reply that gave nothing yet leaves the promise of substance running, until it is taken back', async () => {
    const talk = await cry()
    const message = await answers(talk, 1)
    const url = `/api/tickets/${talk.ticket.id}/replies/${message}/substance`
    expect((await call(agent, 'PUT', url, { counts: false })).status).toBe(204)
    expect(await clockOf(talk, 'substance')).toMatchObject({ state: 'running', dueAt: at(48).toISOString() })
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'met' })
    await go(1)
    expect(await clockOf(talk, 'substance')).toMatchObject({ state: 'running' })
    await call(agent, 'PUT', url, { counts: true })
    expect(await clockOf(talk, 'substance')).toMatchObject({ state: 'met', stoppedAt: at(1).toISOString() })
    expect(
      (await call(agent, 'PUT', `/api/tickets/${talk.ticket.id}/replies/${newId()}/substance`, { counts: true }))
        .status,
    ).toBe(404)
  })

  test('older facts that are written later change nothing, also where the newer ones had found all as it was', async () => {
    const talk = await cry()
    const { db } = house.deps
    house.clock.now = at(1)
    const answer = await call(agent, 'POST', `/api/tickets/${talk.ticket.id}/answered`, { text: '已在处理' })
    // The reply's own refresh has read, and is held up before it writes.
    const [hasRead, mayWrite] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const late = db.transaction(async (tx) => {
      const rules = await loadRules(tx)
      const slow = new Proxy(tx, {
        get: (target, name) =>
          name === 'insert' || name === 'select'
            ? Reflect.get(target, name).bind(target)
            : async (...given: [never]) => {
                const result = await target.execute(...given)
                hasRead.resolve()
                await mayWrite.promise
                return result
              },
      })
      await refreshClocks(slow, rules, [talk.ticket.id])
    })
    await hasRead.promise
    const url = `/api/tickets/${talk.ticket.id}/replies/${answer.body.message.id}/substance`
    expect((await call(agent, 'PUT', url, { counts: false })).status).toBe(204)
    mayWrite.resolve()
    await late
    expect(await clockOf(talk, 'substance')).toMatchObject({ state: 'running' })
  })

  test('a ticket that is finished without an answer drops it; reopened, it goes on from the beginning', async () => {
    const talk = await cry()
    house.clock.now = at(1)
    await change(agent, talk, { status: 'closed' })
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'dropped' })
    await change(agent, talk, { status: 'open' })
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'running', dueAt: at(24).toISOString() })
  })

  test('resolved without one, and the customer writes again: from there', async () => {
    const talk = await cry()
    house.clock.now = at(1)
    await change(agent, talk, { status: 'resolved' })
    await says(talk, 5)
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ state: 'running', startedAt: at(5).toISOString() })
  })
})

describe('the next answer', () => {
  beforeEach(() => rule({ targets: { first_answer: hours(24), next_answer: hours(4) } }))

  test('is due from the first question nobody has answered', async () => {
    const talk = await cry()
    await answers(talk, 1)
    expect(await clockOf(talk, 'next_answer')).toBeUndefined()
    await says(talk, 3)
    await says(talk, 4)
    expect(await due(talk, 'next_answer')).toBe(7)
    await answers(talk, 5)
    expect(await clockOf(talk, 'next_answer')).toMatchObject({ state: 'met', startedAt: at(3).toISOString() })
  })

  test('counts from when it was written, though it came after the answer', async () => {
    const talk = await cry()
    await answers(talk, 2)
    await says(talk, 1, 3)
    expect(await due(talk, 'next_answer')).toBe(5)
  })

  test('is right, though nobody ran anything between question and answer', async () => {
    const talk = await cry()
    await answers(talk, 1)
    await house.database.sql`alter table tickets disable trigger user`
    await says(talk, 3)
    await answers(talk, 9)
    await house.database.sql`alter table tickets enable trigger user`
    await rule({ name: 'again' })
    expect(await clockOf(talk, 'next_answer')).toMatchObject({
      state: 'missed',
      startedAt: at(3).toISOString(),
      stoppedAt: at(9).toISOString(),
    })
  })
})

describe('resolution and progress', () => {
  test('wait while the customer is waited for, and go on when they write', async () => {
    await rule({ targets: { resolution: hours(10) } })
    const talk = await cry()
    expect(await due(talk, 'resolution')).toBe(10)
    await answers(talk, 2)
    expect(await clockOf(talk, 'resolution')).toMatchObject({ state: 'paused', dueAt: null, leftMs: 8 * hourMs })
    await says(talk, 30)
    expect(await due(talk, 'resolution')).toBe(38)
    house.clock.now = at(31)
    await change(agent, talk, { status: 'resolved' })
    expect(await clockOf(talk, 'resolution')).toMatchObject({ state: 'met' })
  })

  test('do not wait where the policy says so', async () => {
    await rule({ targets: { resolution: hours(10) }, pauseWaiting: false })
    const talk = await cry()
    await answers(talk, 2)
    expect(await due(talk, 'resolution')).toBe(10)
  })

  test('the customer is to hear how it goes, though nothing changed', async () => {
    await rule({ targets: { progress: hours(24) }, pauseWaiting: false })
    const talk = await cry()
    expect(await clockOf(talk, 'progress')).toBeUndefined()
    await answers(talk, 1)
    await change(agent, talk, { status: 'waiting_other' })
    const started = await clockOf(talk, 'progress')
    expect(started).toMatchObject({ state: 'running' })
    await answers(talk, 20)
    expect(await clockOf(talk, 'progress')).toMatchObject({ startedAt: at(20).toISOString() })
    const asked = () => house.deps.db.select().from(dueWork).where(eq(dueWork.kind, 'automatic.progress'))
    await go(43)
    expect(await asked()).toEqual([])
    await go(44)
    expect(await asked()).toMatchObject([{ subject: talk.ticket.id, payload: { everyMs: 24 * hourMs } }])
  })
})

describe('which policy', () => {
  test('is the first that fits brand, channel and priority', async () => {
    const general = await shipped()
    const { id: _, ...body } = general
    const urgent = { ...body, name: 'urgent', priorities: ['urgent'], targets: { first_answer: hours(1) } }
    const added = (await call(administrator, 'POST', '/api/policies', urgent)).body
    const elsewhere = { ...body, name: 'x', channels: ['x'], targets: { first_answer: hours(2) } }
    const onX = (await call(administrator, 'POST', '/api/policies', elsewhere)).body
    await runDue(...kinds)
    const talk = await cry()
    await change(agent, talk, { priority: 'urgent' })
    expect(await due(talk, 'first_answer')).toBe(24)
    const order = await call(administrator, 'PUT', '/api/policies', { ids: [added.id, onX.id, general.id] })
    expect(order.status).toBe(200)
    await runDue(...kinds)
    expect(await due(talk, 'first_answer')).toBe(1)
    // The promise of substance is not made by this one.
    expect(await clockOf(talk, 'substance')).toBeUndefined()
    expect(await due(await cry(0, { channel: 'x' }), 'first_answer')).toBe(2)
    expect((await call(administrator, 'PUT', '/api/policies', { ids: [added.id] })).body.code).toBe('unknown_policy')
  })

  test('switched off, promises nothing; what was kept stays', async () => {
    const [kept, open] = [await cry(), await cry()]
    await answers(kept, 1)
    await rule({ enabled: false })
    expect((await detail(open)).clocks).toEqual([])
    expect(await clockOf(kept, 'first_answer')).toMatchObject({ state: 'met' })
    expect((await detail(await cry())).clocks).toEqual([])
  })
})

describe('by a calendar', () => {
  const office = {
    name: '客服',
    timeZone: 'Asia/Shanghai',
    hours: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
    chineseHolidays: true,
    exceptions: [],
  }
  test('edited while timers run: everything is worked out anew', async () => {
    const calendar = (await call(administrator, 'POST', '/api/calendars', office)).body
    await rule({ calendarId: calendar.id, targets: { first_answer: hours(9, true) } })
    // Monday 10:00 in Shanghai: 8 hours today, one tomorrow.
    const talk = await cry()
    expect(await clockOf(talk, 'first_answer')).toMatchObject({ dueAt: at(24).toISOString(), calendar: '客服' })
    const timer = async () =>
      (await house.deps.db.select().from(dueWork).where(eq(dueWork.subject, talk.ticket.id)))[0]?.dueAt
    expect(await timer()).toEqual(at(22))
    const tuesday = { date: '2026-11-24', name: '', hours: [] }
    await call(administrator, 'PUT', `/api/calendars/${calendar.id}`, { ...office, exceptions: [tuesday] })
    await runDue(...kinds)
    expect(await due(talk, 'first_answer')).toBe(48)
    // It runs in its old time, finds nothing to say, and waits for the new one.
    await go(22)
    expect(await timer()).toEqual(at(46))
    expect(await heard(supervisor)).toEqual([])
  })

  test('without working time it is refused; one in use is not deleted; the year to come is told of', async () => {
    const none = await call(administrator, 'POST', '/api/calendars', { ...office, hours: [] })
    expect(none.body).toMatchObject({ status: 422, code: 'no_working_time' })
    const calendar = (await call(administrator, 'POST', '/api/calendars', office)).body
    expect(calendar).toMatchObject({ unpublishedYear: 2027, working: true, policies: 0 })
    await rule({ calendarId: calendar.id })
    expect((await call(administrator, 'DELETE', `/api/calendars/${calendar.id}`)).body.code).toBe('calendar_in_use')
    const missing = { ...(await shipped()), id: undefined, calendarId: null, targets: { resolution: hours(1, true) } }
    expect((await call(administrator, 'POST', '/api/policies', missing)).body.code).toBe('calendar_missing')
  })

  test.each([
    ['a zone that is none', { timeZone: 'Mars/Olympus' }],
    ['a span without length', { hours: [{ day: 1, from: '09:00', to: '09:00' }] }],
    ['a day twice', { exceptions: ['', ''].map((name) => ({ date: '2026-12-01', name, hours: [] })) }],
    ['a date that is none', { exceptions: [{ date: '2026-02-30', name: '', hours: [] }] }],
  ])('%s is refused', async (_what, more) => {
    expect((await call(administrator, 'POST', '/api/calendars', { ...office, ...more })).status).toBe(400)
  })

  test('is kept by administrators, and read by supervisors', async () => {
    expect((await call(supervisor, 'POST', '/api/calendars', office)).status).toBe(403)
    expect((await call(supervisor, 'GET', '/api/calendars')).status).toBe(200)
    expect((await call(agent, 'GET', '/api/policies')).status).toBe(403)
  })
})

describe('warning and breach', () => {
  test('are said once each, to those the policy names', async () => {
    const talk = await cry()
    await change(agent, talk, { assignee: 'me' })
    await go(21)
    expect(await heard(agent)).toEqual([])
    await go(22)
    expect(await heard(agent)).toEqual(['clock_warning first_answer'])
    await go(24)
    await go(24.5)
    expect(await heard(agent)).toEqual(['clock_breach first_answer', 'clock_warning first_answer'])
    expect(await heard(supervisor)).toEqual(['clock_breach first_answer'])
    expect(await heard(mate)).toEqual([])
    const page = await noticesOf(agent)
    expect(page).toMatchObject({
      unread: 2,
      notices: [{ ticketId: talk.ticket.id, dueAt: at(24).toISOString(), read: false }, {}],
    })
    await call(agent, 'POST', '/api/notices/read', { ids: [page.notices[0]!.id] })
    expect((await noticesOf(agent)).unread).toBe(1)
    await call(supervisor, 'POST', '/api/notices/read', { ids: [page.notices[1]!.id] })
    expect((await noticesOf(agent)).unread).toBe(1)
    await call(agent, 'POST', '/api/notices/read', {})
    expect((await noticesOf(agent)).unread).toBe(0)
  })

  test('a server that slept through both says the worse one, by two nodes once', async () => {
    const talk = await cry()
    await change(agent, talk, { assignee: 'me' })
    house.clock.now = at(30)
    await Promise.all([runDue(...kinds), runDue(...kinds)])
    await house.database.sql`update due_work set due_at = now() - interval '1 year' where kind = 'clock'`
    await runDue(...kinds)
    expect(await heard(agent)).toEqual(['clock_breach first_answer'])
  })

  test('nobody has it: its supervisors hear', async () => {
    await cry()
    await go(22)
    expect(await heard(supervisor)).toEqual(['clock_warning first_answer'])
  })

  test('an answer in time, and nothing is said', async () => {
    const talk = await cry()
    await change(agent, talk, { assignee: 'me' })
    await answers(talk, 20)
    await go(60)
    expect(await heard(agent)).toEqual([])
    expect(await house.deps.db.$count(dueWork, eq(dueWork.kind, 'clock'))).toBe(0)
  })

  test('steps are taken in their time, once, by the rule and not by a person', async () => {
    const body = { name: '升级组', memberIds: [mate!.id] }
    const team = (await call(administrator, 'POST', '/api/teams', body)).body
    const nothing = { kind: null, afterMs: 0, teamId: null, toSupervisor: false, raisePriority: false, tag: null }
    const policy = await rule({
      steps: [
        { ...nothing, afterMs: hourMs, toSupervisor: true },
        { ...nothing, kind: 'first_answer', raisePriority: true, teamId: team.id, tag: '超时' },
        { ...nothing, kind: 'resolution', tag: 'never' },
      ],
    })
    const talk = await cry()
    await change(agent, talk, { assignee: 'me' })
    await go(24)
    const stands = async () => (await detail(talk)) as Ticket
    expect(await stands()).toMatchObject({ priority: 'high', team: { id: team.id }, tags: ['超时'], assignee: null })
    await go(24.9)
    expect((await stands()).priority).toBe('high')
    await go(25)
    expect(await stands()).toMatchObject({ priority: 'high', assignee: { id: supervisor!.id } })
    await go(26)
    expect((await stands()).priority).toBe('high')
    const acts = await house.deps.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `ticket:${talk.ticket.id}`))
      .orderBy(audit.id)
    expect(acts.map(({ actor }) => actor)).toEqual([agent!.id, `rule:${policy.id}`, `rule:${policy.id}`])
  })

  test('a step whose team was deleted leaves it out', async () => {
    const team = (await call(administrator, 'POST', '/api/teams', { name: '临时' })).body
    const step = { kind: null, afterMs: 0, teamId: team.id, toSupervisor: false, raisePriority: true, tag: null }
    await rule({ steps: [step] })
    await call(administrator, 'DELETE', `/api/teams/${team.id}`)
    const talk = await cry()
    await go(24)
    expect(await detail(talk)).toMatchObject({ priority: 'high', team: null })
  })
})

describe('the queue', () => {
  test('shows what is over its time, what soon will be, and what is due first', async () => {
    const [late, soon, calm] = [await cry(-30), await cry(-22.5), await cry(-1)]
    await go(0)
    const ids = async (query: string) =>
      ((await call(agent, 'GET', `/api/tickets?status=new,open&${query}`)).body.tickets as Ticket[]).map(({ id }) => id)
    expect(await ids('clock=breached')).toEqual([late.ticket.id])
    expect(await ids('clock=soon')).toEqual([soon.ticket.id])
    const order = [late, soon, calm].map(({ ticket }) => ticket.id)
    expect(await ids('sort=due')).toEqual(order)
    const first = (await call(agent, 'GET', '/api/tickets?status=new,open&sort=due&limit=2')).body
    expect(await ids(`sort=due&limit=2&after=${first.next}`)).toEqual(order.slice(2))
    const counts = await call(agent, 'POST', '/api/tickets/counts', {
      queries: [{ clock: 'breached' }, { clock: 'soon' }],
    })
    expect(counts.body.counts).toEqual([1, 1])
  })
})

describe('on the way', () => {
  test('many tickets of one statement are one row of due work for each five hundred', async () => {
    const talk = await cry()
    await house.database.sql`truncate due_work`
    await house.database.sql`
      insert into tickets (id, brand_id, account_id, contact_id, surface, last_message_at, status)
      select gen_random_uuid(), brand_id, account_id, contact_id, surface, last_message_at, 'closed' from tickets, generate_series(1, 1001)
      where id = ${talk.ticket.id}`
    expect(await house.deps.db.$count(dueWork, eq(dueWork.kind, 'tickets_moved'))).toBe(3)
    await runDue(...kinds)
    expect(await house.deps.db.$count(clocks)).toBe(2)
    await house.database.sql`delete from tickets where number > ${talk.ticket.number}`
  })

  test('nothing is written where nothing is promised', async () => {
    await rule({ enabled: false })
    const talk = await cry()
    await change(agent, talk, { priority: 'high' })
    expect(await house.deps.db.$count(dueWork)).toBe(0)
  })

  test('an older result never takes the place of a newer one', async () => {
    const talk = await cry()
    await answers(talk, 1)
    const [before] = await house.deps.db.select().from(clocks).where(eq(clocks.kind, 'first_answer'))
    await house.deps.db.update(clocks).set({ revision: 1_000, ticketVersion: 1_000, stoppedAt: at(2) })
    await house.deps.db.update(tickets).set({ priority: 'low' }).where(eq(tickets.id, talk.ticket.id))
    await runDue(...kinds)
    const [after] = await house.deps.db.select().from(clocks).where(eq(clocks.kind, 'first_answer'))
    expect([before?.stoppedAt, after?.stoppedAt]).toEqual([at(1), at(2)])
  })

  test('a ticket that is gone leaves no clock', async () => {
    const talk = await cry()
    await house.database.sql`delete from messages where ticket_id = ${talk.ticket.id}`
    await house.database.sql`update threads set current_ticket_id = null where current_ticket_id = ${talk.ticket.id}`
    await house.database.sql`delete from tickets where id = ${talk.ticket.id}`
    await go(30)
    expect(await house.deps.db.$count(clocks)).toBe(0)
  })
})
