import { describe, expect, test } from 'vitest'
import { mostChosen, nothing, ranged, toggled } from './selection.ts'

const shown = ['a', 'b', 'c', 'd', 'e']
const idsOf = ({ ids }: { ids: ReadonlySet<string> }) => [...ids]

describe('a selection', () => {
  test('takes one in and out, and shows its boxes from the first on', () => {
    const one = toggled(nothing, 'b')
    expect(one).toMatchObject({ on: true, anchor: 'b' })
    expect(idsOf(one)).toEqual(['b'])
    expect(idsOf(toggled(one, 'b'))).toEqual([])
  })

  test('a range goes from the last one, either way, and keeps what is chosen', () => {
    expect(idsOf(ranged(toggled(nothing, 'd'), 'b', shown))).toEqual(['d', 'b', 'c'])
    const both = ranged(toggled(toggled(nothing, 'a'), 'c'), 'e', shown)
    expect(idsOf(both)).toEqual(['a', 'c', 'd', 'e'])
  })

  test('without a place to begin, it is one', () => {
    expect(idsOf(ranged(nothing, 'c', shown))).toEqual(['c'])
    expect(idsOf(ranged(toggled(nothing, 'gone'), 'c', shown))).toEqual(['gone', 'c'])
  })

  test('choosing one by one is no longer everything', () => {
    const all = { ...nothing, on: true, all: { query: {}, count: 7 } }
    expect(toggled(all, 'a').all).toBeNull()
  })

  test('has an end', () => {
    const many = Array.from({ length: 300 }, (_, index) => `t${index}`)
    expect(ranged(toggled(nothing, 't0'), 't299', many).ids.size).toBe(mostChosen)
  })
})
