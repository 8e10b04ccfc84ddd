import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { wechatyDemo } from './demo.ts'
import { loadSdk } from './sdk.ts'
import { startWechatyGateway, type WechatyGateway } from './simulator.ts'
import { openAccount, replyTo, type TestAccount } from './test-account.ts'

let gateway: WechatyGateway
let account: TestAccount
let stop: AbortController
// On a busy machine that alone takes seconds.
beforeAll(async () => void (await loadSdk()))
beforeEach(async () => {
  gateway = await startWechatyGateway()
  account = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
  stop = new AbortController()
  account.keepListening()
  await until(() => account.tools.healths.at(-1)?.state === 'refused')
  startCrowd(gateway, { signal: stop.signal, paceMs: 5 })
})
afterEach(async () => {
  stop.abort()
  await account.stop()
  await gateway.close()
})

const openings = people.reduce((sum, { opening }) => sum + opening.length, 0)
const messages = () => account.events.flatMap((event) => (event.type === 'message' ? [event.message] : []))

test('after the scan everybody complains once, in two languages, with pictures, a file, a place and a recall', async () => {
  await until(() => account.events.length === openings, { timeoutMs: 12_000 })
  expect(account.tools.healths.some(({ scan }) => scan?.includes('weixin'))).toBe(true)
  expect(new Set(messages().map(({ threadId }) => threadId)).size).toBe(people.length)
  expect(messages().some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true)
  expect(messages().some(({ text }) => /warranty/u.test(text))).toBe(true)
  expect(messages().filter(({ surface }) => surface === 'public').length).toBeGreaterThan(2)
  expect(new Set(messages().flatMap(({ media }) => media.map(({ kind }) => kind)))).toEqual(
    new Set(['photo', 'document']),
  )
  expect(messages().some(({ location }) => location !== null)).toBe(true)
  expect(account.events.filter(({ type }) => type === 'deleted')).toHaveLength(1)
  const picture = messages().find(({ media }) => media[0]?.kind === 'photo')!.media[0]!
  const response = await account.connection.download!(picture, stop.signal)
  expect(
    Buffer.from(await response.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
})

test('an answer is answered in the same conversation, direct and in the group', async () => {
  await until(() => account.events.length === openings, { timeoutMs: 12_000 })
  const firstIn = (surface: string) => messages().find((message) => message.surface === surface)!
  for (const surface of ['direct', 'public']) {
    const { threadId } = firstIn(surface)
    const before = messages().filter((message) => message.threadId === threadId).length
    await account.connection.send(replyTo(threadId, '请问序列号是多少？', { surface: surface as 'direct' }))
    await until(() => messages().filter((message) => message.threadId === threadId).length > before)
  }
})

test('the demo brings one account, which connects to its gateway', async () => {
  const over = new AbortController()
  const [demo] = await wechatyDemo.start({ signal: over.signal })
  const shown = openAccount(demo!.settings)
  shown.keepListening()
  await until(() => shown.tools.healths.at(-1)?.state === 'refused')
  await shown.stop()
  over.abort()
})
