/** What the accounts' pages are made of: figures, pauses, the channel log's filters, and what could not be read. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createActivity } from '../src/accounts/activity.ts'
import { setHealth } from '../src/accounts/health.ts'
import { createUsage } from '../src/accounts/usage.ts'
import { newId } from '../src/db/id.ts'
import { audit, channelLog, inboundUnread, tickets } from '../src/db/schema.ts'
import { storeUnread } from '../src/inbound/unread.ts'
import type { AccountGlance, ChannelLogPage, Replayed, UnreadPage } from '../src/wire.ts'
import { exampleAdapter } from './helpers/accounts.ts'
import { openTestApp, type Person, type TestApp } from './helpers/app.ts'
import { line, silent } from './helpers/house.ts'
import { createRows, type Rows } from './helpers/rows.ts'

const token = 'tok-of-the-account-0123456789'
let house: TestApp
let rows: Rows
let boss: Person
let lead: Person
let agent: Person
/** What the adapter makes of a payload it is given again. */
let reread: (raw: unknown) => string | null = () => null
const example = exampleAdapter(() => ({
  reread: (raw) => {
    const text = reread(raw)
    if (text === null) throw new TypeError(`cannot read ${token}`)
    return [{ type: 'message', message: line({ externalId: newId(), text }) }]
  },
}))

beforeAll(async () => {
  house = await openTestApp({}, {}, undefined, [example.adapter])
  rows = createRows(house.database.db)
  boss = await house.person('administrator')
  lead = await house.person('supervisor')
  agent = await house.person('agent')
})
afterAll(() => house.close())

const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, by = boss) =>
  house.app.inject({ method, url, headers: by.headers, ...(payload ? { payload } : {}) })

async function add(name = 'Care', brandId = house.brandId): Promise<string> {
  const answer = await call('POST', '/api/accounts', { channel: 'example', name, brandId, settings: { token } })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().account.id
}
const glance = async (id: string, by = boss) =>
  ((await call('GET', '/api/accounts/health', undefined, by)).json().accounts as AccountGlance[]).find(
    (account) => account.id === id,
  )
const actsOf = async (id: string) =>
  (
    await house.database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `account:${id}`))
  ).map(({ action, actor }) => `${action} ${actor}`)

describe('accounts at a glance', () => {
  test('a new one has nothing but its health', async () => {
    const id = await add()
    expect(await glance(id)).toEqual({
      id,
      brandId: house.brandId,
      channel: 'example',
      name: 'Care',
      health: { state: 'ok' },
      served: false,
      hold: null,
      pausedUntil: null,
      lastInAt: null,
      lastOutAt: null,
      lastPollAt: null,
      queued: { count: 0, oldest: null },
      inDoubt: 0,
      failed: 0,
      unread: 0,
      credentials: null,
      quotas: [],
      spent: null,
    })
  })

  test('says what came in and went out, what waits, what is in doubt, what failed and what could not be read', async () => {
    const id = await add('Busy')
    const talk = await rows.conversation()
    await house.database.db.update(tickets).set({ brandId: house.brandId }).where(eq(tickets.id, talk.ticket.id))
    const of = { ...talk, account: { ...talk.account, id } }
    const now = Math.floor(Date.now() / 1000) * 1000
    const at = (minutesAgo: number) => new Date(now - minutesAgo * 60_000)
    const reply = async (state: 'queued' | 'sent' | 'unknown' | 'failed', minutesAgo: number) =>
      rows.delivery(await rows.message(of, { direction: 'outbound', sentAt: at(minutesAgo) }), {
        state,
        settledAt: state === 'queued' ? null : at(minutesAgo),
      })
    await reply('sent', 90)
    await reply('sent', 30)
    await reply('queued', 20)
    await reply('queued', 10)
    await reply('unknown', 5)
    await reply('failed', 7)
    await reply('failed', 25 * 60)
    const { sql } = house.database
    await sql`insert into account_leases (account_id, node, fence, expires_at) values (${id}, 'n', 1, now() + interval '1 minute')`
    await sql`insert into poll_cursors (account_id, stream, updated_at) values (${id}, 'a', ${at(2).toISOString()})`
    const activity = createActivity({ sql, now: () => at(3), log: silent })
    activity.note([id])
    await activity.close()
    // An older time, told late by another node, changes nothing.
    const late = createActivity({ sql, now: () => at(50), log: silent })
    late.note([id])
    await late.close()
    const usage = createUsage({ sql, accountId: id, now: () => new Date() })
    const within = { since: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000), max: 20 }
    expect(await usage.add('call', 3, { within })).toBe(true)
    expect(await usage.add('call', 18, { within })).toBe(false)
    await storeUnread(house.database.db, house.deps.seal, {
      accountId: id,
      kind: 'raw',
      value: {},
      reason: 'odd',
      receivedAt: new Date(),
    })
    const until = '2027-01-31T00:00:00.000Z'
    await setHealth(house.deps, id, null, { state: 'ok', name: '@care', credentials: { until, renews: false } })
    await setHealth(house.deps, id, null, { state: 'warning', text: { en: 'slow', zh: '慢' } })

    expect(await glance(id, lead)).toMatchObject({
      health: { state: 'warning', name: '@care', text: { en: 'slow', zh: '慢' } },
      served: true,
      lastInAt: at(3).toISOString(),
      lastOutAt: at(30).toISOString(),
      lastPollAt: at(2).toISOString(),
      queued: { count: 2, oldest: at(20).toISOString() },
      inDoubt: 1,
      failed: 1,
      unread: 1,
      // Said once, and still so after news that say nothing of it.
      credentials: { until, renews: false },
      quotas: [{ kind: 'call', used: 3, max: 20, since: within.since.toISOString() }],
    })
  })

  test('shows the reader’s brands alone, and nothing to agents', async () => {
    const brandId = await house.addBrand('Other')
    const id = await add('Elsewhere', brandId)
    expect(await glance(id)).toBeDefined()
    expect(await glance(id, lead)).toBeUndefined()
    expect((await call('GET', '/api/accounts/health', undefined, agent)).statusCode).toBe(403)
    expect((await call('PUT', `/api/accounts/${id}/hold`, { reason: 'x' }, lead)).statusCode).toBe(404)
  })

  test('a supervisor pauses and resumes, with a reason; an agent is told in the ticket', async () => {
    const id = await add()
    const held = await call('PUT', `/api/accounts/${id}/hold`, { reason: '  公关核对中 ' }, lead)
    expect(held.json()).toMatchObject({ reason: '公关核对中', until: null, by: { id: lead.id } })
    expect((await glance(id))?.hold).toEqual(held.json())
    const talk = await rows.conversation()
    await house.database.sql`update threads set account_id = ${id} where id = ${talk.thread.id}`
    await house.database.sql`update tickets set brand_id = ${house.brandId} where id = ${talk.ticket.id}`
    const { threads } = (await call('GET', `/api/tickets/${talk.ticket.id}`, undefined, agent)).json()
    expect(threads[0].hold).toEqual(held.json())
    expect((await call('PUT', `/api/accounts/${id}/hold`, { reason: '' }, lead)).statusCode).toBe(400)
    expect((await call('PUT', `/api/accounts/${id}/hold`, { reason: 'x' }, agent)).statusCode).toBe(403)
    expect((await call('DELETE', `/api/accounts/${id}/hold`, undefined, lead)).statusCode).toBe(204)
    expect((await glance(id))?.hold).toBeNull()
    expect(await actsOf(id)).toEqual([
      `account.added ${boss.id}`,
      `account.paused ${lead.id}`,
      `account.resumed ${lead.id}`,
    ])
  })
})

test('the channel log is narrowed to what failed and to words, and names the ticket of a reply', async () => {
  const id = await add()
  const talk = await rows.conversation()
  const message = await rows.message(talk, { direction: 'outbound' })
  const refused = await rows.delivery(message, { state: 'failed', settledAt: new Date() })
  const entry = (values: Partial<typeof channelLog.$inferInsert>) => ({
    id: newId(),
    accountId: id,
    method: 'POST',
    url: 'https://api.example.com/send',
    durationMs: 5,
    status: 200,
    ...values,
  })
  await house.database.db.insert(channelLog).values([
    entry({ request: '{"text":"100% sure"}' }),
    entry({ status: 502, url: 'https://api.example.com/gateway' }),
    entry({ status: null, error: 'NoAnswer: timeout' }),
    // Some platforms refuse with a 200.
    entry({ deliveryId: refused.id, response: '{"errcode":45015}' }),
  ])
  const read = async (query: string) =>
    ((await call('GET', `/api/accounts/${id}/log?${query}`, undefined, lead)).json() as ChannelLogPage).lines
  expect(await read('')).toHaveLength(4)
  expect((await read('result=failed')).map(({ status }) => status).sort()).toEqual([200, 502, null].sort())
  expect((await read('q=ERRCODE')).map(({ ticketId }) => ticketId)).toEqual([talk.ticket.id])
  expect(await read('q=100%25')).toHaveLength(1)
  // Neither a pattern nor SQL.
  expect(await read('q=1%25%25')).toHaveLength(0)
  expect(await read("q=')%20or%20true--")).toHaveLength(0)
  expect((await call('GET', `/api/accounts/${id}/log`, undefined, agent)).statusCode).toBe(403)
})

describe('what could not be read', () => {
  const store = (accountId: string, value: unknown, kind: 'raw' | 'request' = 'raw', reason = 'odd') =>
    storeUnread(house.database.db, house.deps.seal, { accountId, kind, value, reason, receivedAt: new Date() })
  const list = async (id: string, query = '') =>
    (await call('GET', `/api/accounts/${id}/unread/items?${query}`)).json() as UnreadPage

  test('is listed with its reason; what is in it comes without secrets, and who looked is kept', async () => {
    const id = await add()
    await store(
      id,
      {
        method: 'POST',
        url: `http://care.example.com/webhooks/${id}?access_token=abcdef`,
        headers: [
          ['content-type', 'application/json'],
          ['x-hub-signature', 'f00f00f00f00'],
          ['cookie', 'a=b'],
        ],
        body: Buffer.from(`{"text":"手机坏了","bot":"${token}"}`).toString('base64'),
      },
      'request',
    )
    const { items } = await list(id)
    expect(items).toMatchObject([{ kind: 'request', reason: 'odd', attempts: 0, doneAt: null, discarded: false }])
    const shown = await call('GET', `/api/accounts/${id}/unread/items/${items[0]!.id}`)
    expect(shown.json().text).toContain('手机坏了')
    expect(shown.json().cut).toBe(false)
    for (const secret of [token, 'f00f00', 'a=b', 'abcdef']) expect(shown.body).not.toContain(secret)
    expect(await actsOf(id)).toContain(`account.unread_shown ${boss.id}`)
    const path = `/api/accounts/${id}/unread/items`
    expect((await call('GET', `${path}/${newId()}`)).statusCode).toBe(404)
    expect((await call('GET', path, undefined, lead)).statusCode).toBe(403)
    const other = await add()
    expect((await call('GET', `/api/accounts/${other}/unread/items/${items[0]!.id}`)).statusCode).toBe(404)
  })

  test('is cut where it is long, after its secrets are out', async () => {
    const id = await add()
    await store(id, { text: 'x'.repeat(16_360) + token.repeat(4_000) })
    const [item] = (await list(id)).items
    const shown = await call('GET', `/api/accounts/${id}/unread/items/${item!.id}`)
    expect(shown.json().cut).toBe(true)
    expect(shown.body).not.toContain(token.slice(0, 12))
  })

  test('one is read again, or all, piece by piece: each is met once, and one that still fails says why', async () => {
    const id = await add()
    for (let n = 0; n < 7; n += 1) await store(id, { n })
    const all = (await list(id)).items
    reread = (raw) => ((raw as { n: number }).n % 2 === 0 ? `read ${(raw as { n: number }).n}` : null)
    const one = await call('POST', `/api/accounts/${id}/unread/replay`, { ids: [all[0]!.id] })
    expect(one.json()).toEqual({ replayed: 1, failed: 0, next: null })
    const seen: Replayed[] = []
    let after: string | undefined
    do {
      const answer: Replayed = (
        await call('POST', `/api/accounts/${id}/unread/replay`, { limit: 2, ...(after ? { after } : {}) })
      ).json()
      seen.push(answer)
      after = answer.next ?? undefined
    } while (after)
    expect(seen.map(({ replayed, failed }) => [replayed, failed])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    const left = (await list(id)).items
    expect(left.map(({ reason, attempts }) => [reason, attempts])).toEqual(Array(3).fill(['TypeError', 1]))
    const fresh = await house.database.db.select().from(tickets).where(eq(tickets.accountId, id))
    expect(fresh).toHaveLength(1)
    expect(await actsOf(id)).toContain(`account.replayed ${boss.id}`)
    expect(JSON.stringify(left)).not.toContain(token)
  })

  test('is discarded by choice, kept aside, and brought back', async () => {
    const id = await add()
    for (const n of [1, 2, 3]) await store(id, { n })
    const { items } = await list(id, 'limit=2')
    const discard = (ids: string[] | null) => call('POST', `/api/accounts/${id}/unread/discard`, { ids })
    expect((await discard([items[0]!.id])).json()).toEqual({ count: 1 })
    expect((await discard([items[0]!.id])).json()).toEqual({ count: 0 })
    expect((await glance(id))?.unread).toBe(2)
    expect((await list(id, 'show=discarded')).items).toMatchObject([{ id: items[0]!.id, discarded: true }])
    expect((await discard(null)).json()).toEqual({ count: 2 })
    // Nobody reads what was discarded by accident of "all".
    expect((await call('POST', `/api/accounts/${id}/unread/replay`, {})).json()).toMatchObject({
      replayed: 0,
      failed: 0,
    })
    const restore = await call('POST', `/api/accounts/${id}/unread/restore`, { ids: [items[1]!.id] })
    expect(restore.json()).toEqual({ count: 1 })
    expect((await list(id)).items.map((item) => item.id)).toEqual([items[1]!.id])
    expect((await actsOf(id)).filter((act) => act.includes('unread'))).toEqual([
      `account.unread_discarded ${boss.id}`,
      `account.unread_discarded ${boss.id}`,
      `account.unread_restored ${boss.id}`,
    ])
    const other = await add()
    expect((await call('POST', `/api/accounts/${other}/unread/discard`, { ids: [items[1]!.id] })).json()).toEqual({
      count: 0,
    })
    expect(await house.database.db.$count(inboundUnread, eq(inboundUnread.accountId, id))).toBe(3)
  })
})
