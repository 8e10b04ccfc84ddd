import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isOpen, readHours } from './hours.ts'
import { createLimits } from './limits.ts'
import { parse } from './parse.ts'
import { settings } from './settings.ts'

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { payload: unknown; events: object[] }),
}))

test.each(fixtures)('$name', ({ payload, events }) => {
  const read = parse(payload).map((event) =>
    event.type === 'message' ? { type: event.type, ...event.message } : event,
  )
  expect(read).toHaveLength(events.length)
  expect(read).toMatchObject(events)
})

describe('office hours', () => {
  test.each([
    ['', []],
    ['1-5 09:00-18:00', [{ days: [1, 2, 3, 4, 5], from: 540, to: 1080 }]],
    [
      '1-5 09:00-18:00，6  10:00-24:00',
      [
        { days: [1, 2, 3, 4, 5], from: 540, to: 1080 },
        { days: [6], from: 600, to: 1440 },
      ],
    ],
  ])('“%s” is read', (text, spans) => expect(readHours(text)).toEqual(spans))

  test.each(['9-18', '1-5', '8 09:00-18:00', '5-1 09:00-18:00', '1 18:00-09:00', '1 09:00-24:30', 'Mon 09:00-18:00'])(
    '“%s” is refused',
    (text) => {
      expect(readHours(text)).toBeNull()
      expect(settings.safeParse({ sites: 'https://a.example', officeHours: text }).success).toBe(false)
    },
  )

  test.each([
    // A Wednesday; Shanghai is eight hours ahead.
    ['2026-11-25T00:59:59Z', false],
    ['2026-11-25T01:00:00Z', true],
    ['2026-11-25T09:59:59Z', true],
    ['2026-11-25T10:00:00Z', false],
    ['2026-11-29T03:00:00Z', false],
  ])('at %s it is open: %s', (at, open) => {
    expect(isOpen('1-5 09:00-18:00', 'Asia/Shanghai', new Date(at))).toBe(open)
  })
  test('without hours it never closes', () => expect(isOpen('', 'Asia/Shanghai', new Date())).toBe(true))
})

describe('settings', () => {
  test.each([
    'shop.example',
    'https://shop.example/path',
    "https://shop.example 'unsafe-inline'",
    'https://shop.example;script-src',
    'https://*',
    '*',
    'data:',
    'HTTPS://SHOP.EXAMPLE',
  ])('“%s” is no site', (sites) => expect(settings.safeParse({ sites }).success).toBe(false))
  test.each(['https://shop.example', 'http://localhost:8080, https://*.shop.example'])('“%s” is one', (sites) =>
    expect(settings.safeParse({ sites }).success).toBe(true),
  )
  test('a key for unknown visitors is made, another for each account', () => {
    const made = [1, 2].map(() => settings.parse({ sites: 'https://a.example' }).visitorKey)
    expect(new Set(made).size).toBe(2)
    expect(made.every((key) => key.length >= 32)).toBe(true)
  })
  test.each(['short', ' '.repeat(5)])('a secret like “%s” is refused', (siteSecret) =>
    expect(settings.safeParse({ sites: 'https://a.example', siteSecret }).success).toBe(false),
  )
})

describe('limits', () => {
  test('begin anew after a minute, each for its own', () => {
    let now = 0
    const limits = createLimits(() => now)
    for (let n = 0; n < 3; n += 1) expect(limits.count('message', 'a', 3)).toBeNull()
    now = 20_000
    expect(limits.count('message', 'a', 3)).toBe(40)
    expect(limits.count('message', 'b', 3)).toBeNull()
    expect(limits.count('typing', 'a', 3)).toBeNull()
    now = 60_000
    expect(limits.count('message', 'a', 3)).toBeNull()
  })
  test('of what goes on are given back once', () => {
    const limits = createLimits(() => 0)
    const leave = limits.enter('stream', 'a', 1)
    expect(limits.enter('stream', 'a', 1)).toBeNull()
    leave?.()
    leave?.()
    expect(limits.enter('stream', 'a', 1)).not.toBeNull()
    expect(limits.enter('stream', 'a', 1)).toBeNull()
  })
})
