import { expect, test } from 'vitest'
import { neighbour } from './move.ts'

const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]

test.each([
  ['a', 1, 'b'],
  ['b', -1, 'a'],
  ['c', 1, undefined],
  ['a', -1, undefined],
  [null, 1, 'a'],
  [null, -1, undefined],
  ['gone', 1, 'a'],
] as const)('from %s by %i is %s', (id, step, next) => expect(neighbour(rows, id, step)?.id).toBe(next))
test('nothing is next to nothing', () => expect(neighbour([], null, 1)).toBeNull())
