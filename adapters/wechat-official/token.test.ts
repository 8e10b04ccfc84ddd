import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { type Customer, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { failed, openAccount, replyTo, type TestAccount } from './test-account.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
let simulator: WeChatSimulator
let account: TestAccount
let lin: Customer

beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 50 })
  account = openAccount(simulator.settings)
  lin = simulator.customer(openId)
  await lin.says('手机开不了机')
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const send = () => account.connection.send(replyTo(openId, 'hi'))
const count = (path: string) => simulator.calls.filter((call) => call.path.endsWith(path)).length
/** Time goes by, for both. */
function pass(ms: number): void {
  simulator.advance(ms)
  account.tools.setNow(simulator.now())
}
const bodies = () =>
  account.tools.exchanges.filter(({ url }) => url.endsWith('stable_token')).map(({ request }) => request)

describe('a token', () => {
  test('is fetched once for many calls at once, and kept', async () => {
    await Promise.all([send(), send(), send()])
    await send()
    expect(count('stable_token')).toBe(1)
    expect(bodies()[0]).toContain('"force_refresh":false')
  })

  test('edge 5: two nodes share one, and neither makes the other’s worthless', async () => {
    const other = openAccount(simulator.settings, null, account.tools)
    await Promise.all([send(), other.connection.send(replyTo(openId, 'a')), send(), other.connection.check()])
    await other.connection.send(replyTo(openId, 'b'))
    expect(simulator.calls.filter(({ outcome }) => outcome === 40001)).toEqual([])
    expect(simulator.ledger).toHaveLength(4)
  })

  test('edge 5: two nodes with nothing in common get the same stable token', async () => {
    const tools = createTestTools()
    const other = openAccount(simulator.settings, null, tools)
    await send()
    await other.connection.send(replyTo(openId, 'a'))
    await send()
    expect(count('stable_token')).toBe(2)
    expect(simulator.calls.every(({ outcome }) => outcome === 0)).toBe(true)
    tools.close()
  })

  test('is fetched anew five minutes before its end', async () => {
    await send()
    pass(7200_000 - 301_000)
    await send()
    expect(count('stable_token')).toBe(1)
    pass(2000)
    await send()
    expect(count('stable_token')).toBe(2)
  })

  test('of another app is not used for this one', async () => {
    await send()
    const other = openAccount({ ...simulator.settings, appId: 'wxfedcba9876543210' }, null, account.tools)
    expect(await failed(other, replyTo(openId, 'hi'))).toMatchObject({ code: 'credentials_refused' })
    expect(simulator.ledger).toHaveLength(1)
  })

  test.each(['{', '{}', 'null', '{"token":"","until":1,"forcedAt":null}'])(
    'kept as %s is fetched anew',
    async (kept) => {
      await account.tools.state.set(`access_token:${simulator.settings.appId}`, kept)
      await send()
      expect(simulator.ledger).toHaveLength(1)
    },
  )
})

describe('a token that is refused', () => {
  test.each([40001, 40014, 42001])('with %i is renewed by force once, and the call made again', async (errcode) => {
    await send()
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode } })
    await send()
    expect(simulator.ledger).toHaveLength(2)
    expect(bodies()).toEqual([
      expect.stringContaining('"force_refresh":false'),
      expect.stringContaining('"force_refresh":true'),
    ])
  })

  test('is renewed once for all who met it', async () => {
    await send()
    simulator.revokeTokens()
    await Promise.all([send(), send(), send()])
    expect(bodies().filter((body) => String(body).includes('"force_refresh":true'))).toHaveLength(1)
    expect(simulator.ledger).toHaveLength(4)
  })

  test('twice ends the call: never a third time', async () => {
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 }, times: 50 })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({
      outcome: 'retry',
      code: 'credentials_refused',
    })
    expect([count('custom/send'), count('stable_token')]).toEqual([2, 2])
  })

  test('again within 30 seconds waits: WeChat would renew nothing', async () => {
    await send()
    pass(1000)
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 } })
    await send()
    pass(10_000)
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 } })
    const error = await failed(account, replyTo(openId, 'hi'))
    expect(error).toMatchObject({ outcome: 'retry', code: 'rate_limited', scope: 'account' })
    expect(error.after!.getTime() - simulator.now().getTime()).toBeLessThanOrEqual(20_000)
    expect(count('stable_token')).toBe(2)
    pass(21_000)
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 } })
    await send()
    expect(count('stable_token')).toBe(3)
  })

  test('a forced renewal without an answer counts as one', async () => {
    await send()
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 }, times: 2 })
    simulator.fail({ path: 'stable_token', fault: { kind: 'reset', accepted: true } })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ outcome: 'retry', code: 'unreachable' })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ outcome: 'retry', code: 'rate_limited' })
    expect(count('stable_token')).toBe(2)
  })

  test('and a secret that was reset: the account waits for an administrator', async () => {
    await send()
    simulator.resetSecret('0'.repeat(32))
    simulator.revokeTokens()
    const error = await failed(account, replyTo(openId, 'hi'))
    expect(error).toMatchObject({ outcome: 'retry', code: 'credentials_refused', scope: 'account' })
  })

  test('at most twenty times a day', async () => {
    await send()
    for (let renewal = 0; renewal < 20; renewal += 1) {
      pass(31_000)
      await lin.says('?')
      simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 } })
      await send()
    }
    pass(31_000)
    simulator.fail({ path: 'custom/send', fault: { kind: 'errcode', errcode: 40001 } })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ outcome: 'retry', scope: 'account' })
    expect(count('stable_token')).toBe(21)
  })

  test('our own database away: the message was not sent', async () => {
    const { state } = account.tools
    const away = () => Promise.reject(new Error('database away'))
    for (const broken of [{ get: away }, { set: away }, { exclusive: away }]) {
      const tools = { ...account.tools, state: { ...state, ...broken } }
      const other = openAccount({ ...simulator.settings, appId: simulator.settings.appId! }, null, tools)
      expect(await failed(other, replyTo(openId, 'hi'))).toMatchObject({ outcome: 'retry', code: 'unreachable' })
    }
    expect(simulator.ledger).toEqual([])
  })

  test('an unknown refusal of the token says nothing about the message', async () => {
    simulator.fail({ path: 'stable_token', fault: { kind: 'errcode', errcode: 89503 } })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({
      outcome: 'retry',
      code: 'credentials_refused',
    })
    await send()
  })
})
