import { expect, test } from 'vitest'
import { open, replyTo } from './test-open.ts'

test('a post in doubt is found among the answers below its parent', async () => {
  const { simulator, connection, lin } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), {
    text: '您好！\n\n请看 https://support.example/a/very/long/path/indeed  谢谢 <3 & 😊',
  })
  simulator.fail({ kind: 'hang' })
  await expect(connection.send({ ...reply, signal: AbortSignal.timeout(2_000) })).rejects.toMatchObject({
    outcome: 'unknown',
    code: 'no_answer',
  })
  expect(await connection.findSent?.(reply)).toMatchObject({ externalId: simulator.accepted[0]!.id })
})

test('a private one too, without an address', async () => {
  const { simulator, connection, lin } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a', visibility: 'direct' }))
  simulator.fail({ kind: 'cut' })
  await connection.send(reply).catch(() => {})
  expect(await connection.findSent?.(reply)).toEqual({ externalId: simulator.accepted[0]!.id, url: null })
})

test('what never arrived is absent, whatever else stands there', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  await connection.send(replyTo(asked, { text: '别的' }))
  simulator.write(lin, { text: '@lin@elsewhere.example 您好，已为您登记。', replyTo: asked.id })
  const below = simulator.write(lin, { text: '@acme_care b', replyTo: asked.id })
  await connection.send(replyTo(below))
  expect(await connection.findSent?.(replyTo(asked))).toBe('absent')
})

test('asking posts nothing', async () => {
  const { simulator, connection, lin } = await open()
  await connection.findSent?.(replyTo(simulator.write(lin, { text: '@acme_care a' })))
  expect(simulator.calls.filter((call) => call.startsWith('POST'))).toEqual([])
})

test('files without words cannot be told apart', async () => {
  const { simulator, connection, lin } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }), { text: '' })
  expect(await connection.findSent?.(reply)).toBe('cannot-tell')
})

test('a server that does not answer leaves the question open', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  simulator.failAt(`GET /api/v1/statuses/${asked.id}/context`, { kind: 'answer', status: 503, body: {} })
  await expect(connection.findSent?.(replyTo(asked))).rejects.toMatchObject({ reason: 'later' })
})
