import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doorOf } from './check.ts'
import { settings } from './settings.ts'
import { startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { openAccount } from './test-account.ts'

let simulator: WeChatSimulator
beforeEach(async () => {
  simulator = await startWeChatSimulator()
})
afterEach(() => simulator.close())

const check = (changes: object = {}, url: string | null = 'https://care.example/webhooks/7') =>
  openAccount({ ...simulator.settings, ...changes }, url).connection.check()

describe('all is well', () => {
  test.each([
    ['plain', '明文模式'],
    ['compatible', '兼容模式'],
    ['safe', '安全模式'],
  ])('and what the console has to hold is told: %s is %s', async (mode, words) => {
    const health = await check({ mode })
    expect(health).toMatchObject({ state: 'ok', name: simulator.settings.appId })
    for (const text of Object.values(health.text!)) {
      expect(text).toContain('https://care.example/webhooks/7')
      expect(text).toContain(words)
    }
  })
  test('with two cheap calls', async () => {
    await check()
    expect(simulator.calls.map(({ path }) => path)).toEqual(['/cgi-bin/stable_token', '/cgi-bin/openapi/quota/get'])
  })
})

describe('what is wrong is told in words', () => {
  test('no address of ours', async () => {
    expect(await check({}, null)).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('HUIXIN_URL') },
    })
  })
  test('an address WeChat does not call', async () => {
    // Only where it is WeChat itself that calls: a proxy's test server may be anywhere.
    expect(await check({}, 'https://care.example:8443/webhooks/7')).toMatchObject({ state: 'ok' })
  })
  test('the secret, also when a token from before is kept', async () => {
    const account = openAccount(simulator.settings)
    expect(await account.connection.check()).toMatchObject({ state: 'ok' })
    const wrong = openAccount({ ...simulator.settings, appSecret: 'f'.repeat(32) }, null, account.tools)
    expect(await wrong.connection.check()).toMatchObject({
      state: 'refused',
      text: { zh: expect.stringContaining('AppSecret') },
    })
  })
  test('the app id', async () => {
    expect(await check({ appId: 'wxfedcba9876543210' })).toMatchObject({ state: 'refused' })
  })
  test('the whitelist, with the address', async () => {
    simulator.refuseIp('203.0.113.7')
    expect(await check()).toMatchObject({ state: 'refused', text: { en: expect.stringContaining('203.0.113.7') } })
  })
  test('no certification', async () => {
    simulator.certified(false)
    expect(await check()).toMatchObject({ state: 'warning', text: { zh: expect.stringContaining('认证') } })
  })
  test.each([
    [{ kind: 'errcode', errcode: 76022 }, '认证'],
    [{ kind: 'errcode', errcode: -1 }, '稍后'],
    [{ kind: 'errcode', errcode: 99999 }, '99999'],
    [{ kind: 'status', status: 502, accepted: false }, '无法连接'],
    [{ kind: 'garbage', accepted: false }, '无法连接'],
  ] as const)('%o', async (fault, words) => {
    simulator.fail({ path: 'quota/get', fault })
    expect(await check()).toMatchObject({ state: 'warning', text: { zh: expect.stringContaining(words) } })
  })
})

test('a port that WeChat itself does not call is told', () => {
  const parsed = settings.parse({ ...simulator.settings, apiRoot: undefined })
  for (const url of ['https://care.example:8443/webhooks/7', 'http://care.example:8080/webhooks/7']) {
    expect(doorOf(parsed, url)).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('443') } })
  }
  for (const url of ['https://care.example/webhooks/7', 'http://care.example/webhooks/7']) {
    expect(doorOf(parsed, url)).toMatchObject({ state: 'ok' })
  }
})
