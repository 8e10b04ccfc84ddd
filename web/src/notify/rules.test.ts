import { describe, expect, test } from 'vitest'
import { isQuiet, kindsOf, readRules, usualRules, wants } from './rules.ts'

const at = (time: string) => new Date(`2026-11-25T${time}:00`)

test.each([
  ['22:00', '08:00', '23:30', true],
  ['22:00', '08:00', '22:00', true],
  ['22:00', '08:00', '07:59', true],
  ['22:00', '08:00', '08:00', false],
  ['22:00', '08:00', '12:00', false],
  ['12:00', '13:30', '12:10', true],
  ['12:00', '13:30', '13:30', false],
  ['09:00', '09:00', '09:00', false],
])('from %s to %s it is quiet at %s: %s', (from, to, time, expected) => {
  expect(isQuiet({ quiet: { from, to } }, at(time))).toBe(expected)
})

test('without quiet hours it never is', () => expect(isQuiet({ quiet: null }, at('03:00'))).toBe(false))

describe('rules', () => {
  test.each([null, 7, [], { quiet: { from: '25:00', to: '1' }, mentions: 'x', mine: 'yes' }])(
    'a broken value %j gives the usual ones',
    (value) => expect(readRules(value)).toEqual(usualRules),
  )
  test('what was chosen stays', () => {
    const chosen = { ...usualRules, sound: true, mine: false, mentions: ['b'], quiet: { from: '22:00', to: '08:00' } }
    expect(readRules(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen)
    expect(kindsOf(chosen)).toEqual(['delivery', 'task', 'kept', 'mention'])
  })
  test('mentions are told of the brands that were chosen alone', () => {
    const rules = { ...usualRules, mentions: ['b1'] }
    expect(wants(rules, { kind: 'mention', brandId: 'b1' })).toBe(true)
    expect(wants(rules, { kind: 'mention', brandId: 'b2' })).toBe(false)
    expect(wants(rules, { kind: 'unassigned', brandId: 'b1' })).toBe(false)
    expect(wants(rules, { kind: 'clock_breach', brandId: 'b1' })).toBe(true)
    expect(wants({ ...rules, kept: false }, { kind: 'escalated', brandId: 'b1' })).toBe(false)
  })
})
