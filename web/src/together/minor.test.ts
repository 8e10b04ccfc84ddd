import { expect, test } from 'vitest'
import { fromMinor, shownMoney, toMinor } from './minor.ts'

test.each([
  ['199', 'CNY', 19_900],
  ['199.5', 'CNY', 19_950],
  ['0.29', 'CNY', 29],
  ['1,299.00', 'CNY', 129_900],
  ['500', 'JPY', 500],
  ['1.234', 'KWD', 1_234],
  ['500.5', 'JPY', null],
  ['1.999', 'CNY', null],
  ['-1', 'CNY', null],
  ['', 'CNY', null],
  ['一百', 'CNY', null],
])('%s %s is %s minor units', (text, currency, minor) => expect(toMinor(text, currency)).toBe(minor))

test.each([
  [29, 'CNY', '0.29'],
  [0, 'CNY', '0.00'],
  [500, 'JPY', '500'],
  [1_234, 'KWD', '1.234'],
])('%s of %s is written %s, and read again as it was', (minor, currency, text) => {
  expect(fromMinor(minor, currency)).toBe(text)
  expect(toMinor(text, currency)).toBe(minor)
})

test('is shown in the reader’s way', () => {
  expect(shownMoney({ minor: 19_950, currency: 'CNY' }, 'zh-CN')).toBe('¥199.50')
})
