/** Node only decodes GB18030: its letters of two bytes are made from that, every pair is asked; the others are refused. */
let table: ReadonlyMap<string, readonly [number, number]> | undefined

export function encode(text: string, encoding: 'utf-8' | 'utf-8-mark' | 'gb18030'): Uint8Array {
  if (encoding !== 'gb18030') return Buffer.from(encoding === 'utf-8' ? text : `\ufeff${text}`)
  table ??= tableOf()
  const bytes: number[] = []
  for (const letter of text) {
    const code = letter.codePointAt(0)!
    const pair = table.get(letter)
    if (code >= 0x80 && !pair) throw new Error(`${letter} is not among the letters of two bytes`)
    bytes.push(...(code < 0x80 ? [code] : (pair ?? [])))
  }
  return Uint8Array.from(bytes)
}

function tableOf(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gb18030')
  const found = new Map<string, readonly [number, number]>()
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const letter = decoder.decode(Uint8Array.of(first, second))
      if ([...letter].length === 1 && letter !== '\ufffd' && !found.has(letter)) found.set(letter, [first, second])
    }
  }
  return found
}
