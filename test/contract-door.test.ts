/** The platforms' door with every channel behind it: what is not genuine leaves nothing behind, what is comes in once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adapters } from '../adapters/index.ts'
import { addAccount } from '../src/accounts/add.ts'
import { systemActor } from '../src/auth/actor.ts'
import type { Adapter } from '../src/channel/adapter.ts'
import { openTestApp, type TestApp } from './helpers/app.ts'
import type { ContractSample } from './helpers/contract-sample.ts'

let house: TestApp
beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example' }, undefined, adapters)
})
afterAll(() => house.close())

async function addTo(channel: string, settings: ContractSample['settings']): Promise<string> {
  const { id } = await addAccount(house.deps, systemActor, { channel, name: channel, settings })
  house.deps.connections.changed(id)
  return id
}

/** In a type the door takes: what is looked at is who calls. */
async function call(accountId: string, request: Request, { webhookLimits }: Adapter<unknown>) {
  const { pathname, search } = new URL(request.url)
  // `https://care.example/webhooks/1/rest?query`: the account's own number in the place of the sample's.
  const accepted = webhookLimits?.contentTypes ?? ['application/json']
  const given = request.headers.get('content-type')?.split(';')[0] ?? ''
  const type = accepted.includes(given) ? given : accepted[0]
  const rest = pathname.replace(/^\/webhooks\/[^/]+/u, '')
  return house.app.inject({
    method: request.method as 'GET' | 'POST' | 'PUT',
    url: `/webhooks/${accountId}${rest}${search}`,
    headers: { ...Object.fromEntries(request.headers), 'content-type': type },
    ...(request.body ? { payload: Buffer.from(await request.arrayBuffer()) } : {}),
  })
}

const tables = [
  'inbound_keys',
  'inbound_unread',
  'identities',
  'threads',
  'tickets',
  'messages',
  'poll_cursors',
] as const
async function countsOf(accountId: string): Promise<Record<string, number>> {
  const { sql } = house.database
  const counted = await Promise.all(
    tables.map(async (table) => {
      const [row] = await sql`select count(*)::int as n from ${sql(table)} where account_id = ${accountId}`
      return [table, row!.n] as const
    }),
  )
  return Object.fromEntries(counted)
}

const samples = await Promise.all(
  adapters.map(async (adapter) => {
    const { sample }: { sample: ContractSample } = await import(`../adapters/${adapter.channel}/contract.ts`)
    return [adapter.channel, sample, adapter] as const
  }),
)

describe.each(samples.filter(([, { forged }]) => forged.length > 0))('%s', (channel, sample, adapter) => {
  test('calls that are forged, or played again too late, are 401 and leave nothing', async () => {
    const id = await addTo(channel, sample.settings)
    const replayed = sample.replayAfterMs === undefined ? [] : [replay(sample, sample.replayAfterMs)]
    for (const request of [...sample.forged.map((make) => make()), ...replayed]) {
      expect((await call(id, request, adapter)).statusCode).toBe(401)
    }
    expect(Object.values(await countsOf(id)).every((count) => count === 0)).toBe(true)
  })

  test('a genuine call three times, and at once, leaves what it leaves once', async () => {
    const id = await addTo(channel, sample.settings)
    const at = new Date()
    house.clock.now = at
    expect((await call(id, sample.genuine!(at), adapter)).statusCode).toBe(200)
    const once = await countsOf(id)
    // Events, or where it only says that there is something to read, the poller's row.
    expect(once.inbound_keys! + once.poll_cursors!).toBeGreaterThan(0)
    const again = await Promise.all([1, 2].map(async () => (await call(id, sample.genuine!(at), adapter)).statusCode))
    expect(again).toEqual([200, 200])
    expect(await countsOf(id)).toEqual(once)
    expect(once.inbound_unread).toBe(0)
  })
})

test.each(samples)('%s brings its simulator', (_, sample) => expect(sample.simulate).toBeTypeOf('function'))

function replay(sample: ContractSample, afterMs: number): Request {
  house.clock.now = new Date()
  return sample.genuine!(new Date(house.clock.now.getTime() - afterMs - 1_000))
}
