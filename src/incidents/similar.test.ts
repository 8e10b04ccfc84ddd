import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import type { Actor } from '../auth/actor.ts'
import { ticketFacts } from '../db/schema.ts'
import { relatedTickets } from './related.ts'
import { alikeQuery, alikeTickets } from './similar.ts'

let database: TestDatabase
let rows: Rows
let brand: Awaited<ReturnType<Rows['brand']>>
let agent: Actor
const now = new Date()
const ids = new Map<string, string>()

const texts: readonly (readonly [name: string, text: string, category?: string])[] = [
  ['bulge', '手机充电的时候电池鼓包了，后盖都顶开了', 'battery'],
  ['bulge2', '电池鼓包，后盖被顶开，充电的时候还发烫'],
  ['bulge3', '充电时电池鼓包，后盖顶开了怎么办'],
  ['screen', '屏幕有一条绿线，换新能走保修吗'],
  ['price', '刚买一周就降价两百，能补差价吗'],
  ['signal', 'No signal since the last update, the phone cannot find any network'],
  ['signal2', 'Since the last update my phone cannot find the network, no signal at all'],
  ['greeting', '你好，在吗'],
  ['ship', '订单什么时候发货'],
  ['colour', '请问有没有蓝色的'],
]

beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
  brand = await rows.brand()
  agent = await rows.user('agent', [brand])
  for (const [name, text, category] of texts) {
    const talk = await rows.conversation({ brand, contact: { name }, ticket: { category: category ?? null } })
    await rows.message(talk, { text })
    ids.set(name, talk.ticket.id)
  }
})
afterAll(() => database?.close())

const alike = async (name: string, options: object = {}) =>
  (
    await alikeTickets(database.db, agent, brand.id, [ids.get(name)!], { now, others: true, limit: 10, ...options })
  ).map((one) => one.name)

test('the same problem in other words is found, in Chinese and in English, and nothing else', async () => {
  expect((await alike('bulge')).sort()).toEqual(['bulge2', 'bulge3'])
  expect(await alike('signal')).toEqual(['signal2'])
  expect(await alike('greeting')).toEqual([])
  expect(await alike('price')).toEqual([])
})

test('the same person’s are shown as such, not as another’s; other brands’ and old ones are not there', async () => {
  const other = await rows.conversation({ contact: { name: 'elsewhere' } })
  await rows.message(other, { text: texts[0]![1] })
  const old = await rows.conversation({
    brand,
    contact: { name: 'old' },
    ticket: { lastMessageAt: new Date(now.getTime() - 20 * 86_400_000) },
  })
  await rows.message(old, { text: texts[0]![1] })
  const [first] = (await database.sql`select * from tickets where id = ${ids.get('bulge')!}`) as unknown as {
    contact_id: string
    account_id: string
  }[]
  const again = await rows.ticket({ brandId: brand.id, accountId: first!.account_id, contactId: first!.contact_id })
  const related = await relatedTickets(database.db, agent, ids.get('bulge')!, now)
  expect(related.person.map(({ id }) => id)).toEqual([again.id])
  expect(related.alike.map(({ name }) => name).sort()).toEqual(['bulge2', 'bulge3'])
  expect(related).toMatchObject({ incident: null, device: [] })
  const stranger: Actor = { ...agent, brandIds: [other.brand.id] }
  await expect(relatedTickets(database.db, stranger, ids.get('bulge')!, now)).rejects.toMatchObject({ status: 404 })
})

test('the same device is found once serial numbers are kept', async () => {
  const facts = (name: string, serial: string) => {
    return { ticketId: ids.get(name)!, brandId: brand.id, model: 'P50', serial, updatedAt: now }
  }
  await database.db.insert(ticketFacts).values([facts('bulge', 'SN1'), facts('screen', 'SN1'), facts('price', 'SN2')])
  const related = await relatedTickets(database.db, agent, ids.get('bulge')!, now)
  expect(related.device.map(({ name }) => name)).toEqual(['screen'])
})

test('is found by indexes, and compares so many at most', async () => {
  const plan = await database.db.transaction(async (tx) => {
    // Of a small table the planner reads everything; what it would use for a big one is asked.
    await tx.execute('set local enable_seqscan = off')
    const query = alikeQuery(agent, brand.id, [ids.get('bulge')!], { now, others: true, limit: 10 })
    const { sql } = await import('drizzle-orm')
    return JSON.stringify(await tx.execute(sql`explain (format json) ${query}`))
  })
  expect(plan).toContain('tickets_inbox')
  expect(plan).toContain('messages_order')
  expect(plan).not.toContain('Seq Scan')
})
