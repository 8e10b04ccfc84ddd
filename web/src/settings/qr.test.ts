import { encode } from 'uqr'
import { expect, test } from 'vitest'
import { qrOf } from './qr.ts'

test('every dark module is drawn, and nothing else', () => {
  const text = 'https://login.example.com/l/QYs3hF2t0w=='
  const { size, path } = qrOf(text)!
  const drawn = new Set<string>()
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/gu)) {
    for (let n = 0; n < Number(width); n++) drawn.add(`${Number(x) + n} ${y}`)
  }
  const { data } = encode(text, { ecc: 'L', border: 4 })
  expect(size).toBe(data.length)
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      expect(drawn.has(`${x} ${y}`)).toBe(dark)
    })
  })
})

test('a quiet zone of four modules stands around it', () => {
  const { size, path } = qrOf('x')!
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/gu)) {
    expect([Number(x) >= 4, Number(y) >= 4, Number(x) + Number(width) <= size - 4]).toEqual([true, true, true])
  }
})

test('what no code can hold is not drawn', () => {
  expect(qrOf('x'.repeat(3_000))).toBeNull()
  expect(qrOf('码'.repeat(500))).not.toBeNull()
})
