import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from './id.ts'

const ms = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

test('an id is a UUID of version 7 that begins with its millisecond', () => {
  const now = Date.now() + 3_600_000
  const id = newId(now)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u)
  expect(ms(id)).toBe(now)
})

test('ids of one process sort in the order they were made, also when 100,000 fall into one millisecond', () => {
  const now = Date.now() + 7_200_000
  const ids = Array.from({ length: 100_000 }, () => newId(now))
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids keep their order while the clock goes back and forth', () => {
  const start = Date.now() + 20_000_000
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 200 }), (steps) => {
      const ids = steps.map((step) => newId(start + step))
      expect(ids).toEqual(ids.toSorted())
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('two processes that make ids in the same millisecond make different ones', () => {
  // Each id has 62 random bits besides time and counter: none may be constant.
  const tails = new Set(Array.from({ length: 1_000 }, () => newId().slice(-12)))
  expect(tails.size).toBe(1_000)
})
