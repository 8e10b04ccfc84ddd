import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Connection } from '#channel/adapter.ts'
import type { Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { intake } from './index.ts'
import { settings } from './settings.ts'
import { type Program, startProgram } from './simulator.ts'

const secret = `whsec_${Buffer.from('a secret for the tests of sending').toString('base64')}`
let program: Program
let tools: TestTools
beforeEach(async () => {
  program = await startProgram(secret)
  tools = createTestTools([secret])
})
afterEach(async () => {
  tools.close()
  await program.close()
})

const connect = (given: object = {}): Connection =>
  intake.connect(
    {
      id: '1',
      name: 'App',
      settings: settings.parse({ kind: 'app', secret, answerUrl: program.address, ...given }),
      webhookUrl: 'https://care.example/webhooks/1',
    },
    tools,
  )
const reply = (more: Partial<Reply> = {}): Reply => ({
  deliveryId: randomUUID(),
  thread: { externalId: 'order-9', rootId: null },
  surface: 'direct',
  to: 'u-17',
  inReplyTo: 'm-1',
  text: '今天发出',
  media: [],
  doubted: false,
  signal: AbortSignal.timeout(5_000),
  ...more,
})

test('the program gets the answer with the delivery’s id, and drops it when it comes again', async () => {
  const one = reply({
    media: [
      {
        kind: 'document',
        name: '发票.pdf',
        mimeType: 'application/pdf',
        size: 3,
        bytes: async () => Buffer.from('pdf'),
      },
    ],
  })
  const connection = connect()
  expect(await connection.send(one)).toEqual({ externalId: null })
  tools.setNow(new Date(Date.now() + 60_000))
  await connection.send(one)
  expect(program.calls).toEqual([
    { id: one.deliveryId, status: 204 },
    { id: one.deliveryId, status: 204 },
  ])
  expect(program.taken).toEqual([
    {
      id: one.deliveryId,
      thread: 'order-9',
      to: 'u-17',
      inReplyTo: 'm-1',
      text: '今天发出',
      files: [{ name: '发票.pdf', type: 'application/pdf', size: 3, data: 'cGRm' }],
    },
  ])
})

describe('an answer', () => {
  test.each([
    [301, 'rejected', 'invalid'],
    [400, 'rejected', 'invalid'],
    [401, 'retry', 'credentials_refused'],
    [403, 'rejected', 'permission'],
    [404, 'rejected', 'gone'],
    [410, 'rejected', 'gone'],
    [413, 'rejected', 'too_long'],
    [415, 'rejected', 'media_refused'],
    [429, 'retry', 'rate_limited'],
    [500, 'unknown', 'platform_error'],
    [503, 'unknown', 'platform_error'],
  ])('of %i is %s: %s', async (status, outcome, code) => {
    program.fail({ kind: 'status', status })
    await expect(connect().send(reply())).rejects.toMatchObject({ outcome, code })
  })

  test('that says how long to wait is obeyed, in seconds and as a date', async () => {
    for (const told of ['90', new Date(Date.now() + 90_000).toUTCString()]) {
      program.fail({ kind: 'status', status: 429, headers: { 'retry-after': told } })
      const error = await connect()
        .send(reply())
        .then(
          () => null,
          (thrown: { readonly after: Date }) => thrown,
        )
      const aheadMs = (error?.after.getTime() ?? 0) - Date.now()
      expect(aheadMs).toBeGreaterThan(60_000)
      expect(aheadMs).toBeLessThanOrEqual(90_000)
    }
  })

  test('that says it has it settles an attempt in doubt, and fails one that is not', async () => {
    program.fail({ kind: 'status', status: 409 }, { kind: 'status', status: 409 })
    expect(await connect().send(reply({ doubted: true }))).toEqual({ externalId: null })
    await expect(connect().send(reply())).rejects.toMatchObject({ outcome: 'rejected', code: 'duplicate' })
  })

  test('of a program with another secret makes the account wait, and its check says so', async () => {
    const other = connect({ secret: `whsec_${Buffer.alloc(32, 3).toString('base64')}` })
    await expect(other.send(reply())).rejects.toMatchObject({ outcome: 'retry', code: 'credentials_refused' })
    expect(await other.check()).toMatchObject({ state: 'refused' })
    expect(await connect().check()).toEqual({ state: 'ok' })
    expect(program.taken).toEqual([])
  })
})

test('where a person answers nothing is sent', async () => {
  for (const given of [{ kind: 'phone' }, { kind: 'store', stores: 'A' }, { kind: 'form', answerUrl: '' }]) {
    const connection = connect(given)
    await expect(connection.send(reply())).rejects.toMatchObject({ outcome: 'rejected', code: 'permission' })
    expect(await connection.check()).toMatchObject({ state: 'ok' })
  }
  expect(program.calls).toEqual([])
})

test('a file that came in the post is read from it, one at an inward address is not', async () => {
  const media = { kind: 'photo', externalId: '1', name: 'a', mimeType: null, bytes: null } as const
  const size = { width: null, height: null, durationMs: null }
  const download = (reference: Record<string, string>) =>
    connect().download!({ ...media, ...size, reference }, AbortSignal.timeout(5_000))
  expect(await (await download({ data: 'cGRm' })).text()).toBe('pdf')
  await expect(download({ url: program.address })).rejects.toMatchObject({ reason: 'gone' })
})
