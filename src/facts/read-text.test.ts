import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsIn, isDay, isLuhn } from './read-text.ts'

describe('a text', () => {
  test.each([
    ['IMEI 490154203237518', [{ field: 'serial', value: '490154203237518' }]],
    ['49-015420-323751-8 谢谢', [{ field: 'serial', value: '490154203237518' }]],
    ['ｉｍｅｉ：４９０１５４２０３２３７５１８', [{ field: 'serial', value: '490154203237518' }]],
    ['序列号：ab12-cd34-ef', [{ field: 'serial', value: 'AB12CD34EF' }]],
    ['S/N is HX9K22017Q', [{ field: 'serial', value: 'HX9K22017Q' }]],
    [
      'serial number: HX9K22017Q, bought on 2026-3-7',
      [
        { field: 'serial', value: 'HX9K22017Q' },
        { field: 'purchasedOn', value: '2026-03-07' },
      ],
    ],
    [
      '型号:云雀 12 Pro,购买日期 2025年11月3日',
      [
        { field: 'model', value: '云雀 12 Pro' },
        { field: 'purchasedOn', value: '2025-11-03' },
      ],
    ],
    ['2025/12/24 购买的', [{ field: 'purchasedOn', value: '2025-12-24' }]],
  ])('%j tells %j', (text, facts) => expect(factsIn(text)).toEqual(facts))

  test.each([
    '490154203237519',
    '4901542032375180',
    '1490154203237518',
    '000000000000000',
    'order 2026-02-30',
    'serial killer documentary',
    'serial number is printed underneath',
    '购买日期 2026-02-30',
    '快递单号 490154203237518.22',
  ])('%j tells nothing', (text) => expect(factsIn(text)).toEqual([]))
})

test('a digit changed or two neighbours swapped is no IMEI any more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 14, maxLength: 14 }),
      fc.nat(14),
      fc.integer({ min: 1, max: 9 }),
      (digits, place, more) => {
        const last = Array.from({ length: 10 }, (_, digit) => digit).find((digit) =>
          isLuhn([...digits, digit].join('')),
        )
        const whole = [...digits, last!]
        expect(isLuhn(whole.join(''))).toBe(true)
        const wrong = whole.map((digit, index) => (index === place ? (digit + more) % 10 : digit))
        expect(isLuhn(wrong.join(''))).toBe(false)
      },
    ),
  )
})

test('days that are none are none', () => {
  expect(['2024-02-29', '2026-12-31'].every(isDay)).toBe(true)
  expect(['2026-02-29', '2026-13-01', '0001-01-01', 'x'].some(isDay)).toBe(false)
})
