/** Text in the encodings of Chinese sites. Node only decodes them, so the tables are made from that: every pair of bytes is asked. */
import type { FeedCharset } from './state.ts'

const tables = new Map<FeedCharset, ReadonlyMap<string, readonly [number, number]>>()

export function encode(text: string, charset: FeedCharset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  const table = tableOf(charset)
  const bytes: number[] = []
  for (const letter of text) {
    const code = letter.codePointAt(0)!
    if (code < 0x80) bytes.push(code)
    // A letter the encoding has not is written as sites write it: as a number.
    else bytes.push(...(table.get(letter) ?? Buffer.from(`&#${code};`)))
  }
  return Buffer.from(bytes)
}

function tableOf(charset: FeedCharset): ReadonlyMap<string, readonly [number, number]> {
  const known = tables.get(charset)
  if (known) return known
  const decoder = new TextDecoder(charset)
  const table = new Map<string, readonly [number, number]>()
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const letter = decoder.decode(Uint8Array.of(first, second))
      if ([...letter].length === 1 && letter !== '\ufffd' && !table.has(letter)) table.set(letter, [first, second])
    }
  }
  tables.set(charset, table)
  return table
}
