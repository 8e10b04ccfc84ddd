/** Through real wechaty and the real client of wechaty-puppet-service, against a gateway on loopback. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { InboundEvent, InboundMessage } from '#channel/events.ts'
import { until } from '../../test/helpers/until.ts'
import { loadSdk } from './sdk.ts'
import { startWechatyGateway, type WechatyGateway } from './simulator.ts'
import { openAccount, replyTo, type TestAccount, type TestOptions } from './test-account.ts'

let gateway: WechatyGateway
let account: TestAccount
const opened: TestAccount[] = []
// On a busy machine that alone takes seconds.
beforeAll(async () => void (await loadSdk()))
beforeEach(async () => {
  gateway = await startWechatyGateway()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.stop()))
  await gateway.close()
})

function open(options: TestOptions & { silenceSeconds?: number; token?: string } = {}): TestAccount {
  const { silenceSeconds, token = gateway.token, ...rest } = options
  const more = silenceSeconds === undefined ? {} : { silenceSeconds }
  account = openAccount({ token, endpoint: gateway.endpoint, ...more }, rest)
  opened.push(account)
  return account
}
const health = () => account.tools.healths.at(-1)
async function signedIn(options: Parameters<typeof open>[0] = {}): Promise<TestAccount> {
  open(options)
  gateway.login()
  void account.listen()
  await until(() => health()?.name)
  return account
}
const messages = (): InboundMessage[] =>
  account.events
    .flatMap((event: InboundEvent) => (event.type === 'message' ? [event.message] : []))
    .toSorted((a, b) => (a.sequence! < b.sequence! ? -1 : 1))
const outcomeOf = (sending: Promise<unknown>) =>
  sending.then(
    (sent) => sent,
    (error: { outcome?: string; code?: string; scope?: string }) => [error.outcome, error.code, error.scope],
  )

describe('signing in', () => {
  test('edge 1: a sign-in at night: the code is shown, replies are held, and go on after the scan', async () => {
    open()
    void account.listen()
    await until(() => health()?.state === 'refused')
    expect(health()).toMatchObject({ state: 'refused', text: { zh: expect.stringMatching(/等待/u) } })
    gateway.scan('http://weixin.qq.com/x/AbC-0')
    await until(() => health()?.scan === 'http://weixin.qq.com/x/AbC-0')
    expect(await account.connection.check()).toEqual(health())
    expect(await outcomeOf(account.connection.send(replyTo('wxid_1', '您好')))).toEqual([
      'retry',
      'credentials_refused',
      'account',
    ])
    gateway.scan('http://weixin.qq.com/x/AbC-0', 3)
    await until(() => health()?.text?.en.includes('confirm'))
    expect(health()).not.toHaveProperty('scan')
    gateway.login()
    await until(() => health()?.name)
    expect(health()).toEqual({ state: 'ok', name: '客服小信' })
    const { id } = gateway.customer({ name: 'Lin' })
    expect(await account.connection.send(replyTo(id, '您好'))).toMatchObject({ externalId: expect.any(String) })

    await gateway.logout()
    await until(() => health()?.state === 'refused')
    expect(await outcomeOf(account.connection.send(replyTo(id, '还在吗')))).toMatchObject([
      'retry',
      'credentials_refused',
      'account',
    ])
    expect(gateway.accepted()).toHaveLength(1)
  })

  test('is told by a check on any server, from what the listening one wrote', async () => {
    await signedIn()
    const elsewhere = open({ tools: account.tools })
    await until(async () => (await elsewhere.connection.check()).name)
    expect(await elsewhere.connection.check()).toEqual({ state: 'ok', name: '客服小信' })
    await gateway.logout()
    await until(async () => (await elsewhere.connection.check()).state === 'refused')
    expect(await outcomeOf(elsewhere.connection.send(replyTo('wxid_1', 'x')))).toEqual([
      'retry',
      'unreachable',
      'account',
    ])
  })

  test('an old code is not shown: it is good for minutes', async () => {
    open()
    void account.listen()
    await until(() => health()?.state === 'refused')
    gateway.scan('http://weixin.qq.com/x/old')
    await until(() => health()?.scan)
    account.tools.setNow(new Date(Date.now() + 11 * 60_000))
    const found = await account.connection.check()
    expect(found).toMatchObject({ state: 'refused' })
    expect(found).not.toHaveProperty('scan')
  })

  test('the gateway refuses the token', async () => {
    open({ token: 'insecure_of-somebody-else_0123456789' })
    expect(await account.listen()).toMatchObject({ name: 'ReadError', reason: 'credentials' })
    await until(async () => (await account.connection.check()).state === 'refused')
  })

  test('edge 3: one token serves one connection: the second one is told so, and the first goes on', async () => {
    await signedIn()
    const first = account
    const second = open()
    expect(await second.listen()).toMatchObject({ name: 'ReadError', reason: 'conflict' })
    account = first
    gateway.customer({ name: 'Lin' }).says('还在吗')
    await until(() => messages().length === 1)
  })
})

describe('the connection', () => {
  test('edge 2: a silent line ends the session instead of a reset inside; a quiet gateway does not', async () => {
    await signedIn({ silenceSeconds: 1 })
    // Quiet: nobody writes for longer than the silence, and signs of life are asked for.
    const before = account.tools.healths.length
    await until(() => gateway.pings >= 8, { timeoutMs: 10_000 })
    expect(account.tools.healths.length).toBe(before)
    gateway.line.silence(true)
    expect(await account.ended()).toMatchObject({
      name: 'ReadError',
      reason: 'later',
      text: { en: expect.stringMatching(/heard/u) },
    })
    expect(await account.connection.check()).toMatchObject({ state: 'warning' })
    expect(gateway.calls).toEqual(['start'])
  })

  test('edge 2: a sign-out that was heard is not said back to the gateway', async () => {
    await signedIn()
    await gateway.logout()
    await until(() => health()?.state === 'refused')
    gateway.login()
    await until(() => health()?.name)
    expect(gateway.loggedIn).toBe(true)
    expect(gateway.calls).toEqual(['start', 'logout'])
  })

  test('edge 4: the line breaks: listening rejects, is opened again, and repeated messages keep their ids', async () => {
    await signedIn()
    const lin = gateway.customer({ name: 'Lin' })
    const id = lin.says('第一条')
    await until(() => messages().length === 1)
    gateway.line.cut()
    expect(await account.ended()).toMatchObject({ name: 'ReadError', reason: 'later' })
    expect(await account.connection.check()).toMatchObject({ state: 'warning' })
    account.keepListening()
    await until(() => health()?.name)
    gateway.again(id)
    lin.says('第二条')
    await until(() => messages().length === 3)
    expect(new Set(messages().map(({ externalId }) => externalId)).size).toBe(2)
    expect(messages()[0]).toMatchObject({ ...messages()[1], sequence: expect.any(String), raw: expect.anything() })
  })

  test('a gateway that is down is said in words, and tried again by the core', async () => {
    open()
    await gateway.line.down(true)
    const error = await account.listen()
    expect(error).toMatchObject({ name: 'ReadError', reason: 'later', text: { en: expect.stringMatching(/reached/u) } })
    expect(await account.connection.check()).toMatchObject({ state: 'warning' })
    await gateway.line.down(false)
    gateway.login()
    account.keepListening()
    await until(() => health()?.name)
  })

  test('what a gateway sends in place of events ends nothing', async () => {
    await signedIn()
    gateway.emit('message', { messageId: 'of nothing' })
    gateway.emit('message', {})
    gateway.emit('error', { gerror: '{broken' })
    gateway.emit('login', { contactId: 7 })
    gateway.customer({ name: 'Lin' }).says('还在吗')
    await until(() => messages().length === 1)
  })
})

describe('what comes', () => {
  test('edge 5: after a restart the last messages are played again: they have the same ids, and no age makes one lost', async () => {
    await signedIn()
    const lin = gateway.customer({ name: 'Lin' })
    const old = gateway.arrives({
      talkerId: lin.id,
      listenerId: gateway.account,
      text: '三天前',
      timestamp: Date.now() - 3 * 86_400_000,
    })
    await until(() => messages().length === 1)
    await account.stop()
    await signedInAgain()
    gateway.again(old)
    await until(() => messages().length === 1)
    expect(messages()[0]).toMatchObject({ externalId: old, text: '三天前' })
    expect(messages()[0]!.sentAt.getTime()).toBeLessThan(Date.now() - 2 * 86_400_000)
  })

  test('edge 7: what is said in a room is answered in the room, to whom it was said', async () => {
    await signedIn()
    const lin = gateway.customer({ name: 'Lin' })
    const room = gateway.room('售后维修群', [lin])
    lin.says('在吗', room)
    const [message] = await until(() => messages().length > 0 && messages())
    expect(message).toMatchObject({ surface: 'public', rootId: room, threadId: `${room}/${lin.id}` })
    const reply = replyTo(message!.threadId, '在的', { surface: 'public' })
    await account.connection.send(reply)
    expect(gateway.accepted()).toMatchObject([{ to: room, roomId: room, text: '@Lin\u2005在的', mentions: [lin.id] }])
    const echo = await until(() => account.events.find(({ type }) => type === 'echo'))
    expect(echo).toMatchObject({ message: { threadId: message!.threadId } })
    const { text } = (echo as { message: InboundMessage }).message
    expect(account.connection.sameText!('在的', text)).toBe(true)
    expect(account.connection.sameText!('在', text)).toBe(false)
  })

  test('edge 9: what was written on the phone is an echo in the customer’s conversation', async () => {
    await signedIn()
    const lin = gateway.customer({ name: 'Lin' })
    gateway.arrives({ talkerId: gateway.account, listenerId: lin.id, text: '我用手机回的' })
    const echo = await until(() => account.events[0])
    expect(echo).toMatchObject({ type: 'echo', message: { threadId: lin.id, text: '我用手机回的' } })
  })

  test('edge 8: a recalled message is taken back by its id', async () => {
    await signedIn()
    const lin = gateway.customer({ name: 'Lin' })
    const id = lin.says('发错了')
    lin.recalls(id)
    await until(() => account.events.length === 2)
    expect(account.events[1]).toMatchObject({ type: 'deleted', externalId: id })
  })

  test('edge 10: links, places and cards come over the gateway with what they hold', async () => {
    await signedIn()
    const { id } = gateway.customer({ name: 'Lin' })
    const card = gateway.customer({ name: '李师傅' })
    const from = { talkerId: id, listenerId: gateway.account }
    gateway.arrives({ ...from, type: 14 }, { url: { title: '公告', url: 'https://example.com/a' } })
    gateway.arrives(
      { ...from, type: 8 },
      { location: { accuracy: 5, address: '成府路', latitude: 39.5, longitude: 116.2, name: '门店' } },
    )
    gateway.arrives({ ...from, type: 9 }, { miniProgram: { title: '售后进度' } })
    gateway.arrives({ ...from, type: 3 }, { card: card.id })
    gateway.arrives({ ...from, type: 12, text: '' })
    await until(() => messages().length === 5)
    expect(messages().map(({ text }) => text)).toEqual([
      '[链接 link] 公告\nhttps://example.com/a',
      '[位置 location] 门店 · 成府路',
      '[小程序 mini program] 售后进度',
      '[名片 contact card] 李师傅',
      '[红包 red envelope]',
    ])
    expect(messages()[1]!.location).toEqual({ latitude: 39.5, longitude: 116.2, title: '门店' })
  })

  test('what could not be stored is kept and stored later, once', async () => {
    let down = true
    const stored: string[] = []
    const deliver = async (events: readonly InboundEvent[]) => {
      if (down) throw new Error('the database is away')
      stored.push(...events.map((event) => ('message' in event ? event.message.text : event.type)))
    }
    await signedIn({ deliver })
    const lin = gateway.customer({ name: 'Lin' })
    for (const text of ['一', '二', '三']) lin.says(text)
    await until(() => account.tools.lines.length > 0)
    down = false
    await until(() => stored.length === 3)
    expect(stored.toSorted()).toEqual(['一', '三', '二'])
  })
})

async function signedInAgain(): Promise<void> {
  open()
  account.keepListening()
  await until(() => health()?.name)
}
