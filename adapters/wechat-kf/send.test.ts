/** Replies out: what each refusal, silence and broken answer is known to mean. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drawScreen, filmClip, recordVoice } from './simulator/samples.ts'
import { type Fault, startWeComSimulator, type WeComSimulator } from './simulator.ts'
import { failed, fileOf, openAccount, replyTo, type TestAccount } from './test-account.ts'

const customerId = 'wmCustomer01'
let simulator: WeComSimulator
let account: TestAccount
let threadId: string

beforeEach(async () => {
  simulator = await startWeComSimulator()
  threadId = `${simulator.openKfIds[0]}:${customerId}`
  account = openAccount(simulator.settings)
  await simulator.customer(customerId).says('在吗')
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})
const failNext = (fault: Fault, path = '/kf/send_msg') => simulator.fail({ path, fault })

test.each([
  [-1, 'unknown', 'platform_error'],
  [40001, 'retry', 'credentials_refused'],
  [40003, 'rejected', 'gone'],
  [40007, 'rejected', 'media_refused'],
  [40058, 'rejected', 'invalid'],
  [40096, 'rejected', 'gone'],
  [45002, 'rejected', 'too_long'],
  [45009, 'retry', 'rate_limited'],
  [45033, 'retry', 'rate_limited'],
  [48002, 'rejected', 'permission'],
  [60011, 'rejected', 'permission'],
  [60020, 'retry', 'credentials_refused'],
  [95000, 'rejected', 'permission'],
  [95001, 'rejected', 'quota'],
  [95002, 'rejected', 'window_closed'],
  [95004, 'rejected', 'gone'],
  [95013, 'rejected', 'window_closed'],
  [95017, 'rejected', 'permission'],
  [99999, 'rejected', 'invalid'],
] as const)('the code %i is %s: %s', async (errcode, outcome, code) => {
  simulator.fail({ path: '/kf/send_msg', fault: { kind: 'errcode', errcode }, times: 2 })
  expect(await failed(account, replyTo(threadId, '您好'))).toMatchObject({ outcome, code })
  expect(simulator.ledger).toEqual([])
})

test.each([
  [{ kind: 'status', status: 502, accepted: true }, 'unknown', 'platform_error'],
  [{ kind: 'status', status: 429, accepted: false }, 'retry', 'rate_limited'],
  [{ kind: 'status', status: 403, accepted: false }, 'rejected', 'invalid'],
  [{ kind: 'cut', accepted: true }, 'unknown', 'no_answer'],
  [{ kind: 'reset', accepted: true }, 'unknown', 'no_answer'],
  [{ kind: 'garbage', accepted: true }, 'unknown', 'platform_error'],
  [{ kind: 'garbage', accepted: true, body: '{}' }, 'unknown', 'platform_error'],
  [{ kind: 'garbage', accepted: true, body: '[0]' }, 'unknown', 'platform_error'],
] as const)('%j is %s: %s', async (fault, outcome, code) => {
  failNext(fault)
  expect(await failed(account, replyTo(threadId, '您好'))).toMatchObject({ outcome, code })
})

test('a broken line while the file or the token is fetched leaves nothing sent, and says so', async () => {
  const picture = () => replyTo(threadId, '', { media: [fileOf('photo', 'image/png', drawScreen())] })
  failNext({ kind: 'reset', accepted: true }, '/media/upload')
  expect(await failed(account, picture())).toMatchObject({ outcome: 'retry', code: 'unreachable' })
  simulator.revokeTokens()
  simulator.fail({ path: '/gettoken', fault: { kind: 'reset', accepted: true }, times: 2 })
  expect(await failed(account, replyTo(threadId, '您好'))).toMatchObject({ outcome: 'retry', code: 'unreachable' })
  expect(simulator.ledger).toEqual([])
})

test('a token that was revoked is fetched once, whoever asks, and the reply arrives', async () => {
  await account.connection.send(replyTo(threadId, '一'))
  simulator.revokeTokens()
  await Promise.all(['二', '三', '四'].map((text) => account.connection.send(replyTo(threadId, text))))
  expect(simulator.ledger).toHaveLength(4)
  expect(simulator.tokensIssued()).toBe(2)
})

test('a wrong secret makes the account wait; the right one is needed to go on', async () => {
  simulator.resetSecret('anotherSecretOfTheCompany')
  expect(await failed(account, replyTo(threadId, '您好'))).toMatchObject({
    outcome: 'retry',
    code: 'credentials_refused',
    scope: 'account',
  })
  expect(await account.connection.check()).toMatchObject({ state: 'refused' })
})

test('files of each kind arrive, one a message', async () => {
  const files = [
    fileOf('photo', 'image/png', drawScreen()),
    fileOf('voice', 'audio/amr', recordVoice()),
    fileOf('video', 'video/mp4', filmClip()),
    fileOf('document', 'application/pdf', Buffer.from('%PDF-1.7 repair'), '维修单 "1".pdf'),
  ]
  for (const file of files) await account.connection.send(replyTo(threadId, '', { media: [file] }))
  expect(simulator.ledger.map(({ type }) => type)).toEqual(['image', 'voice', 'video', 'file'])
})

test('nothing, two files, and a file with words are refused before any call of a send', async () => {
  const file = fileOf('photo', 'image/png', drawScreen())
  for (const reply of [
    replyTo(threadId, ' '),
    replyTo(threadId, '', { media: [file, file] }),
    replyTo(threadId, '看图', { media: [file] }),
    replyTo(threadId, '', { media: [fileOf('sticker', 'image/webp', Buffer.alloc(9))] }),
  ]) {
    expect((await failed(account, reply)).outcome).toBe('rejected')
  }
  expect(simulator.calls.filter(({ path }) => path.endsWith('send_msg'))).toEqual([])
})

test('a check names the service accounts; without a right, and without an address, it says what to do', async () => {
  expect(await account.connection.check()).toMatchObject({ state: 'ok', name: '手机售后客服' })
  const hidden = openAccount(simulator.settings, null)
  expect(await hidden.connection.check()).toMatchObject({
    state: 'warning',
    text: { en: expect.stringMatching(/HUIXIN_URL/u) },
  })
  const wrong = openAccount({ ...simulator.settings, openKfIds: 'wkOther' })
  expect(await wrong.connection.check()).toMatchObject({
    state: 'warning',
    text: { zh: expect.stringMatching(/wkOther/u) },
  })
  simulator.manages(simulator.openKfIds[0]!, false)
  expect(await account.connection.check()).toMatchObject({ state: 'warning' })
  simulator.refuseIp(true)
  expect(await account.connection.check()).toMatchObject({
    state: 'refused',
    text: { en: expect.stringMatching(/203\.0\.113\.7/u) },
  })
  for (const { tools } of [hidden, wrong]) tools.close()
})
