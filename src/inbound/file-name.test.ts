import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanFileName, contentDisposition, withExtension } from './file-name.ts'

describe('a name is cleaned', () => {
  test.each([
    ['what cannot be seen goes', 'in\u200bvoice\u200d\ufeff.p\u00addf', 'invoice.pdf'],
    ['directions cannot turn an extension round', 'photo\u202egpj.exe', 'photogpj.exe'],
    ['controls and NUL go', 'a\u0000.php\r\nSet-Cookie: x=1\u0007.jpg', 'a.phpSet-Cookie_ x=1.jpg'],
    ['compatibility forms are what they look like', 'ｉｎｖｏｉｃｅ．ｐｄｆ', 'invoice.pdf'],
    ['a fullwidth slash is a slash', '／etc／passwd', '_etc_passwd'],
    ['no way up', '../../etc/passwd', '_.._etc_passwd'],
    ['no drive, no pipe, no quote', 'c:\\x|y?"z<>*.txt', 'c__x_y__z___.txt'],
    ['not hidden, nothing cut off behind', ' .bashrc. . ', 'bashrc'],
    ['no device of Windows', 'CON.txt', '_CON.txt'],
    ['no device of Windows, alone', 'nul', '_nul'],
    ['Chinese stays', '发票 2026年.pdf', '发票 2026年.pdf'],
    ['a lone surrogate goes', 'a\ud800b.txt', 'ab.txt'],
    ['an invisible Hangul letter goes', 'a\u3164.exe', 'a.exe'],
  ])('%s', (_rule, name, expected) => expect(cleanFileName(name)).toBe(expected))

  test.each([null, '', '\u200b\u202e', '...', ' . '])('%j is no name', (name) => {
    expect(cleanFileName(name, 'photo')).toBe('photo')
  })

  test('a long name keeps its end', () => {
    const name = cleanFileName(`${'长'.repeat(500)}.pdf`)
    expect([...name]).toHaveLength(120)
    expect(name.endsWith('.pdf')).toBe(true)
  })

  const nasty = fc.constantFrom(
    '.',
    ' ',
    'e',
    '\u0301',
    '\u200d',
    '/',
    '"',
    'con',
    '．',
    '한',
    '\u1100',
    '\u1161',
    '\n',
    '\u202e',
    'ﬁ',
  )
  test('cleaning twice is cleaning once, and the header holds ASCII only, in one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', size: 'max', maxLength: 300 }),
          fc.string({ unit: nasty, maxLength: 200 }),
        ),
        (given) => {
          const name = cleanFileName(given)
          expect(name).not.toBe('')
          expect(cleanFileName(name)).toBe(name)
          expect(contentDisposition('inline', name)).toMatch(
            /^inline; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]*$/u,
          )
        },
      ),
    )
  })
})

test('the header has the name twice, the second in full', () => {
  expect(contentDisposition('attachment', `发票 "a" 100%'.pdf`)).toBe(
    `attachment; filename="__ _a_ 100_'.pdf"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%20%22a%22%20100%25%27.pdf`,
  )
})

test.each([
  ['x.html', 'image/gif', 'x.html.gif'],
  ['x.JPEG', 'image/jpeg', 'x.JPEG'],
  ['x', 'video/mp4', 'x.mp4'],
  ['setup.exe', 'application/x-msdownload', 'setup.exe'],
  ['data.csv', 'text/plain', 'data.csv'],
  ['x.html', 'text/plain', 'x.html.txt'],
])('%s with the content of %s is saved as %s', (name, mimeType, saved) => {
  expect(withExtension(name, mimeType)).toBe(saved)
})
