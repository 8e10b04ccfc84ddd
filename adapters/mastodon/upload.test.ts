import { expect, test, vi } from 'vitest'
import type { OutboundMedia } from '#channel/reply.ts'
import { open, replyTo } from './test-open.ts'

const bytes = new Uint8Array([255, 216, 255, 224, 1, 2, 3])
const file = (kind: OutboundMedia['kind'], mimeType: string): OutboundMedia => ({
  kind,
  mimeType,
  name: '屏幕 "1".bin',
  size: bytes.length,
  bytes: async () => bytes,
})
const photo = file('photo', 'image/jpeg')
const film = file('video', 'video/mp4')
const uploadsOf = (calls: readonly string[]) => calls.filter((call) => call === 'POST /api/v2/media').length

test('four pictures and their words are one post, byte for byte', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  await connection.send(replyTo(asked, { media: [photo, photo, photo, photo] }))
  expect(simulator.accepted).toHaveLength(1)
  expect(simulator.accepted[0]!.files.map((one) => [...one.bytes])).toEqual(Array(4).fill([...bytes]))
})

test('a picture without words names the person all the same', async () => {
  const { simulator, connection, lin } = await open()
  await connection.send(replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [photo], text: '' }))
  expect(simulator.accepted).toMatchObject([{ text: '@lin@elsewhere.example', files: [{ type: 'image' }] }])
})

test('a film is posted when the server has converted it', async () => {
  const { simulator, connection, lin } = await open()
  await connection.send(replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [film] }))
  expect(simulator.accepted).toMatchObject([{ files: [{ type: 'video', pending: 0 }] }])
})

test('a film that takes longer than an attempt is not sent anew with the next one', async () => {
  const { simulator, connection, lin, reopen } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [film] })
  simulator.failAt('GET /api/v1/media', { kind: 'answer', status: 206, body: {} })
  const time = new AbortController()
  const early = connection.send({ ...reply, signal: time.signal })
  early.catch(() => {})
  await vi.waitFor(() => expect(simulator.calls.some((call) => call.startsWith('GET /api/v1/media'))).toBe(true))
  time.abort()
  await expect(early).rejects.toMatchObject({ outcome: 'retry' })
  await reopen().send(reply)
  expect(uploadsOf(simulator.calls)).toBe(1)
  expect(simulator.accepted).toHaveLength(1)
})

test('a post with files that was in doubt is found by its key', async () => {
  const { simulator, connection, lin } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [photo] })
  simulator.fail({ kind: 'unreadable' })
  await expect(connection.send(reply)).rejects.toMatchObject({ outcome: 'unknown' })
  await connection.send(reply)
  expect(simulator.accepted).toHaveLength(1)
  expect(uploadsOf(simulator.calls)).toBe(1)
})

test('a picture and a film in one post are refused by the server, and their uploads forgotten', async () => {
  const { simulator, connection, lin, tools } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [photo, film] })
  await expect(connection.send(reply)).rejects.toMatchObject({ outcome: 'rejected', code: 'media_refused' })
  expect(await tools.state.get(`uploads:${reply.deliveryId}`)).toBeNull()
})

test.each([
  [422, 'rejected', 'media_refused'],
  [413, 'rejected', 'media_refused'],
  [429, 'retry', 'rate_limited'],
  [401, 'retry', 'credentials_refused'],
  [500, 'retry', 'unreachable'],
  [200, 'retry', 'unreachable'],
] as const)('an upload answered %i is %s: %s, and nothing is posted', async (status, outcome, code) => {
  const { simulator, connection, lin } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), { media: [photo] })
  simulator.failAt('POST /api/v2/media', { kind: 'answer', status, body: {} })
  await expect(connection.send(reply)).rejects.toMatchObject({ outcome, code })
  expect(simulator.accepted).toEqual([])
})

test('the thirty-first file in half an hour waits', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  for (let post = 0; post < 7; post += 1) await connection.send(replyTo(asked, { media: [photo, photo, photo, photo] }))
  const reply = replyTo(asked, { media: [photo, photo, photo] })
  await expect(connection.send(reply)).rejects.toMatchObject({ outcome: 'retry', code: 'rate_limited' })
})
