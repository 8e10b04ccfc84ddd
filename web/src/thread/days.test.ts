import { expect, test } from 'vitest'
import type { Message } from '../api/wire.ts'
import { linesOf } from './days.ts'

const message = (sentAt: Date, change: object = {}) =>
  ({
    sentAt: sentAt.toISOString(),
    direction: 'inbound',
    surface: 'direct',
    threadId: 'x',
    author: { id: 'c1', name: 'Li', kind: 'contact' },
    ...change,
  }) as unknown as Message
const at = (hour: number, minute = 0, day = 20) => new Date(2026, 10, day, hour, minute)

test('a day begins with the first message and at midnight', () => {
  const lines = linesOf([message(at(23, 59)), message(at(0, 1, 21)), message(at(0, 2, 21))])
  expect(lines.map(({ startsDay }) => startsDay)).toEqual([true, true, false])
})

test.each([
  ['soon after', {}, 4, false],
  ['long after', {}, 6, true],
  ['from another person', { author: { id: 'c2', name: 'Wu', kind: 'contact' } }, 1, true],
  ['a note', { direction: 'note' }, 1, true],
  ['on the platform itself', { outside: true }, 1, true],
  ['in public', { surface: 'public' }, 1, true],
])('%s, a new run is %s', (_, change, minutes, startsRun) => {
  expect(linesOf([message(at(9)), message(at(9, minutes), change)])[1]!.startsRun).toBe(startsRun)
})
