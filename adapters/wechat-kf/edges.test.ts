/** The channel's nastiest cases, one by one, and those found on the way. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ReadError } from '#channel/errors.ts'
import { keyOf } from '../../src/inbound/keys.ts'
import { startWeComSimulator, type WeComSimulator } from './simulator.ts'
import { failed, messagesIn, openAccount, poll, readAll, replyTo, type TestAccount, take } from './test-account.ts'

const day = 86_400
const customerId = 'wmCustomer01'
let simulator: WeComSimulator
let account: TestAccount
let kf: string
let threadId: string

beforeEach(async () => {
  simulator = await startWeComSimulator()
  kf = simulator.openKfIds[0]!
  threadId = `${kf}:${customerId}`
  account = openAccount({ ...simulator.settings, openKfIds: kf })
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const customer = () => simulator.customer(customerId)
const seconds = () => Math.floor(simulator.now().getTime() / 1000)
const past = (id: string, ageSeconds: number) =>
  simulator.line({
    msgid: id,
    send_time: seconds() - ageSeconds,
    origin: 3,
    open_kfid: kf,
    external_userid: customerId,
    msgtype: 'text',
    text: { content: id },
  })

test('edge 1: a cursor that is lost reads three days again, and what is known already has the same keys', async () => {
  await customer().says('第一条')
  const first = await readAll(account, kf)
  simulator.forgetCursors()
  await customer().says('第二条')
  const again = await readAll(account, kf, first.cursor)
  expect(messagesIn(again.events).map(({ text }) => text)).toEqual(['第一条', '第二条'])
  expect(again.events.map(keyOf)).toEqual(expect.arrayContaining(first.events.map(keyOf)))
})

test('edge 1: messages from before the account was connected become no tickets, however the pages fall', async () => {
  past('old-1', 2 * day)
  past('old-2', day)
  past('just-now', 30)
  simulator.shorten(1)
  const { events, reads } = await readAll(account, kf)
  expect(messagesIn(events).map(({ text }) => text)).toEqual(['just-now'])
  expect(reads).toBe(3)
})

test('edge 1: and where that is wished, they do; more than three days WeCom does not keep', async () => {
  past('too-old', 4 * day)
  past('old', 2 * day)
  const other = openAccount({ ...simulator.settings, openKfIds: kf, history: 'take' })
  expect(messagesIn((await readAll(other, kf)).events).map(({ text }) => text)).toEqual(['old'])
  other.tools.close()
})

test('edge 1: the line from which messages count stays where it was drawn', async () => {
  const first = await readAll(account, kf)
  account.tools.setNow(new Date(Date.now() + 3_600_000))
  past('in between', 60)
  expect(messagesIn((await readAll(account, kf, first.cursor)).events)).toHaveLength(1)
})

test("edge 2: a call's token is used while it is good, for the pages that follow too", async () => {
  simulator.shorten(1)
  await customer().says('一')
  await customer().says('二')
  const { nudge } = await take(account, simulator.signed())
  const first = await poll(account, kf, null, nudge!.hint)
  expect(first.more).toBe(true)
  await poll(account, kf, first.cursor)
  const asked = account.tools.exchanges.filter(({ url }) => url.includes('sync_msg'))
  expect(asked.map(({ request }) => /"token":"ENC/u.test(String(request)))).toEqual([true, true])
})

test("edge 2: a call's token that is older than ten minutes is not shown, and one that is refused is left out", async () => {
  await customer().says('在吗')
  const { nudge } = await take(account, simulator.signed())
  account.tools.setNow(new Date(Date.now() + 11 * 60_000))
  expect(messagesIn((await poll(account, kf, null, nudge!.hint)).events)).toHaveLength(1)
  const shown = account.tools.exchanges.filter(({ request }) => String(request).includes('"token"'))
  expect(shown).toEqual([])
  account.tools.setNow(new Date())
  const wrong = await poll(account, kf, null, `${Date.now()} ENCsomebodyElses`)
  expect(messagesIn(wrong.events)).toHaveLength(1)
})

test('edge 2: asked too often without a token, it waits as an account and loses nothing', async () => {
  await customer().says('在吗')
  simulator.fail({ path: '/kf/sync_msg', fault: { kind: 'errcode', errcode: 45009 } })
  const error: unknown = await poll(account, kf, null).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ReadError)
  expect((error as ReadError).reason).toBe('later')
  expect((error as ReadError).after!.getTime()).toBeGreaterThan(Date.now() + 30_000)
  expect(messagesIn((await poll(account, kf, null)).events)).toHaveLength(1)
})

test('edge 3: a conversation that a colleague took in WeCom cannot be answered, and the agent is told what to do', async () => {
  await customer().says('在吗')
  await account.connection.send(replyTo(threadId, '您好'))
  await customer().isTaken('zhangsan')
  const error = await failed(account, replyTo(threadId, '请问型号？'))
  expect([error.outcome, error.code]).toEqual(['rejected', 'permission'])
  expect(error.text.zh).toMatch(/接待人员/u)
  expect(error.text.en).toMatch(/colleague/u)
  expect(simulator.ledger).toHaveLength(1)
})

test('edge 3: one that ended waits for the customer, who opens it again by writing', async () => {
  await customer().says('在吗')
  await customer().isEnded()
  const error = await failed(account, replyTo(threadId, '您好'))
  expect([error.outcome, error.code]).toEqual(['rejected', 'window_closed'])
  await customer().says('还在吗')
  await account.connection.send(replyTo(threadId, '在的'))
  expect(simulator.ledger.map(({ text }) => text)).toEqual(['在的'])
})

test('edge 3: a new conversation is made ours before the first answer, and not asked about again at once', async () => {
  await customer().says('在吗')
  await account.connection.send(replyTo(threadId, '您好'))
  await account.connection.send(replyTo(threadId, '请讲'))
  const paths = simulator.calls.map(({ path }) => path.replace('/cgi-bin/', ''))
  expect(paths.filter((path) => path.includes('service_state'))).toEqual([
    'kf/service_state/get',
    'kf/service_state/trans',
  ])
})

test('edge 4: a message that the customer took back is deleted by its id', async () => {
  await customer().says('密码是……')
  await customer().recalls()
  const { events } = await readAll(account, kf)
  const [message] = messagesIn(events)
  expect(events[1]).toMatchObject({ type: 'deleted', externalId: message!.externalId })
})

test('edge 5: a forwarded chat with a chat in it is one message, with its pictures', async () => {
  const line = (msgtype: string, body: object) => ({
    msgtype,
    sender_name: '小王',
    msg_content: JSON.stringify({ msgtype, [msgtype]: body }),
  })
  const inner = { title: '内层', item: [line('text', { content: '我也是' })] }
  await customer().sends('merged_msg', {
    title: '聊天记录',
    item: [line('image', { media_id: 'x1' }), line('merged_msg', inner)],
  })
  const [message] = messagesIn((await readAll(account, kf)).events)
  expect(message!.text).toContain('我也是')
  expect(message!.media).toMatchObject([{ kind: 'photo', externalId: 'x1' }])
})

test('edge 6: a welcome is sent once, within its 20 seconds, and not after', async () => {
  const greeting = openAccount({ ...simulator.settings, openKfIds: kf, welcome: '您好，请描述您遇到的问题。' })
  await customer().enters('card')
  const [opened] = (await readAll(greeting, kf)).events
  expect(opened).toMatchObject({ type: 'opened', kind: 'enter_session', welcome: { code: expect.any(String) } })
  await greeting.connection.acknowledge!(opened!)
  // Again, as after a crash between the call and its note.
  await greeting.connection.acknowledge!(opened!)
  expect(simulator.ledger.map(({ text }) => text)).toEqual(['您好，请描述您遇到的问题。'])
  await simulator.customer('wmLate').enters()
  const late = (await readAll(greeting, kf)).events.at(-1)!
  greeting.tools.setNow(new Date(Date.now() + 21_000))
  await greeting.connection.acknowledge!(late)
  expect(simulator.ledger).toHaveLength(1)
  greeting.tools.close()
})

test('edge 6: without words of ours nobody is welcomed', async () => {
  await customer().enters()
  const [opened] = (await readAll(account, kf)).events
  await account.connection.acknowledge!(opened!)
  expect(simulator.calls.filter(({ path }) => path.includes('send_msg_on_event'))).toEqual([])
})

test('edge 6: a welcome that met a broken line is tried again by whoever called', async () => {
  const greeting = openAccount({ ...simulator.settings, openKfIds: kf, welcome: '您好' })
  await customer().enters()
  const [opened] = (await readAll(greeting, kf)).events
  simulator.fail({ path: '/kf/send_msg_on_event', fault: { kind: 'reset', accepted: false } })
  await expect(greeting.connection.acknowledge!(opened!)).rejects.toThrow()
  await greeting.connection.acknowledge!(opened!)
  expect(simulator.ledger).toHaveLength(1)
  greeting.tools.close()
})

test('edge 7: calls that come twice or at once wake one stream, and reading twice gives the same keys', async () => {
  await customer().says('在吗')
  const call = simulator.signed()
  const taken = await Promise.all([take(account, call), take(account, call), take(account, simulator.signed())])
  expect(taken.map(({ events, nudge }) => [events.length, nudge?.stream])).toEqual([
    [0, kf],
    [0, kf],
    [0, kf],
  ])
  const reads = await Promise.all([poll(account, kf, null), poll(account, kf, null)])
  expect(reads[0]!.events.map(keyOf)).toEqual(reads[1]!.events.map(keyOf))
})

test('edge 8: a customer is known by company: another service account is another conversation of the same person', async () => {
  const two = await startWeComSimulator({
    accounts: [
      { id: 'wkFirst', name: '售后' },
      { id: 'wkSecond', name: '售前' },
    ],
  })
  const both = openAccount(two.settings)
  await both.connection.check()
  expect(both.connection.streams!()).toEqual(['wkFirst', 'wkSecond'])
  await two.customer(customerId, 'wkFirst').says('一')
  await two.customer(customerId, 'wkSecond').says('二')
  const seen = messagesIn([...(await readAll(both, 'wkFirst')).events, ...(await readAll(both, 'wkSecond')).events])
  expect(seen.map((message) => message.threadId)).toEqual([`wkFirst:${customerId}`, `wkSecond:${customerId}`])
  expect(new Set(seen.map(({ author }) => author.externalId)).size).toBe(1)
  both.tools.close()
  await two.close()
})

test('edge 9: what a colleague writes in WeCom is an echo, and never a customer', async () => {
  await customer().says('在吗')
  await customer().hearsColleague('zhangsan', '您好，我来处理')
  const { events } = await readAll(account, kf)
  expect(events.map(({ type }) => type)).toEqual(['message', 'echo'])
  expect(events[1]).toMatchObject({ message: { threadId, author: { externalId: 'zhangsan' } } })
})

test('edge 10: five replies for a message, then none until the customer writes', async () => {
  await customer().says('在吗')
  for (let count = 1; count <= 5; count += 1) await account.connection.send(replyTo(threadId, `第 ${count} 条`))
  const error = await failed(account, replyTo(threadId, '第 6 条'))
  expect([error.outcome, error.code]).toEqual(['rejected', 'quota'])
  await customer().says('好的')
  await account.connection.send(replyTo(threadId, '不客气'))
  simulator.advance(49 * 3_600_000)
  const late = await failed(account, replyTo(threadId, '还有问题吗'))
  expect([late.outcome, late.code]).toEqual(['rejected', 'window_closed'])
})

test('edge 11: a message that was taken and did not arrive is failed by the id we gave it', async () => {
  await customer().says('在吗')
  customer().refuses()
  const reply = replyTo(threadId, '您好')
  const { externalId } = await account.connection.send(reply)
  expect(externalId).toBe(reply.deliveryId.replaceAll('-', ''))
  const { events } = await readAll(account, kf)
  expect(events).toContainEqual(expect.objectContaining({ type: 'receipt', externalId, status: 'failed' }))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'reachability', identity: customerId, reachable: false }),
  )
})

test('edge 12: pages may be short, and empty, and still not the last', async () => {
  for (const text of ['一', '二', '三']) await customer().says(text)
  simulator.shorten(2)
  simulator.empty(2)
  const { events, reads } = await readAll(account, kf)
  expect(messagesIn(events).map(({ text }) => text)).toEqual(['一', '二', '三'])
  expect(reads).toBe(4)
})

test('edge 12: messages of one second keep the order of their page', async () => {
  for (const text of ['一', '二', '三']) await customer().says(text)
  const sequences = messagesIn((await readAll(account, kf)).events).map(({ sequence }) => sequence!)
  expect([...sequences].sort()).toEqual(sequences)
  expect(new Set(sequences).size).toBe(3)
})

test('edge 13: names come with a call of their own, kept, and no message waits for them', async () => {
  customer().isCalled('晓雯')
  await customer().says('在吗')
  const first = await readAll(account, kf)
  expect(messagesIn(first.events)[0]!.author).toMatchObject({ name: '晓雯', isNamed: true })
  await customer().says('有人吗')
  await readAll(account, kf, first.cursor)
  expect(simulator.calls.filter(({ path }) => path.includes('batchget'))).toHaveLength(1)
  simulator.fail({ path: '/kf/customer/batchget', fault: { kind: 'reset', accepted: false } })
  await simulator.customer('wmOther01').says('hello')
  const other = messagesIn((await readAll(account, kf)).events).find(({ text }) => text === 'hello')
  expect(other!.author).toMatchObject({ isNamed: false })
})

test('edge 14: a service account that is found by a call is read from then on, by every node', async () => {
  const open = openAccount(simulator.settings)
  expect(open.connection.streams!()).toEqual([])
  expect((await take(open, simulator.signed())).nudge).toMatchObject({ stream: kf })
  expect(open.connection.streams!()).toEqual([kf])
  const named = openAccount({ ...simulator.settings, openKfIds: 'wkSomeOther' })
  expect((await take(named, simulator.signed())).nudge).toBeUndefined()
  for (const { tools } of [open, named]) tools.close()
})

test('edge 15: a reply that is sent again has the same id, and reaches the customer once', async () => {
  await customer().says('在吗')
  const reply = replyTo(threadId, '您好')
  simulator.fail({ path: '/kf/send_msg', fault: { kind: 'cut', accepted: true } })
  const error = await failed(account, reply)
  expect(error.outcome).toBe('unknown')
  expect(await account.connection.send({ ...reply, doubted: true })).toEqual({
    externalId: reply.deliveryId.replaceAll('-', ''),
  })
  expect(simulator.ledger).toHaveLength(1)
})
