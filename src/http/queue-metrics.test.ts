import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, seal } from '../../test/helpers/house.ts'
import { storeUnread } from '../inbound/unread.ts'
import { readMetrics } from './metrics.ts'
import { countQueues } from './queue-metrics.ts'

let house: House
beforeAll(async () => {
  house = await createHouse()
})
afterAll(async () => {
  countQueues(null)
  await house.close()
})

test('what waits for people is counted', async () => {
  const account = await house.account()
  countQueues({ db: house.db, ingest: house.ingest() })
  const unread = { accountId: account.id, kind: 'raw', value: {}, reason: 'no chat', receivedAt: new Date() } as const
  await storeUnread(house.db, seal, unread)
  const { text } = await readMetrics()
  expect(text).toMatch(/^huixin_inbound_unread 1$/mu)
  expect(text).toMatch(/^huixin_deliveries_unknown 0$/mu)
  expect(text).toMatch(/^huixin_ingest_waiting 0$/mu)
})
