import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identityOf, placeOf, threadIdOf } from './ids.ts'
import { kind } from './kinds.ts'
import { parse } from './parse.ts'

interface Fixture {
  readonly about: string
  readonly payload: unknown
  /** Times as ISO 8601; `raw` is not repeated. */
  readonly events: readonly unknown[]
}

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)
const fixture = (name: string) => fixtures.find(([file]) => file === `${name}.json`)![1].payload
const textOf = (name: string) => {
  const [event] = parse(fixture(name))
  return event && 'message' in event ? event.message.text : null
}

/** As JSON, and without the payload itself. */
function plain(events: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === 'raw' ? undefined : value)))
}

describe('payloads', () => {
  test.each(fixtures)('%s', (_, { payload, events }) => {
    expect(plain(parse(payload))).toEqual(events)
  })

  test.each(fixtures)('%s is kept as it came', (_, { payload }) => {
    for (const event of parse(payload)) {
      if ('message' in event) expect(event.message.raw).toBe(payload)
      if ('raw' in event) expect(event.raw).toBe(payload)
    }
  })

  test('are of every kind of message that wechaty knows', () => {
    const types = fixtures.map(([, { payload }]) => (payload as { message?: { type?: unknown } }).message?.type)
    for (const type of Object.values(kind)) expect(types).toContain(type)
  })
})

test('whatever comes, reading it ends in events, never in an error', () => {
  const real = fixtures.map(([, { payload }]) => payload)
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.json(), fc.nat(), (payload, junk, at) => {
      expect(() => parse(damage(payload, JSON.parse(junk), at))).not.toThrow()
    }),
    { numRuns: 3000 },
  )
})

test('a huge text is read in a time that does not grow with its square', () => {
  const long = (text: string) => {
    const payload = structuredClone(fixture('text')) as { message: { text: string; type: number } }
    payload.message.text = text
    return payload
  }
  for (const text of [
    '「'.repeat(500_000),
    `「${'：'.repeat(500_000)}`,
    `<msg>${'<title>'.repeat(100_000)}`,
    '&'.repeat(1e6),
  ]) {
    for (const type of [kind.Text, kind.Recalled, kind.Url, 0]) {
      const payload = long(text)
      payload.message.type = type
      expect(parse(payload)).toHaveLength(1)
    }
  }
}, 5000)

describe('ids of threads', () => {
  test('lead back to their place, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.option(fc.string({ minLength: 1 })), (person, roomId) => {
        fc.pre(person.trim() !== '' && (roomId === null || roomId.trim() !== ''))
        expect(placeOf(threadIdOf({ roomId, person }))).toEqual({ roomId, person })
      }),
    )
  })
  test('of a room begin with it', () => {
    expect(threadIdOf({ roomId: '1@chatroom', person: 'wxid_1' })).toMatch(/^1@chatroom\//u)
  })
  test.each(['', ' ', 'a/b/c', '/', 'a/', '/b'])('%j is none', (id) => expect(placeOf(id)).toBeNull())
})

test('edge 6: a contact whose id changes with each sign-in is known by its WeChat id, else by what we call it', () => {
  const person = { name: 'Lin', alias: null, weixin: null, avatar: null, type: 1 }
  const [before, after] = ['@5f2c81d9a3b7e6409c1d2e3f4a5b6c7d', '@0a1b2c3d4e5f60718293a4b5c6d7e8f9']
  for (const known of [{ weixin: 'lin_w' }, { alias: '林先生' }]) {
    const ids = [before, after].map((id) => identityOf({ ...person, ...known, id }))
    expect(ids[0]).toBe(ids[1])
  }
  expect(identityOf({ ...person, id: before })).toBe(before)
  expect(identityOf({ ...person, id: 'wxid_1', weixin: 'lin_w' })).toBe('wxid_1')
})

test('edge 8: a recall is a message of kind 13 that names the one it takes back', () => {
  expect(parse(fixture('recalled'))).toEqual([
    { type: 'deleted', externalId: '4363689963896700987', at: expect.any(Date) },
  ])
  expect(parse(fixture('recalled-unnamed'))).toMatchObject([{ type: 'message' }])
})

test('edge 10: unknown kinds, transfers and red envelopes are shown by name', () => {
  expect(['transfer', 'red-envelope', 'unknown', 'unknown-number'].map(textOf)).toEqual([
    '[转账 transfer] 微信转账',
    '[红包 red envelope]',
    '[unsupported] unknown: 我通过了你的朋友验证请求',
    '[unsupported] type 99',
  ])
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
