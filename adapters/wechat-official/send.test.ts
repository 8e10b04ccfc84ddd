import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { capabilities } from './capabilities.ts'
import { drawScreen, filmClip, recordVoice } from './simulator/samples.ts'
import { type Customer, type Fault, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { failed, fileOf, openAccount, replyTo, type TestAccount } from './test-account.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
let simulator: WeChatSimulator
let account: TestAccount
let lin: Customer

beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 50 })
  account = openAccount(simulator.settings)
  lin = simulator.customer(openId)
  await lin.says('手机开不了机')
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const send = (text: string, more = {}) => account.connection.send(replyTo(openId, text, more))
const paths = () => simulator.calls.map(({ path }) => path.replace('/cgi-bin/', ''))
const next = (fault: Fault, path = 'message/custom/send', times = 1) => simulator.fail({ path, fault, times })

describe('what arrives', () => {
  test('text; WeChat tells no id', async () => {
    expect(await send('请长按电源键 15 秒 👋')).toEqual({ externalId: null })
    expect(simulator.ledger).toMatchObject([{ openId, type: 'text', text: '请长按电源键 15 秒 👋' }])
    expect(paths()).toEqual(['stable_token', 'message/custom/send'])
  })
  test.each([
    ['photo', 'image/png', 'image', drawScreen(), '图 1'],
    ['photo', 'image/jpeg', 'image', drawScreen(), 'a.JPG'],
    ['voice', 'audio/amr', 'voice', recordVoice(), 'voice.amr'],
    ['audio', 'audio/mpeg', 'voice', recordVoice(), 'a/b"\n.mp3'],
    ['video', 'video/mp4', 'video', filmClip(), '录像.mp4'],
  ] as const)('%s (%s): uploaded first, then shown as %s', async (kind, mimeType, type, bytes, name) => {
    await send('', { media: [fileOf(kind, mimeType, bytes, name)] })
    expect(simulator.ledger).toMatchObject([{ openId, type, text: null, file: { bytes: bytes.length } }])
    expect(paths()).toEqual(['stable_token', 'media/upload', 'message/custom/send'])
  })
  test('words that come together with a file, which the core does not do, are not lost', async () => {
    await send('见图', { media: [fileOf('photo', 'image/png', drawScreen())] })
    expect(simulator.ledger.map(({ type }) => type)).toEqual(['image', 'text'])
  })
  test('markup goes as it is: there is no word of how to escape it', async () => {
    await send('<a href="https://care.example">点这里</a> & <b>')
    expect(simulator.ledger[0]?.text).toBe('<a href="https://care.example">点这里</a> & <b>')
  })
})

describe('what does not', () => {
  test.each([
    [45015, 'rejected', 'window_closed'],
    [45047, 'rejected', 'quota'],
    [43004, 'rejected', 'blocked'],
    [43019, 'rejected', 'blocked'],
    [48002, 'rejected', 'blocked'],
    [40003, 'rejected', 'gone'],
    [45002, 'rejected', 'too_long'],
    [40007, 'rejected', 'media_refused'],
    [40004, 'rejected', 'media_refused'],
    [48001, 'rejected', 'permission'],
    [50002, 'rejected', 'permission'],
    [40008, 'rejected', 'invalid'],
    [61451, 'rejected', 'invalid'],
    [987654, 'rejected', 'invalid'],
    [-1, 'unknown', 'platform_error'],
    [45009, 'retry', 'rate_limited'],
    [45011, 'retry', 'rate_limited'],
    [40013, 'retry', 'credentials_refused'],
    [40164, 'retry', 'credentials_refused'],
  ] as const)('errcode %i in a 200 is %s: %s', async (errcode, outcome, code) => {
    next({ kind: 'errcode', errcode })
    const error = await failed(account, replyTo(openId, 'hi'))
    expect(error).toMatchObject({ outcome, code, text: { en: /\S/u, zh: /\S/u } })
    expect(simulator.ledger).toEqual([])
    if (code === 'invalid') expect(error.text).toMatchObject({ en: expect.stringContaining(String(errcode)) })
  })

  test.each([
    [{ kind: 'status', status: 502, accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'status', status: 500, body: '{"errcode":45015}', accepted: false }, 'unknown', 'platform_error'],
    [{ kind: 'reset', accepted: true }, 'unknown', 'no_answer'],
    [{ kind: 'cut', accepted: true }, 'unknown', 'no_answer'],
    [{ kind: 'garbage', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errmsg":"ok"}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":null}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":"zero"}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":true}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":false}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":""}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '{"errcode":[]}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '[0]', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', body: '', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'status', status: 302, body: '{"errcode":0}', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'status', status: 429, accepted: false }, 'retry', 'rate_limited'],
    [{ kind: 'status', status: 403, accepted: false }, 'rejected', 'invalid'],
  ] as const)('%o on the message is %s: %s', async (fault, outcome, code) => {
    next(fault)
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ outcome, code })
    expect(paths()).toEqual(['stable_token', 'message/custom/send'])
  })

  test('a code that is text is read as well', async () => {
    next({ kind: 'garbage', body: '{"errcode":"45015","errmsg":"x"}', accepted: false })
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ code: 'window_closed' })
  })

  test('no answer in time may have arrived', async () => {
    next({ kind: 'silence', accepted: true })
    const stop = new AbortController()
    const sending = failed(account, replyTo(openId, 'hi', { signal: stop.signal }))
    simulator.onAccepted(() => stop.abort())
    expect(await sending).toMatchObject({ outcome: 'unknown', code: 'no_answer' })
  })

  test('with its time over before the call, nothing was sent', async () => {
    await send('x')
    const late = replyTo(openId, 'hi', { signal: AbortSignal.abort() })
    expect(await failed(account, late)).toMatchObject({ outcome: 'retry', code: 'unreachable' })
  })

  test.each<Fault>([
    { kind: 'status', status: 502, accepted: true },
    { kind: 'reset', accepted: true },
    { kind: 'cut', accepted: true },
    { kind: 'garbage', accepted: true },
    { kind: 'garbage', body: '{"errcode":0}', accepted: true },
  ])('without a token nothing was sent: %o', async (fault) => {
    next(fault, 'stable_token')
    expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ outcome: 'retry', code: 'unreachable' })
    expect(paths()).toEqual(['stable_token'])
    await send('hi')
  })

  test.each<Fault>([
    { kind: 'status', status: 502, accepted: true },
    { kind: 'reset', accepted: true },
    { kind: 'cut', accepted: true },
    { kind: 'garbage', body: '{"errcode":0}', accepted: true },
  ])('a file that did not get through was not shown: %o', async (fault) => {
    next(fault, 'media/upload')
    const media = [fileOf('photo', 'image/png', drawScreen())]
    expect(await failed(account, replyTo(openId, '', { media }))).toMatchObject({
      outcome: 'retry',
      code: 'unreachable',
    })
    expect(simulator.ledger).toEqual([])
  })

  test.each([40004, 40006, 40009, 45001, 45007])('a file that is refused (%i) is media_refused', async (errcode) => {
    next({ kind: 'errcode', errcode }, 'media/upload')
    const media = [fileOf('photo', 'image/png', drawScreen())]
    const error = await failed(account, replyTo(openId, '', { media }))
    expect(error).toMatchObject({ outcome: 'rejected', code: 'media_refused' })
  })

  test('what can be known without a call', async () => {
    const two = [fileOf('photo', 'image/png', drawScreen()), fileOf('photo', 'image/png', drawScreen())]
    expect(await failed(account, replyTo(openId, '', { media: two }))).toMatchObject({ code: 'invalid' })
    expect(await failed(account, replyTo(openId, ' \u0000 '))).toMatchObject({ code: 'invalid' })
    const pdf = [fileOf('document', 'application/pdf', Buffer.from('x'))]
    expect(await failed(account, replyTo(openId, '', { media: pdf }))).toMatchObject({ code: 'media_refused' })
    const lost = { ...fileOf('photo', 'image/png', drawScreen()), bytes: () => Promise.reject(new Error('gone')) }
    expect(await failed(account, replyTo(openId, '', { media: [lost] }))).toMatchObject({ outcome: 'retry' })
    expect(simulator.calls).toEqual([])
  })

  test('the day’s count of calls begins anew at midnight in China, for the whole account', async () => {
    account.tools.setNow(new Date('2026-11-24T15:00:00Z'))
    next({ kind: 'errcode', errcode: 45009 })
    const error = await failed(account, replyTo(openId, 'hi'))
    expect(error).toMatchObject({ scope: 'account', after: new Date('2026-11-24T16:01:00Z') })
    account.tools.setNow(new Date('2026-11-24T16:30:00Z'))
    next({ kind: 'errcode', errcode: 45009 })
    expect((await failed(account, replyTo(openId, 'hi'))).after).toEqual(new Date('2026-11-25T16:01:00Z'))
  })

  test('an address that is not on the whitelist is named', async () => {
    simulator.refuseIp('203.0.113.7')
    const error = await failed(account, replyTo(openId, 'hi'))
    expect(error).toMatchObject({ outcome: 'retry', code: 'credentials_refused', scope: 'account' })
    expect(error.text).toEqual({
      en: expect.stringContaining('203.0.113.7'),
      zh: expect.stringContaining('203.0.113.7'),
    })
  })
})

test('the adapter promises no more than WeChat lets through', async () => {
  const { text, windows } = capabilities.surfaces.direct!
  await send('汉'.repeat(Math.floor(text.max / 3)))
  for (let left = windows[0]!.replies! - 1; left > 0; left -= 1) await send(String(left))
  expect(await failed(account, replyTo(openId, 'one more'))).toMatchObject({ code: 'quota' })
})

describe('typing', () => {
  const type = () => account.connection.typing!({ externalId: openId, rootId: null })
  test('is shown', async () => {
    await type()
    expect(simulator.calls.at(-1)).toMatchObject({ path: '/cgi-bin/message/custom/typing', outcome: 0 })
  })
  test('a second time (45081), or long after the last word (45080), does no harm', async () => {
    await type()
    await type()
    expect(simulator.calls.at(-1)?.outcome).toBe(45081)
    simulator.advance(60_000)
    await type()
    expect(simulator.calls.at(-1)?.outcome).toBe(45080)
    expect(account.tools.lines).toEqual([])
  })
  test('what else goes wrong is noted', async () => {
    next({ kind: 'errcode', errcode: 48001 }, 'typing')
    await type()
    expect(account.tools.lines).toMatchObject([{ fields: { errcode: 48001 } }])
  })
})
