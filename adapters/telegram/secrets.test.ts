/** The token and the webhook's secret are in no error, log, exchange or event, whatever happens. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fault, TelegramSimulator } from './simulator.ts'
import { drawPicture, refuse, startTelegramSimulator } from './simulator.ts'
import { fileOf, openAccount, replyTo, secret, type TestAccount, token } from './test-account.ts'

let simulator: TelegramSimulator
beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token }] })
  simulator.customer(token, { id: 7001, first_name: 'Lin' }).says('hi')
})
afterEach(() => simulator.close())

const faults: Fault[] = [
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'status', status: 502, accepted: true },
  { kind: 'status', status: 413, accepted: false, body: '<html>' },
  { kind: 'garbage', accepted: true },
  // A server that repeats what it was asked.
  { kind: 'refuse', code: 400, description: `Bad Request: /bot${token}/sendMessage` },
  refuse.unauthorized,
]

/** All of an error: message, stack, fields, the whole chain of causes. */
const whole = (value: unknown) =>
  inspect(value, { depth: 20, showHidden: true, maxStringLength: null, breakLength: 120 })

async function everything({ connection, tools }: TestAccount): Promise<string> {
  const { signal } = new AbortController()
  const kept: unknown[] = []
  const keep = async (attempt: Promise<unknown>) =>
    kept.push(
      await attempt.then(
        (value) => value,
        (error: unknown) => error,
      ),
    )
  const picture = fileOf('photo', 'image/png', drawPicture())
  const file = { kind: 'photo', externalId: 'u', reference: { fileId: 'x' }, name: null, mimeType: null } as const
  await keep(connection.send(replyTo('7001', 'hi')))
  await keep(connection.send(replyTo('7001', 'hi', { media: [picture] })))
  await keep(connection.poll!({ stream: 'updates', cursor: null, hint: '0' }, signal))
  await keep(connection.check())
  await keep(connection.typing!({ externalId: '7001', rootId: null }))
  await keep(connection.edit!({ externalId: '7001:1', threadId: '7001' }, 'b'))
  await keep(connection.download!({ ...file, bytes: null, width: null, height: null, durationMs: null }, signal))
  return whole([kept, tools.lines, tools.healths, tools.exchanges])
}

function expectClean(text: string): void {
  expect(text.length).toBeGreaterThan(500)
  for (const value of [token, token.split(':')[1]!, encodeURIComponent(token)]) expect(text).not.toContain(value)
}

test.each(faults)('when Telegram fails with %o', async (fault) => {
  simulator.fail({ method: '*', fault, times: 20 })
  expectClean(await everything(openAccount({ apiRoot: simulator.url })))
})

test('when all goes well', async () => {
  expectClean(await everything(openAccount({ apiRoot: simulator.url })))
})

test.each(['http://127.0.0.1:1', 'https://nowhere.invalid', 'https://127.0.0.1:1/prefix'])(
  'when nobody is at %s',
  async (apiRoot) => expectClean(await everything(openAccount({ apiRoot }))),
)

test('when a webhook call is not genuine', async () => {
  const { connection } = openAccount({})
  const request = new Request('https://care.example/', {
    method: 'POST',
    body: '{}',
    headers: { 'x-telegram-bot-api-secret-token': 'x' },
  })
  const error: unknown = await connection.webhook!(request, new Date()).catch((thrown: unknown) => thrown)
  expect(whole(error)).not.toContain(secret)
})
