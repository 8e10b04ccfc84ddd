/** How much the database reads for one page of the queue, in a house of 50,000 tickets. Rows are counted, not time. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../src/auth/actor.ts'
import { standingQuery } from '../src/outbound/standing.ts'
import { pageQuery, stretchesOf } from '../src/tickets/list.ts'
import { messagesQuery } from '../src/tickets/messages.ts'
import type { Channels } from '../src/tickets/window.ts'
import { TicketQuery } from '../src/wire.ts'
import { createTestDatabase, type TestDatabase } from './helpers/database.ts'
import { patience } from './helpers/patience.ts'
import { type Conversation, createRows } from './helpers/rows.ts'

const TICKETS = 50_000
/** Windows as a platform may have them: of the house's own channel. */
const channels = new Map([
  [
    'telegram',
    {
      capabilities: { surfaces: { direct: { windows: [{ openedBy: 'message', lengthMs: 172_800_000, replies: 5 }] } } },
    },
  ],
]) as unknown as Channels
let database: TestDatabase
let house: Conversation
let agent: Actor
let administrator: Actor

beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 120_000 })
  const rows = createRows(database.db)
  house = await rows.conversation()
  const other = await rows.conversation()
  agent = await rows.user('agent', [house.brand, other.brand])
  administrator = await rows.user('administrator')
  const { sql: run } = database
  // One in five is unfinished, one in ten waits for us, one in a hundred has a reply that failed or is in doubt.
  await run`
    insert into contacts (id, brand_id, name) select gen_random_uuid(), ${house.brand.id}, '顾客' || g from generate_series(1, 5000) g`
  await run`
    insert into identities (id, account_id, external_id, contact_id, name, handle)
    select gen_random_uuid(), ${house.account.id}, id, id, name, 'h' || name from contacts where name like '顾客%'`
  await run`
    insert into threads (id, account_id, external_id, surface, identity_id)
    select gen_random_uuid(), account_id, external_id, 'direct', id from identities where name like '顾客%'`
  await run`
    insert into tickets (id, brand_id, account_id, contact_id, status, surface, last_message_at, unanswered_since, assignee_id)
    select gen_random_uuid(), ${house.brand.id}, ${house.account.id}, c.id,
      (array['new','open','closed','closed','closed','closed','closed','closed','resolved','resolved'])[1 + g % 10],
      'direct', now() - (g * 7919 % ${TICKETS}) * interval '1 minute',
      case when g % 10 = 1 then now() - g * interval '1 second' end,
      case when g % 7 = 0 then ${agent.id} when g % 3 = 0 then 'somebody' end
    from generate_series(1, ${TICKETS}) g
    join (select id, row_number() over () as n from contacts) c on c.n = 1 + g % 5000`
  await run`
    insert into messages (id, ticket_id, thread_id, account_id, direction, surface, user_id, author_name, text, sent_at, received_at, ordered_at, ticket_version)
    select gen_random_uuid(), t.id, th.id, t.account_id, 'outbound', 'direct', 'a', 'A', '', now(), now(), now(), 1
    from tickets t join identities i on i.contact_id = t.contact_id join threads th on th.identity_id = i.id
    where t.number % 2 = 0`
  await run`
    insert into deliveries (id, message_id, ticket_id, thread_id, account_id, part, text, state, expires_at, created_at, settled_at)
    select gen_random_uuid(), id, ticket_id, thread_id, account_id, 0, '',
      case (row_number() over ()) % 50 when 0 then 'failed' when 1 then 'unknown' else 'sent' end, now(), now(), now()
    from messages`
  await run`
    insert into messages (id, ticket_id, thread_id, account_id, direction, surface, author_name, text, sent_at, received_at, ordered_at, sequence, ticket_version, search)
    select gen_random_uuid(), ${house.ticket.id}, ${house.thread.id}, ${house.account.id}, 'inbound', 'direct', 'A', '', now(), now(),
      now() - g * interval '1 second', g::text, 1, case when g = 1 then '''退款'''::tsvector end
    from generate_series(1, 20000) g`
  await run`vacuum analyze`
}, 120_000 * patience)
afterAll(() => database.close())

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly Plan[]
}

/** Rows taken from tables and indexes while the statement ran, and what read them. */
async function cost(query: ReturnType<typeof sql>): Promise<{ rows: number; scans: string[] }> {
  const [row] = await database.db.execute<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    sql`explain (analyze, timing off, format json) ${query}`,
  )
  let rows = 0
  const scans: string[] = []
  const visit = (plan: Plan) => {
    const table = plan['Relation Name']
    if (table && plan['Actual Loops'] > 0) {
      const once =
        plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)
      rows += once * plan['Actual Loops']
      scans.push(`${plan['Node Type']} ${plan['Index Name'] ?? table}`)
    }
    plan.Plans?.forEach(visit)
  }
  visit(row!['QUERY PLAN'][0]!.Plan)
  return { rows, scans }
}

const place = (sort: TicketQuery['sort'], stretch = 0) =>
  [sort, stretch, (Date.now() - 20_000 * 60_000) * 1_000, '01900000-0000-7000-8000-000000000000'] as never

test.each<[string, object, number, number?]>([
  ['the whole queue', {}, 300],
  ['from the middle on', {}, 300, 0],
  ['oldest first', { sort: 'oldest' }, 300],
  ['oldest first, from the middle on', { sort: 'oldest' }, 300, 0],
  ['by status', { status: 'new,open,waiting_customer,waiting_other' }, 300],
  ['by status, oldest first', { status: 'open', sort: 'oldest' }, 300],
  ['who waits longest', { sort: 'waiting' }, 300],
  ['who waits longest, from the middle on', { sort: 'waiting' }, 300, 0],
  ['whose window closes first', { sort: 'window', status: 'new,open' }, 16_000],
  ['about to close', { window: 'closing', status: 'new,open' }, 16_000],
  ['mine', { assignee: 'me' }, 1_000],
  ['nobody’s', { assignee: 'none', status: 'new,open' }, 1_000],
  ['of a channel', { channel: 'telegram' }, 300],
  ['of an account', { account: '$account' }, 300],
  ['with a reply that failed', { delivery: 'failed' }, 5_000],
  ['with a reply in doubt', { delivery: 'unknown' }, 5_000],
  ['with a rare word', { q: '退款' }, 1_000],
  ['with a word nobody wrote', { q: '没有人写过' }, 100],
  ['by number', { q: '#4711' }, 1_000],
])('a page %s reads few of 50,000', async (_name, filter, most, stretch) => {
  for (const actor of [agent, administrator]) {
    const given = JSON.parse(JSON.stringify(filter).replace('$account', house.account.id))
    const query = TicketQuery.parse(given)
    const after = stretch === undefined ? null : place(query.sort, stretch)
    const [first] = stretchesOf(query.sort, new Date(), channels)
    const { rows, scans } = await cost(pageQuery(actor, query, new Date(), first!, after, 51, channels))
    expect({ scans, few: rows <= most, rows }).toEqual({ scans, few: true, rows })
    expect(scans).not.toContain('Seq Scan tickets')
  }
})

test('a page of 20,000 messages reads that page', async () => {
  const { rows, scans } = await cost(messagesQuery(database.db, house.ticket.id, null, 50).getSQL())
  expect(scans).toEqual(['Index Scan messages_order'])
  expect(rows).toBeLessThan(60)
  const before = [(Date.now() - 10_000_000) * 1_000, '5', '01900000-0000-7000-8000-000000000000'] as const
  const later = await cost(messagesQuery(database.db, house.ticket.id, [...before], 50).getSQL())
  expect(later.scans).toEqual(['Index Scan messages_order'])
  expect(later.rows).toBeLessThan(60)
})

test('where a thread stands is read without looking through all messages', async () => {
  const threads = await database.sql<{ id: string }[]>`select id from threads limit 50`
  const { scans } = await cost(standingQuery(threads.map(({ id }) => id)))
  expect(scans).not.toContain('Seq Scan messages')
  expect(scans).not.toContain('Seq Scan deliveries')
})
