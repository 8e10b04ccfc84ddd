import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkify } from './linkify.ts'

const links = (text: string) => linkify(text).flatMap((piece) => ('href' in piece ? [piece.text] : []))

describe('an address in a text', () => {
  test.each([
    ['see https://a.example/b.', ['https://a.example/b']],
    ['见https://a.example/b，谢谢', ['https://a.example/b']],
    ['见https://a.example/订单', ['https://a.example/']],
    ['(https://a.example/x_(y))', ['https://a.example/x_(y)']],
    ['[https://a.example]', ['https://a.example']],
    ['HTTPS://A.EXAMPLE/?q=1&r=2#z', ['HTTPS://A.EXAMPLE/?q=1&r=2#z']],
    ['http://a.example http://b.example', ['http://a.example', 'http://b.example']],
    ['“https://a.example”', ['https://a.example']],
    ['no link: a.example, www.a.example', []],
    ['javascript:alert(1) data:text/html,x ftp://a.example file:///etc', []],
    ['https://', []],
    ['https://.', []],
    ['', []],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected))

  test('the text stays what it was, and every link is http or https', () => {
    const bits = fc.oneof(
      fc.string(),
      fc.constantFrom('https://', 'http://a.b', 'javascript:', '，', ')', '\u202e', '\n', 'ftp://x.y'),
    )
    fc.assert(
      fc.property(fc.array(bits), (parts) => {
        const pieces = linkify(parts.join(''))
        expect(pieces.map(({ text }) => text).join('')).toBe(parts.join(''))
        for (const piece of pieces) if ('href' in piece) expect(piece.href).toMatch(/^https?:\/\//u)
      }),
    )
  })

  test('a long text without spaces is read quickly', () => {
    const started = performance.now()
    linkify(`${'https://a.b/'.repeat(5_000)}${')'.repeat(5_000)}`)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
