import { expect, test } from 'vitest'
import type { AccountGlance } from '../api/wire.ts'
import { readAccountsSearch, readLogSearch } from './search.ts'
import { concernsOf, standsAs } from './standing.ts'

const now = Date.parse('2026-11-25T08:00:00Z')
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString()
const well: AccountGlance = {
  id: 'a',
  brandId: 'b',
  channel: 'example',
  name: 'Care',
  health: { state: 'ok' },
  served: true,
  hold: null,
  pausedUntil: null,
  lastInAt: null,
  lastOutAt: null,
  lastPollAt: null,
  queued: { count: 0, oldest: null },
  inDoubt: 0,
  failed: 0,
  unread: 0,
  credentials: null,
  quotas: [],
  spent: null,
}
const hold = { since: inDays(0), until: null, reason: 'x', by: { id: 'u', name: '陈雨' } }

test.each([
  [{}, []],
  [{ health: { state: 'warning' } }, ['health']],
  [{ served: false, unread: 2 }, ['unserved', 'unread']],
  [{ credentials: { until: inDays(-1), renews: false } }, ['ended']],
  [{ credentials: { until: inDays(3), renews: false } }, ['ends']],
  [{ credentials: { until: inDays(3), renews: true } }, []],
  [{ credentials: { until: inDays(30), renews: false } }, []],
  [{ inDoubt: 1, failed: 2 }, ['doubt', 'failed']],
  [{ quotas: [{ kind: 'call', used: 79, max: 100, since: inDays(0) }] }, []],
  [{ quotas: [{ kind: 'call', used: 80, max: 100, since: inDays(0) }] }, ['quota']],
  [{ queued: { count: 1, oldest: inDays(-1) } }, ['slow']],
  // Somebody meant it to wait.
  [{ queued: { count: 1, oldest: inDays(-1) }, hold }, []],
] as const)('%j is of concern for %j', (change, expected) => {
  expect(concernsOf({ ...well, ...change } as AccountGlance, now)).toEqual(expected)
})

test('each account is found under what it is', () => {
  const paused = { ...well, hold }
  const troubled = { ...well, hold, unread: 1 }
  const states = (account: AccountGlance) =>
    (['all', 'trouble', 'paused', 'ok'] as const).filter((state) => standsAs(account, state, now))
  expect(states(well)).toEqual(['all', 'ok'])
  expect(states(paused)).toEqual(['all', 'paused'])
  expect(states(troubled)).toEqual(['all', 'trouble', 'paused'])
})

test('an address anybody wrote says nothing else', () => {
  expect(readAccountsSearch({ state: 'trouble', brand: '019ab4c2-0000-7000-8000-000000000000', x: 1 })).toEqual({
    state: 'trouble',
    brand: '019ab4c2-0000-7000-8000-000000000000',
  })
  expect(readAccountsSearch({ state: 'all', brand: '<script>' })).toEqual({})
  expect(readLogSearch({ delivery: 'x', result: 'fine', q: '  502 ' })).toEqual({ q: '502' })
})
