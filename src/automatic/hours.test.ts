import { describe, expect, test } from 'vitest'
import { type Hours, Hours as Schema } from '../wire-automatic.ts'
import { isOpen, opensAt, sayTime } from './hours.ts'

const hours = (values: Partial<Hours> = {}): Hours => ({ ...Schema.parse({}), ...values })
const at = (time: string) => new Date(time)

describe('working hours', () => {
  test.each([
    ['2026-11-25T08:59:59+08:00', false],
    ['2026-11-25T09:00:00+08:00', true],
    ['2026-11-25T17:59:59+08:00', true],
    ['2026-11-25T18:00:00+08:00', false],
    ['2026-11-28T10:00:00+08:00', false],
    // National Day, and a Saturday that is worked for it.
    ['2026-10-01T10:00:00+08:00', false],
    ['2026-10-10T10:00:00+08:00', true],
  ])('%s: %s', (time, open) => {
    expect(isOpen(hours(), at(time))).toBe(open)
  })

  test('without the holidays an ordinary week decides', () => {
    const plain = hours({ chineseHolidays: false })
    expect(isOpen(plain, at('2026-10-01T10:00:00+08:00'))).toBe(true)
    expect(isOpen(plain, at('2026-10-10T10:00:00+08:00'))).toBe(false)
  })

  test('a house that works on Sundays does so, holidays apart', () => {
    const all = hours({ days: [1, 2, 3, 4, 5, 6, 7] })
    expect(isOpen(all, at('2026-11-29T10:00:00+08:00'))).toBe(true)
    expect(isOpen(all, at('2026-10-01T10:00:00+08:00'))).toBe(false)
  })

  test('a shift over midnight belongs to the day it began', () => {
    const night = hours({ days: [5], from: '22:00', to: '06:00', chineseHolidays: false })
    expect(isOpen(night, at('2026-11-27T23:00:00+08:00'))).toBe(true)
    expect(isOpen(night, at('2026-11-28T05:59:00+08:00'))).toBe(true)
    expect(isOpen(night, at('2026-11-27T05:59:00+08:00'))).toBe(false)
    expect(isOpen(night, at('2026-11-28T06:00:00+08:00'))).toBe(false)
  })

  test('the next opening goes over weekends, holidays and the change of the clocks', () => {
    expect(opensAt(hours(), at('2026-11-27T19:00:00+08:00'))).toEqual(at('2026-11-30T09:00:00+08:00'))
    expect(opensAt(hours(), at('2026-09-30T19:00:00+08:00'))).toEqual(at('2026-10-08T09:00:00+08:00'))
    const berlin = hours({ timeZone: 'Europe/Berlin', days: [7], chineseHolidays: false })
    expect(opensAt(berlin, at('2026-10-24T12:00:00Z'))).toEqual(at('2026-10-25T08:00:00Z'))
    expect(opensAt(hours({ days: [], chineseHolidays: false }), at('2026-11-27T19:00:00+08:00'))).toBeNull()
  })

  test('a time is said in the customer’s language', () => {
    expect(sayTime(at('2026-11-30T01:00:00Z'), 'Asia/Shanghai', 'zh')).toBe('11月30日 09:00')
    expect(sayTime(at('2026-11-30T01:00:00Z'), 'Asia/Shanghai', 'en')).toBe('30 Nov, 09:00')
  })
})
