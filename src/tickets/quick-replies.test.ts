import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { newId } from '../db/id.ts'
import { audit } from '../db/schema.ts'
import type { QuickReply } from '../wire.ts'

let house: TestApp
let [agent, colleague, supervisor, administrator, stranger]: Person[] = []
let otherBrand: string
beforeAll(async () => {
  house = await openTestApp()
  otherBrand = await house.addBrand('Other')
  agent = await house.person('agent')
  colleague = await house.person('agent')
  supervisor = await house.person('supervisor')
  administrator = await house.person('administrator', [])
  stranger = await house.person('supervisor', [otherBrand])
})
afterAll(() => house.close())
beforeEach(() => house.database.sql`delete from quick_replies`)

const texts = { shortcut: 'hi', title: 'Greeting', zh: '您好，{{客户}}', en: '' }
async function call(who: Person | undefined, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path = '', payload?: object) {
  const answer = await house.app.inject({
    method,
    url: `/api/quick-replies${path}`,
    headers: who!.headers,
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const add = (who: Person | undefined, more: object = {}) => call(who, 'POST', '', { ...texts, ...more })
const seen = async (who: Person | undefined) =>
  ((await call(who, 'GET')).body.replies as QuickReply[]).map(({ shortcut, mine }) => [shortcut, mine])

test('one’s own are one’s own', async () => {
  const { status, body } = await add(agent, { shortcut: 'ＨＩ' })
  expect({ status, body }).toMatchObject({ status: 201, body: { ...texts, shared: false, brandId: null, mine: true } })
  expect(await seen(agent)).toEqual([['hi', true]])
  expect(await seen(colleague)).toEqual([])
  for (const who of [colleague, administrator]) {
    expect((await call(who, 'PUT', `/${body.id}`, texts)).status).toBe(404)
    expect((await call(who, 'DELETE', `/${body.id}`)).status).toBe(404)
  }
  expect((await add(colleague)).status).toBe(201)
  expect((await call(agent, 'PUT', `/${body.id}`, { ...texts, en: 'Hello' })).body).toMatchObject({ en: 'Hello' })
  expect((await call(agent, 'DELETE', `/${body.id}`)).status).toBe(204)
  expect(await seen(agent)).toEqual([])
})

test('shared ones are seen with their brand, and kept by its supervisors', async () => {
  expect((await add(agent, { shared: true, brandId: house.brandId })).status).toBe(403)
  expect((await add(supervisor, { shared: true })).status).toBe(403)
  expect((await add(supervisor, { shared: true, brandId: otherBrand })).status).toBe(403)
  expect((await add(administrator, { shared: true, brandId: newId() })).status).toBe(422)
  const { body } = await add(supervisor, { shared: true, brandId: house.brandId })
  await add(administrator, { shared: true, shortcut: 'all' })
  expect(await seen(agent)).toEqual([
    ['all', false],
    ['hi', false],
  ])
  expect(await seen(supervisor)).toEqual([
    ['all', false],
    ['hi', true],
  ])
  expect(await seen(stranger)).toEqual([['all', false]])
  expect((await call(agent, 'DELETE', `/${body.id}`)).status).toBe(403)
  expect((await call(stranger, 'DELETE', `/${body.id}`)).status).toBe(404)
  // Nobody gives away what is everybody's, or takes it for themselves, without being allowed both.
  expect((await call(supervisor, 'PUT', `/${body.id}`, { ...texts, shared: true, brandId: null })).status).toBe(403)
  expect((await call(supervisor, 'PUT', `/${body.id}`, texts)).status).toBe(200)
  expect(await seen(agent)).toEqual([['all', false]])
})

test('a shortcut is one thing only, for each who owns it', async () => {
  await add(agent)
  expect((await add(agent, { shortcut: 'HI' })).body).toMatchObject({ status: 409, code: 'shortcut_taken' })
  await add(administrator, { shared: true })
  expect((await add(administrator, { shared: true })).body).toMatchObject({ code: 'shortcut_taken' })
  expect((await add(administrator, { shared: true, brandId: house.brandId })).status).toBe(201)
  const both = await Promise.all([add(colleague, { shortcut: 'x' }), add(colleague, { shortcut: 'x' })])
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
})

test.each([
  ['no text', { zh: ' ' }],
  ['a variable nobody knows', { zh: '{{谁}}' }],
  ['a space in the shortcut', { shortcut: 'a b' }],
  ['a slash in the shortcut', { shortcut: '/a' }],
  ['a field nobody knows', { ownerId: 'x' }],
])('%s is refused', async (_what, more) => {
  expect((await add(agent, more)).status).toBe(400)
})

test('there is an end to it, also when many are added at once', async () => {
  await house.database.sql`
    insert into quick_replies (id, owner_id, shortcut, title, zh, en)
    select gen_random_uuid(), ${agent!.id}, 's' || g, 't', 'z', '' from generate_series(1, 499) g`
  const all = await Promise.all(['a', 'b', 'c'].map((shortcut) => add(agent, { shortcut })))
  expect(all.map(({ status }) => status).sort()).toEqual([201, 422, 422])
})

test('the audit says what was done, and not what was written', async () => {
  await add(agent)
  const rows = await house.deps.db.select().from(audit)
  const mine = rows.filter(({ action }) => action === 'quick_reply.added')
  expect(mine.at(-1)).toMatchObject({ actor: agent!.id, detail: { shared: false } })
  expect(JSON.stringify(mine)).not.toContain('您好')
})
