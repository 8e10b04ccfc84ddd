import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createHouse, type House, message, silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Connection } from '../channel/adapter.ts'
import { ReadError } from '../channel/errors.ts'
import { messages } from '../db/schema.ts'
import { writeNudge } from './cursor.ts'
import { createPoller, type Poller } from './poller.ts'

let house: House
const pollers: Poller[] = []
beforeAll(async () => {
  house = await createHouse()
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(pollers.splice(0).map((poller) => poller.stop(0)))
})
afterAll(() => house.close())

const quiet = { events: [], cursor: null, more: false, nextAt: null }
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

async function reading(connection: Partial<Connection>): Promise<{ account: OpenAccount; poller: Poller }> {
  const account = await house.account({ streams: () => ['s'], ...connection })
  await house.sql`insert into account_leases (account_id, node, fence, expires_at)
    values (${account.id}, 'n1', 1, now() + interval '2 hours')`
  const poller = createPoller({
    db: house.db,
    connections: house.connections,
    leases: { node: 'n1', owned: () => new Map([[account.id, 1]]) },
    ingest: house.ingest(),
    reportHealth: async () => {},
    log: silent,
  })
  pollers.push(poller)
  poller.start()
  return { account, poller }
}

const stored = (account: OpenAccount) =>
  house.db.select({ id: messages.id }).from(messages).where(eq(messages.accountId, account.id))

test.each([
  ['behind', -3_600_000],
  ['ahead', 3_600_000],
])('a node whose clock is %s reads on at once', async (_where, skewMs) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs })
  let calls = 0
  const { account } = await reading({
    poll: async (_at, signal) => {
      calls += 1
      if (calls > 2) await untilAborted(signal)
      return calls > 2 ? quiet : { ...quiet, events: [message()], cursor: String(calls), more: true }
    },
  })
  await until(async () => (await stored(account)).length === 2)
})

test('a pause the adapter asks for is as long as it says, whatever the clock of the node', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  const { account } = await reading({
    poll: async () => ({ ...quiet, cursor: '1', nextAt: new Date(Date.now() + 60_000) }),
  })
  const waits = () =>
    house.sql`select next_at > now() + interval '50 seconds' as long from poll_cursors where account_id = ${account.id}`
  await until(async () => (await waits()).length > 0)
  expect(await waits()).toMatchObject([{ long: true }])
})

test.each([null, 'token'])(
  'a webhook that calls while a read is under way has it read again: hint %s',
  async (hint) => {
    let calls = 0
    const { account } = await reading({
      poll: async (_at, signal) => {
        calls += 1
        if (calls > 2) await untilAborted(signal)
        await house.db.transaction((tx) => writeNudge(tx, account.id, { stream: 's', hint }))
        return { ...quiet, cursor: String(calls), nextAt: new Date(Date.now() + 3_600_000) }
      },
    })
    await until(() => calls > 2)
  },
)

test('a platform that asks to wait until a time gone by is not asked without end', async () => {
  let calls = 0
  await reading({
    poll: async () => {
      calls += 1
      throw new ReadError('later', { text: { en: 'wait', zh: '等' }, after: new Date(Date.now() - 1) })
    },
  })
  await until(() => calls === 2)
  expect(calls).toBe(2)
})

test('a connection that ends by itself is opened again after a pause, not without end', async () => {
  const opened: number[] = []
  await reading({
    streams: () => [],
    listen: async () => void opened.push(performance.now()),
  })
  await until(() => opened.length >= 2)
  expect(opened[1]! - opened[0]!).toBeGreaterThan(900)
})

test('an adapter that does not heed its signal does not hold up the end', async () => {
  let calls = 0
  const { poller } = await reading({
    poll: () => {
      calls += 1
      return new Promise(() => {})
    },
  })
  await until(() => calls === 1)
  await poller.stop(50)
})
