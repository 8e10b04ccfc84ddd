/** Against fifty thousand tickets: the figures come, and a short span does not read everything there is. */
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { patience } from '../../test/helpers/patience.ts'
import { createRows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { FigureQuery } from '../wire-figures.ts'
import { answersQuery, backlogQuery, firstAnswerQuery, reopenedQuery, resolvedQuery, type Scope } from './query.ts'
import { readFigures } from './report.ts'

const tickets = 50_000
const now = new Date('2026-11-25T12:00:00Z')
const days = (count: number) => new Date(now.getTime() - count * 86_400_000)

let database: TestDatabase
let actor: Actor

beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 240_000 * patience })
  const rows = createRows(database.db)
  const { account, brand, contact, identity, thread } = await rows.conversation({
    ticket: { createdAt: days(91), lastMessageAt: days(91) },
  })
  actor = await rows.user('supervisor', [brand])
  const pg = database.sql
  // One every two and a half minutes or so, over ninety days; three messages each; four of five finished.
  await pg`
    insert into tickets (id, brand_id, account_id, contact_id, surface, status, created_at, last_message_at, assignee_id, category)
    select gen_random_uuid(), ${brand.id}, ${account.id}, ${contact.id}, 'direct', 'new',
      ${days(90).toISOString()}::timestamptz + i * interval '155 seconds', ${days(90).toISOString()}::timestamptz + i * interval '155 seconds' + interval '3 hours',
      'agent-' || i % 40, 'category-' || i % 25
    from generate_series(1, ${tickets}) i`
  await pg`
    insert into messages (id, ticket_id, thread_id, account_id, direction, surface, identity_id, user_id, author_name, text,
      sent_at, received_at, ordered_at, ticket_version)
    select gen_random_uuid(), t.id, ${thread.id}, ${account.id}, case when k = 1 then 'inbound' else 'outbound' end, 'direct',
      case when k = 1 then ${identity.id}::uuid end, case when k > 1 then t.assignee_id end, 'x', repeat('x', 200), t.at, t.at, t.at, 1
    from (select id, assignee_id, created_at + (k - 1) * interval '70 minutes' as at, k from tickets, generate_series(1, 3) k
      where brand_id = ${brand.id}) t`
  await pg`
    insert into ticket_changes (ticket_id, brand_id, at, version, fields, from_status, status, from_priority, priority, assignee_id)
    select id, brand_id, created_at + interval '3 hours', 2, '{status}', 'open', 'resolved', 'normal', 'normal', assignee_id
    from tickets where number % 5 <> 0`
  await pg`update tickets set status = 'resolved' where number % 5 <> 0`
  // What the trigger kept of that is of this moment: theirs is above.
  await pg`delete from ticket_changes where from_status = 'new' and status = 'resolved'`
  await pg`analyze`
}, 300_000 * patience)
afterAll(() => database?.close())

async function planOf(query: SQL): Promise<string> {
  const rows = await database.db.execute(sql`explain (format json) ${query}`)
  return JSON.stringify(rows)
}

test('a year’s figures come within the time they may take', { timeout: 120_000 * patience }, async () => {
  const query = FigureQuery.parse({ from: days(365).toISOString(), to: now.toISOString(), zone: 'Asia/Shanghai' })
  const report = await readFigures(database.db, actor, query, now)
  expect(report.total).toMatchObject({
    firstAnswer: { median: 70 * 60_000, p90: 70 * 60_000 },
    resolution: { median: 180 * 60_000 },
  })
  // And the one of the builder of rows, which is nobody’s.
  expect(report.total.opened).toBe(tickets + 1)
  expect(report.total.answers).toBe(2 * (tickets + 1))
  expect(report.by.agent).toHaveLength(41)
})

test('a day is found by indexes: neither messages nor changes are read from end to end', async () => {
  const scope: Scope = {
    actor,
    from: days(2),
    to: days(1),
    zone: 'UTC',
    step: 'hour',
    brand: undefined,
    channel: undefined,
  }
  for (const query of [firstAnswerQuery(scope), answersQuery(scope)]) {
    const plan = await planOf(query)
    // All of them stand in one thread here, so its index is as good as the ticket's.
    expect(plan).toMatch(/messages_(order|ours)/u)
    expect(plan).not.toMatch(/"Seq Scan"[^}]*"messages"/u)
  }
  for (const query of [resolvedQuery(scope), reopenedQuery(scope), backlogQuery(scope)]) {
    const plan = await planOf(query)
    expect(plan).toContain('ticket_changes_status')
    expect(plan).not.toMatch(/"Seq Scan"[^}]*"ticket_changes"/u)
  }
})
