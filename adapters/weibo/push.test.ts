/** The fan service at our door: signatures, replays, repetitions, files. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReadError, WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import { until } from '../../test/helpers/until.ts'
import { appSecret, lin, openScene, type Scene } from './test-account.ts'
import { replayMs, signature } from './verify.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene({ uid: '1902538057' }, { pushAnswerMs: 300 })
})
afterEach(() => scene.close())

const at = new Date('2026-11-24T02:00:00Z')
const body = JSON.stringify({
  type: 'text',
  receiver_id: 1902538057,
  sender_id: 2489518277,
  created_at: 'Mon Jul 16 18:09:20 +0800 2012',
  text: '在吗',
  data: {},
})

function request(
  more: {
    method?: string
    body?: string | Uint8Array<ArrayBuffer>
    query?: Record<string, string>
    secret?: string
  } = {},
) {
  const { method = 'POST', secret = appSecret } = more
  const [timestamp, nonce] = [String(at.getTime()), '57155157']
  const query = new URLSearchParams({
    signature: signature(secret, timestamp, nonce),
    timestamp,
    nonce,
    ...more.query,
  })
  const init = method === 'GET' ? { method } : { method, body: more.body ?? body }
  return new Request(`https://care.example/webhooks/1?${query}`, init)
}
const take = (asked: Request, receivedAt = at) => scene.connection.webhook!(asked, receivedAt)

test('the published vector of the signature', () => {
  expect(signature('xyz123xyz', '1397022061823', '57155157')).toBe('90e4c22c90a58f26526c2dd5b6c56c8822edeaa1')
})

test('the address is confirmed with what was sent to it', async () => {
  const { response, events } = await take(request({ method: 'GET', query: { echostr: 'KeyDMwtf672<b>' } }))
  expect([await response.text(), response.headers.get('content-type'), events]).toEqual([
    'KeyDMwtf672<b>',
    'text/plain; charset=utf-8',
    [],
  ])
  await expect(take(request({ method: 'GET' }))).rejects.toBeInstanceOf(WebhookMalformed)
})

test('a push is answered with nothing at all', async () => {
  const { response, events } = await take(request())
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(events).toMatchObject([{ type: 'message', message: { threadId: '2489518277', text: '在吗' } }])
})

test.each([
  ['another secret', { secret: 'another-secret' }],
  ['no signature', { query: { signature: '' } }],
  ['another nonce', { query: { nonce: '57155158' } }],
  ['another time', { query: { timestamp: String(at.getTime() + 1) } }],
  ['an empty secret', { secret: '' }],
])('%s is rejected', async (_, more) => {
  await expect(take(request(more))).rejects.toBeInstanceOf(WebhookRejected)
})

test('without an app secret nobody is let in', async () => {
  const open = await openScene({ appSecret: '' })
  await expect(open.connection.webhook!(request({ secret: '' }), at)).rejects.toBeInstanceOf(WebhookRejected)
  await open.close()
})

test('a request is old by the time it came, not by the time it is read', async () => {
  const after = (ms: number) => new Date(at.getTime() + ms)
  await expect(take(request(), after(replayMs + 1))).rejects.toBeInstanceOf(WebhookRejected)
  await expect(take(request(), after(-replayMs - 1))).rejects.toBeInstanceOf(WebhookRejected)
  scene.tools.setNow(after(86_400_000))
  expect((await take(request(), after(1000))).events).toHaveLength(1)
})

test('a time in seconds is one as well', async () => {
  const [timestamp, nonce] = [String(Math.floor(at.getTime() / 1000)), '7']
  const query = { timestamp, nonce, signature: signature(appSecret, timestamp, nonce) }
  expect((await take(request({ query }))).events).toHaveLength(1)
})

test('what is genuine and no document is malformed; XML is kept for after a change of the settings at Weibo', async () => {
  for (const broken of ['', '{', 'null x', '['.repeat(5000), new Uint8Array([0x7b, 0xff, 0x7d])]) {
    await expect(take(request({ body: broken }))).rejects.toBeInstanceOf(WebhookMalformed)
  }
  const xml: unknown = await take(request({ body: '\n<xml></xml>' })).catch((error: unknown) => error)
  expect(xml).toBeInstanceOf(Error)
  expect(xml).not.toBeInstanceOf(WebhookMalformed)
  expect((await take(request({ body: 'null' }))).events).toMatchObject([{ type: 'unread' }])
})

test('a mention has the mentions read', async () => {
  const mention = { ...JSON.parse(body), type: 'mention', data: { subtype: 'mention_text', key: 5100000000000010 } }
  const { events, nudge } = await take(request({ body: JSON.stringify(mention) }))
  expect(events).toMatchObject([{ type: 'opened', kind: 'mention' }])
  expect(nudge).toEqual({ stream: 'mentions', hint: 'push' })
})

describe('the simulated fan service', () => {
  /** Our door, as the core keeps it: answered after the events are stored. */
  async function door(answer: (attempt: number) => number) {
    const stored: InboundEvent[] = []
    let attempt = 0
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const asked = new Request(`http://care.example${incoming.url}`, {
        method: incoming.method ?? 'GET',
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      })
      const { events, response } = await scene.connection.webhook!(asked, new Date())
      stored.push(...events)
      const status = incoming.method === 'GET' ? 200 : answer(++attempt)
      if (status > 0) outgoing.writeHead(status).end(await response.text())
    })
    server.listen(0, '127.0.0.1')
    await until(() => server.listening)
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/1`
    return { stored, address, server }
  }

  test('edge 7: what is repeated for want of an answer has the same id each time', async () => {
    const { stored, address, server } = await door((attempt) => (attempt < 3 ? 0 : 200))
    scene.account.pushTo(address)
    await scene.account.customer(lin).writes('在吗')
    expect(scene.simulator.pushes.map(({ status }) => status)).toEqual([null, null, 200])
    const keys = stored.map((event) => (event.type === 'message' ? event.message.externalId : ''))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    server.closeAllConnections()
    server.close()
  })

  test('is confirmed, brings each kind, and gives each file', async () => {
    const { stored, address, server } = await door(() => 200)
    expect(await scene.account.confirm(address)).toBe(true)
    scene.account.pushTo(address)
    const customer = scene.account.customer(lin)
    await customer.writes('在吗')
    await customer.sends('image')
    await customer.sends('voice')
    await customer.isAt('39.982525', '116.308586')
    await customer.does('unfollow')
    await customer.does('scan_follow')
    expect(stored.map(({ type }) => type)).toEqual([
      'message',
      'message',
      'message',
      'message',
      'reachability',
      'opened',
      'reachability',
    ])
    // The name was asked for once.
    expect(stored.slice(0, 4)).toMatchObject(Array(4).fill({ message: { author: { name: lin.name } } }))
    expect(scene.simulator.calls.filter(({ name }) => name === 'eps/user/info')).toHaveLength(1)
    const media = stored.flatMap((event) => (event.type === 'message' ? event.message.media : []))
    expect(media.map(({ kind }) => kind)).toEqual(['photo', 'voice'])
    for (const file of media) {
      const response = await scene.connection.download!(file, new AbortController().signal)
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500)
    }
    server.close()
  })
})

test('a file that Weibo does not have any more is gone; a refused token is told', async () => {
  const file = { kind: 'photo', externalId: 'x', reference: { fid: '999' } } as never
  const download = async () => {
    const error: unknown = await scene.connection.download!(file, new AbortController().signal).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ReadError)
    return (error as ReadError).reason
  }
  expect(await download()).toBe('gone')
  scene.account.refuse(21327)
  expect(await download()).toBe('credentials')
  scene.account.refuse(null)
  scene.simulator.fail({ at: 'mss/msget', fault: { kind: 'status', status: 502, accepted: false } })
  expect(await download()).toBe('later')
})

test('pictures of posts come from where they lie, and never from inside', async () => {
  const status = scene.account.customer(lin).posts('@回信手机客服 看图', { pictures: 2 })
  const { events } = await scene.connection.poll!(
    { stream: 'mentions', cursor: '1 - - 1 0', hint: null },
    new AbortController().signal,
  )
  const [event] = events
  if (event?.type !== 'message') throw new Error('no message')
  expect(event.message.externalId).toBe(`s:${status}`)
  for (const file of event.message.media) {
    const response = await scene.connection.download!(file, new AbortController().signal)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png'])
    await response.body?.cancel()
  }
  const inward = { ...event.message.media[0]!, reference: { url: 'http://127.0.0.1:1/large/x.png' } }
  await expect(scene.connection.download!(inward, new AbortController().signal)).rejects.toBeInstanceOf(ReadError)
})
