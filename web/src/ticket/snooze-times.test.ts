import { describe, expect, test } from 'vitest'
import { laterTimes, toLocalInput } from './snooze-times.ts'

const names = (now: Date) => laterTimes(now).map(({ name }) => name)

describe('the times offered for later', () => {
  test('on a Wednesday morning are all of them', () => {
    const now = new Date(2026, 10, 18, 10, 30)
    expect(names(now)).toEqual(['hour', 'evening', 'tomorrow', 'monday'])
    expect(laterTimes(now).map(({ at }) => toLocalInput(at))).toEqual([
      '2026-11-18T11:30',
      '2026-11-18T18:00',
      '2026-11-19T09:00',
      '2026-11-23T09:00',
    ])
  })
  test('leave out an evening that is nearly over', () =>
    expect(names(new Date(2026, 10, 18, 17, 30))).not.toContain('evening'))
  test('on Sunday do not name Monday twice', () => expect(names(new Date(2026, 10, 22, 10))).not.toContain('monday'))
  test('on Monday mean the next one', () => {
    expect(toLocalInput(laterTimes(new Date(2026, 10, 23, 8)).at(-1)!.at)).toBe('2026-11-30T09:00')
  })
  test('lie in the future, whenever it is', () => {
    for (let hour = 0; hour < 24 * 9; hour += 1) {
      const now = new Date(2026, 10, 18, hour, 59, 59)
      for (const { at } of laterTimes(now)) expect(at.getTime()).toBeGreaterThan(now.getTime())
    }
  })
})
