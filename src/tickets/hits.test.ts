import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hitsOf } from './hits.ts'

const found = (text: string, q: string) => hitsOf(text, q).map(([from, to]) => text.slice(from, to))

test.each([
  ['想退货，也想退貨', '退货', ['退货', '退貨']],
  ['Refund! REFUND?', 'refund', ['Refund', 'REFUND']],
  ['ＡＢＣ 手机', 'abc 手机', ['ＡＢＣ', '手机']],
  ['😀😀坏了😀', '坏了', ['坏了']],
  ['aaaa', 'aa', ['aaaa']],
  ['nothing here', 'else', []],
  ['ﬁne', 'fi', ['ﬁ']],
  ['words', '   ', []],
])('%s: %s', (text, q, hits) => expect(found(text, q)).toEqual(hits))

test('hits are in order, apart, and inside the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, q) => {
      let end = 0
      for (const [from, to] of hitsOf(text, q)) {
        expect(from).toBeGreaterThanOrEqual(end)
        expect(to).toBeGreaterThan(from)
        end = to
      }
      expect(end).toBeLessThanOrEqual(text.length)
    }),
  )
})
