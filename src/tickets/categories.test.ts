import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { systemActor } from '../auth/actor.ts'
import { audit, tickets } from '../db/schema.ts'
import { shippedCategories } from '../rules/shipped/categories.ts'
import { TicketQuery } from '../wire.ts'
import { addCategory, changeCategory, listCategories } from './categories.ts'
import { listTickets } from './list.ts'

let database: TestDatabase
let rows: Rows
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())

const add = async (en: string, parentId: string | null = null) => {
  const all = await addCategory(database.db, systemActor, { en, zh: `${en}类`, parentId })
  return all.find((one) => one.en === en)!.id
}
const change = (id: string, patch: Parameters<typeof changeCategory>[3]) =>
  changeCategory(database.db, systemActor, id, patch)
const named = async () => (await listCategories(database.db)).map(({ en }) => en)
const code = (asked: Promise<unknown>) => asked.then(() => null).catch((error: { code: string }) => error.code)

test('those that are shipped are there from the first start', async () => {
  const here = await listCategories(database.db)
  expect(here.map(({ id, parentId, en, zh }) => ({ id, parentId, en, zh }))).toEqual(shippedCategories)
})

describe('a category', () => {
  test('is added below another, renamed in both languages and moved with all below it', async () => {
    const parts = await add('Parts')
    const cable = await add('Cable', parts)
    await change(cable, { en: 'Cables', zh: '数据线' })
    const other = await add('Other')
    const all = await change(parts, { parentId: other })
    expect(all.find(({ id }) => id === cable)).toMatchObject({ parentId: parts, en: 'Cables', zh: '数据线' })
    const order = all.map(({ id }) => id)
    expect(order.slice(order.indexOf(other))).toEqual([other, parts, cable])
  })

  test('stands where it is put among its neighbours', async () => {
    const top = await add('Top')
    const [a, b, c] = [await add('A', top), await add('B', top), await add('C', top)]
    const order = async () =>
      (await listCategories(database.db)).filter(({ parentId }) => parentId === top).map(({ id }) => id)
    await change(c, { position: 0 })
    expect(await order()).toEqual([c, a, b])
    await change(c, { position: 99 })
    expect(await order()).toEqual([a, b, c])
  })

  test('never lies below itself, nor deeper than four', async () => {
    const one = await add('One')
    const two = await add('Two', one)
    const three = await add('Three', two)
    const four = await add('Four', three)
    expect(await code(change(one, { parentId: three }))).toBe('category_loop')
    expect(await code(change(one, { parentId: one }))).toBe('category_loop')
    expect(await code(add('Five', four))).toBe('too_deep')
    expect(await code(change(one, { parentId: await add('Roof') }))).toBe('too_deep')
    expect(await code(change(one, { parentId: 'nowhere' }))).toBe('category_unknown')
    expect(await code(change('nowhere', {}))).toBe('not_found')
  })

  test('moves of two at once never make a loop', async () => {
    const [left, right] = [await add('Left'), await add('Right')]
    const both = await Promise.all([code(change(left, { parentId: right })), code(change(right, { parentId: left }))])
    expect(both.filter((one) => one === null)).toHaveLength(1)
    expect(await named()).toEqual(expect.arrayContaining(['Left', 'Right']))
  })

  test('that is archived goes with all below it, comes back with all above it, and no ticket loses it', async () => {
    const up = await add('Up')
    const mid = await add('Mid', up)
    const low = await add('Low', mid)
    const talk = await rows.conversation({ ticket: { category: low } })
    const archived = (all: readonly { id: string; archived: boolean }[]) =>
      [up, mid, low].map((id) => all.find((one) => one.id === id)?.archived)
    expect(archived(await change(up, { archived: true }))).toEqual([true, true, true])
    const [ticket] = await database.db.select().from(tickets).where(eq(tickets.id, talk.ticket.id))
    expect(ticket?.category).toBe(low)
    const back = await change(mid, { archived: false })
    expect(archived(back)).toEqual([false, false, true])
    expect(back.find(({ id }) => id === low)?.tickets).toBe(1)
  })

  test('that was changed is audited', async () => {
    const id = await add('Watched')
    await change(id, { en: 'Seen' })
    const told = await database.db
      .select({ action: audit.action })
      .from(audit)
      .where(eq(audit.subject, `category:${id}`))
    expect(told.map(({ action }) => action)).toEqual(['category.added', 'category.changed'])
  })
})

describe('the queue', () => {
  test('is narrowed to categories with all below them, to none, and put in order of priority', async () => {
    const brand = await rows.brand()
    const agent = await rows.user('agent', [brand])
    const make = async (category: string | null, priority: 'low' | 'urgent' | 'normal') =>
      (await rows.conversation({ brand, ticket: { category, priority } })).ticket.id
    const battery = await make('product.battery', 'low')
    const product = await make('product', 'urgent')
    const bare = await make(null, 'normal')
    const list = async (query: Record<string, string>) =>
      (await listTickets(database.db, agent, TicketQuery.parse(query), new Date())).tickets.map(({ id }) => id)
    expect((await list({ category: 'product' })).sort()).toEqual([battery, product].sort())
    expect(await list({ category: 'product.battery' })).toEqual([battery])
    expect(await list({ category: 'none' })).toEqual([bare])
    expect((await list({ category: 'none,product.battery' })).sort()).toEqual([battery, bare].sort())
    expect(await list({ category: '"},{' })).toEqual([])
    expect(await list({ sort: 'priority' })).toEqual([product, bare, battery])
    const first = await listTickets(database.db, agent, TicketQuery.parse({ sort: 'priority', limit: '2' }), new Date())
    expect(await list({ sort: 'priority', after: first.next! })).toEqual([battery])
  })
})
