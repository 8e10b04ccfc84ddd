/** No key, secret or token is in any error, log, exchange or event, whatever happens; fetched ones included. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drawPicture, type Fault, Refusal, refusals, startXSimulator, type XSimulator } from './simulator.ts'
import { fileOf, openAccount, replyTo, type TestAccount } from './test-account.ts'

let simulator: XSimulator
beforeEach(async () => {
  simulator = await startXSimulator({ generous: 100 })
  const lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
  lin.posts('@huixin_care hi')
  lin.writes('hi', drawPicture())
})
afterEach(() => simulator.close())

const faults: Fault[] = [
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'status', status: 502, accepted: true },
  { kind: 'garbage', accepted: true },
  { kind: 'refuse', refusal: refusals.unauthorized() },
  { kind: 'rate-limited', seconds: 5 },
]

/** All of an error: message, stack, fields, the whole chain of causes. */
const whole = (value: unknown) =>
  inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null, breakLength: 120 })

async function everything({ connection, tools }: TestAccount): Promise<string> {
  const signal = AbortSignal.timeout(20_000)
  const kept: unknown[] = []
  const keep = async (attempt: Promise<unknown>) =>
    kept.push(
      await attempt.then(
        (value) => value,
        (error: unknown) => error,
      ),
    )
  const picture = fileOf('photo', 'image/png', drawPicture())
  const shape = { name: null, mimeType: null, bytes: null, width: null, height: null, durationMs: null }
  const file = {
    ...shape,
    kind: 'photo',
    externalId: 'u',
    reference: { url: 'https://ton.twitter.com/1.1/ton/data/dm/1/3/3_1.png' },
  } as const
  await keep(connection.send(replyTo('1/2001', 'hi', { inReplyTo: '1' })))
  await keep(connection.send(replyTo('2001', 'hi', { media: [picture] })))
  for (const stream of connection.streams!()) await keep(connection.poll!({ stream, cursor: null, hint: null }, signal))
  await keep(connection.check())
  await keep(connection.findSent!(replyTo('1/2001', 'hi', { inReplyTo: '1' })))
  await keep(connection.download!(file, signal))
  await keep(connection.release!())
  return whole([kept, tools.lines, tools.healths, tools.exchanges])
}

async function expectClean(account: TestAccount): Promise<void> {
  const text = await everything(account)
  const stored = (await account.tools.state.get(await tokenKey(account))) ?? '{}'
  const fetched = Object.values(JSON.parse(stored) as Record<string, unknown>).filter(
    (value) => typeof value === 'string',
  )
  expect(text.length).toBeGreaterThan(500)
  for (const value of [...account.secrets, ...fetched]) {
    expect(text).not.toContain(value)
    expect(text).not.toContain(encodeURIComponent(value))
  }
  expect(text).not.toMatch(/Bearer |OAuth oauth_|Basic /u)
  account.tools.close()
}

async function tokenKey({ connection }: TestAccount): Promise<string> {
  return `oauth2:${connection.streams!()[0]!.split(':')[1]}`
}

for (const auth of ['oauth1', 'oauth2'] as const) {
  test.each(faults)(`${auth}: when X fails with %o`, async (fault) => {
    simulator.fail({ on: 'GET *|POST /2/tweets|POST /2/dm_conversations/*|POST /2/media/*', fault, times: 40 })
    await expectClean(
      openAccount({ ...simulator.settings(auth), mode: 'webhook' }, { webhookUrl: 'https://care.example/webhooks/1' }),
    )
  })
  test(`${auth}: when all goes well`, () => expectClean(openAccount(simulator.settings(auth))))
  test.each(['http://127.0.0.1:1', 'https://nowhere.invalid'])(`${auth}: when nobody is at %s`, (apiRoot) =>
    expectClean(openAccount({ ...simulator.settings(auth), apiRoot })),
  )
}

test('when X repeats what it was asked', async () => {
  const settings = simulator.settings('oauth2')
  const body = { error: 'invalid_request', error_description: `no such token: ${String(settings.refreshToken)}` }
  simulator.fail({ on: 'POST /2/oauth2/token', fault: { kind: 'refuse', refusal: new Refusal(400, body) }, times: 40 })
  await expectClean(openAccount(settings))
})
