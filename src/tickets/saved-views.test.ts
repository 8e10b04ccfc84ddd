import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import type { SavedView } from '../wire.ts'

let house: TestApp
let [agent, colleague, supervisor]: Person[] = []
beforeAll(async () => {
  house = await openTestApp()
  agent = await house.person('agent')
  colleague = await house.person('agent')
  supervisor = await house.person('supervisor')
})
afterAll(() => house.close())
beforeEach(() => house.database.sql`delete from saved_views`)

const wanted = { name: '高优先级', view: 'all', search: { priority: 'urgent,high', sort: 'waiting' } }
async function call(who: Person | undefined, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path = '', payload?: object) {
  const answer = await house.app.inject({
    method,
    url: `/api/views${path}`,
    headers: who!.headers,
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const seen = async (who: Person | undefined) =>
  ((await call(who, 'GET')).body.views as SavedView[]).map(({ name, mine }) => [name, mine])

test('one’s own is seen, changed and deleted by oneself', async () => {
  const { status, body } = await call(agent, 'POST', '', wanted)
  expect({ status, body }).toMatchObject({ status: 201, body: { ...wanted, shared: false, mine: true } })
  expect(await seen(agent)).toEqual([['高优先级', true]])
  for (const who of [colleague, supervisor]) {
    expect(await seen(who)).toEqual([])
    expect((await call(who, 'PUT', `/${body.id}`, wanted)).status).toBe(404)
    expect((await call(who, 'DELETE', `/${body.id}`)).status).toBe(404)
  }
  const renamed = await call(agent, 'PUT', `/${body.id}`, { ...wanted, name: '加急', search: {}, shared: true })
  expect(renamed.body).toMatchObject({ name: '加急', search: {}, shared: false })
  expect((await call(agent, 'DELETE', `/${body.id}`)).status).toBe(204)
  expect(await seen(agent)).toEqual([])
})

test('shared ones are everybody’s to see and supervisors’ to change', async () => {
  expect((await call(agent, 'POST', '', { ...wanted, shared: true })).status).toBe(403)
  const { body } = await call(supervisor, 'POST', '', { ...wanted, shared: true })
  expect(await seen(agent)).toEqual([['高优先级', false]])
  expect(await seen(supervisor)).toEqual([['高优先级', true]])
  expect((await call(agent, 'PUT', `/${body.id}`, wanted)).status).toBe(403)
  expect((await call(agent, 'DELETE', `/${body.id}`)).status).toBe(403)
  expect((await call(supervisor, 'DELETE', `/${body.id}`)).status).toBe(204)
})

test.each([
  ['without a name', { name: ' ' }],
  ['of a view that is none', { view: '../x' }],
  ['with a filter nobody knows', { search: { ownerId: 'x' } }],
])('one %s is refused', async (_what, more) => {
  expect((await call(agent, 'POST', '', { ...wanted, ...more })).status).toBe(400)
})

test('there are twenty, also when many are saved at once', async () => {
  const all = await Promise.all(Array.from({ length: 23 }, () => call(agent, 'POST', '', wanted)))
  expect(all.filter(({ status }) => status === 201)).toHaveLength(20)
  expect(all.find(({ status }) => status !== 201)?.body).toMatchObject({ status: 422, code: 'too_many' })
})
