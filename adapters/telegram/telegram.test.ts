import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Connected, Copied, Known } from './known.ts'
import { parseUpdate } from './parse.ts'
import { openAccount, secret } from './test-account.ts'

interface Fixture {
  readonly about: string
  /** What was learnt from earlier updates; copies by `<chat>:<message>`. */
  readonly known?: {
    readonly business?: Readonly<Record<string, Connected>>
    readonly copies?: Readonly<Record<string, Copied>>
  }
  readonly update: unknown
  /** Times as ISO 8601; `raw` is not repeated. */
  readonly events: readonly unknown[]
}

const receivedAt = new Date('2026-11-22T12:00:00Z')
const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)

const knownOf = ({ known }: Fixture): Known => ({
  business: (id) => known?.business?.[id] ?? null,
  copy: (chatId, messageId) => known?.copies?.[`${chatId}:${messageId}`] ?? null,
})

/** As JSON, and without the payload itself. */
function plain(events: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === 'raw' ? undefined : value)))
}

describe('payloads', () => {
  test.each(fixtures)('%s', (_, fixture) => {
    expect(plain(parseUpdate(fixture.update, receivedAt, knownOf(fixture)))).toEqual(fixture.events)
  })

  test.each(fixtures)('%s is kept as it came', (_, { update }) => {
    for (const event of parseUpdate(update, receivedAt)) {
      if ('message' in event) expect(event.message.raw).toBe(update)
      if ('raw' in event) expect(event.raw).toBe(update)
    }
  })
})

test('whatever comes, reading it ends in events, never in an error', () => {
  const real = fixtures.map(([, { update }]) => update)
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.json(), fc.nat(), (update, junk, at) => {
      expect(() => parseUpdate(damage(update, JSON.parse(junk), at), receivedAt)).not.toThrow()
    }),
    { numRuns: 3000 },
  )
})

test('whatever comes through the door, remembering it ends well', async () => {
  const { connection, tools } = openAccount({ apiRoot: 'http://127.0.0.1:9' })
  const headers = { 'x-telegram-bot-api-secret-token': secret }
  const telling = fixtures.filter(([name]) => /business|comment|moved|removed|forward|topic/u.test(name))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...telling), fc.json(), fc.nat(), async ([, { update }], junk, at) => {
      const body = JSON.stringify(damage(update, JSON.parse(junk), at))
      const request = new Request('https://care.example/', { method: 'POST', body, headers })
      const { events } = await connection.webhook!(request, receivedAt)
      for (const event of events) expect(() => connection.reread!('raw' in event ? event.raw : null)).not.toThrow()
    }),
    { numRuns: 400 },
  )
  tools.close()
})

test('what is no update at all is kept under its own digest', () => {
  for (const body of [null, [], 'text', 7, {}, { update_id: '5' }]) {
    const [first] = parseUpdate(body, receivedAt)
    const [again] = parseUpdate(body, receivedAt)
    expect(first).toMatchObject({ type: 'unread', reason: 'no update', externalId: expect.stringMatching(/^body:/u) })
    expect(again).toEqual(first)
  }
})

/** A copy with its `at`-th value, counted in depth, replaced. */
function damage(value: unknown, junk: unknown, at: number): unknown {
  let left = at % Math.max(1, count(value))
  const walk = (node: unknown): unknown => {
    if (left === 0) {
      left -= 1
      return junk
    }
    left -= 1
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
