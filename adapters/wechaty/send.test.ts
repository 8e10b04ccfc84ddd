/** What is known of a reply, for each way a send can end. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { InboundMessage } from '#channel/events.ts'
import type { Reply } from '#channel/reply.ts'
import { patience } from '../../test/helpers/patience.ts'
import { until } from '../../test/helpers/until.ts'
import { PuppetFailure, sendErrorOf } from './failure.ts'
import { loadSdk } from './sdk.ts'
import { type Customer, type GatewayFault, startWechatyGateway, type WechatyGateway } from './simulator.ts'
import { fileOf, openAccount, replyTo, type TestAccount } from './test-account.ts'

let gateway: WechatyGateway
let account: TestAccount
let lin: Customer
// On a busy machine that alone takes seconds.
beforeAll(async () => void (await loadSdk()))
beforeEach(async () => {
  gateway = await startWechatyGateway()
  account = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
  lin = gateway.customer({ name: 'Lin' })
  gateway.login()
  account.keepListening()
  await until(() => account.tools.healths.at(-1)?.name)
})
afterEach(async () => {
  await account.stop()
  await gateway.close()
})

const failing = async (more: Partial<Reply> = {}, fault?: GatewayFault) => {
  if (fault) gateway.fault(fault)
  const error: unknown = await account.connection.send(replyTo(lin.id, '您好', more)).then(
    (sent) => sent,
    (thrown: unknown) => thrown,
  )
  return error as { outcome?: string; code?: string; scope?: string; cause?: unknown; externalId?: string | null }
}
const said = ({ outcome, code, scope }: Awaited<ReturnType<typeof failing>>) => [outcome, code, scope]

describe('the outcome', () => {
  test.each([
    [3, 'rejected', 'invalid', 'thread'],
    [5, 'rejected', 'gone', 'thread'],
    [6, 'rejected', 'duplicate', 'thread'],
    [7, 'rejected', 'permission', 'thread'],
    [8, 'retry', 'rate_limited', 'account'],
    [9, 'rejected', 'invalid', 'thread'],
    [11, 'rejected', 'too_long', 'thread'],
    [12, 'rejected', 'invalid', 'thread'],
    [16, 'retry', 'credentials_refused', 'account'],
    [1, 'unknown', 'no_answer', 'thread'],
    [2, 'unknown', 'platform_error', 'thread'],
    [4, 'unknown', 'no_answer', 'thread'],
    [10, 'unknown', 'platform_error', 'thread'],
    [13, 'unknown', 'platform_error', 'thread'],
    [14, 'unknown', 'no_answer', 'thread'],
  ])('of a gateway that answers with status %i is %s: %s', async (code, ...known) => {
    expect(said(await failing({}, { kind: 'status', code, words: 'as the puppet says' }))).toEqual(known)
  })

  test('of a puppet that throws a plain error is unknown: its word is no proof that nothing was sent', async () => {
    const error = await failing(
      {},
      { kind: 'throws', words: 'WorkproErrorCode: 20001, Feature temporarily unavailable.' },
    )
    expect(said(error)).toEqual(['unknown', 'platform_error', 'thread'])
  })

  test('of a puppet that says it is not signed in is certain', async () => {
    expect(said(await failing({}, { kind: 'throws', words: 'not logged in' }))).toEqual([
      'retry',
      'credentials_refused',
      'account',
    ])
  })

  test('after a silence is unknown; what arrived late is not sent again', async () => {
    expect(said(await failing({ signal: AbortSignal.timeout(200) }, { kind: 'hang' }))).toEqual([
      'unknown',
      'no_answer',
      'thread',
    ])
    expect(gateway.accepted()).toHaveLength(1)
  })

  test('of a line that breaks in the middle is unknown', async () => {
    expect(said(await failing({}, { kind: 'cut' }))).toEqual(['unknown', 'no_answer', 'thread'])
    expect(gateway.accepted()).toHaveLength(1)
  })

  test('with its time over before the call is certain: nothing was sent', async () => {
    expect(said(await failing({ signal: AbortSignal.abort() }))).toEqual(['retry', 'unreachable', 'account'])
    expect(gateway.accepted()).toHaveLength(0)
  })

  test('on a server that does not listen is certain', async () => {
    const elsewhere = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
    const error: unknown = await elsewhere.connection.send(replyTo(lin.id, 'x')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ outcome: 'retry', code: 'unreachable', scope: 'account' })
    expect(gateway.accepted()).toHaveLength(0)
  })

  test('of a connection that never stood is certain, of one that stood it is not', () => {
    const refused = { code: 14, details: 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:9' }
    const waiting = { code: 4, details: 'Deadline exceeded after 8.000s,Waiting for LB pick' }
    expect([refused, waiting].map((error) => sendErrorOf(error).outcome)).toEqual(['retry', 'retry'])
    const dropped = { code: 14, details: 'Connection dropped' }
    const late = { code: 4, details: 'Deadline exceeded after 8.000s,remote_addr=127.0.0.1:9' }
    expect([dropped, late, null, 'x', new Error('x')].map((error) => sendErrorOf(error).outcome)).toEqual(
      Array(5).fill('unknown'),
    )
  })

  test('of a repetition after a doubt is that the first one arrived', async () => {
    const repetition: GatewayFault = { kind: 'status', code: 6, words: 'sent already' }
    expect(await failing({ doubted: true }, repetition)).toEqual({ externalId: null })
    expect(said(await failing({ doubted: false }, repetition))).toEqual(['rejected', 'duplicate', 'thread'])
  })

  test('of somebody who is no friend any more is that nothing can be sent', async () => {
    gateway.unreachable(lin.id)
    expect(said(await failing())).toEqual(['rejected', 'permission', 'thread'])
  })
})

describe('a file', () => {
  const picture = fileOf('photo', 'image/png', Buffer.alloc(200_000, 7), '屏幕.png')

  test('arrives once, with its name and all its bytes', async () => {
    for (const file of [picture, fileOf('document', 'application/pdf', Buffer.from('%PDF'), 'small.pdf')]) {
      await account.connection.send(replyTo(lin.id, '', { media: [file] }))
      expect(gateway.accepted().at(-1)).toMatchObject({ to: lin.id, file: { name: file.name, bytes: file.size } })
    }
    expect(gateway.accepted()).toHaveLength(2)
  })

  test('is never sent a second time when the first one failed, whatever it failed with', async () => {
    const faults: GatewayFault[] = [
      { kind: 'server-error' },
      { kind: 'throws', words: 'x' },
      { kind: 'status', code: 7, words: 'no' },
    ]
    const errors = []
    for (const fault of faults) errors.push(said(await failing({ text: '', media: [picture] }, fault)))
    expect(errors).toEqual([
      ['unknown', 'platform_error', 'thread'],
      ['unknown', 'platform_error', 'thread'],
      ['rejected', 'permission', 'thread'],
    ])
    expect(gateway.accepted()).toHaveLength(1)
  })

  test(
    'that the gateway finds too large is refused for good',
    async () => {
      const large = fileOf('document', 'application/zip', Buffer.alloc(21 * 1024 * 1024), 'large.zip')
      expect(said(await failing({ text: '', media: [large] }))).toEqual(['rejected', 'media_refused', 'thread'])
    },
    30_000 * patience,
  )

  test('in a room comes back to the customer it was for', async () => {
    const room = gateway.room('售后维修群', [lin])
    await account.connection.send(replyTo(`${room}/${lin.id}`, '', { surface: 'public', media: [picture] }))
    const echo = await until(() => account.events.find(({ type }) => type === 'echo'))
    expect(echo).toMatchObject({ message: { threadId: `${room}/${lin.id}`, media: [{ kind: 'photo' }] } })
  })
})

test('a puppet that tells no id: sent, without one, and the echo has the text to find it by', async () => {
  gateway.set({ tellsIds: false })
  expect(await account.connection.send(replyTo(lin.id, '您好'))).toEqual({ externalId: null })
  const echo = await until(() => account.events.find(({ type }) => type === 'echo'))
  expect(echo).toMatchObject({ message: { threadId: lin.id, text: '您好' } })
})

test('edge 6: a reply to an identity finds whoever has it now, and nobody when two have it', async () => {
  const passing = '@5f2c81d9a3b7e6409c1d2e3f4a5b6c7d'
  const wei = gateway.customer({ id: passing, name: 'Wei', weixin: 'wei_88' })
  wei.says('在吗')
  const [event] = await until(() => account.events.length > 0 && account.events)
  const { threadId } = (event as { message: InboundMessage }).message
  expect(threadId).toBe('weixin:wei_88')
  await account.connection.send(replyTo(threadId, '在的'))
  expect(gateway.accepted().at(-1)).toMatchObject({ to: passing })

  gateway.customer({ id: '@0a1b2c3d4e5f60718293a4b5c6d7e8f9', name: '周一', alias: '老周' })
  await account.connection.send(replyTo('alias:老周', '您好'))
  gateway.customer({ id: '@1a1b2c3d4e5f60718293a4b5c6d7e8f9', name: '周二', alias: '老周' })
  const error: unknown = await account.connection.send(replyTo('alias:老周', '您好')).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ outcome: 'rejected', code: 'invalid' })
  const nobody: unknown = await account.connection.send(replyTo('weixin:gone', 'x')).catch((thrown: unknown) => thrown)
  expect(nobody).toMatchObject({ outcome: 'rejected', code: 'gone' })
  expect(gateway.accepted()).toHaveLength(2)
})

test('two replies at once go to whom they are for', async () => {
  const others = [1, 2, 3].map((n) => gateway.customer({ name: `N${n}` }))
  await Promise.all(others.map(({ id }) => account.connection.send(replyTo(id, `to ${id}`))))
  for (const { to, text } of gateway.accepted()) expect(text).toBe(`to ${to}`)
  expect(gateway.accepted()).toHaveLength(3)
})

test('no error carries the token: gRPC quotes it, and holds it in its metadata', async () => {
  const error = await failing({}, { kind: 'status', code: 16, words: `Invalid Wechaty TOKEN "${gateway.token}"` })
  expect(error.cause).toBeInstanceOf(PuppetFailure)
  const { inspect } = await import('node:util')
  const all = inspect([error, account.tools.exchanges, account.tools.lines], { depth: 20, showHidden: true })
  expect(all).not.toContain(gateway.token)
})
