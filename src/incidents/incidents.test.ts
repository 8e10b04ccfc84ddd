import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House, message, plainCapabilities, silent } from '../../test/helpers/house.ts'
import { patience } from '../../test/helpers/patience.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Surface } from '../channel/events.ts'
import { claimDue } from '../db/due-rows.ts'
import { newId } from '../db/id.ts'
import type { DueHandler } from '../db/run-due.ts'
import {
  audit,
  authUser,
  brandConduct,
  brandMembers,
  deliveries,
  incidentSends,
  messages,
  tickets,
} from '../db/schema.ts'
import { returnTicket } from '../tickets/lost-reply.ts'
import { answerKind, continueAnswer, startAnswer, stopAnswer } from './answer.ts'
import { addMembers, addNote, changeIncident, createIncident, removeMembers } from './change.ts'
import { previewAnswer } from './preview.ts'
import { answerHandler, queuedAtOnce } from './send.ts'
import { getIncident, listIncidents, listMembers } from './show.ts'

const now = () => new Date()
const hooks = { lostReply: returnTicket }
const texts = { zh: '新系统已发布，请更新。', en: 'The fix is out, please update.' }

let house: House
let account: OpenAccount
let lead: Actor
let count = 0
const deps = () => ({ ...house, now, hooks, log: silent, nudge: () => {}, wakeSender: () => {} })

beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.sql`delete from due_work where kind = ${answerKind}`
  account = await house.account()
  lead = { ...(await house.agent('Lin')), role: 'supervisor' }
  await house.db.update(authUser).set({ role: 'supervisor' }).where(eq(authUser.id, lead.id))
  await house.db.insert(brandMembers).values({ brandId: house.brandId, userId: lead.id })
})

/** So many people with the same trouble. */
async function cry(
  people: number,
  text = '更新后一直没信号',
  of = account,
  surface: Surface = 'direct',
): Promise<string[]> {
  const events = Array.from({ length: people }, () => {
    const externalId = `p${++count}`
    const author = { externalId, name: `客户${count}`, handle: null, avatarUrl: null, followers: null }
    return message({ externalId: `m${count}`, threadId: externalId, author, text, surface, sentAt: new Date() })
  })
  const before = new Set((await house.db.select({ id: tickets.id }).from(tickets)).map(({ id }) => id))
  await house.ingest().submit(of, events)
  const after = await house.db.select({ id: tickets.id }).from(tickets).orderBy(tickets.id)
  return after.map(({ id }) => id).filter((id) => !before.has(id))
}

async function incidentOf(people: number): Promise<{ id: string; ticketIds: string[] }> {
  const ticketIds = await cry(people)
  return { id: await createIncident(deps(), lead, { title: '没信号', ticketIds }), ticketIds }
}

async function start(incidentId: string, id = newId(), body = texts): Promise<string> {
  await startAnswer(deps(), lead, incidentId, { id, ...body })
  return id
}

/** One claim of the due row, as a node does it. */
async function run(handler: DueHandler = answerHandler(deps())): Promise<'again' | 'done' | 'nothing'> {
  const [row] = await claimDue(house.db, {
    kinds: [answerKind],
    limit: 1,
    leaseMs: 60_000,
    now: new Date(Date.now() + 5_000),
  })
  if (!row) return 'nothing'
  const again = await handler(row, { signal: new AbortController().signal } as Parameters<DueHandler>[1])
  if (again) await house.sql`update due_work set due_at = now(), lease_until = null where id = ${row.id}`
  else await house.sql`delete from due_work where id = ${row.id}`
  return again ? 'again' : 'done'
}

const replies = async (ticketIds: readonly string[]) =>
  house.db
    .select({ ticketId: messages.ticketId, text: messages.text, by: messages.authorName })
    .from(messages)
    .where(sql`direction = 'outbound' and ticket_id = any(${`{${ticketIds.join(',')}}`}::uuid[])`)
const inTickets = (ids: readonly string[]) => sql`ticket_id = any(${`{${ids.join(',')}}`}::uuid[])`
const sends = async (answerId: string) =>
  (await house.db.select().from(incidentSends).where(eq(incidentSends.answerId, answerId)))
    .map(({ state }) => state)
    .sort()
/** As the sender does. */
const sendAll = () =>
  house.force((tx) => tx`update deliveries set state = 'sent', settled_at = now() where state = 'queued'`)

describe('an incident', () => {
  test('holds tickets of one brand, each in one incident at most, and tells of who comes and goes', async () => {
    const { id, ticketIds } = await incidentOf(2)
    const [third] = await cry(1)
    expect(await addMembers(deps(), lead, id, [third!, ...ticketIds])).toEqual({ changed: [third], elsewhere: [] })
    await expect(createIncident(deps(), lead, { title: 'Twice', ticketIds })).rejects.toMatchObject({
      code: 'in_other_incident',
    })
    const [fourth] = await cry(1)
    const other = await createIncident(deps(), lead, { title: 'Other', ticketIds: [fourth!, third!] })
    expect((await listMembers(house.db, lead, other, { limit: 10 })).tickets.map((one) => one.id)).toEqual([fourth])
    expect(await removeMembers(deps(), lead, id, [third!])).toMatchObject({ changed: [third] })
    const acts = await house.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `ticket:${third}`))
    expect(acts.map(({ action }) => action)).toEqual(['ticket.incident_joined', 'ticket.incident_left'])
    const stranger: Actor = { ...lead, brandIds: [] }
    await expect(getIncident(house.db, stranger, id)).rejects.toMatchObject({ status: 404 })
    await expect(addMembers(deps(), stranger, id, [third!])).rejects.toMatchObject({ status: 404 })
    expect((await listIncidents(house.db, stranger, { state: 'open', limit: 10 })).incidents).toEqual([])
  })

  test('has a title, a state, notes, and a version that two cannot change at once', async () => {
    const { id } = await incidentOf(1)
    await addNote(deps(), lead, id, '工程师在查。')
    await changeIncident(deps(), lead, id, { version: 1, state: 'resolved' })
    await expect(changeIncident(deps(), lead, id, { version: 1, title: 'x' })).rejects.toMatchObject({
      code: 'version_conflict',
    })
    expect(await getIncident(house.db, lead, id)).toMatchObject({
      state: 'resolved',
      tickets: 1,
      unanswered: 1,
      notes: [{ text: '工程师在查。', by: { name: 'Lin' } }],
    })
  })
})

describe('one answer to all', () => {
  test('is shown before it is sent: who gets which text, and who cannot be answered and why', async () => {
    const { id, ticketIds } = await incidentOf(1)
    const [english] = await cry(1, 'There is no signal since the update')
    const [closed, blocked] = await cry(2)
    await addMembers(deps(), lead, id, [english!, closed!, blocked!])
    await house.db.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, closed!))
    await house.sql`update identities set reachable = false where contact_id = (select contact_id from tickets where id = ${blocked!})`
    const preview = await previewAnswer(deps(), lead, id, texts)
    expect(preview).toMatchObject({ can: 2, cannot: 2 })
    const of = (ticketId: string) => preview.tickets.find((one) => one.id === ticketId)
    expect(of(ticketIds[0]!)).toMatchObject({ language: 'zh', parts: 1, refusal: null })
    expect(of(english!)).toMatchObject({ language: 'en', refusal: null })
    expect(of(closed!)?.refusal?.code).toBe('ticket_closed')
    expect(of(blocked!)?.refusal?.code).toBe('unreachable')
    expect(await replies([...ticketIds, english!])).toEqual([])

    const answer = await start(id)
    expect(await run()).toBe('again')
    await sendAll()
    expect(await run()).toBe('done')
    expect((await replies([...ticketIds, english!])).map(({ text }) => text).sort()).toEqual(
      [texts.en, texts.zh].sort(),
    )
    const [shown] = (await getIncident(house.db, lead, id)).answers
    expect(shown).toMatchObject({ id: answer, state: 'done', counts: { written: 2, refused: 2, waiting: 0 } })
    expect(shown!.refusals.map(({ code }) => code).sort()).toEqual(['ticket_closed', 'unreachable'])
  })

  test('is an ordinary reply of the agent who started it, and started once', async () => {
    const { id, ticketIds } = await incidentOf(2)
    const answer = await start(id)
    await start(id, answer)
    await expect(start(id, answer, { zh: '别的', en: '' })).rejects.toMatchObject({ code: 'answer_known' })
    await expect(start(id, newId(), { zh: '另一条', en: '' })).rejects.toMatchObject({ code: 'answer_running' })
    expect(await run()).toBe('again')
    await expect(start(id)).rejects.toMatchObject({ code: 'answer_repeated' })
    const written = await replies(ticketIds)
    expect(written).toHaveLength(2)
    expect(written[0]).toMatchObject({ text: texts.zh, by: 'Lin' })
    const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, ticketIds[0]!))
    expect(ticket).toMatchObject({ status: 'waiting_customer', unansweredSince: null })
  })

  test('puts no more into a queue than leaves room for others, and goes on as it empties', async () => {
    const { id, ticketIds } = await incidentOf(queuedAtOnce + 3)
    await start(id)
    expect(await run()).toBe('again')
    expect(await replies(ticketIds)).toHaveLength(queuedAtOnce)
    await sendAll()
    expect(await run()).toBe('again')
    expect(await replies(ticketIds)).toHaveLength(queuedAtOnce + 3)
    // Until the last has left the queue it can be taken back.
    await sendAll()
    expect(await run()).toBe('done')
  })

  test('stops at once: what is queued is taken back, what was sent stays, and it can be gone on with', async () => {
    const { id, ticketIds } = await incidentOf(queuedAtOnce + 2)
    const answer = await start(id)
    await run()
    const [gone] = await house.db.select().from(deliveries).where(eq(deliveries.ticketId, ticketIds[0]!))
    await house.force((tx) => tx`update deliveries set state = 'sent', settled_at = now() where id = ${gone!.id}`)
    await stopAnswer(deps(), lead, id, answer)
    expect(new Set(await sends(answer))).toEqual(new Set(['stopped', 'withdrawn', 'written']))
    const states = await house.db
      .select({ state: deliveries.state })
      .from(deliveries)
      .where(eq(deliveries.accountId, account.id))
    expect(states.filter(({ state }) => state === 'queued')).toEqual([])
    // The customers wait again.
    const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, ticketIds[1]!))
    expect(ticket).toMatchObject({ status: 'open', unansweredSince: expect.any(Date) })
    expect(await run()).toBe('done')
    const [late] = await cry(1)
    await addMembers(deps(), lead, id, [late!])
    await continueAnswer(deps(), lead, id, answer)
    for (let step = 0; step < 8 && (await run()) === 'again'; step++) await sendAll()
    const arrived = await house.db
      .select({ ticketId: deliveries.ticketId })
      .from(deliveries)
      .where(sql`state = 'sent' and account_id = ${account.id}`)
    expect(arrived.map(({ ticketId }) => ticketId).sort()).toEqual([...ticketIds, late!].sort())
    await expect(continueAnswer(deps(), lead, id, answer)).rejects.toMatchObject({ code: 'nothing_left' })
  })

  test('goes once to each ticket, with two nodes at it and one that dies in the middle', {
    timeout: 60_000 * patience,
  }, async () => {
    const { id, ticketIds } = await incidentOf(15)
    const answer = await start(id)
    const [row] = await claimDue(house.db, {
      kinds: [answerKind],
      limit: 1,
      leaseMs: 60_000,
      now: new Date(Date.now() + 5_000),
    })
    let written = 0
    const dying = answerHandler({
      ...deps(),
      wakeSender: () => {
        if (++written === 4) throw new Error('the process died')
      },
    })
    const call = (handler: DueHandler) =>
      handler(row!, { signal: new AbortController().signal } as Parameters<DueHandler>[1])
    await expect(call(dying)).rejects.toThrow('died')
    expect(await replies(ticketIds)).toHaveLength(4)
    await Promise.all([call(answerHandler(deps())), call(answerHandler(deps())), call(answerHandler(deps()))])
    const all = await replies(ticketIds)
    expect(all.map(({ ticketId }) => ticketId).sort()).toEqual(ticketIds.toSorted())
    expect(await sends(answer)).toEqual(Array(15).fill('written'))
    await house.sql`delete from due_work where kind = ${answerKind}`
  })

  test('ends when whoever sends it has left, and never reaches a ticket that was taken out', async () => {
    const { id, ticketIds } = await incidentOf(3)
    const answer = await start(id)
    await removeMembers(deps(), lead, id, [ticketIds[0]!])
    await house.db.update(authUser).set({ banned: true }).where(eq(authUser.id, lead.id))
    expect(await run()).toBe('done')
    expect((await getIncident(house.db, lead, id)).answers[0]).toMatchObject({
      state: 'stopped',
      reason: 'author_gone',
    })
    expect(await replies(ticketIds)).toEqual([])
    await house.db.update(authUser).set({ banned: false }).where(eq(authUser.id, lead.id))
    await continueAnswer(deps(), lead, id, answer)
    expect(await run()).toBe('again')
    expect((await replies(ticketIds)).map(({ ticketId }) => ticketId).sort()).toEqual(ticketIds.slice(1).sort())
  })

  test('is refused where the platform’s window is closed, and the others get it', async () => {
    const narrow = await house.account(
      {},
      {
        capabilities: {
          ...plainCapabilities,
          surfaces: {
            direct: {
              ...plainCapabilities.surfaces.direct!,
              windows: [{ openedBy: 'message', lengthMs: 3_600_000, replies: null }],
            },
          },
        },
      },
    )
    const { id, ticketIds } = await incidentOf(1)
    const [late] = await cry(1, '没信号', narrow)
    await house.sql`update threads set last_inbound_at = now() - interval '2 hours' where current_ticket_id = ${late!}`
    await addMembers(deps(), lead, id, [late!])
    expect(await previewAnswer(deps(), lead, id, texts)).toMatchObject({ can: 1, cannot: 1 })
    const answer = await start(id)
    expect(await run()).toBe('again')
    expect(await sends(answer)).toEqual(['refused', 'written'])
    expect(await replies([...ticketIds, late!])).toHaveLength(1)
  })

  test('on a public surface whose replies are approved is approved by the supervisor who starts it, while they are one', async () => {
    const surfaces = { ...plainCapabilities.surfaces, public: plainCapabilities.surfaces.direct! }
    const open = await house.account({}, { capabilities: { ...plainCapabilities, surfaces } })
    const ask = { approvePublic: true, approveWithinMs: 3_600_000 }
    await house.db.insert(brandConduct).values({ brandId: house.brandId, ...ask })
    const ticketIds = await cry(2, '没信号', open, 'public')
    const id = await createIncident(deps(), lead, { title: '没信号', ticketIds })
    const answer = await start(id)
    expect(await run()).toBe('again')
    expect(await sends(answer)).toEqual(['written', 'written'])
    const rows = await house.db.select({ state: deliveries.state }).from(deliveries).where(inTickets(ticketIds))
    expect(rows).toEqual([{ state: 'queued' }, { state: 'queued' }])

    const [third] = await cry(1, '没信号', open, 'public')
    await addMembers(deps(), lead, id, [third!])
    await continueAnswer(deps(), lead, id, answer)
    await house.db.update(authUser).set({ role: 'agent' }).where(eq(authUser.id, lead.id))
    expect(await run()).toBe('done')
    expect((await getIncident(house.db, lead, id)).answers[0]).toMatchObject({
      state: 'stopped',
      reason: 'author_gone',
    })
    expect(await replies([third!])).toEqual([])
    await house.db.delete(brandConduct)
  })
})
