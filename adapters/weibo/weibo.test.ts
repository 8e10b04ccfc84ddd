import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NotJson, parseJson } from './json.ts'
import { parse } from './parse.ts'
import { plainText } from './plain-text.ts'

interface Fixture {
  readonly about: string
  readonly payload: unknown
  /** Times as ISO 8601; `raw` is not repeated. */
  readonly events: readonly unknown[]
}

const reading = { own: '1902538057', at: new Date('2026-11-24T12:00:00Z') }
const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const,
)
const fixture = (name: string) => fixtures.find(([file]) => file === `${name}.json`)![1]

/** As JSON, and without the payload itself. */
function plain(events: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === 'raw' ? undefined : value)))
}
const messageIn = (payload: unknown, at = reading) => {
  const [event] = parse(payload, at)
  if (event?.type !== 'message' && event?.type !== 'echo') throw new Error(`no message: ${event?.type}`)
  return event.message
}

describe('payloads', () => {
  test.each(fixtures)('%s', (_, { payload, events }) => {
    expect(plain(parse(payload, reading))).toEqual(events)
  })

  test.each(fixtures)('%s is kept as it came', (_, { payload }) => {
    for (const event of parse(payload, reading)) {
      if ('message' in event) expect(event.message.raw).toBe(payload)
      if ('raw' in event) expect(event.raw).toBe(payload)
    }
  })
})

test.each([
  '订单不存在怎么办',
  '我的照片已删除还能恢复吗',
  '手机里的联系人已被系统自动删除了',
  '抱歉，打扰了，屏幕碎了',
])('words of a person whom Weibo does not name are kept, whatever they speak of: %s', (text) => {
  const { payload } = fixture('comment')
  const nobody = { ...(payload as Record<string, unknown>), user: null, text }
  expect(parse(nobody, reading)).toMatchObject([{ type: 'unread' }])
  const post = { ...(fixture('mention').payload as Record<string, unknown>), user: null, text }
  expect(parse(post, reading)).toMatchObject([{ type: 'unread' }])
})
test.each(['该评论已删除', '此微博已被作者删除', '该微博不存在', '抱歉，作者已设置仅展示半年内微博，此微博已不可见。'])(
  'what Weibo writes in place of what is gone is nobody’s words: %s',
  (text) => {
    const gone = { ...(fixture('comment').payload as Record<string, unknown>), user: null, text }
    expect(parse(gone, reading)).toMatchObject([{ type: 'deleted' }])
  },
)

test('whatever comes, reading it ends in events, never in an error', () => {
  const real = fixtures.map(([, { payload }]) => payload)
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.json(), fc.nat(), (payload, junk, at) => {
      const damaged = damage(payload, JSON.parse(junk), at)
      for (const kind of ['status', 'comment', 'push', undefined] as const) {
        for (const event of parse(damaged, reading, kind)) {
          if ('message' in event) expect(event.message.author.name).not.toBe('')
        }
      }
    }),
    { numRuns: 1500 },
  )
})

test('text of any kind becomes text, in time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(plainText(text)).toBeTypeOf('string')
    }),
    { numRuns: 500 },
  )
  for (const hostile of [
    '<a '.repeat(20_000),
    '<a href="x">'.repeat(5_000),
    '//@'.repeat(20_000),
    '&#'.repeat(20_000),
  ]) {
    expect(parse({ ...(fixture('mention').payload as object), text: hostile }, reading)).toHaveLength(1)
  }
})

test('edge 4: a comment under a repost is answered there, not under the original', () => {
  const { threadId, rootId, context } = messageIn(fixture('comment-on-repost').payload)
  expect({ threadId, rootId }).toEqual({
    threadId: '5100000000000007/2489518277',
    rootId: '5100000000000007',
  })
  expect(context?.text).toContain('新系统今天开始推送')
})

test('edge 5: what was deleted is told apart from words', () => {
  expect(parse(fixture('deleted').payload, reading)).toMatchObject([
    { type: 'deleted', externalId: 's:5100000000000026' },
  ])
  expect(messageIn(fixture('repost-deleted').payload)).toMatchObject({
    text: '@回信手机客服 又删了？',
    context: { author: '微博' },
  })
  expect(messageIn(fixture('comment-post-deleted').payload).replyable).toMatchObject({ allowed: false })
  // Somebody may well write so.
  const said = { ...(fixture('mention').payload as object), text: '抱歉，此微博已被作者删除' }
  expect(messageIn(said).text).toBe('抱歉，此微博已被作者删除')
})

test('edge 7: the same push has the same id, another one of the same second another', () => {
  const push = fixture('push-text').payload as Record<string, unknown>
  const idOf = (more: object) => messageIn({ ...push, ...more }).externalId
  expect(idOf({})).toBe(idOf({}))
  expect(idOf({ data: {} })).toBe(idOf({}))
  const others = [
    { text: 'x' },
    { type: 'image' },
    { created_at: 'Mon Jul 16 18:09:21 +0800 2012' },
    { data: { a: 1 } },
    { sender_id: 2489518278 },
  ]
  expect(new Set([{}, ...others].map(idOf)).size).toBe(others.length + 1)
  expect(idOf({ data: { a: 1, b: 2 } })).toBe(idOf({ data: { b: 2, a: 1 } }))
})

test('edge 8: ids of 64 bits come through JSON whole', () => {
  const text =
    '{"statuses":[{"id":9223372036854775801,"mid":"9223372036854775801","n":1.5,"small":7,"in":"[{\\"9007199254740993"}]}'
  expect(parseJson(text)).toEqual({
    statuses: [{ id: '9223372036854775801', mid: '9223372036854775801', n: 1.5, small: 7, in: '[{"9007199254740993' }],
  })
  expect(messageIn(fixture('mention-no-idstr').payload)).toMatchObject({
    externalId: 's:9223372036854775801',
    sequence: '09223372036854775801',
  })
  // A number that is rounded already is no id.
  expect(
    parse({ ...(fixture('mention').payload as object), id: 2 ** 60, idstr: null, mid: null }, reading),
  ).toMatchObject([{ type: 'unread' }])
})

test('edge 9: the name before an answer goes, whether it is today’s or an old one', () => {
  expect(messageIn(fixture('comment-renamed').payload)).toMatchObject({ text: '我也是', context: { author: '阿柚' } })
  expect(messageIn(fixture('comment-reply-unknown').payload)).toMatchObject({ text: '同样的问题' })
})

test('edge 10: emoticons stay, short links lead where they lead', () => {
  expect(messageIn(fixture('mention-sinaurl').payload).text).toBe(
    '@回信手机客服 发烫[泪][泪] 见 https://forum.example.com/battery 和 https://forum.example.com/heat?id=7 http://t.cn/unknown1',
  )
})

test('edge 11: HTML becomes text, and what only looks like it stays', () => {
  expect(messageIn(fixture('mention-html').payload).text).toBe(
    '@回信手机客服 更新后\n很卡 <3 秒才响应> [怒] 5 < 6 真的',
  )
  expect(plainText('<script>alert(1)</script> <img src=x onerror=alert(1) alt="[笑]"> a<b>c')).toBe(
    '<script>alert(1)</script> [笑] ac',
  )
  expect(plainText('<a href="javascript:alert(1)">看</a> <a href="//weibo.com/x">#话题#</a>')).toBe('看 #话题#')
})

test('edge 12: pictures as a list, as an object, by id, by thumbnail: the same kind of file', () => {
  for (const name of ['mention-pics-array', 'mention-pics-object', 'mention-pic-infos', 'mention-pictures']) {
    const { media } = messageIn(fixture(name).payload)
    expect(media.length).toBeGreaterThan(0)
    for (const { kind, reference } of media) {
      expect(kind).toBe('photo')
      expect(String(reference.url)).toContain('/large/')
    }
  }
})

test('posts and comments of one number are two messages', () => {
  const post = messageIn({ ...(fixture('mention').payload as object), idstr: '7', id: 7 })
  const comment = messageIn({ ...(fixture('comment').payload as object), idstr: '7', id: 7 })
  expect([post.externalId, comment.externalId]).toEqual(['s:7', 'c:7'])
})

test('what is no JSON, or nested without end, says so and quotes nothing', () => {
  for (const text of ['', '{', 'secret', '['.repeat(100_000), `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`]) {
    expect(() => parseJson(text)).toThrow(NotJson)
    expect(() => parseJson(text)).not.toThrow(/secret/u)
  }
})

/** A copy with its `at`-th value, counted in depth, replaced. */
function damage(value: unknown, junk: unknown, at: number): unknown {
  let left = at % Math.max(1, count(value))
  const walk = (node: unknown): unknown => {
    if (left === 0) {
      left -= 1
      return junk
    }
    left -= 1
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value)
}

function count(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1
  return 1 + Object.values(node).reduce<number>((total, inner) => total + count(inner), 0)
}
