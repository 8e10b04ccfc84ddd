/** Tokens and the app secret are in no error, log, exchange or event, whatever happens. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fault } from './simulator.ts'
import { appSecret, lin, openAccount, openScene, replyTo, type Scene, type TestAccount, token } from './test-account.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene({ uid: '1902538057' })
})
afterEach(() => scene.close())

const faults: Fault[] = [
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'status', status: 502, accepted: true },
  { kind: 'status', status: 413, accepted: false },
  { kind: 'garbage', accepted: true },
  // A server that repeats what it was asked.
  { kind: 'garbage', accepted: false, body: `{"error":"access_token=${token}","error_code":10017}` },
  { kind: 'refuse', code: 21327 },
]

async function everything({ connection, tools }: TestAccount): Promise<string> {
  const { signal } = new AbortController()
  const kept: unknown[] = []
  const keep = async (attempt: Promise<unknown>) => kept.push(await attempt.catch((error: unknown) => error))
  const file = { kind: 'photo', externalId: 'u', reference: { fid: '1' } } as never
  await keep(connection.send(replyTo('5100000000000010/7', 's:5100000000000010', 'hi')))
  await keep(connection.send(replyTo(lin.uid, null, 'hi')))
  await keep(connection.poll!({ stream: 'mentions', cursor: null, hint: null }, signal))
  await keep(connection.findSent!(replyTo('5100000000000010/7', 's:5100000000000010', 'hi')))
  await keep(connection.check())
  await keep(connection.download!(file, signal))
  await keep(connection.webhook!(new Request('https://care.example/?signature=x'), new Date()))
  return inspect([kept, tools.lines, tools.healths, tools.exchanges], {
    depth: 20,
    showHidden: true,
    maxStringLength: null,
  })
}

function expectClean(text: string): void {
  expect(text.length).toBeGreaterThan(500)
  for (const value of [token, appSecret, encodeURIComponent(token)]) expect(text).not.toContain(value)
}

test.each(faults)('when Weibo fails with %o', async (fault) => {
  scene.simulator.fail({ at: '*', fault, times: 20 })
  expectClean(await everything(scene))
})

test('when all goes well', async () => expectClean(await everything(scene)))

test.each(['http://127.0.0.1:1', 'https://nowhere.invalid/prefix'])('when nobody is at %s', async (root) => {
  const account = openAccount(root)
  expectClean(await everything(account))
  account.tools.close()
})
