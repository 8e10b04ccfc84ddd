import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refused } from '../problem.ts'
import { isDeeperThan, parseJson } from './json-body.ts'

const bytes = (text: string) => Buffer.from(text)
const refusal = (body: Uint8Array) => {
  try {
    parseJson(body)
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, code: error.code }
    throw error
  }
  return null
}
const invalid = { status: 400, code: 'invalid_json' }

test('what JSON.stringify writes comes back the same, unless it is too deep', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20, noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      if (/"(?:__proto__|constructor)"/u.test(text)) return
      expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('brackets inside strings are not depth, whatever is escaped around them', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ']', '}', '退', 'a') }), (text) => {
      expect(isDeeperThan(bytes(JSON.stringify([text])), 1)).toBe(false)
    }),
  )
})

test('64 levels are taken, 65 are not', () => {
  const nested = (depth: number) => bytes('['.repeat(depth) + ']'.repeat(depth))
  expect(refusal(nested(64))).toBeNull()
  expect(refusal(nested(65))).toEqual(invalid)
  expect(refusal(bytes(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`))).toEqual(invalid)
})

test('200,000 levels are refused by counting, without recursion', () => {
  expect(refusal(bytes('['.repeat(200_000) + ']'.repeat(200_000)))).toEqual(invalid)
  expect(refusal(bytes('{"a":'.repeat(200_000)))).toEqual(invalid)
})

describe('refused', () => {
  test.each([
    ['broken', bytes('{"a":')],
    ['two documents', bytes('{}{}')],
    ['a byte order mark and nothing', bytes('\ufeff')],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['__proto__', bytes('{"__proto__":{"role":"administrator"}}')],
    ['__proto__ written with escapes', bytes('{"\\u005f_proto__":1}')],
    ['__proto__ deep inside', bytes('{"a":[{"b":{"__proto__":1}}]}')],
    ['constructor.prototype', bytes('{"constructor":{"prototype":{}}}')],
  ])('%s', (_name, body) => {
    expect(refusal(body)).toEqual(invalid)
  })
})

test('the words themselves may be written', () => {
  expect(parseJson(bytes('{"text":"__proto__ constructor"}'))).toEqual({ text: '__proto__ constructor' })
})

test('an empty body is no body', () => {
  expect(parseJson(Buffer.alloc(0))).toBeUndefined()
})
