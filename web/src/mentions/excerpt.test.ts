import fc from 'fast-check'
import { expect, test } from 'vitest'
import { piecesOf } from './excerpt.ts'

const marked = (text: string, hits: [number, number][], whole = false) =>
  piecesOf(text, hits, whole)
    .pieces.map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('')

test('hits are marked where they are', () => {
  expect(
    marked('想退货，退货', [
      [1, 3],
      [4, 6],
    ]),
  ).toBe('想[退货]，[退货]')
  expect(marked('nothing', [])).toBe('nothing')
})

test('a long text shows what stands around the first hit, and all of it when asked', () => {
  const text = `${'a'.repeat(1_000)}HIT${'b'.repeat(1_000)}`
  expect(marked(text, [[1_000, 1_003]])).toMatch(/^…a{80}\[HIT\]b+…$/u)
  expect(marked(text, [[1_000, 1_003]], true)).toHaveLength(2_005)
  expect(piecesOf('short', [], false).isCut).toBe(false)
})

test('nothing is lost, doubled or torn', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), fc.nat(900), fc.nat(20), (text, at, length) => {
      const start = Math.min(at, text.length)
      const hits: [number, number][] = length > 0 ? [[start, Math.min(text.length, start + length)]] : []
      expect(
        piecesOf(text, hits, true)
          .pieces.map((piece) => piece.text)
          .join(''),
      ).toBe(text)
      const shown = piecesOf(text, [], false)
        .pieces.map((piece) => piece.text)
        .join('')
      expect(shown.isWellFormed() || !text.isWellFormed()).toBe(true)
    }),
  )
})
