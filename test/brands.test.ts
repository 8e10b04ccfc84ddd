/** Brands as those look after them who may, and signing somebody out everywhere. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../src/db/id.ts'
import { accounts, audit } from '../src/db/schema.ts'
import type { Brand, BrandOverview } from '../src/wire.ts'
import { openTestApp, type Person, signIn, type TestApp } from './helpers/app.ts'
import { createRows, type Rows } from './helpers/rows.ts'

let house: TestApp
let rows: Rows
let boss: Person
let lead: Person
beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.database.db)
  boss = await house.person('administrator')
  lead = await house.person('supervisor')
})
afterAll(() => house.close())

const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT', url: string, payload?: object, by = boss) =>
  house.app.inject({ method, url, headers: by.headers, ...(payload ? { payload } : {}) })
const overview = async () => (await call('GET', '/api/brands/overview')).json().brands as BrandOverview[]
const names = async (by = boss) =>
  ((await call('GET', '/api/brands', undefined, by)).json().brands as Brand[]).map(({ name }) => name)

test('a brand is added, renamed, given to people, archived when it is empty, and brought back', async () => {
  const { id } = (await call('POST', '/api/brands', { name: 'Aurora' })).json()
  expect(await overview()).toContainEqual({ id, name: 'Aurora', archived: false, accounts: 0, open: 0, userIds: [] })
  await call('PUT', `/api/brands/${id}/members`, { userIds: [lead.id] })
  await call('PATCH', `/api/brands/${id}`, { name: '  Aurora 2 ' })
  expect(await names(lead)).toContain('Aurora 2')

  const account = await rows.account({ brandId: id })
  const archive = () => call('PATCH', `/api/brands/${id}`, { archived: true })
  expect((await archive()).json()).toMatchObject({
    status: 409,
    code: 'brand_in_use',
    details: { accounts: 1, open: 0 },
  })
  const [brand] = await overview().then((all) => all.filter((one) => one.id === id))
  expect(brand).toMatchObject({ accounts: 1, userIds: [lead.id] })
  const talk = await rows.conversation({ brand: { id, name: '', createdAt: new Date(), archivedAt: null }, account })
  await house.database.db.update(accounts).set({ removedAt: new Date() }).where(eq(accounts.id, account.id))
  expect((await archive()).json()).toMatchObject({ code: 'brand_in_use', details: { accounts: 0, open: 1 } })
  await house.database.sql`update tickets set status = 'resolved' where id = ${talk.ticket.id}`
  expect((await archive()).statusCode).toBe(200)
  // Twice is once.
  expect((await archive()).statusCode).toBe(200)
  expect(await names()).not.toContain('Aurora 2')
  expect((await overview()).at(-1)).toMatchObject({ id, archived: true })
  // What is in it can still be read.
  expect((await call('GET', `/api/tickets/${talk.ticket.id}`, undefined, lead)).statusCode).toBe(200)

  expect((await call('PATCH', `/api/brands/${id}`, { archived: false })).statusCode).toBe(200)
  expect(await names(lead)).toContain('Aurora 2')
  const acts = await house.database.db
    .select()
    .from(audit)
    .where(eq(audit.subject, `brand:${id}`))
  expect(acts.map(({ action }) => action)).toEqual([
    'brand.created',
    'brand.members_replaced',
    'brand.renamed',
    'brand.archived',
    'brand.restored',
  ])
})

test('nobody archives the last one, not even two at once', async () => {
  const before = (await overview()).filter(({ archived }) => !archived)
  const { id } = (await call('POST', '/api/brands', { name: 'Second' })).json()
  for (const brand of before.slice(1)) await call('PATCH', `/api/brands/${brand.id}`, { archived: true })
  const both = await Promise.all(
    [before[0]!.id, id].map((one) => call('PATCH', `/api/brands/${one}`, { archived: true })),
  )
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
  expect(both.find(({ statusCode }) => statusCode === 409)?.json().code).toBe('last_brand')
})

test('is the administrators’ business', async () => {
  const { id } = (await call('POST', '/api/brands', { name: 'Third' })).json()
  expect((await call('GET', '/api/brands/overview', undefined, lead)).statusCode).toBe(403)
  expect((await call('PATCH', `/api/brands/${id}`, { archived: true }, lead)).statusCode).toBe(403)
  expect((await call('PATCH', `/api/brands/${newId()}`, { archived: true })).statusCode).toBe(404)
})

test('somebody signed out everywhere has to sign in again, and can', async () => {
  const agent = await house.person('agent')
  const second = await signIn(house.app, agent.email)
  const me = (headers: Person['headers']) => house.app.inject({ method: 'GET', url: '/api/me', headers })
  expect((await call('POST', `/api/users/${agent.id}/sign-out`, {}, lead)).statusCode).toBe(403)
  expect((await call('POST', `/api/users/${agent.id}/sign-out`, {})).statusCode).toBe(204)
  for (const headers of [agent.headers, second]) expect((await me(headers)).statusCode).toBe(401)
  expect((await me(await signIn(house.app, agent.email))).statusCode).toBe(200)
  expect((await call('POST', `/api/users/${newId()}/sign-out`, {})).statusCode).toBe(404)
})
