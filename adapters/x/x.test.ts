import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from './parse.ts'

interface Fixture {
  readonly about: string
  readonly payload: unknown
  /** Times as ISO 8601; `raw` is not repeated. */
  readonly events: readonly unknown[]
}

const context = { own: null, exempt: false, receivedAt: new Date('2026-11-24T12:00:00Z') }
const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)

/** As JSON, and without the payload itself. */
function plain(events: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === 'raw' ? undefined : value)))
}

describe('payloads', () => {
  test.each(fixtures)('%s', (_, { payload, events }) => {
    expect(plain(parse(payload, context))).toEqual(events)
  })
  test.each(fixtures.filter(([name]) => name !== 'event-array.json'))('%s is kept as it came', (_, { payload }) => {
    for (const event of parse(payload, context)) {
      if ('message' in event) expect(event.message.raw).toBe(payload)
      if ('raw' in event) expect(event.raw).toBe(payload)
    }
  })
  test('several events in one call are kept one by one, and read the same again', () => {
    const { payload } = fixtures.find(([name]) => name === 'event-array.json')![1]
    const events = parse(payload, context)
    const again = events.flatMap((event) => ('message' in event ? parse(event.message.raw, context) : []))
    expect(again).toEqual(events)
  })
})

test('an Enterprise account may answer anybody', () => {
  const { payload } = fixtures.find(([name]) => name === 'reply-deeper.json')![1]
  expect(parse(payload, { ...context, exempt: true })).toMatchObject([{ message: { replyable: { allowed: true } } }])
})

test('an event for another account is kept as unread', () => {
  const { payload } = fixtures.find(([name]) => name === 'dm.json')![1]
  expect(parse(payload, { ...context, own: '42' })).toMatchObject([{ type: 'unread' }])
})

test('posts and messages of one number are two', () => {
  const ids = fixtures.flatMap(([, { payload }]) =>
    parse(payload, context).flatMap((event) => ('message' in event ? [event.message] : [])),
  )
  const posts = ids.filter(({ surface }) => surface === 'public').map(({ externalId }) => externalId)
  const messages = ids.filter(({ surface }) => surface === 'direct').map(({ externalId }) => externalId)
  expect(posts.every((id) => /^\d+$/u.test(id))).toBe(true)
  expect(messages.every((id) => /^(?:dm|chat):/u.test(id))).toBe(true)
})

test('whatever comes, reading it ends in events, never in an error', () => {
  const real = fixtures.map(([, { payload }]) => payload)
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.json(), fc.nat(), (payload, junk, at) => {
      expect(() => JSON.stringify(parse(damage(payload, JSON.parse(junk), at), context))).not.toThrow()
    }),
    { numRuns: 3000 },
  )
})

test('hostile words stay words', () => {
  const { payload } = fixtures.find(([name]) => name === 'mention.json')![1] as { payload: { data: object } }
  for (const text of [
    '\u0000\u0000',
    '\ud800',
    '<script>alert(1)</script>',
    '&lt;b&gt;&amp;amp;',
    'x'.repeat(1_000_000),
    '$& $1 https://t.co/aaaaaaaaaa',
  ]) {
    const urls = [
      { url: 'https://t.co/aaaaaaaaaa', expanded_url: 'javascript:alert(1)' },
      { url: 'https://t.co/(a+)+', expanded_url: 'https://x' },
    ]
    const [event] = parse({ ...payload, data: { ...payload.data, text, entities: { urls } } }, context)
    expect(event).toMatchObject({ type: 'message' })
    expect(JSON.stringify(event && 'message' in event && event.message.text)).not.toContain('javascript')
  }
})

/** A copy with its `at`-th value, counted in depth, replaced. */
function damage(value: unknown, junk: unknown, at: number): unknown {
  let left = at % Math.max(1, count(value))
  const walk = (node: unknown): unknown => {
    left -= 1
    if (left === -1) return junk
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value)
}

function count(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1
  return 1 + Object.values(node).reduce<number>((total, inner) => total + count(inner), 0)
}
