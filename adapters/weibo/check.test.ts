/** What a check finds, and what it costs. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkEveryMs } from './check.ts'
import { lin, openAccount, openScene, replyTo, type Scene, token } from './test-account.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.close())

test('says who we are, for two calls at the first time and one afterwards', async () => {
  expect(await scene.connection.check()).toEqual({ state: 'ok', name: '@回信手机客服' })
  expect(scene.simulator.calls.map(({ name }) => name)).toEqual(['account/get_uid', 'users/show'])
  await scene.connection.check()
  expect(scene.simulator.calls).toHaveLength(3)
  expect(await scene.tools.usage.count('call', new Date(0))).toBe(3)
  // Four times a day is four calls of a hundred.
  expect(86_400_000 / checkEveryMs).toBeLessThanOrEqual(4)
})

test.each([
  [21327, 'refused', 'expired', '已过期'],
  [21332, 'refused', 'does not accept', '不接受'],
  [21319, 'refused', 'withdrew', '解除'],
  [10014, 'warning', 'permission', '权限'],
  [10004, 'warning', 'IP address', 'IP'],
  [10023, 'warning', 'used up', '已用完'],
  [10001, 'warning', 'out of order', '出错'],
  [10003, 'warning', 'out of order', '出错'],
  [10010, 'warning', 'out of order', '出错'],
])('code %i is %s, in words', async (code, state, en, zh) => {
  scene.simulator.fail({ at: '*', fault: { kind: 'refuse', code } })
  const health = await scene.connection.check()
  expect(health.state).toBe(state)
  expect(health.text?.en).toContain(en)
  expect(health.text?.zh).toContain(zh)
})

test('speaks of no reply where nothing was sent', async () => {
  for (const fault of [
    { kind: 'status', status: 502, accepted: false },
    { kind: 'garbage', accepted: false },
    { kind: 'reset', accepted: false },
    { kind: 'refuse', code: 10010 },
  ] as const) {
    scene.simulator.fail({ at: '*', fault })
    const { text } = await scene.connection.check()
    expect(text?.en).toMatch(/Weibo/u)
    expect(text?.en).not.toMatch(/reply/u)
    expect(text?.zh).not.toMatch(/送达/u)
  }
})

test('notices a token of another account', async () => {
  const { connection } = openAccount(scene.simulator.url, { uid: '7777777777' })
  const health = await connection.check()
  expect(health).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('1902538057') } })
})

test('asks nothing when the day’s calls are used up', async () => {
  await scene.tools.usage.add('call', 100)
  expect(await scene.connection.check()).toMatchObject({
    state: 'warning',
    text: { en: expect.stringContaining('used up') },
  })
  expect(scene.simulator.calls).toEqual([])
})

test('commercial interfaces have their own addresses, and are told the writer’s IP', async () => {
  const { connection, tools } = openAccount(scene.simulator.url, { commercial: true, rip: '203.0.113.7' })
  const status = scene.account.customer(lin).posts('@回信手机客服 在吗')
  await connection.send(replyTo(`${status}/${lin.uid}`, `s:${status}`, '您好'))
  expect(tools.exchanges.at(-1)?.url).toMatch(/\/2\/comments\/create\/biz\.json$/u)
  expect(scene.simulator.calls.at(-1)?.params).toMatchObject({ rip: '203.0.113.7' })
})

test('a proxy may stand under a path', async () => {
  const { tools, connection } = openAccount(`${scene.simulator.url}/weibo`)
  await connection.check()
  expect(new URL(tools.exchanges[0]!.url).pathname).toBe('/weibo/2/account/get_uid.json')
})

test('the token stands in no address but that of a file', async () => {
  await scene.connection.check()
  for (const { url } of scene.tools.exchanges) expect(url).not.toContain(token)
})
