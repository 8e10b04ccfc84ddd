import { expect, test } from 'vitest'
import { addressText, bodyText, errorText } from './exchange-text.ts'
import { createRedactor } from './redact.ts'

const secret = 'S3CR3T-0123456789-abcdefghij'
const redactor = createRedactor([secret])

test('a body is cut to 4 KB of UTF-8, and says how long it was', () => {
  const text = bodyText('退'.repeat(5000), redactor)!
  expect(Buffer.byteLength(text)).toBeLessThan(4200)
  expect(text).toMatch(/ … \[of 5000 characters\]$/u)
})

test('a secret at the cut is not left as half of one', () => {
  for (let shift = 0; shift < 40; shift++) {
    for (const length of [4096, 16_384]) {
      const text = bodyText('x'.repeat(length - shift) + secret + 'y'.repeat(20_000), redactor)!
      expect(text).not.toMatch(/S3C/u)
    }
  }
})

test('redacting shrinks a text, which must not draw half a secret in from behind the part that is looked at', () => {
  const long = `S3CR3T-${'0123456789'.repeat(20)}`
  const many = long.repeat(Math.floor(16_384 / long.length) - 1)
  for (let shift = 0; shift < long.length; shift += 3) {
    const text = bodyText(`${many}${'z'.repeat(shift)}${long}${long}`, createRedactor([long]))!
    expect(text).toMatch(/^\[secret\]\[secret\]/u)
    expect(text).not.toMatch(/S3C/u)
  }
})

test('files are written as their size', () => {
  expect(bodyText(Buffer.alloc(5), redactor)).toBe('[5 bytes]')
  expect(bodyText({ chat: 1, photo: Buffer.alloc(7), blob: new Blob(['abc']) }, redactor)).toBe(
    '{"chat":1,"photo":"[7 bytes]","blob":"[3 bytes]"}',
  )
})

test('what cannot be written as JSON is no reason to fail', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  expect(bodyText(circle, redactor)).toBe('[not readable]')
  expect(bodyText({ id: 12n }, redactor)).toBe('{"id":"12"}')
  expect(bodyText(undefined, redactor)).toBeNull()
})

test('NUL and lone surrogates, which the database refuses, are replaced', () => {
  expect(bodyText('a\u0000b\ud800c', redactor)).toBe('a\ufffdb\ufffdc')
})

test('addresses and errors are redacted too', () => {
  expect(addressText(`https://api.example.com/bot${secret}/x`, redactor)).toBe('https://api.example.com/bot[secret]/x')
  expect(errorText(new TypeError(`bad ${secret}`), redactor)).toBe('TypeError: bad [secret]')
})
