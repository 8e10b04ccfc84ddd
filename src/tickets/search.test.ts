import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { type Conversation, createRows } from '../../test/helpers/rows.ts'
import { MAX_TOKENS, searchFor, searchTokens, searchVector, tsquery } from './search.ts'

let database: TestDatabase
let house: Conversation
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.truncate()
  house = await createRows(database.db).conversation()
})

const store = (text: string) => createRows(database.db).message(house, { text })

/** The texts found, oldest first; with the plan forced through the index, so that tokens count. */
async function find(q: string): Promise<string[]> {
  const search = searchFor(q)
  if (!search) return []
  const condition = sql`${search.matches(sql`m.search`)} and ${search.contains(sql`m.text`)}`
  return database.db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`)
    const rows = await tx.execute<{ text: string }>(sql`select m.text from messages m where ${condition} order by m.id`)
    return rows.map((row) => row.text)
  })
}

describe('tokens', () => {
  test('Han runs become pairs and single characters, words the three characters from each place', () => {
    expect(searchTokens('退款 ok').sort()).toEqual(['k', 'ok', '款', '退', '退款'].sort())
    expect(searchTokens('refund')).toEqual(['ref', 'efu', 'fun', 'und', 'nd', 'd'])
  })

  test('a run ends where the script changes', () => {
    expect(tsquery('iPhone15退款')).toBe("'iph' & 'pho' & 'hon' & 'one' & 'ne1' & 'e15' & '退款'")
  })

  test('a text of any length stays within what a tsvector holds', async () => {
    const huge = Array.from({ length: 100_000 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)))
    expect(searchTokens(huge.join(''))).toHaveLength(MAX_TOKENS)
    await expect(store(huge.join(''))).resolves.toMatchObject({ ticketId: house.ticket.id })
  })

  test('a Telegram message of 4,096 different Han characters is taken in to its end', () => {
    const text = Array.from({ length: 4_096 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('')
    const tokens = searchTokens(text)
    expect(tokens.length).toBeGreaterThan(8_000)
    expect(tokens).toContain(text.slice(-2))
  })

  test('quotes, backslashes and operators are text', async () => {
    const text = `it's a \\ and 'b':* & | ! <-> (c) %_ [x]^$`
    await store(text)
    for (const q of ["it's", '\\', "'b':*", '& |', '!', '<->', '(c)', '%_', '[x]^$'])
      expect(await find(q)).toEqual([text])
    expect(await find('%x')).toEqual([])
  })
})

describe('search', () => {
  test.each([
    ['退', '什么时候退款'],
    ['款', '什么时候退款'],
    ['单退', '订单退款'],
    ['9', '订单 20261122-0089'],
    ['0089', '订单 20261122-0089'],
    ['efun', 'Refund please'],
    ['REFUND', 'refund please'],
    ['iphone15退款', '我要 iPhone15退款！'],
    ['15退', '我要 iPhone15退款！'],
    ['123', '订单号１２３'],
    ['１２３', 'order 123'],
    ['😡', '太慢了😡😡'],
    ['！', '太慢了!'],
    ['サポート', 'サポートに電話'],
    ['退货', '我要退貨'],
    ['退貨', '我要退货'],
    ['發票', '开发票'],
    ['ΟΔΟΣ', 'οδος 5'],
    ['ΟΔΟ', 'ΟΔΟΣ'],
    ['please refund', 'refund, please'],
    ['\u0000慢', '太\ufffd慢'],
  ])('%s finds %s', async (q, text) => {
    await store(text)
    await store('完全无关 nothing like that')
    expect(await find(q)).toEqual([text])
  })

  test('tokens that stand apart are not the text', async () => {
    await store('订退 单款 退单')
    await store('refused. efund')
    expect(await find('订单')).toEqual([])
    expect(await find('refund')).toEqual([])
  })

  test('every term has to be there', async () => {
    await store('退款')
    await store('退款 慢')
    expect(await find('慢 退款')).toEqual(['退款 慢'])
  })

  test('nothing to look for is no condition', () => {
    expect(searchFor(' \t\u3000')).toBeNull()
  })

  test('a long query asks the index for a part and the text for the rest', async () => {
    const text = Array.from({ length: 200 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('')
    await store(text)
    expect(await find(text)).toEqual([text])
    expect(await find(`${text.slice(0, 199)}龍`)).toEqual([])
  })

  test('any part of any message, cut between characters, finds it', async () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'退款订单物流快递电池屏幕黑屏退貨訂單電池，。！？ａＢ１２３ßİΣς') },
      { weight: 3, arbitrary: fc.constantFrom(...'abcdefghijklmnoprstuABCXYZ0123456789') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(' ', '\n', '  ', '\u3000', "'", '\\', '%', '_', '-', '.', ':', '&', '#'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('😡', '👨‍👩‍👧', '🇨🇳', '👍🏽', 'é', 'e\u0301', 'サ', 'ー', 'ト', '한', 'ﬁ', '㈱'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }) },
    )
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
    // Hangul letters typed one by one become a syllable in NFKC: the one case where a part is not a part.
    const jamo = /[\u3131-\u318e\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7ff\uffa0-\uffdc]/u
    const cut = fc
      .array(piece, { minLength: 1, maxLength: 40 })
      .map((pieces) => pieces.join(''))
      .filter((text) => !jamo.test(text))
      .chain((text) => {
        const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
        return fc
          .tuple(fc.nat(parts.length - 1), fc.integer({ min: 1, max: parts.length }))
          .map(([from, length]) => ({ text, part: parts.slice(from, from + length).join('') }))
      })
    await fc.assert(
      fc.asyncProperty(cut, async ({ text, part }) => {
        const search = searchFor(part)
        if (!search) {
          expect(part.normalize('NFKC').trim()).toBe('')
          return
        }
        const stored = sql`${clean(text)}::text`
        const [row] = await database.db.execute<{ message: boolean; name: boolean }>(sql`
          select ${search.matches(sql`${searchVector(text)}::tsvector`)} and ${search.contains(stored)} as message,
            ${search.isName(stored)} as name`)
        expect(row).toEqual({ message: true, name: true })
      }),
      { numRuns: 1_500 },
    )
  })
})

const clean = (text: string) => text.toWellFormed().replaceAll('\u0000', '\ufffd')
