import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdOrder } from './held-order.ts'

const rows = (ids: string, version = 1) => [...ids].map((id) => ({ id, version }))
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join('')

describe('while the list is held', () => {
  test.each([
    ['abc', 'abc', 'abc', 0, 'nothing changed'],
    ['abc', 'cab', 'abc', 1, 'one row jumped to the top'],
    ['abc', 'xabc', 'abc', 1, 'one is new at the top'],
    ['abc', 'ac', 'abc', 1, 'one left the view'],
    ['abc', 'abcde', 'abcde', 0, 'the next page was loaded'],
    ['abc', 'xcabde', 'abcde', 2, 'all at once'],
    ['abc', 'xy', 'abcxy', 3, 'everything left'],
    ['', 'abc', 'abc', 0, 'it was empty'],
  ])('%s then %s stays %s', (before, after, shown, pending) => {
    const held = holdOrder(rows(before), rows(after))
    expect(ids(held.rows)).toBe(shown)
    expect(held.pending).toBe(pending)
  })

  test('the contents of a row go on changing', () => {
    expect(holdOrder(rows('ab'), rows('ba', 2)).rows).toEqual(rows('ab', 2))
  })

  test('no row that is shown ever changes its place', () => {
    const list = fc.uniqueArray(fc.constantFrom(...'abcdefghij'))
    fc.assert(
      fc.property(list, list, (before, after) => {
        const held = holdOrder(rows(before.join('')), rows(after.join('')))
        expect(ids(held.rows).startsWith(before.join(''))).toBe(true)
        expect(new Set(held.rows.map(({ id }) => id)).size).toBe(held.rows.length)
      }),
    )
  })
})
