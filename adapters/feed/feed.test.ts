import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDate } from './dates.ts'
import { decode } from './decode.ts'
import { NotAFeed, readDocument } from './document.ts'
import { readHtml } from './html.ts'
import { parse } from './parse.ts'
import { safeXml } from './safe-xml.ts'
import { encode } from './simulator/encode.ts'

interface Fixture {
  readonly about: string
  readonly address: string
  readonly document: string
  /** Times as ISO 8601; `raw` and `replyable` are not repeated. */
  readonly events: readonly unknown[]
}

const now = new Date('2026-11-24T12:00:00Z')
const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)
const place = { address: 'https://care.example/feed', url: 'https://care.example/feed' }
const rss = (items: string, head = '') => `<rss version="2.0"><channel><title>T</title>${head}${items}</channel></rss>`
const messagesIn = (document: string) =>
  readDocument(document, place).payloads.flatMap((payload) =>
    parse(payload, now).flatMap((event) => ('message' in event ? [event.message] : [])),
  )
const reasonOf = (document: string) => {
  try {
    readDocument(document, place)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(NotAFeed)
    return (error as NotAFeed).reason
  }
}

describe('documents', () => {
  test.each(fixtures)('%s', (_, { address, document, events }) => {
    const { payloads } = readDocument(document, { address, url: address })
    const read = payloads.flatMap((payload) => parse(payload, now))
    const plain = JSON.stringify(read, (key, value) => (key === 'raw' || key === 'replyable' ? undefined : value))
    expect(JSON.parse(plain)).toEqual(events)
    for (const event of read) {
      if ('message' in event)
        expect(event.message.replyable).toMatchObject({ allowed: false, reason: { en: /only be read/u } })
    }
  })

  test('an item that was stored as JSON is read again as the same', () => {
    for (const [, { address, document }] of fixtures) {
      for (const payload of readDocument(document, { address, url: address }).payloads) {
        const again = parse(JSON.parse(JSON.stringify(payload)), now)
        const plain = (events: unknown) => JSON.stringify(events, (key, value) => (key === 'raw' ? undefined : value))
        expect(plain(again)).toBe(plain(parse(payload, now)))
      }
    }
  })

  test('whatever comes, reading it ends in events or in NotAFeed', () => {
    const documents = fixtures.map(([, { document }]) => document)
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.nat(),
        fc.nat(200),
        fc.string({ maxLength: 30 }),
        (document, at, cut, junk) => {
          const start = at % document.length
          const damaged = document.slice(0, start) + junk + document.slice(start + cut)
          try {
            for (const payload of readDocument(damaged, place).payloads) parse(payload, now)
          } catch (error) {
            expect(error).toBeInstanceOf(NotAFeed)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('whatever an item holds, it is a message with words', () => {
    fc.assert(
      fc.property(fc.constantFrom('rss', 'atom', 'rdf', 'json'), fc.json(), (format, item) => {
        const [event] = parse(
          {
            format,
            feed: { address: 'https://a.example', title: 'T', base: 'https://a.example/' },
            idBy: 'own',
            item: {
              title: JSON.parse(item),
              content: JSON.parse(item),
              links: JSON.parse(item),
              ...JSON.parse(`{"x":${item}}`),
            },
          },
          now,
        )
        expect(event?.type).toBe('message')
      }),
      { numRuns: 300 },
    )
  })
})

describe('ids', () => {
  test('edge: an id that changes with tracking parameters stays one id', () => {
    const item = (query: string) => rss(`<item><title>t</title><guid>https://care.example/p?id=4${query}</guid></item>`)
    const ids = ['', '&amp;utm_source=rss', '&amp;spm=a1.b2'].map((query) => messagesIn(item(query))[0]?.externalId)
    expect(new Set(ids)).toEqual(new Set(['https://care.example/p?id=4']))
  })

  test('edge: a missing id becomes the hash of link, title and date', () => {
    const item = (title: string) => rss(`<item><title>${title}</title><link>https://care.example/1</link></item>`)
    const [first, again, other] = [item('a'), item('a'), item('b')].map(
      (document) => messagesIn(document)[0]?.externalId,
    )
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/u)
    expect([again, other === first]).toEqual([first, false])
  })

  test('an id of any length fits into an index', () => {
    const [message] = messagesIn(rss(`<item><title>t</title><guid>${'长'.repeat(5000)}</guid></item>`))
    expect(message?.externalId.length).toBeLessThan(310)
  })

  test('the same id in two feeds is two items, unless it is one of the whole world', () => {
    const idIn = (address: string, guid: string) => {
      const [payload] = readDocument(rss(`<item><title>t</title><guid>${guid}</guid></item>`), {
        address,
        url: address,
      }).payloads
      const [event] = parse(payload, now)
      return event?.type === 'message' ? event.message.externalId : null
    }
    expect(idIn('https://a.example/f', '7')).not.toBe(idIn('https://b.example/f', '7'))
    expect(idIn('https://a.example/f', 'https://c.example/7')).toBe(idIn('https://b.example/f', 'https://c.example/7'))
  })
})

describe('dates', () => {
  test.each([
    ['Tue, 24 Nov 2026 08:00:00 +0800', '2026-11-24T00:00:00.000Z'],
    ['周二, 24 Nov 2026 08:00:00 GMT', '2026-11-24T08:00:00.000Z'],
    ['24 Nov 2026 08:00:00', '2026-11-24T08:00:00.000Z'],
    ['2026-11-24 08:00:00', '2026-11-24T08:00:00.000Z'],
    ['2026-11-24 08:00:00 +0800', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24T08:00:00.5+08:00', '2026-11-24T00:00:00.500Z'],
    ['2026年11月4日 08:00', '2026-11-04T08:00:00.000Z'],
    ['2026/11/4', '2026-11-04T00:00:00.000Z'],
    ['1795507200', '2026-11-24T08:00:00.000Z'],
    ['yesterday', null],
    ['0000-00-00T00:00:00Z', null],
    ['1970-01-01T00:00:00Z', null],
  ])('%s', (written, time) => expect(readDate(written)?.toISOString() ?? null).toBe(time))

  test('edge: an item without a date, and one from the future, were published when they were read', () => {
    const items =
      '<item><title>a</title></item><item><title>b</title><pubDate>Fri, 25 Dec 2026 00:00:00 GMT</pubDate></item>'
    expect(messagesIn(rss(items)).map(({ sentAt }) => sentAt)).toEqual([now, now])
  })
})

describe('words', () => {
  test('edge: HTML in titles becomes text, and so does HTML that was encoded twice', () => {
    const item =
      '<item><title>&lt;em&gt;No&lt;/em&gt; signal &amp;amp; no SIM</title><description>&amp;lt;p&amp;gt;since &amp;amp;quot;today&amp;amp;quot;&amp;lt;/p&amp;gt;</description></item>'
    expect(messagesIn(rss(item))[0]?.text).toBe('No signal & no SIM\n\nsince "today"')
  })

  test.each([
    ['a < b and c > d', 'a < b and c > d'],
    ['<p>a</p><script>alert(1)</script><style>p{}</style><p>b</p>', 'a\n\nb'],
    ['<img alt="[doge]" class="emoji" src="/d.png"> hi', '[doge] hi'],
    ['<h2>Head</h2>', 'Head'],
    ['<a href="javascript:alert(1)">link</a>', 'link'],
  ])('%s', (html, text) => expect(readHtml(html, place.url).text).toBe(text))

  test('edge: relative addresses and xml:base lead to where they are', () => {
    const [message] = messagesIn(
      rss(
        '<item xml:base="/board/"><title>t</title><link>7.html</link><description>&lt;img src="a.jpg"&gt;&lt;img data-src="//cdn.example/b.jpg" src="data:x"&gt;&lt;img src="javascript:1"&gt;&lt;img src="p.gif" width="1"&gt;</description></item>',
      ),
    )
    expect(message?.url).toBe('https://care.example/board/7.html')
    expect(message?.media.map(({ reference }) => reference.url)).toEqual([
      'https://care.example/board/a.jpg',
      'https://cdn.example/b.jpg',
    ])
  })

  test('a link without words, and words without a link', () => {
    const [link, words] = messagesIn(
      rss('<item><link>https://care.example/1</link></item><item><description>x</description></item>'),
    )
    expect([link?.text, words?.text, words?.url]).toEqual(['https://care.example/1', 'x', null])
  })
})

describe('encodings', () => {
  const text = '手机开不了机'
  const xml = (name: string) => `<?xml version="1.0" encoding="${name}"?>${rss(`<item><title>${text}</title></item>`)}`

  test.each([
    ['gbk', 'GB2312', null],
    ['gbk', 'utf-8', 'text/xml; charset=gbk'],
    ['gb18030', 'GB18030', 'text/xml'],
    ['utf-8', 'gbk', 'text/xml; charset=UTF-8'],
    // A server that calls every file UTF-8.
    ['gbk', 'gb2312', 'text/xml; charset=utf-8'],
    ['gbk', 'gb2312', 'text/xml; charset=nonsense'],
  ] as const)('edge: a feed in %s that says %s, sent as %s, is read', (charset, name, type) => {
    expect(decode(encode(xml(name), charset), type)).toContain(text)
  })
  test('edge: a feed in Big5 is read', () => {
    expect(decode(encode('<?xml version="1.0" encoding="Big5"?><a>手機開不了機</a>', 'big5'), null)).toContain(
      '手機開不了機',
    )
  })
  test('a byte order mark is right whatever else is said', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml('utf-16'), 'utf16le')])
    expect(decode(utf16, 'text/xml; charset=gbk')).toContain(text)
  })
})

describe('what is no feed', () => {
  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['<!DOCTYPE html><html><body>登录</body></html>', 'page'],
    ['<!-- x --><html><pre>&lt;rss version="2.0"> <rss version="2.0"><channel/></pre></html>', 'page'],
    ['<rss version="2.0"><channel><item><title>cut', 'unreadable'],
    ['{"version":"https://jsonfeed.org/version/1.1"', 'unreadable'],
    ['{"a":1}', 'unreadable'],
    ['<sitemap/>', 'unreadable'],
    ['just words', 'unreadable'],
  ])('%s is %s', (document, reason) => expect(reasonOf(document)).toBe(reason))

  test('an empty feed is a feed', () => expect(messagesIn(rss(''))).toEqual([]))

  test('edge: an XML bomb stays as it is written', () => {
    const laughs = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
    const [message] = messagesIn(
      `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">${laughs}]>${rss('<item><title>&l12;</title></item>')}`,
    )
    expect(message?.text).toBe('&l12;')
    const [file] = messagesIn(
      `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss('<item><title>&x;</title></item>')}`,
    )
    expect(file?.text).toBe('&x;')
  })

  test.each([
    ['a hundred thousand <', rss(`<item><title>x${'<'.repeat(100_000)}`)],
    ['one tag with endless attributes', `<rss version="2.0"${' a'.repeat(300_000)}><channel/></rss>`],
    ['nesting without end', rss('<a>'.repeat(200_000))],
    ['comments that never end', rss('<!--'.repeat(200_000))],
    ['CDATA that never ends', rss('<![CDATA['.repeat(200_000))],
    ['lists in lists of JSON', `{"items":${'['.repeat(200_000)}`],
  ])('edge: %s is refused before it is read', (_, document) => expect(reasonOf(document)).toBe('unreadable'))

  test('edge: a huge feed is read as far as a page of news goes', () => {
    expect(messagesIn(rss('<item><title>t</title></item>'.repeat(5000)))).toHaveLength(1000)
  })

  test('endless HTML in an item is cut', () => {
    const [message] = messagesIn(
      rss(`<item><title>t</title><description><![CDATA[${'<div>'.repeat(100_000)}deep]]></description></item>`),
    )
    expect(message?.text.length).toBeLessThan(30_000)
  })

  test('NUL and other letters XML has not are left out', () => {
    expect(messagesIn(rss('<item><title>a\0b\u0008c</title></item>'))[0]?.text).toBe('abc')
  })

  test('a careless feed with a stray < is read', () => expect(safeXml('<rss><a>1 < 2</a></rss>')).not.toBeNull())
})
