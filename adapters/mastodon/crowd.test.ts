import { expect, onTestFinished, test, vi } from 'vitest'
import type { InboundMessage } from '#channel/events.ts'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { patience } from '../../test/helpers/patience.ts'
import { gather } from './crowd.ts'
import { mastodonDemo } from './demo.ts'
import { settings } from './settings.ts'
import { open } from './test-open.ts'

test('customers write when they are read, and go on in the same thread when they are answered', {
  timeout: 60_000 * patience,
}, async () => {
  const { simulator, connection } = await open()
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  void gather(simulator, { signal: ended.signal, everyMs: 1 })
  const messages: InboundMessage[] = []
  const answered = new Set<string>()
  let cursor: string | null = null
  await vi.waitFor(
    async () => {
      const result = await connection.poll!({ stream: 'mentions', cursor, hint: null }, ended.signal)
      cursor = result.cursor
      messages.push(...result.events.flatMap((event) => (event.type === 'message' ? [event.message] : [])))
      for (const { externalId, threadId, rootId, surface, author } of messages) {
        if (answered.has(externalId)) continue
        answered.add(externalId)
        await connection.send({
          deliveryId: externalId,
          thread: { externalId: threadId, rootId },
          surface,
          to: author.externalId,
          inReplyTo: externalId,
          text: '您好，我们来看一下。',
          media: [],
          doubted: false,
          signal: AbortSignal.timeout(10_000),
        })
      }
      expect(messages).toHaveLength(14)
    },
    { timeout: 50_000 * patience, interval: 50 },
  )
  // Five people, in a thread each; among them a private one, a picture, a warning and a poll.
  expect(new Set(messages.map(({ threadId }) => threadId)).size).toBe(5)
  expect(messages.filter(({ surface }) => surface === 'direct')).toHaveLength(3)
  expect(messages.filter(({ media }) => media.length > 0)).toHaveLength(1)
  expect(simulator.accepted.filter(({ visibility }) => visibility === 'direct')).toHaveLength(3)
})

test('the demo brings an account that works, and ends with its signal', async () => {
  const ended = new AbortController()
  const [account] = await mastodonDemo.start({ signal: ended.signal })
  const { server } = settings.parse(account!.settings)
  const tools = createTestTools()
  onTestFinished(() => tools.close())
  expect((await tools.fetch(`${server}/api/v2/instance`, { trust: 'settings' })).status).toBe(401)
  ended.abort()
  await vi.waitFor(async () => {
    await expect(tools.fetch(server, { trust: 'settings' })).rejects.toThrow()
  })
})
