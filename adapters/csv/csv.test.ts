import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FileUnreadable, type ImportRow } from '#channel/import.ts'
import { cellOf } from './cell.ts'
import { guessMapping } from './columns.ts'
import { readDate } from './dates.ts'
import { most, openFile } from './rows.ts'
import { settings } from './settings.ts'
import { exportFile } from './simulator.ts'
import { readTable } from './table.ts'

const now = new Date('2026-11-25T08:00:00Z')
const account = settings.parse({ platform: '小红书' })
const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))] as const,
)
function read(file: string | Uint8Array): readonly ImportRow[] {
  const opened = openFile(typeof file === 'string' ? Buffer.from(file) : file, account)
  return [...opened.rows(opened.guess, now)]
}
const messagesIn = (file: string | Uint8Array) =>
  read(file).map((row) => {
    if ('problem' in row) throw new Error(`line ${row.line}: ${row.problem.text.en}`)
    return row.event.message
  })
const codesIn = (file: string) => read(file).map((row) => ('problem' in row ? row.problem.code : 'good'))
const refusal = (file: string | Uint8Array) => {
  try {
    read(file)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(FileUnreadable)
    return (error as FileUnreadable).code
  }
}

test.each(fixtures)('%s', (_, { file, rows }) => {
  expect(JSON.parse(JSON.stringify(read(file)))).toMatchObject(rows)
})

describe('a file', () => {
  const rows = [{ id: 'c1', author: '阿明', text: '屏幕闪烁，"换货"\n还是一样', sentAt: now, postId: 'n1' }]

  test.each(
    (['utf-8', 'utf-8-mark', 'gb18030'] as const).flatMap((encoding) =>
      ([',', ';', '\t'] as const).flatMap((separator) =>
        (['\n', '\r\n'] as const).map((newline) => ({ encoding, separator, newline })),
      ),
    ),
  )('in %o is read', (options) => {
    expect(messagesIn(exportFile(rows, options))).toMatchObject([
      { externalId: 'c1', text: '屏幕闪烁，"换货"\n还是一样', author: { name: '阿明' }, sentAt: now },
    ])
  })

  test('of Excel’s “Unicode text” is read', () => {
    const text = '\ufeff昵称\t内容\r\n阿明\t坏了\r\n'
    const opened = openFile(Buffer.from(text, 'utf16le'), account)
    expect(opened.encoding).toBe('UTF-16')
    expect(messagesIn(Buffer.from(text, 'utf16le'))).toMatchObject([{ text: '坏了' }])
  })

  test('may begin with a title, and end without a newline or with empty rows', () => {
    expect(messagesIn('数据导出 2026-11-25\n\n昵称,内容\n阿明,坏了')).toMatchObject([{ text: '坏了' }])
    expect(messagesIn('昵称,内容\n阿明,坏了\n,\n\n , \n')).toHaveLength(1)
  })

  test.each([
    ['a workbook', Buffer.from([0x50, 0x4b, 3, 4, 20]), 'workbook'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'workbook'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xff]), 'no_text'],
    ['one column', Buffer.from('just some words\nand more'), 'no_table'],
    ['nothing', Buffer.from('\n\n'), 'no_table'],
  ])('that is %s is refused in words', (_, bytes, code) => expect(refusal(bytes)).toBe(code))

  test('of more than 100,000 rows is refused', () => {
    const body = (count: number) => `author,text\n${'a,b\n'.repeat(count)}`
    expect(refusal(body(100_001))).toBe('too_many_rows')
    expect(refusal(body(100_000))).toBeNull()
  })

  test('comes to the same events whatever is added around its rows', () => {
    const id = (file: string) => messagesIn(file)[0]!.externalId
    const plain = id('author,text,time\nA,broken,2026-11-24 10:00\n')
    expect(id('no,time,text,author\n7,2026-11-24 10:00,broken,A\n')).toBe(plain)
    expect(id('author;text;time\r\nA;"broken";2026-11-24 10:00\r\n')).toBe(plain)
    expect(id('author,text,time\nA,broken,2026-11-24 10:01\n')).not.toBe(plain)
  })
})

describe('a row', () => {
  test('that is too long says of what', () => {
    for (const [name, max] of Object.entries(most).filter(([name]) => name !== 'sentAt')) {
      const heading =
        { url: 'link', id: 'comment id', postId: 'post id', postTitle: 'title', authorId: 'user id' }[name] ?? name
      const value = (length: number) => (name === 'url' ? 'https://a.example/'.padEnd(length, 'x') : 'x'.repeat(length))
      const cells = (length: number) =>
        name === 'text' ? `A,${value(length)},` : name === 'author' ? `${value(length)},B,` : `A,B,${value(length)}`
      const head = name === 'text' || name === 'author' ? 'author,text,more' : `author,text,${heading}`
      expect(codesIn(`${head}\n${cells(max)}\n${cells(max + 1)}`), name).toEqual(['good', 'too_long'])
    }
  })

  test('with HTML or a formula keeps them as the words they are', () => {
    const text = '<img src=x onerror=alert(1)> & "x"'
    expect(messagesIn(`author,text\n<b>A</b>,"${text.replaceAll('"', '""')}"\n`)).toMatchObject([
      { text, author: { name: '<b>A</b>' } },
    ])
    expect(messagesIn('author,text\nA,"=HYPERLINK(""http://x"")"\n')).toMatchObject([
      { text: '=HYPERLINK("http://x")' },
    ])
  })

  test.each([
    ['="00712"', '00712'],
    ['"  x\t"', '"  x\t"'],
    ['\t7301234567890123456', '7301234567890123456'],
    ["'=1+1", '=1+1'],
    ["'tis broken", "'tis broken"],
    ['\u00a0\ufeff内容\u3000', '内容'],
    ['a\r\nb\rc', 'a\nb\nc'],
  ])('says of the cell %j: %j', (raw, said) => expect(cellOf(raw)).toBe(said))

  test('finds the address in what an app’s “share” writes', () => {
    const shared = '7.43 复制打开抖音，看看【数码阿明的作品】 https://v.douyin.com/iABC123/ 03/17 a@b.cd'
    expect(messagesIn(`昵称,内容,链接\n阿明,坏了,"${shared}"\n`)[0]?.url).toBe('https://v.douyin.com/iABC123/')
    expect(codesIn('昵称,内容,链接\n阿明,坏了,javascript:alert(1)\n')).toEqual(['bad_address'])
    expect(codesIn('昵称,内容,链接\n阿明,坏了,https://user:pass@a.example/\n')).toEqual(['bad_address'])
  })

  test('after a broken one is read all the same', () => {
    expect(codesIn('author,text\nA,"open\nB,fine\nC,"x"y\nD,fine\n')).toEqual([
      'bad_quote',
      'good',
      'bad_quote',
      'good',
    ])
    expect(codesIn('author,text\nA,fine\nB,"open\n')).toEqual(['good', 'open_quote'])
  })
})

test.each([
  ['评论内容,评论人昵称,评论时间,IP属地', { text: 0, author: 1, sentAt: 2 }],
  [
    '用户名（必填）,用户ID,正文,发布时间,作品ID,作品链接,作品标题',
    { author: 0, authorId: 1, text: 2, sentAt: 3, postId: 4, url: 5, postTitle: 6 },
  ],
  ['ID,Created At,User_Name,Comment,Permalink', { id: 0, sentAt: 1, author: 2, text: 3, url: 4 }],
  ['标题,内容,用户昵称,昵称', { postTitle: 0, text: 1, author: 2 }],
  ['a,b,c', {}],
])('the headings %s mean %o', (headings, mapping) => {
  expect(guessMapping(headings.split(','))).toEqual(mapping)
})

describe('times', () => {
  test.each([
    ['2026-11-24 21:03', '2026-11-24T13:03:00Z'],
    ['2026/11/4 9:03:07', '2026-11-04T01:03:07Z'],
    ['2026.11.24', '2026-11-23T16:00:00Z'],
    ['2026年11月24日 21:03', '2026-11-24T13:03:00Z'],
    ['2026年11月24日 星期二 21:03:00', '2026-11-24T13:03:00Z'],
    ['2026-11-24 下午 9:03', '2026-11-24T13:03:00Z'],
    ['2026-11-24 上午12:03', '2026-11-23T16:03:00Z'],
    ['2026-11-24T21:03:00Z', '2026-11-24T21:03:00Z'],
    ['2026-11-24T21:03:00.123+01:00', '2026-11-24T20:03:00Z'],
    ['24.11.2026 21:03', '2026-11-24T13:03:00Z'],
    ['11/24/2026 9:03 PM', '2026-11-24T13:03:00Z'],
    ['24/11/2026 21:03', '2026-11-24T13:03:00Z'],
    ['03/03/2026', '2026-03-02T16:00:00Z'],
    ['1795539780', '2026-11-24T17:03:00Z'],
    ['1795539780000', '2026-11-24T17:03:00Z'],
    // As Excel keeps 2026-11-24 21:03.
    ['46350.8770833333', '2026-11-24T13:03:00Z'],
  ])('%s', (cell, iso) => {
    expect(readDate(cell, 'Asia/Shanghai', now)).toEqual({ at: new Date(iso) })
  })

  test('in a zone with summer time are those its clocks showed', () => {
    const at = (cell: string) => readDate(cell, 'Europe/Berlin', now)
    expect(at('2026-07-01 12:00')).toEqual({ at: new Date('2026-07-01T10:00:00Z') })
    expect(at('2026-01-01 12:00')).toEqual({ at: new Date('2026-01-01T11:00:00Z') })
    expect(at('2026-03-29 03:30')).toEqual({ at: new Date('2026-03-29T01:30:00Z') })
    expect(at('2026-03-29 01:30')).toEqual({ at: new Date('2026-03-29T00:30:00Z') })
  })

  test.each([
    ['03/04/2026', 'ambiguous_date'],
    ['2027-01-01', 'future_date'],
    ['2026-02-30', 'bad_date'],
    ['2026-13-01', 'bad_date'],
    ['2026-11-24 25:00', 'bad_date'],
    ['昨天 12:30', 'bad_date'],
    ['3小时前', 'bad_date'],
    ['', 'bad_date'],
    ['1970-01-01', 'bad_date'],
    ['12', 'bad_date'],
  ])('%j is %s', (cell, problem) => expect(readDate(cell, 'Asia/Shanghai', now)).toEqual({ problem }))
})

test('whatever is written by the rules is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '\t', ' ', '手', "'", '=') })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }), (table) => {
      const text = table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      expect([...readTable(text, ',')].map(({ cells }) => cells)).toEqual(table)
    }),
  )
})

test('a line says where its row begins, whatever its cells hold', () => {
  const lines = [...readTable('a,b\r\n"1\n2\r\n3",x\r"y",z\n"p"\n', ',')].map(({ line }) => line)
  expect(lines).toEqual([1, 2, 5, 6])
})

test('a file made to be slow is read in a moment', () => {
  const quotes = `author,text\n${'"'.repeat(2_000_001)}`
  expect(codesIn(quotes)).toEqual(['open_quote'])
  expect(codesIn(`author,text\n${'A,"x\n'.repeat(20_000)}`).at(-1)).toBe('open_quote')
})
