import { describe, expect, test } from 'vitest'
import { amongHan, dayName, exactSpan, fileSize, money, roughSpan } from './format.ts'

const minute = 60_000
const hour = 60 * minute

describe('roughSpan', () => {
  test.each([
    [0, null],
    [59_999, null],
    [minute, '1 min'],
    [59 * minute + 59_999, '59 min'],
    [hour, '1 hr'],
    [23 * hour + 59 * minute, '23 hr'],
    [24 * hour, '1 day'],
    [72 * hour, '3 days'],
  ])('%i ms is %s', (ms, words) => expect(roughSpan(ms, 'en')).toBe(words))
  test('in Chinese', () => expect(roughSpan(3 * hour, 'zh-CN')).toMatch(/^3\s?小时$/u))
})

describe('exactSpan', () => {
  test.each([
    [-5, '0 sec'],
    [1, '1 sec'],
    [minute, '1 min'],
    [21 * hour + 4 * minute, '21 hr 4 min'],
    [hour, '1 hr'],
    [47 * hour, '1 day 23 hr'],
  ])('%i ms is %s', (ms, words) => expect(exactSpan(ms, 'en')).toBe(words))
})

describe('dayName', () => {
  const now = new Date(2026, 10, 22, 0, 5)
  test('two minutes to midnight is yesterday ten minutes later', () => {
    expect(dayName(new Date(2026, 10, 21, 23, 58), now, 'en')).toEqual({ near: 'yesterday' })
    expect(dayName(new Date(2026, 10, 22, 0, 1), now, 'en')).toEqual({ near: 'today' })
  })
  test('another year is named', () => {
    expect(dayName(new Date(2025, 10, 20), now, 'en')).toEqual({ text: expect.stringContaining('2025') })
    expect(dayName(new Date(2026, 10, 10), now, 'en')).toEqual({ text: expect.not.stringContaining('2026') })
  })
})

describe('fileSize', () => {
  test.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [20 * 1024 * 1024, '20 MB'],
  ])('%i bytes are %s', (bytes, words) => expect(fileSize(bytes, 'en')).toBe(words))
})

test.each([
  ['微博', '在微博上'],
  ['Telegram', '在 Telegram 上'],
  ['微信 Work', '在微信 Work 上'],
])('%s among Chinese', (word, text) => expect(`在${amongHan(word)}上`).toBe(text))

test.each([
  [3.42, '3.42 USD'],
  [0.015, '0.015 USD'],
  [1_204, '1,204.00 USD'],
])('%d in money', (value, text) => expect(money(value, 'USD', 'en')).toBe(text))
