import { describe, expect, test } from 'vitest'
import { dayName, readHours, readMs, weekOf, writeHours, writeMs } from './hours.ts'

describe('hours as people write them', () => {
  test.each([
    ['', []],
    ['9:00-18:00', [{ from: '09:00', to: '18:00' }]],
    [
      '09:00–12:00，13:00至18:00',
      [
        { from: '09:00', to: '12:00' },
        { from: '13:00', to: '18:00' },
      ],
    ],
    [
      '22:00-06:00; 00:00-24:00',
      [
        { from: '22:00', to: '06:00' },
        { from: '00:00', to: '24:00' },
      ],
    ],
  ])('%s', (text, spans) => expect(readHours(text)).toEqual(spans))
  test.each(['9-18', '25:00-26:00', '09:00-09:00', '24:00-01:00', '09:60-10:00', '九点到六点', '24:30-25:00'])(
    '%s is none',
    (text) => expect(readHours(text)).toBeNull(),
  )
  test('are written as they are read', () => {
    const text = '09:00-12:00, 13:00-18:00'
    expect(writeHours(readHours(text) ?? [])).toBe(text)
    expect(weekOf({ hours: [{ day: 2, from: '09:00', to: '18:00' }] })).toEqual(['', '09:00-18:00', '', '', '', '', ''])
  })
})

test('the week begins on Monday', () => {
  expect([dayName(1, 'en'), dayName(7, 'en'), dayName(1, 'zh-CN')]).toEqual(['Monday', 'Sunday', '星期一'])
})

test.each([
  ['24', 86_400_000],
  ['0.5', 1_800_000],
  ['1,5', 5_400_000],
  ['', null],
  ['0', null],
  ['x', null],
  ['99999', null],
])('%s hours', (text, ms) => {
  expect(readMs(text)).toBe(ms)
  if (ms !== null) expect(readMs(writeMs(ms))).toBe(ms)
})
