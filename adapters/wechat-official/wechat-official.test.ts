import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WebhookMalformed } from '#channel/errors.ts'
import { readDocument } from './document.ts'
import { parse } from './parse.ts'

interface Fixture {
  readonly about: string
  /** As WeChat sends it: XML, or JSON. */
  readonly body: string
  /** Times as ISO 8601; `raw` is not repeated. */
  readonly events: readonly unknown[]
}

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)
const read = (body: string) => readDocument(Buffer.from(body))

/** As JSON, without the payload itself, and with what is made of a hash named. */
function plain(events: readonly unknown[]): unknown {
  return JSON.parse(
    JSON.stringify(events, (key, value: unknown) => {
      if (key === 'raw') return undefined
      if (key !== 'externalId' || typeof value !== 'string') return value
      if (/^body:[\w-]{43}$/u.test(value)) return '@digest'
      return /^.+:\d{10}:[\w-]{16}$/u.test(value) ? '@derived' : value
    }),
  )
}

describe('payloads', () => {
  test.each(fixtures)('%s', (_, { body, events }) => {
    expect(plain(parse(read(body)))).toEqual(events)
  })

  test.each(fixtures)('%s is kept as it came, and can be read again', (_, { body }) => {
    const payload = read(body)
    for (const event of parse(payload)) {
      if ('message' in event) expect(event.message.raw).toBe(payload)
      if ('raw' in event) expect(event.raw).toBe(payload)
    }
    expect(parse(JSON.parse(JSON.stringify(payload)))).toEqual(parse(payload))
  })
})

test('whatever comes, reading it ends in events, never in an error', () => {
  const payloads = fixtures.map(([, { body }]) => read(body))
  fc.assert(
    fc.property(fc.constantFrom(...payloads), fc.json(), fc.nat(), (payload, junk, at) => {
      const fields = Object.keys(payload)
      const field = fields[at % fields.length]!
      expect(() => parse({ ...payload, [field]: JSON.parse(junk) })).not.toThrow()
      const { [field]: _, ...rest } = payload
      expect(() => parse(rest)).not.toThrow()
    }),
    { numRuns: 3000 },
  )
})

test('what is no push at all is kept under its own digest', () => {
  for (const body of [null, [], 'text', 7, {}, { MsgType: 'text' }]) {
    const [first] = parse(body)
    const [again] = parse(body)
    expect(first).toMatchObject({ type: 'unread', externalId: expect.stringMatching(/^body:/u) })
    expect(again).toEqual(first)
  }
})

test('an openid is never shown as a name, and the name stays the same', () => {
  const [, { body }] = fixtures.find(([name]) => name === 'text.json')!
  const [event] = parse(read(body))
  expect(event).toMatchObject({ type: 'message', message: { author: { name: '微信用户 R-a1' } } })
})

describe('documents', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  test.each([
    ['a billion laughs', `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]><xml><A>&l9;</A></xml>`],
    ['a file of ours', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>'],
    ['a document type after a comment', '<!-- x --><!DOCTYPE x><xml><A>1</A></xml>'],
    ['a prototype', '<xml><__proto__><MsgType>text</MsgType></__proto__></xml>'],
    ['no end', '<xml><A>1'],
    ['two roots', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
    ['another root', '<html><A>1</A></html>'],
    ['nothing in it', '<xml></xml>'],
    ['nothing', ''],
    ['words', 'hello'],
    ['deep nesting', `<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`],
    ['deep JSON', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['JSON a little too deep', `{"a":${'['.repeat(25)}${']'.repeat(25)}}`],
    ['half of JSON', '{"a":'],
    ['a list', '[1]'],
  ])('%s is no document', (_, body) => {
    expect(() => read(body)).toThrow(WebhookMalformed)
  })

  test('whatever bytes come, they are a document or malformed, and soon', () => {
    const malformed = (bytes: Uint8Array) => {
      try {
        readDocument(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(WebhookMalformed)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), malformed), { numRuns: 1000 })
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<a/>',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '<!--',
      '-->',
      '<?x',
      '?>',
      '"',
      'x',
      ' ',
    )
    const body = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`<xml>${pieces.join('')}</xml>`))
    fc.assert(fc.property(body, malformed), { numRuns: 1000 })
    malformed(Buffer.from(`<xml>${'<a/>'.repeat(16_000)}</xml>`))
    malformed(Buffer.from(`<xml><Content>${'&lt;'.repeat(16_000)}</Content></xml>`))
    malformed(Buffer.from(`<?xml ${' '.repeat(60_000)}`))
  })

  test('an element that stands there several times is a list', () => {
    expect(read('<xml><a>1</a><a>2</a><a><b>3</b></a><c>4</c></xml>')).toEqual({ a: ['1', '2', { b: '3' }], c: '4' })
  })

  test('no UTF-8 is no document', () => {
    expect(() => readDocument(Buffer.from('<xml><Content>\xff</Content></xml>', 'latin1'))).toThrow(WebhookMalformed)
  })

  test('a key of JSON that is a prototype changes no other object', () => {
    const payload = read('{"__proto__":{"polluted":"yes"},"MsgType":"text","constructor":{"prototype":{"polluted":1}}}')
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(parse(payload)).toMatchObject([{ type: 'unread' }])
  })

  test('control characters, NUL and halves of characters come through, and survive being stored', () => {
    const payload = read('<xml><Content><![CDATA[a\u0000\u0001\ud83d]]></Content></xml>')
    expect(payload.Content).toBe('a\u0000\u0001\ufffd')
    expect(() => JSON.stringify(payload)).not.toThrow()
  })

  test('errors quote nothing of the body', () => {
    try {
      read('<xml><Secret>13800000000</Secret')
      expect.unreachable()
    } catch (error) {
      expect(String((error as Error).stack)).not.toContain('13800000000')
    }
  })
})
