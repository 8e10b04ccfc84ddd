import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { newId } from '../db/id.ts'
import {
  audit,
  events,
  preparedQuestions,
  ruleFailures,
  ruleHits,
  rules,
  teams,
  ticketChanges,
  tickets,
} from '../db/schema.ts'
import { changeTicket } from '../tickets/change.ts'
import type { TicketPatch } from '../wire.ts'
import type { RuleAction, RuleCondition } from '../wire-rules.ts'
import { failuresAllowed } from './apply-run.ts'
import { ensureShippedRules } from './ensure-shipped.ts'
import { createPatterns } from './pattern.ts'
import { type PreparedFor, triageHandler } from './run.ts'
import { shippedRules } from './shipped/index.ts'
import { lastSet } from './situation.ts'

let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
const patterns = createPatterns()
const prepared: PreparedFor[] = []
const now = new Date('2026-11-25T08:00:00Z')
const deps = () => ({
  db: database.db,
  now: () => now,
  nudge: () => {},
  patterns,
  onQuestion: async (_: unknown, one: PreparedFor) => void prepared.push(one),
})
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(async () => {
  await patterns.close()
  await database.close()
})
beforeEach(async () => {
  await database.db.delete(rules)
  prepared.length = 0
  talk = await rows.conversation()
  agent = await rows.user('agent', [talk.brand], 'Lin')
})

let position = 0
async function rule(
  actions: RuleAction[],
  more: Partial<typeof rules.$inferInsert> & { conditions?: RuleCondition[] } = {},
) {
  const id = newId()
  const conditions: RuleCondition[] = [{ type: 'words', not: false, words: ['smoke'], except: [], negated: 'skip' }]
  await database.db.insert(rules).values({
    id,
    position: ++position,
    en: 'Rule',
    zh: '规则',
    enabled: true,
    conditions,
    actions,
    createdBy: 'system',
    createdAt: now,
    updatedAt: now,
    ...more,
  })
  return id
}
const urgent: RuleAction = { type: 'priority', to: 'urgent', lower: false }
const battery: RuleAction = { type: 'category', to: 'product.battery', replace: false }
const says = (text: string, ticketVersion = 1) => rows.message(talk, { text, ticketVersion })
const run = (messageId: string) => triageHandler(deps())({ subject: messageId } as never, {} as never)
const stored = async () => (await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id)))[0]!
const person = (patch: TicketPatch) => changeTicket(deps(), agent, talk.ticket.id, patch)

describe('a message that hits', () => {
  test('changes its ticket once, in the name of the rule, and is told', async () => {
    const id = await rule([urgent, battery, { type: 'tag', tag: '安全' }])
    const { id: messageId } = await says('there is smoke')
    await run(messageId)
    await run(messageId)
    expect(await stored()).toMatchObject({
      priority: 'urgent',
      category: 'product.battery',
      tags: ['安全'],
      version: 2,
    })
    const told = await database.db.select().from(events).where(eq(events.ticketId, talk.ticket.id))
    expect(told).toMatchObject([{ type: 'ticket', version: 2 }])
    const acts = await database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `ticket:${talk.ticket.id}`))
    expect(acts).toMatchObject([
      { actor: `rule:${id}`, action: 'ticket.changed', detail: { priority: { from: 'normal', to: 'urgent' } } },
    ])
    expect(await database.db.select().from(ruleHits).where(eq(ruleHits.ruleId, id))).toHaveLength(1)
  })

  test('of a brand the rule is not for changes nothing, nor does one that is off', async () => {
    const other = await rows.brand()
    await rule([urgent], { brandIds: [other.id] })
    await rule([urgent], { enabled: false })
    await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ priority: 'normal', version: 1 })
  })

  test('that was deleted, is a reply, or has no ticket is left alone', async () => {
    await rule([urgent])
    await run((await rows.message(talk, { text: 'smoke', deletedAt: now })).id)
    await run((await rows.message(talk, { text: 'smoke', direction: 'outbound', userId: agent.id })).id)
    await run((await rows.message(talk, { text: 'smoke', ticketId: null })).id)
    await run(newId())
    expect(await stored()).toMatchObject({ version: 1 })
  })

  test('by its newest text', async () => {
    await rule([urgent])
    const { id } = await says('smoke')
    await rows.revision(id, 'all is well', now)
    await run(id)
    expect(await stored()).toMatchObject({ priority: 'normal' })
  })
})

describe('what a person set', () => {
  test('after the message came is not overwritten', async () => {
    await rule([
      { type: 'priority', to: 'low', lower: true },
      { ...battery, replace: true },
      { type: 'tag', tag: 'x' },
    ])
    const { id } = await says('smoke', 1)
    await person({ priority: 'high', category: 'service', tags: ['mine'] })
    await run(id)
    expect(await stored()).toMatchObject({ priority: 'high', category: 'service', tags: ['mine'], version: 2 })
  })

  test('before the message stays their category and assignee; the priority may rise', async () => {
    const colleague = await rows.user('agent', [talk.brand])
    await rule([urgent, { ...battery, replace: true }, { type: 'assignee', to: colleague.id }])
    await person({ category: 'service', assignee: 'me', priority: 'low' })
    await run((await says('smoke', 3)).id)
    expect(await stored()).toMatchObject({ priority: 'urgent', category: 'service', assigneeId: agent.id })
  })

  test('is theirs also when nobody noted it', async () => {
    await database.db.update(tickets).set({ category: 'before the rules' }).where(eq(tickets.id, talk.ticket.id))
    await database.db.delete(ticketChanges)
    await rule([{ ...battery, replace: true }])
    await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ category: 'before the rules' })
  })

  test('and what a rule set is told apart by whoever asks', async () => {
    const id = await rule([urgent])
    await run((await says('smoke')).id)
    await person({ category: 'service' })
    const set = await database.db.execute<{ field: string; version: number; rule_id: string | null }>(
      lastSet(sql`${talk.ticket.id}::uuid`),
    )
    expect(set.map(({ field, rule_id, version }) => [field, rule_id, version])).toEqual([
      ['category', null, 3],
      ['priority', id, 2],
    ])
  })

  test('at the same moment as the rules and another agent: nothing of anybody is lost', async () => {
    await rule([urgent, { type: 'tag', tag: 'rule' }])
    const other = await rows.user('agent', [talk.brand])
    const first = await says('smoke')
    const second = await says('smoke again')
    await Promise.all([
      run(first.id),
      changeTicket(deps(), agent, talk.ticket.id, { category: 'service' }),
      run(second.id),
      changeTicket(deps(), other, talk.ticket.id, { assignee: 'me', status: 'open' }),
    ])
    expect(await stored()).toMatchObject({
      priority: 'urgent',
      tags: ['rule'],
      category: 'service',
      assigneeId: other.id,
      status: 'open',
      version: 4,
    })
  })
})

describe('a rule that fails', () => {
  test('is noted with its ticket, switched off after repeated failures, and holds up no other', async () => {
    const evil = await rule([urgent], {
      conditions: [{ type: 'hour', not: false, from: 1, to: 2, timeZone: 'No/Where' }],
    })
    await rule([{ type: 'tag', tag: 'worked' }])
    for (let count = 0; count < failuresAllowed; count += 1) await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ tags: ['worked'] })
    const failures = await database.db.select().from(ruleFailures).where(eq(ruleFailures.ruleId, evil))
    expect(failures).toHaveLength(failuresAllowed)
    expect(failures[0]).toMatchObject({ code: 'bad_time_zone', ticketId: talk.ticket.id })
    const [row] = await database.db.select().from(rules).where(eq(rules.id, evil))
    expect(row).toMatchObject({ enabled: false, failedAt: now })
    const acts = await database.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `rule:${evil}`))
    expect(acts).toMatchObject([{ actor: 'system', action: 'rule.switched_off' }])
  })

  test('only now and then stays on: working in between forgives', async () => {
    const id = await rule([urgent])
    await database.db
      .update(rules)
      .set({ failures: failuresAllowed - 1 })
      .where(eq(rules.id, id))
    await run((await says('smoke')).id)
    const [row] = await database.db.select().from(rules).where(eq(rules.id, id))
    expect(row).toMatchObject({ failures: 0, enabled: true })
  })

  test('because its team was deleted says so; before that it gave the ticket to the team', async () => {
    const team = newId()
    await database.db.insert(teams).values({ id: team, name: team })
    const id = await rule([{ type: 'team', to: team }])
    await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ teamId: team })
    await database.db.delete(teams).where(eq(teams.id, team))
    await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ teamId: null })
    const failures = await database.db.select().from(ruleFailures).where(eq(ruleFailures.ruleId, id))
    expect(failures).toMatchObject([{ code: 'team_gone', ticketId: talk.ticket.id }])
  })

  test('because its assignee is gone does the rest, says so, and stays on', async () => {
    const id = await rule([{ type: 'assignee', to: 'gone' }, urgent])
    for (let count = 0; count <= failuresAllowed; count += 1) await run((await says('smoke')).id)
    expect(await stored()).toMatchObject({ priority: 'urgent', assigneeId: null })
    const [row] = await database.db.select().from(rules).where(eq(rules.id, id))
    expect(row).toMatchObject({ enabled: true })
    const [failure] = await database.db.select().from(ruleFailures).where(eq(ruleFailures.ruleId, id))
    expect(failure).toMatchObject({ code: 'assignee_gone' })
  })
})

describe('a prepared question', () => {
  const asks: RuleAction = { type: 'question', en: 'Which model?', zh: '什么型号?' }
  test('is put down once, and whoever may send is told in the same transaction', async () => {
    const id = await rule([asks])
    await run((await says('there is smoke in the room')).id)
    await run((await says('smoke again')).id)
    const found = await database.db
      .select()
      .from(preparedQuestions)
      .where(eq(preparedQuestions.ticketId, talk.ticket.id))
    expect(found).toMatchObject([{ ruleId: id, en: 'Which model?', zh: '什么型号?' }])
    expect(prepared).toMatchObject([{ ticketId: talk.ticket.id, threadId: talk.thread.id, language: 'en' }])
  })

  test('is not needed where the fact is in the message', async () => {
    await rule([asks], { conditions: [{ type: 'missing', not: false, facts: ['serial'] }] })
    await run((await says('IMEI 490154203237518')).id)
    expect(prepared).toEqual([])
    await run((await says('it is broken')).id)
    expect(prepared).toHaveLength(1)
  })
})

test('the person’s tickets are counted by their own, within the days', async () => {
  await rule([urgent], { conditions: [{ type: 'history', not: false, tickets: 2, days: 30 }] })
  await run((await says('hello')).id)
  expect(await stored()).toMatchObject({ priority: 'normal' })
  await rows.ticket({ brandId: talk.brand.id, accountId: talk.account.id, contactId: talk.contact.id })
  await run((await says('hello again')).id)
  expect(await stored()).toMatchObject({ priority: 'urgent' })
})

test('shipped rules are made once, off, in their order, by nodes that start together', async () => {
  await Promise.all([ensureShippedRules(database.db, now), ensureShippedRules(database.db, now)])
  await database.db.update(rules).set({ en: 'Mine' }).where(eq(rules.shipped, 'safety'))
  await ensureShippedRules(database.db, now)
  const all = await database.db.select().from(rules).orderBy(sql`position`)
  expect(all.map(({ shipped }) => shipped)).toEqual(shippedRules.map(({ name }) => name))
  expect(all.every(({ enabled }) => !enabled)).toBe(true)
  expect(all.find(({ shipped }) => shipped === 'safety')?.en).toBe('Mine')
})
