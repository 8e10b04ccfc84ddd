import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { ReadError } from '#channel/errors.ts'
import { check } from './check.ts'
import { settings as schema } from './settings.ts'
import type { FeedOptions } from './simulator.ts'
import { accessKey, openScene, type Scene, textsOf } from './test-account.ts'

let scene: Scene
afterEach(() => scene.close())
const open = async (settings = {}, options: Partial<FeedOptions> = {}) => {
  scene = await openScene(settings, options)
  return scene
}
const failure = async (): Promise<ReadError> => {
  const error: unknown = await scene.read().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ReadError)
  return error as ReadError
}
const status = (code: number, headers = {}) => ({ kind: 'status', status: code, headers }) as const
const afterMs = (error: ReadError) => (error.after?.getTime() ?? 0) - Date.now()

describe('what is new', () => {
  test.each(['rss', 'atom', 'rdf', 'json'] as const)(
    'of a feed in %s: what is there first is old, then each item once',
    async (format) => {
      const { site, read } = await open({}, { format })
      site.post({ html: '<p>old</p>', title: 'old' })
      expect((await read()).events).toEqual([])
      site.post({ html: '<p>充不进电</p>', title: '新买的手机', author: 'lin' })
      expect(textsOf((await read()).events)).toEqual(['message: 新买的手机\n\n充不进电'])
      expect((await read()).events).toEqual([])
    },
  )

  test('of the first read is everything, oldest first, when the settings say so', async () => {
    const { site, read } = await open({ firstRead: 'latest' })
    for (let n = 1; n <= 60; n += 1) site.post({ html: `n${n}`, published: new Date(Date.now() - 1e6 + n) })
    const texts = textsOf((await read()).events)
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([50, 'message: n11', 'message: n60'])
  })

  test('edge: a feed that is reordered brings nothing again, nor does an item that comes back', async () => {
    const { site, read } = await open()
    for (const n of [1, 2, 3]) site.post({ html: `n${n}` })
    await read()
    site.reorder((posts) => posts.toReversed())
    expect((await read()).events).toEqual([])
    const [post] = site.posts
    site.remove(post!.id)
    await read()
    site.post({ ...post! })
    expect((await read()).events).toEqual([])
  })

  test('more than a handful at once comes whole, in turns', async () => {
    const { site, read } = await open()
    await read()
    for (let n = 0; n < 450; n += 1) site.post({ html: `n${n}` })
    expect(new Set(textsOf((await read()).events)).size).toBe(450)
  })

  test('edge: an item that was updated after it was published is edited, at that time', async () => {
    const { site, read } = await open({}, { format: 'atom' })
    await read()
    const post = site.post({ html: 'it lags', published: new Date(Date.now() - 60_000) })
    await read()
    const at = new Date(Date.now() - 1000)
    site.edit(post.id, 'it lags, and gets hot', { at })
    expect((await read()).events).toMatchObject([
      {
        type: 'edited',
        editedAt: at,
        message: { externalId: expect.stringContaining(post.id), text: 'it lags, and gets hot' },
      },
    ])
    expect((await read()).events).toEqual([])
  })

  test('edge: words that change without a date are edited too, figures alone are not', async () => {
    const { site, read } = await open()
    await read()
    const post = site.post({ html: 'it lags. Read 12 times' })
    await read()
    site.edit(post.id, 'it lags. Read 13 times', { silently: true })
    expect((await read()).events).toEqual([])
    site.edit(post.id, 'solved. Read 14 times', { silently: true })
    expect(textsOf((await read()).events)).toEqual(['edited: solved. Read 14 times'])
  })

  test('edge: a guid that is used for two items of a feed is not believed, and nothing is lost or doubled', async () => {
    const { site, read } = await open()
    await read()
    site.post({ id: 'same', title: 'first', html: 'a', published: new Date(Date.now() - 9000) })
    expect((await read()).events).toHaveLength(1)
    site.post({ id: 'same', title: 'second', html: 'b' })
    expect(textsOf((await read()).events)).toEqual(['message: second\n\nb'])
    expect((await read()).events).toEqual([])
    site.post({ id: 'same', title: 'third', html: 'c' })
    expect(textsOf((await read()).events)).toEqual(['message: third\n\nc'])
  })

  test('edge: a guid that is given to another item later makes another message', async () => {
    const { site, read } = await open()
    await read()
    site.post({ id: 'latest', title: 'first', html: 'a', published: new Date(Date.now() - 9000) })
    const before = (await read()).events
    site.remove('latest')
    site.post({ id: 'latest', title: 'second', html: 'b' })
    const after = (await read()).events
    expect(textsOf(after)).toEqual(['message: second\n\nb'])
    expect(
      JSON.stringify(after[0]).includes(
        `"externalId":"${before[0]?.type === 'message' && before[0].message.externalId}"`,
      ),
    ).toBe(false)
    expect((await read()).events).toEqual([])
  })

  test('edge: an item whose guid changes at every read stays one item', async () => {
    const { site, read } = await open()
    await read()
    const post = site.post({ id: 'a1', title: 'no signal', html: 'x' })
    await read()
    site.remove('a1')
    site.post({ ...post, id: 'b2' })
    expect((await read()).events).toEqual([])
  })

  test('edge: a feed in GBK reads as it was written', async () => {
    const { site, read } = await open({}, { charset: 'gbk', said: null })
    await read()
    site.post({ html: '屏幕碎了，保修吗？', title: '维修', author: '阿柚' })
    expect((await read()).events).toMatchObject([
      { message: { text: '维修\n\n屏幕碎了，保修吗？', author: { name: '阿柚' } } },
    ])
  })

  test('one stream per feed, and the same item in two feeds has one id', async () => {
    const { simulator, connection } = await open({
      feeds: 'http://127.0.0.1:9/a http://127.0.0.1:9/b\nhttp://127.0.0.1:9/a',
    })
    expect(connection.streams!()).toHaveLength(2)
    expect(simulator.served).toEqual([])
  })

  test('the process dies before what was read is stored: it is read again, and is the same', async () => {
    const { site, read, connection, stream } = await open()
    const { cursor } = await read()
    site.post({ html: 'lost?' })
    const at = { stream, cursor, hint: null }
    const first = await connection.poll!(at, new AbortController().signal)
    scene.restart()
    const again = await scene.connection.poll!(at, new AbortController().signal)
    expect(textsOf(again.events)).toEqual(textsOf(first.events))
  })
})

describe('conditional reads', () => {
  test('edge: ETag (a weak one too) and Last-Modified go back as they came, and 304 brings nothing', async () => {
    const { site, simulator, read } = await open()
    site.post({ html: 'x' })
    await read()
    await read()
    expect(simulator.served).toMatchObject([
      { status: 200, ifNoneMatch: null },
      { status: 304, ifNoneMatch: expect.stringMatching(/^W\/"/u), ifModifiedSince: expect.stringMatching(/GMT$/u) },
    ])
  })

  test('edge: a 304 with a changed weak ETag is taken over', async () => {
    const { site, simulator, read } = await open()
    await read()
    site.fault(status(304, { etag: 'W/"other"' }))
    await read()
    await read()
    expect(simulator.served.at(-1)?.ifNoneMatch).toBe('W/"other"')
  })
})

describe('where it is', () => {
  const redirect = (from: string, to: string, code: number) =>
    scene.simulator.feed({ path: from }).fault({ ...status(code, { location: to }), always: true })

  test.each([
    [301, true],
    [308, true],
    [302, false],
    [307, false],
  ])('edge: %i is followed; the new address is remembered: %s', async (code, remembered) => {
    const { simulator, site, read } = await open()
    redirect('/feed', '/new', code)
    const fresh = simulator.feed({ path: '/new' })
    expect(site.posts).toEqual([])
    await read()
    fresh.post({ html: 'here now' })
    scene.restart()
    expect(textsOf((await read()).events)).toEqual(['message: here now'])
    expect(simulator.served.filter(({ path }) => path === '/feed')).toHaveLength(remembered ? 1 : 2)
  })

  test('edge: what lies behind a temporary redirect is not remembered, though a permanent one follows', async () => {
    const { simulator, read } = await open()
    redirect('/feed', '/a', 302)
    redirect('/a', '/b', 301)
    simulator.feed({ path: '/b' })
    await read()
    await read()
    expect(simulator.served.map(({ path }) => path)).toEqual(['/feed', '/a', '/b', '/feed', '/a', '/b'])
  })

  test('edge: a redirect from the administrator’s host to another one inside is not followed', async () => {
    await open()
    redirect('/feed', scene.site.url.replace('127.0.0.1', 'localhost').replace('/feed', '/inside'), 302)
    expect((await failure()).text.en).toContain('inside a network')
    expect(scene.simulator.served.map(({ path }) => path)).toEqual(['/feed'])
  })

  test('a circle ends', async () => {
    await open()
    redirect('/feed', '/feed', 301)
    expect((await failure()).text.en).toContain('redirected too often')
  })

  test('edge: 410 stops the feed, and says so', async () => {
    const { site, simulator, read, connection, tools } = await open()
    site.fault({ ...status(410), always: true })
    expect((await read()).waitMs).toBeGreaterThan(6 * 86_400_000)
    expect(tools.healths).toMatchObject([{ state: 'warning', text: { en: /gone for good/u, zh: /永久停用/u } }])
    expect(await connection.check()).toMatchObject({ state: 'warning', text: { en: /gone for good/u } })
    expect(simulator.served).toHaveLength(2)
  })
})

describe('what goes wrong', () => {
  test.each([
    [429, 'less often'],
    [503, 'answers with an error'],
  ])('edge: %i waits as long as Retry-After says', async (code, words) => {
    await open()
    scene.site.fault(status(code, { 'retry-after': '1800' }))
    const error = await failure()
    expect(error.text.en).toContain(words)
    expect(afterMs(error)).toBeGreaterThan(1_790_000)
    scene.site.fault(status(code, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }))
    expect(afterMs(await failure())).toBeGreaterThan(3_500_000)
    scene.site.fault(status(code, { 'retry-after': '99999999' }))
    expect(afterMs(await failure())).toBeLessThan(86_500_000)
  })

  test.each([
    [401, 'access key'],
    [403, 'access key'],
    [404, 'no feed'],
    [500, 'error'],
  ])('a %i is said in words, and nothing is forgotten', async (code, words) => {
    const { site, read } = await open()
    await read()
    site.post({ html: 'still here' })
    site.fault(status(code))
    expect((await failure()).text.en).toContain(words)
    expect(textsOf((await read()).events)).toEqual(['message: still here'])
  })

  test('edge: a login page with 200 is no empty feed', async () => {
    const { site, read, connection } = await open()
    await read()
    site.post({ html: 'after' })
    site.fault({ kind: 'page' })
    expect((await failure()).text).toMatchObject({ en: /web page instead of a feed/u, zh: /网页/u })
    expect(textsOf((await read()).events)).toEqual(['message: after'])
    site.fault({ kind: 'page' })
    expect(await connection.check()).toMatchObject({ state: 'warning', text: { en: /web page/u } })
  })

  test('edge: an answer that breaks off, and one larger than 5 MiB, are read again later', async () => {
    await open()
    scene.site.post({ html: 'x' })
    scene.site.fault({ kind: 'cut' })
    expect((await failure()).text.en).toContain('does not answer')
    scene.site.serve('x'.repeat(6 * 1024 * 1024))
    expect((await failure()).text.en).toContain('5 MiB')
  })

  test('failures in a row wait longer and longer, up to an hour', async () => {
    await open({ pollSeconds: 900 })
    scene.site.fault({ ...status(500), always: true })
    const waits: number[] = []
    for (let n = 0; n < 8; n += 1) waits.push(Math.round(afterMs(await failure()) / 60_000))
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  test('a read that is called off brings nothing and says nothing', async () => {
    const { connection, stream } = await open()
    scene.site.fault({ kind: 'hang' })
    expect(await connection.poll!({ stream, cursor: null, hint: null }, AbortSignal.abort())).toMatchObject({
      events: [],
      cursor: null,
    })
  })
})

describe('rhythm', () => {
  test.each([
    ['of the settings', {}, 60],
    ['of Cache-Control', { cacheControl: 'public, max-age=600' }, 600],
    ['of ttl', { ttl: 30 }, 1800],
    ['of neither beyond six hours', { ttl: 100_000 }, 6 * 3600],
    ['of the settings, where the server says less', { cacheControl: 'max-age=5' }, 60],
    ['of the settings, where nothing may be kept', { cacheControl: 'no-cache, max-age=9000' }, 60],
  ])('edge: the next read is in the time %s', async (_, options, seconds) => {
    const { read } = await open({}, options)
    expect(Math.round((await read()).waitMs / 1000)).toBe(seconds)
  })

  test('edge: skipHours are slept through, but not for ever', async () => {
    const { read, tools } = await open({}, { skipHours: [10, 11, 12] })
    tools.setNow(new Date('2026-11-24T09:59:30Z'))
    expect((await read()).waitMs).toBe(3 * 3_600_000 + 30_000)
    await scene.close()
    const all = await open({}, { skipHours: Array.from({ length: 24 }, (_, hour) => hour) })
    expect((await all.read()).waitMs).toBeLessThanOrEqual(86_400_000)
  })
})

describe('the access key', () => {
  test('goes to the feed, and nowhere else', async () => {
    const { site, read, simulator, connection, tools } = await open({}, { key: accessKey })
    scene.restart({ feeds: `${site.url}?key={key}`, accessKey, firstRead: 'latest' })
    site.post({ html: 'x', link: '?p=1' })
    const found = await read()
    expect(simulator.served.at(-1)?.query).toBe(`?key=${accessKey}`)
    simulator.feed({ path: '/feed' }).fault({ ...status(301, { location: `/moved?key=${accessKey}` }), always: true })
    simulator.feed({ path: '/moved', key: accessKey }).post({ html: 'y' })
    const moved = await read()
    expect(moved.cursor).toContain('/moved?key={key}')
    await read()
    const told = inspect([found, moved, await connection.check(), tools.exchanges, tools.lines, tools.healths], {
      depth: 20,
      maxStringLength: null,
    })
    expect(told).not.toContain(accessKey)
  })
})

describe('files', () => {
  test('edge: pictures and enclosures come down, with the page as referer', async () => {
    const { site, read, simulator, connection } = await open({ firstRead: 'latest' })
    site.post({ html: 'look', picture: true, enclosures: [{ url: '/pictures/e.png', type: 'image/png', bytes: 70 }] })
    const { events } = await read()
    const media = events[0]?.type === 'message' ? events[0].message.media : []
    expect(media.map(({ kind }) => kind)).toEqual(['photo', 'photo'])
    for (const file of media) {
      const response = await connection.download!(file, new AbortController().signal)
      expect(
        Buffer.from(await response.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
    expect(simulator.served.at(-1)?.referer).toBe(`${simulator.url}/`)
  })

  test('an address inside is refused, unless it is the feed’s own server', async () => {
    const { connection, site } = await open()
    const file = (url: string) =>
      ({
        kind: 'photo',
        externalId: 'x',
        reference: { url, page: null },
        name: null,
        mimeType: null,
        bytes: null,
        width: null,
        height: null,
        durationMs: null,
      }) as const
    const inside = site.url.replace('127.0.0.1', 'localhost')
    await expect(connection.download!(file(inside), new AbortController().signal)).rejects.toMatchObject({
      reason: 'gone',
    })
    await expect(connection.download!(file('javascript:1'), new AbortController().signal)).rejects.toMatchObject({
      reason: 'gone',
    })
  })
})

test('nothing is ever sent', async () => {
  const { connection } = await open()
  await expect(connection.send({} as never)).rejects.toMatchObject({ outcome: 'rejected', code: 'permission' })
})

test('a check names the feeds, and the first that is wrong', async () => {
  const { site, connection, simulator } = await open({}, { title: '手机吧' })
  expect(await connection.check()).toEqual({ state: 'ok', name: '手机吧' })
  scene.restart({ feeds: `${site.url} ${simulator.url}/nothing` })
  expect(await scene.connection.check()).toMatchObject({
    state: 'warning',
    name: '手机吧',
    text: { en: /no feed at 127\.0\.0\.1:\d+\/nothing/u },
  })
})

test('a feed that is slower than a check can wait is not said to be wrong', async () => {
  const { site, tools } = await open()
  site.fault({ kind: 'hang' })
  expect(await check(schema.parse({ feeds: site.url }), tools, 100)).toEqual({ state: 'ok' })
})

test('a title that changes where ids are made of it makes no second message of the old one', async () => {
  const { site, read } = await open()
  await read()
  const first = site.post({ id: 'latest', title: 'first', html: 'a', published: new Date(Date.now() - 9000) })
  await read()
  site.remove(first.id)
  site.post({ id: 'latest', title: 'second', html: 'b', link: '/p/2', published: new Date(Date.now() - 5000) })
  await read()
  site.remove('latest')
  site.post({
    id: 'latest',
    title: 'second, corrected',
    html: 'b',
    link: '/p/2',
    published: new Date(Date.now() - 5000),
  })
  expect(textsOf((await read()).events).filter((text) => text.startsWith('edited'))).toEqual([])
})
