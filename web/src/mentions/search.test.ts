import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MentionCountQuery, MentionQuery } from '../../../src/wire-mentions.ts'
import { countQueryOf, hasFilters, listQueryOf, readMentionSearch } from './search.ts'

test('whatever stands in the address, the API understands what becomes of it', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.constantFrom('open', 'ticket', 'zh,en', '7d', '2026-11-25', '2026-02-30', 'public', 'feed,x'),
    fc.uuid(),
    fc.integer(),
  )
  const names = ['q', 'state', 'account', 'channel', 'brand', 'language', 'surface', 'since', 'from', 'to']
  fc.assert(
    fc.property(fc.record(Object.fromEntries(names.map((name) => [name, anything]))), (raw) => {
      const search = readMentionSearch(raw)
      expect(MentionQuery.safeParse(listQueryOf(search, Date.now())).success).toBe(true)
      expect(MentionCountQuery.safeParse(countQueryOf(search)).success).toBe(true)
    }),
  )
})

test('a day is the whole of it, where the reader is', () => {
  const { from, to } = listQueryOf(readMentionSearch({ from: '2026-11-24', to: '2026-11-25' }), 0)
  expect(new Date(from!)).toEqual(new Date(2026, 10, 24))
  expect(new Date(to!)).toEqual(new Date(2026, 10, 26))
})

test('a span counts back from now, and stands for days', () => {
  const search = readMentionSearch({ since: '24h', from: '2026-11-24' })
  expect(listQueryOf(search, Date.UTC(2026, 10, 25))).toEqual({ from: '2026-11-24T00:00:00.000Z' })
})

test('a state alone is no filter', () => {
  expect(hasFilters(readMentionSearch({ state: 'ticket' }))).toBe(false)
  expect(hasFilters(readMentionSearch({ state: 'ticket', language: 'zh' }))).toBe(true)
})
