import { expect, onTestFinished, test, vi } from 'vitest'
import type { InboundEvent } from '#channel/events.ts'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { complaints } from './crowd/posts.ts'
import { startCrowd } from './crowd.ts'
import { feedDemo } from './demo.ts'
import { feed } from './index.ts'
import { startFeedSimulator } from './simulator.ts'

test('people post on three sites, in text, pictures and a recording, and change what they wrote', async () => {
  const simulator = await startFeedSimulator()
  const ended = new AbortController()
  const tools = createTestTools()
  onTestFinished(async () => {
    ended.abort()
    tools.close()
    await simulator.close()
  })
  const sites = {
    microblog: simulator.feed({ path: '/m', charset: 'gbk', said: null }),
    forum: simulator.feed({ path: '/f', format: 'atom' }),
    board: simulator.feed({ path: '/b', format: 'json' }),
  }
  const feeds = Object.values(sites).map(({ url }) => url)
  const settings = feed.settings.parse({ feeds: feeds.join(' '), firstRead: 'latest' })
  const connection = feed.connect({ id: '1', name: 'feeds', settings, webhookUrl: null }, tools)
  const cursors = new Map<string, string | null>()
  const events: InboundEvent[] = []
  startCrowd(sites, { signal: ended.signal, paceMs: 20 })
  await vi.waitFor(
    async () => {
      for (const stream of connection.streams!()) {
        const at = { stream, cursor: cursors.get(stream) ?? null, hint: null }
        const found = await connection.poll!(at, ended.signal)
        cursors.set(stream, found.cursor)
        events.push(...found.events)
      }
      const written = events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
      expect(written.map(({ author }) => author.name).toSorted()).toEqual(
        complaints.map(({ author }) => author).toSorted(),
      )
      expect(JSON.stringify(sites.forum.posts)).toContain('happened again')
    },
    { timeout: 10_000, interval: 20 },
  )
  const media = events.flatMap((event) => ('message' in event ? event.message.media : []))
  expect(new Set(media.map(({ kind }) => kind))).toEqual(new Set(['photo', 'audio']))
  const texts = events.flatMap((event) => ('message' in event ? [event.message.text] : []))
  expect(texts.join('\n')).toContain('什么都没开[泪]')
  for (const file of media) expect((await connection.download!(file, ended.signal)).status).toBe(200)
})

test('the demo brings accounts that can be read, one of them with a feed that is gone, and ends with its signal', async () => {
  const ended = new AbortController()
  const accounts = await feedDemo.start({ signal: ended.signal })
  const tools = createTestTools()
  onTestFinished(() => tools.close())
  const open = (settings: unknown) =>
    feed.connect({ id: '1', name: 'demo', settings: feed.settings.parse(settings), webhookUrl: null }, tools)
  const states = () => Promise.all(accounts.map(async ({ settings }) => (await open(settings).check()).state))
  expect(await states()).toEqual(['ok', 'warning'])
  ended.abort()
  await vi.waitFor(async () => expect(await states()).toEqual(['warning', 'warning']))
})
