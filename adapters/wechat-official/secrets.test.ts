/** Secret, token, keys and access tokens are in no error, log, exchange or event, whatever happens. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRedactor } from '../../src/accounts/redact.ts'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { drawScreen } from './simulator/samples.ts'
import { type Fault, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { fileOf, openAccount, replyTo } from './test-account.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
let simulator: WeChatSimulator
beforeEach(async () => {
  simulator = await startWeChatSimulator()
  await simulator.customer(openId).says('hi')
})
afterEach(() => simulator.close())

const whole = (value: unknown) =>
  inspect(value, { depth: 20, showHidden: true, maxStringLength: null, breakLength: 120 })

async function everything(changes: Readonly<Record<string, unknown>> = {}) {
  const settings = { ...simulator.settings, ...changes }
  const secrets = [settings.appSecret!, settings.token!, settings.encodingAesKey!].map(String)
  const tools = createTestTools([])
  const { connection } = openAccount(settings, null, tools)
  const kept: unknown[] = []
  const keep = async (attempt: Promise<unknown>) =>
    kept.push(
      await attempt.then(
        (value) => value,
        (error: unknown) => error,
      ),
    )
  const { signal } = new AbortController()
  const file = { kind: 'photo', externalId: 'u', reference: { mediaId: 'x', picUrl: null }, name: null } as const
  const unknown = { mimeType: null, bytes: null, width: null, height: null, durationMs: null }
  await keep(connection.send(replyTo(openId, 'hi')))
  await keep(connection.send(replyTo(openId, '', { media: [fileOf('photo', 'image/png', drawScreen())] })))
  await keep(connection.typing!({ externalId: openId, rootId: null }))
  await keep(connection.check())
  await keep(connection.download!({ ...file, ...unknown }, signal))
  const stored = await tools.state.get(`access_token:${settings.appId}`)
  const issued: unknown = stored === null ? null : JSON.parse(stored)
  const token = typeof issued === 'object' && issued !== null && 'token' in issued ? String(issued.token) : null
  tools.close()
  return { kept, tools, secrets, token, stored }
}

type Seen = Awaited<ReturnType<typeof everything>>

function expectClean({ kept, tools, secrets, token, stored }: Seen): void {
  // What an error or a log line holds goes out as it is.
  const said = whole([kept, tools.lines, tools.healths])
  expect(said.length).toBeGreaterThan(100)
  for (const secret of [...secrets, ...(token ? [token] : [])]) expect(said).not.toContain(secret)
  // The channel log goes through the core's redaction, which knows the settings' secrets and what is kept in the state.
  const redactor = createRedactor(secrets)
  const before = tools.exchanges.map(({ url, request, response }) => redactor.redact(`${url}\n${request}\n${response}`))
  if (stored !== null) redactor.learn(stored)
  const after = tools.exchanges.map(({ url, request, response }) => redactor.redact(`${url}\n${request}\n${response}`))
  expect(before.length).toBeGreaterThan(0)
  for (const line of [...before, ...after]) {
    for (const secret of secrets) expect(line).not.toContain(secret)
    if (token) expect(line).not.toContain(token)
  }
}

const faults: Fault[] = [
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'status', status: 502, accepted: true },
  { kind: 'garbage', accepted: true },
  { kind: 'errcode', errcode: 40001, errmsg: 'invalid credential' },
  { kind: 'errcode', errcode: 40164, errmsg: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist' },
  { kind: 'errcode', errcode: 99999 },
]

test.each(faults)('when everything fails with %o', async (fault) => {
  simulator.fail({ path: '*', fault, times: 50 })
  expectClean(await everything())
})

test.each(faults)('when everything but the token fails with %o', async (fault) => {
  for (const path of ['send', 'typing', 'upload', 'get']) simulator.fail({ path, fault, times: 10 })
  const seen = await everything()
  expect(seen.token).not.toBeNull()
  expectClean(seen)
})

test('when WeChat repeats what it was asked', async () => {
  const { appSecret } = simulator.settings
  simulator.fail({
    path: '*',
    fault: { kind: 'errcode', errcode: 40125, errmsg: `invalid appsecret ${appSecret}` },
    times: 50,
  })
  expectClean(await everything())
})

test('when all goes well', async () => expectClean(await everything()))

test.each(['http://127.0.0.1:1', 'https://nowhere.invalid', 'https://127.0.0.1:1/prefix'])(
  'when nobody is at %s',
  async (apiRoot) => expectClean(await everything({ apiRoot })),
)

test('the openid is in no log of the server: logs hold no customers', async () => {
  simulator.fail({ path: 'typing', fault: { kind: 'errcode', errcode: 48001 } })
  const { tools } = await everything()
  expect(whole(tools.lines)).not.toContain(openId)
})
