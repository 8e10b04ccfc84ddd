import { describe, expect, test } from 'vitest'
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import type { Channel, Message, NewReply, Thread } from '../api/wire.ts'
import { allowanceOf } from './allowance.ts'
import { attemptFor, newKey } from './attempt.ts'
import { addressOf, otherWays } from './other-ways.ts'
import { outlineOf, priceOf } from './outline.ts'
import { chooseTarget, refusalOf } from './target.ts'

const surface: SurfaceCapabilities = {
  text: { max: 10, unit: 'utf16', whenTooLong: 'split' },
  caption: { max: 5, unit: 'utf16', whenTooLong: 'reject' },
  media: {
    photo: { maxBytes: 100, maxPerReply: 2, mimeTypes: null },
    document: { maxBytes: 100, maxPerReply: 1, mimeTypes: null },
  },
  windows: [],
  edit: null,
  remove: null,
  typing: false,
  cost: null,
  undoMs: 0,
}

describe('how a reply would go out', () => {
  const photo = { kind: 'photo' } as const
  const document = { kind: 'document' } as const
  test.each([
    ['', [], 0, 0, false],
    ['  ', [photo], 0, 1, false],
    ['short', [], 1, 0, false],
    ['a longer text than ten', [], 3, 0, false],
    ['short', [photo], 0, 1, true],
    ['longer', [photo], 1, 1, false],
    ['', [photo, photo, photo], 0, 2, false],
    ['', [photo, document, document, photo], 0, 4, false],
  ] as const)('%j with %j', (text, files, textParts, fileParts, isTogether) => {
    expect(outlineOf(surface, text, files)).toEqual({ textParts, fileParts, isTogether })
  })
  test('where files carry no caption, they go apart from the text', () => {
    expect(outlineOf({ ...surface, caption: null }, 'hi', [photo])).toEqual({
      textParts: 1,
      fileParts: 1,
      isTogether: false,
    })
  })
})

describe('what a reply costs', () => {
  const billed = { ...surface, cost: { perReply: 1, withLink: 10, currency: 'USD' } }
  const photo = { kind: 'photo' } as const
  test.each([
    ['', [], null],
    ['short', [], 1],
    ['a.com', [photo], 10],
    ['a longer text than ten', [], 3],
    ['longer', [photo, photo, photo], 3],
  ] as const)('%j with %j: %s', (text, files, price) => expect(priceOf(billed, text, files)).toBe(price))
  test('nothing where the platform bills nothing', () => expect(priceOf(surface, 'short', [])).toBeNull())
})

describe('what is left to say', () => {
  const at = (ms: number) => new Date(ms)
  test.each([
    [null, null],
    [[], null],
    [[{ until: at(900), left: 3 }], null],
    [[{ until: at(5_000), left: 0 }], null],
    [[{ until: at(5_000), left: 3 }], { leftMs: 4_000, replies: 3 }],
    [
      [
        { until: at(9_000), left: 0 },
        { until: at(5_000), left: 1 },
      ],
      { leftMs: 4_000, replies: 1 },
    ],
    [
      [
        { until: at(2_000), left: 5 },
        { until: at(5_000), left: null },
      ],
      { leftMs: 4_000, replies: null },
    ],
  ])('%j', (windows, allowance) => expect(allowanceOf({ windows }, 1_000)).toEqual(allowance))
})

describe('whom a reply goes to', () => {
  const standing = {
    surface: 'direct',
    reachable: true,
    unreachableReason: null,
    replyable: true,
    notReplyableReason: null,
    windows: null,
  } as const
  const thread = (id: string, change: object = {}) =>
    ({ id, channel: 'letters', surface: 'direct', standing, ...change }) as unknown as Thread
  const channel = { channel: 'letters', capabilities: { surfaces: { direct: surface } } } as unknown as Channel
  const message = (id: string, threadId: string, change: object = {}) =>
    ({ id, threadId, direction: 'inbound', replyable: true, deletedAt: null, ...change }) as unknown as Message
  const threads = [thread('a'), thread('b')]

  test('is the customer’s newest message that may be answered', () => {
    const messages = [
      message('1', 'a'),
      message('2', 'b'),
      message('3', 'a', { replyable: false }),
      message('4', 'a', { direction: 'note' }),
      message('5', 'a', { deletedAt: 'x' }),
    ]
    expect(chooseTarget({ threads }, messages, null, [channel])).toMatchObject({
      message: { id: '2' },
      thread: { id: 'b' },
      isChosen: false,
    })
  })
  test('is the one that was chosen', () => {
    expect(chooseTarget({ threads }, [message('1', 'a'), message('2', 'b')], '1', [channel])).toMatchObject({
      thread: { id: 'a' },
      isChosen: true,
    })
  })
  test('falls back when the chosen one was deleted', () => {
    expect(
      chooseTarget({ threads }, [message('1', 'a'), message('2', 'b', { deletedAt: 'x' })], '2', [channel]),
    ).toMatchObject({ message: { id: '1' }, isChosen: false })
  })
  test('is a thread even before any message was read', () => {
    expect(chooseTarget({ threads }, [], null, [channel])).toMatchObject({ message: null, thread: { id: 'a' } })
    expect(chooseTarget({ threads: [] }, [], null, [channel])).toBeNull()
    expect(chooseTarget({ threads }, [], null, [])).toBeNull()
  })
  test('another conversation is a way only while it can be answered', () => {
    const closed = thread('c', { standing: { ...standing, windows: [] } })
    const all = { threads: [...threads, closed, thread('d')] }
    const messages = [
      message('1', 'a'),
      message('2', 'b'),
      message('3', 'b'),
      message('4', 'c'),
      message('5', 'd', { replyable: false }),
    ]
    const here = chooseTarget(all, messages, '1', [channel])!
    const ways = otherWays(all, messages, here, [channel], 0)
    expect(ways.map((way) => way.message?.id)).toEqual(['3'])
  })
  test('the platform shows the message itself, else the newest that has an address', () => {
    const url = (id: string) => `https://social.example/${id}`
    const messages = [
      message('1', 'a', { url: url('1') }),
      message('2', 'a', { url: null }),
      message('3', 'b', { url: url('3') }),
      message('4', 'b', { url: 'javascript:alert(1)' }),
    ]
    const address = (id: string) => addressOf(chooseTarget({ threads }, messages, id, [channel])!, messages)
    expect([address('1'), address('2'), address('4')]).toEqual([url('1'), url('1'), url('3')])
    expect(addressOf({ message: null, thread: thread('c') }, messages)).toBeNull()
  })
  test('a window that closes while one looks at it refuses', () => {
    const closing = [
      thread('a', { standing: { ...standing, windows: [{ until: new Date(5_000).toISOString(), left: 2 }] } }),
    ]
    const target = chooseTarget({ threads: closing }, [], null, [channel])!
    expect(refusalOf(target, 4_999)).toBeNull()
    expect(refusalOf(target, 5_001)).toMatchObject({ code: 'window_closed' })
  })
  test('a surface that cannot be answered says so', () => {
    const target = chooseTarget(
      { threads: [thread('a', { standing: { ...standing, surface: 'public' } })] },
      [],
      null,
      [channel],
    )!
    expect(target.surface).toBeNull()
    expect(refusalOf(target, 0)).toMatchObject({ code: 'read_only' })
  })
})

describe('the same words', () => {
  const body: NewReply = { text: 'hello', mediaIds: ['a', 'b'], seenVersion: 3 }
  test('keep their key and their first request, whatever was seen since', () => {
    const first = attemptFor(null, body)
    expect(attemptFor(first, { ...body, seenVersion: 9 })).toBe(first)
  })
  test.each([
    ['text', { text: 'hello!' }],
    ['files', { mediaIds: ['b', 'a'] }],
    ['time', { sendAt: '2026-11-22T10:00:00.000Z' }],
    ['target', { inReplyTo: 'm1' }],
  ])('with another %s are another request', (_, change) => {
    const first = attemptFor(null, body)
    expect(attemptFor(first, { ...body, ...change }).key).not.toBe(first.key)
  })
  test('a key is long and never the same', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/u)
    expect(newKey()).not.toBe(newKey())
  })
})
