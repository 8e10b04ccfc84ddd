/** The door: who is let in, in which mode, and what it is answered. Published vectors: WeChat's own encryption page. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import { isSame, open, signatureOf } from './crypt.ts'
import { seal, sign } from './simulator/seal.ts'
import { type Mode, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { openAccount, requestOf, take, webhookUrl } from './test-account.ts'
import { allowedSkewMs } from './verify.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
const from = { ToUserName: 'gh_1', FromUserName: openId, CreateTime: 1764000000 }
const words = { ...from, MsgType: 'text', Content: '手机开不了机', MsgId: '24363689963896700987' }
const message = [{ type: 'message', message: { text: '手机开不了机', externalId: `${openId}:24363689963896700987` } }]

let simulator: WeChatSimulator
beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 50 })
})
afterEach(() => simulator.close())

const account = (changes: Readonly<Record<string, unknown>> = {}) => openAccount({ ...simulator.settings, ...changes })

describe('published vectors', () => {
  const token = 'AAAAA'
  const key = 'A'.repeat(43)
  const appId = 'wxba5fad812f8e6fb9'
  const at = (seconds: number) => new Date(seconds * 1000)
  const settings = { appId, token, encodingAesKey: key, appSecret: '0'.repeat(32), apiRoot: 'http://127.0.0.1:9' }
  const sealed =
    '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='

  test('the console asks, and gets its word back as plain text', async () => {
    expect(signatureOf([token, '1714036504', '1514711492'])).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696')
    const query =
      'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492'
    const { connection } = openAccount(settings)
    const { response, events } = await connection.webhook!(new Request(`${webhookUrl}?${query}`), at(1714036504))
    expect(events).toEqual([])
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/u)
    expect(await response.text()).toBe('4375120948345356249')
  })

  test('a plain push', async () => {
    const query = 'signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656'
    const body = JSON.stringify(words)
    const { connection } = openAccount({ ...settings, mode: 'plain', encodingAesKey: '' })
    const taken = await connection.webhook!(
      new Request(`${webhookUrl}?${query}`, { method: 'POST', body }),
      at(1714037059),
    )
    expect(taken.events).toMatchObject(message)
    expect(await taken.response.text()).toBe('success')
  })

  test('edge 7: padding beyond 16 bytes (blocks of 32) is taken off by hand', () => {
    const opened = open(sealed, key)
    expect(opened?.appId).toBe(appId)
    expect(JSON.parse(Buffer.from(opened!.message).toString())).toEqual({
      ToUserName: 'gh_97417a04a28d',
      FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      CreateTime: 1714112445,
      MsgType: 'event',
      Event: 'debug_demo',
      debug_str: 'hello world',
    })
    for (let length = 0; length < 70; length += 1) {
      const text = 'x'.repeat(length)
      expect(Buffer.from(open(seal(text, key, appId), key)!.message).toString()).toBe(text)
    }
  })

  test('a sealed push, with its signature over the sealed part', async () => {
    const query =
      'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714112445&nonce=415670741&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3'
    const body = JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: sealed })
    const { connection } = openAccount(settings)
    const { events } = await connection.webhook!(
      new Request(`${webhookUrl}?${query}`, { method: 'POST', body }),
      at(1714112445),
    )
    expect(events).toMatchObject([
      { type: 'unread', externalId: 'event:o9AgO5Kd5ggOC-bXrbNODIiE3bGY:1714112445:debug_demo:' },
    ])
  })

  test('what the simulator seals is what WeChat seals', () => {
    const random = Buffer.from('707722b803182950')
    expect(seal('{"demo_resp":"good luck"}', key, appId, random)).toBe(
      'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
    )
    const reply = 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=='
    expect(sign(token, '1713424427', '415670741', reply)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
  })

  test('the same cipher at WeCom, whose vectors are published too', () => {
    const wecom = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'
    const echo = '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=='
    expect(signatureOf(['123456', '1411443780', '437374425', echo])).toBe('dd6b9c95b495b3f7e2901bfbc76c664930ffdb96')
    const opened = open(echo, wecom)
    expect([Buffer.from(opened!.message).toString(), opened!.appId]).toEqual([
      '5927782489442352469',
      'wx49f0ab532d5d035a',
    ])
  })
})

describe.each<Mode>(['plain', 'compatible', 'safe'])('in %s mode', (mode) => {
  beforeEach(() => simulator.configure({ mode }))

  test.each(['xml', 'json'] as const)('%s comes in, and the answer is success, as text', async (format) => {
    simulator.configure({ format })
    const { events, response } = await take(account({ mode }), simulator.signed(words))
    expect(events).toMatchObject(message)
    expect([response.status, await response.text()]).toEqual([200, 'success'])
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/u)
  })

  test('an event of no interest is answered success as well', async () => {
    const { events, response } = await take(
      account({ mode }),
      simulator.signed({ ...from, MsgType: 'event', Event: 'VIEW' }),
    )
    expect([events, await response.text()]).toEqual([[], 'success'])
  })

  test.each(['signature', 'timestamp', 'nonce', 'msg_signature'])('a wrong %s is refused', async (name) => {
    if (mode === 'plain' && name === 'msg_signature') return
    // With a sealed part, its own signature is the one that counts.
    if (mode !== 'plain' && name === 'signature') return
    const call = simulator.signed(words)
    const query = new URLSearchParams(call.query)
    const now = String(Math.floor(Date.now() / 1000) - 1)
    const wrong = ['', '0', '0'.repeat(40), ...(name === 'timestamp' ? [now] : []), `${query.get(name)}0`]
    for (const value of wrong) {
      query.set(name, value)
      await expect(take(account({ mode }), { ...call, query: query.toString() })).rejects.toBeInstanceOf(
        WebhookRejected,
      )
    }
    query.delete(name)
    await expect(take(account({ mode }), { ...call, query: query.toString() })).rejects.toBeInstanceOf(WebhookRejected)
  })

  test('a replay is told by when it came: WeChat’s own repetitions are in time, later ones are not', async () => {
    const call = simulator.signed(words)
    const since = (ms: number) => new Date(Date.now() + ms)
    for (const ms of [0, 5000, 10_000, 15_000, 60_000, -60_000]) {
      expect((await take(account({ mode }), call, since(ms))).events).toMatchObject(message)
    }
    for (const ms of [allowedSkewMs + 2000, 86_400_000, -allowedSkewMs - 2000]) {
      await expect(take(account({ mode }), call, since(ms))).rejects.toBeInstanceOf(WebhookRejected)
    }
  })

  test('a body that is none is malformed with the right signature, and refused with a wrong one', async () => {
    const call = { ...simulator.signed(words), body: '<xml><a>' }
    await expect(take(account({ mode }), call)).rejects.toBeInstanceOf(WebhookMalformed)
    const query = call.query.replace(/(^|&)signature=[0-9a-f]+/u, '')
    await expect(take(account({ mode }), { ...call, query })).rejects.toBeInstanceOf(WebhookRejected)
  })
})

describe('sealed pushes', () => {
  test('edge 6: in compatible mode the plain fields beside the sealed part are not believed', async () => {
    simulator.configure({ mode: 'compatible' })
    const call = simulator.signed(words)
    const lie = { ...call, body: call.body.replace('手机开不了机', '请把钱退到这个账号') }
    expect(lie.body).not.toBe(call.body)
    expect((await take(account({ mode: 'compatible' }), lie)).events).toMatchObject(message)
  })

  test.each(['compatible', 'safe'] as const)('edge 6: without a sealed part nothing comes in (%s)', async (mode) => {
    simulator.configure({ mode: 'plain' })
    const open = account({ mode })
    await expect(take(open, simulator.signed(words))).rejects.toBeInstanceOf(WebhookRejected)
    expect(open.tools.healths).toMatchObject([{ state: 'warning', text: { en: expect.stringContaining('mode') } }])
  })

  test('a stranger cannot change what the account’s health says', async () => {
    const open = account()
    const request = new Request(webhookUrl, { method: 'POST', body: '<xml><MsgType>text</MsgType></xml>' })
    await expect(open.connection.webhook!(request, new Date())).rejects.toBeInstanceOf(WebhookRejected)
    expect(open.tools.healths).toEqual([])
  })

  test('while the key is changed, both fit', async () => {
    const old = simulator.settings.encodingAesKey
    const fresh = 'NewKeyOfNoMessage0123456789abcdefghijklmnop'
    const rotating = account({ encodingAesKey: fresh, previousEncodingAesKey: old })
    expect((await take(rotating, simulator.signed(words))).events).toMatchObject(message)
    simulator.configure({ encodingAesKey: fresh })
    expect((await take(rotating, simulator.signed(words))).events).toMatchObject(message)
  })

  test('a push that fits neither key is genuine: it fails, to be kept and read with the right one', async () => {
    const wrong = account({ encodingAesKey: 'B'.repeat(43) })
    const error: unknown = await take(wrong, simulator.signed(words)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(WebhookRejected)
    expect(error).not.toBeInstanceOf(WebhookMalformed)
  })

  test('a push for another app is refused', async () => {
    const other = account({ appId: 'wxfedcba9876543210' })
    await expect(take(other, simulator.signed(words))).rejects.toBeInstanceOf(WebhookRejected)
  })

  test('in plain mode with a key, a sealed push is opened; without one, it fails and is kept', async () => {
    const call = simulator.signed(words)
    expect((await take(account({ mode: 'plain' }), call)).events).toMatchObject(message)
    const keyless = account({ mode: 'plain', encodingAesKey: '' })
    await expect(take(keyless, call)).rejects.toThrow('EncodingAESKey')
  })

  test.each(['', 'AAAA', 'not base64!', 'A'.repeat(64)])('a sealed part that is none: %j', async (sealed) => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const { token } = simulator.settings
    const query = new URLSearchParams({
      timestamp,
      nonce: '1',
      msg_signature: sign(token!, timestamp, '1', sealed),
      encrypt_type: 'aes',
    })
    const body = `<xml><Encrypt>${sealed}</Encrypt></xml>`
    await expect(take(account(), { query: query.toString(), body, contentType: 'text/xml' })).rejects.toBeInstanceOf(
      Error,
    )
  })

  test('every byte of a sealed part that is changed is noticed', () => {
    const key = simulator.settings.encodingAesKey!
    const whole = Buffer.from(seal('x'.repeat(40), key, 'wx1'), 'base64')
    for (const at of [0, 20, whole.length - 1]) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1
      const opened = open(changed.toString('base64'), key)
      const same = opened && Buffer.from(opened.message).toString() === 'x'.repeat(40) && opened.appId === 'wx1'
      // The random bytes at the beginning tell nothing; the signature covers them.
      if (at !== 0) expect(same).not.toBe(true)
    }
  })
})

test('comparing takes any lengths', () => {
  expect([isSame('', ''), isSame('a', ''), isSame('ab', 'ab'), isSame('ab', 'aB')]).toEqual([true, false, true, false])
})

test('only GET and POST are WeChat’s', async () => {
  const { query } = simulator.signed(words)
  const request = new Request(`${webhookUrl}?${query}`, { method: 'PUT', body: '<xml><a>1</a></xml>' })
  await expect(account().connection.webhook!(request, new Date())).rejects.toBeInstanceOf(WebhookRejected)
})

test('the console’s question with a wrong signature is not answered', async () => {
  const timestamp = Math.floor(Date.now() / 1000)
  for (const signature of ['', '0'.repeat(40), sign('', String(timestamp), '1')]) {
    const query = new URLSearchParams({ signature, timestamp: String(timestamp), nonce: '1', echostr: '<script>' })
    const asked = account().connection.webhook!(new Request(`${webhookUrl}?${query}`), new Date())
    await expect(asked).rejects.toBeInstanceOf(WebhookRejected)
  }
})

test('the same push twice, and at once, gives the same events', async () => {
  const open = account()
  const call = simulator.signed(words)
  const all = await Promise.all([take(open, call), take(open, call), take(open, call)])
  for (const { events } of all) expect(events).toEqual(all[0].events)
})

test('a push says whom it is for: requests are made anew from the kept bytes', async () => {
  const request = requestOf(simulator.signed(words))
  const bytes = Buffer.from(await request.arrayBuffer())
  const again = new Request(request.url, { method: 'POST', body: bytes, headers: request.headers })
  expect((await account().connection.webhook!(again, new Date())).events).toMatchObject(message)
})
