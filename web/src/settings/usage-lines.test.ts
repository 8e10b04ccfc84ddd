import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { Usage } from '../api/wire.ts'
import { en } from '../i18n/en.ts'
import { spentOn, usageLines } from './usage-lines.ts'

beforeAll(() => i18next.init({ lng: 'en', ns: ['desk'], defaultNS: 'desk', resources: { en: { desk: en } } }))

const usage: Usage = {
  since: '2026-11-01T00:00:00.000Z',
  currency: 'USD',
  items: [
    { kind: 'post-read', count: 1_204, cost: 2.5 },
    { kind: 'call', count: 1, cost: 0 },
    { kind: 'teleport', count: 2, cost: 0.25 },
  ],
  replies: { count: 83, cost: 0.67 },
  inDoubt: { count: 1, cost: 0.2 },
}

test('each kind in words, an unknown one by its own name', () => {
  const lines = usageLines(usage, i18next.t, 'en')
  expect(lines.map(({ words }) => words)).toEqual([
    '1,204 post reads',
    '1 call',
    '2 teleport',
    '83 replies',
    '1 reply in doubt',
  ])
  expect(spentOn(lines)).toBeCloseTo(3.42)
})

test('nothing where nothing was used', () => {
  const none = { count: 0, cost: 0 }
  expect(usageLines({ ...usage, items: [], replies: none, inDoubt: none }, i18next.t, 'en')).toEqual([])
})
