/** The simulated Weibo keeps Weibo's rules by itself; whoever asks is not the adapter here. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startWeiboSimulator, type WeiboSimulator } from './simulator.ts'

let simulator: WeiboSimulator
let now = Date.parse('2026-11-24T02:00:00Z')
beforeEach(async () => {
  now = Date.parse('2026-11-24T02:00:00Z')
  simulator = await startWeiboSimulator({ now: () => now })
})
afterEach(() => simulator.close())

const ask = async (path: string, params: Record<string, string> = {}, method = 'GET', token = 't') => {
  const form = new URLSearchParams(params)
  const headers = { authorization: `OAuth2 ${token}` }
  const url = `${simulator.url}/2/${path}.json`
  const response = await (method === 'GET'
    ? fetch(`${url}?${form}`, { headers })
    : fetch(url, { method, headers, body: form }))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const codeOf = async (answer: ReturnType<typeof ask>) => Number((await answer).body.error_code)

test('lists exclude since_id, include max_id, and count what was deleted', async () => {
  const account = simulator.account({ token: 't', dailyCalls: 1000 })
  const lin = account.customer({ uid: '2489518277', name: '夜跑的鱼' })
  const ids = [0, 1, 2, 3, 4].map((n) => lin.posts(`@${account.name} ${n}`))
  const list = async (params: Record<string, string>) =>
    ((await ask('statuses/mentions', params)).body.statuses as { idstr: string }[]).map(({ idstr }) =>
      ids.indexOf(idstr),
    )
  expect(await list({})).toEqual([4, 3, 2, 1, 0])
  expect(await list({ since_id: ids[2]! })).toEqual([4, 3])
  expect(await list({ max_id: ids[2]! })).toEqual([2, 1, 0])
  simulator.deletePost(ids[3]!)
  expect(await list({ count: '2' })).toEqual([4])
  expect(await list({ count: '2', page: '2' })).toEqual([2, 1])
})

test('the day has its calls, and private messages are not among them', async () => {
  const account = simulator.account({ token: 't', dailyCalls: 2 })
  await account.customer({ uid: '2489518277', name: '夜跑的鱼' }).writes('在吗')
  await ask('account/get_uid')
  await ask('account/get_uid')
  expect(await codeOf(ask('account/get_uid'))).toBe(10023)
  const params = { type: 'text', data: '{"text":"在的"}', receiver_id: '2489518277' }
  expect((await ask('messages/reply', params, 'POST')).body).toMatchObject({ result: true })
  account.newDay()
  expect((await ask('account/get_uid')).status).toBe(200)
})

test('length, repetition, flood, policy and what is gone', async () => {
  const account = simulator.account({ token: 't', dailyCalls: 1000, postsPerHour: 3 })
  const lin = account.customer({ uid: '2489518277', name: '夜跑的鱼' })
  const id = lin.posts(`@${account.name} 在吗`)
  const comment = (text: string, more: Record<string, string> = {}) =>
    codeOf(ask('comments/create', { id, comment: text, ...more }, 'POST'))
  expect(await comment('手'.repeat(141))).toBe(20012)
  expect(await comment('手'.repeat(140))).toBeNaN()
  expect(await comment('手'.repeat(140))).toBe(20019)
  const question = lin.comments(id, '?')
  const reply = (text: string, without: string) =>
    codeOf(ask('comments/reply', { id, cid: question, comment: text, without_mention: without }, 'POST'))
  // The name before it counts.
  expect(await reply('手'.repeat(140), '0')).toBe(20012)
  expect(await reply('手'.repeat(140), '1')).toBeNaN()
  simulator.setPolicy(id, 'none')
  expect(await comment('x')).toBe(20207)
  simulator.setPolicy(id, 'all')
  await comment('y')
  expect(await comment('z')).toBe(20016)
  now += 3_600_001
  expect(await comment('z')).toBeNaN()
  simulator.deleteComment(question)
  expect(await reply('w', '1')).toBe(20201)
  simulator.deletePost(id)
  expect(await comment('v')).toBe(20101)
})

test('tokens, methods, names of interfaces, and codes of both kinds', async () => {
  const account = simulator.account({ token: 't' })
  expect(await codeOf(ask('account/get_uid', {}, 'GET', 'other'))).toBe(21332)
  account.refuse(21327)
  expect((await ask('account/get_uid')).body.error_code).toBe(21327)
  account.refuse(21332)
  expect((await ask('account/get_uid')).body.error_code).toBe('21332')
  account.refuse(null)
  expect(await codeOf(ask('account/get_uid', {}, 'POST'))).toBe(10021)
  expect(await codeOf(ask('no/such'))).toBe(10020)
})

test('48 hours', async () => {
  const account = simulator.account({ token: 't' })
  const lin = account.customer({ uid: '2489518277', name: '夜跑的鱼' })
  const reply = (text: string) =>
    codeOf(ask('messages/reply', { type: 'text', data: JSON.stringify({ text }), receiver_id: '2489518277' }, 'POST'))
  await lin.writes('在吗')
  expect(await reply('1')).toBeNaN()
  now += 48 * 3_600_000 + 1
  expect(await reply('2')).toBe(26403)
})
