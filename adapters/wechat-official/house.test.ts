/** Behind the real door, with the real database: what the core makes of WeChat's pushes, and tokens between nodes. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { addAccount } from '../../src/accounts/add.ts'
import { changeAccount } from '../../src/accounts/change.ts'
import { createConnections } from '../../src/accounts/connections.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { replayUnread } from '../../src/inbound/unread.ts'
import { standingOf } from '../../src/outbound/standing.ts'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { capabilities } from './capabilities.ts'
import { wechatOfficial } from './index.ts'
import { type Customer, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { replyTo } from './test-account.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
let house: TestApp
let simulator: WeChatSimulator
let address: string
let accountId: string
let lin: Customer

beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example' }, undefined, [wechatOfficial])
  address = await house.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => house.close())
beforeEach(async () => {
  house.clock.now = new Date()
  // The real patience: the database may be slow on a busy machine.
  simulator = await startWeChatSimulator()
  const settings = simulator.settings
  const added = await addAccount(house.deps, systemActor, { channel: 'wechat-official', name: 'care', settings })
  accountId = added.id
  house.deps.connections.changed(accountId)
  simulator.connect(`${address}/webhooks/${accountId}`)
  lin = simulator.customer(openId)
})
afterEach(() => simulator.close())

const rows = (table: string) =>
  house.database.sql`select * from ${house.database.sql(table)} where account_id = ${accountId}`
async function standing() {
  const [thread] = await rows('threads')
  const all = await standingOf(house.deps.db, [thread!.id as string], () => capabilities)
  return all.get(thread!.id as string)!
}

test('the console gets its word back through the door', async () => {
  expect(await simulator.greet()).toBe(true)
  const answer = await fetch(`${address}/webhooks/${accountId}?signature=x&timestamp=1&nonce=1&echostr=7`)
  expect(answer.status).toBe(401)
})

test('a message opens five replies in 48 hours; a click three in a minute; the end locks the thread', async () => {
  await lin.says('手机开不了机')
  expect((await standing()).windows).toMatchObject([{ left: 5 }])
  await lin.clicks('CONTACT')
  const open = await standing()
  expect(open.windows).toMatchObject([{ left: 5 }, { left: 3 }])
  const [first, second] = open.windows!.map(({ until }) => until.getTime() - Date.now())
  expect(first!).toBeGreaterThan(47 * 3_600_000)
  expect(second!).toBeLessThanOrEqual(60_000)
  await lin.unfollows()
  expect(await standing()).toMatchObject({ reachable: false, unreachableReason: 'unsubscribed' })
  expect(simulator.complaints()).toBe(0)
})

test('the same push three times is one message, and its file is on its way', async () => {
  const call = simulator.signed({
    ToUserName: 'gh_1',
    FromUserName: openId,
    CreateTime: Math.floor(Date.now() / 1000),
    MsgType: 'image',
    PicUrl: 'http://mmbiz.example/1',
    MediaId: 'm-1',
    MsgId: '24363689963896700987',
  })
  const post = () =>
    fetch(`${address}/webhooks/${accountId}?${call.query}`, {
      method: 'POST',
      body: call.body,
      headers: { 'content-type': 'text/xml' },
    })
  const answers = await Promise.all([post(), post(), post()])
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['success', 'success', 'success'])
  expect([(await rows('messages')).length, (await rows('media')).length]).toEqual([1, 1])
})

test('a push that fits neither key is kept, and comes in once the key is right, however late', async () => {
  const old = simulator.settings.encodingAesKey!
  simulator.configure({ encodingAesKey: 'NewKeyOfNoMessage0123456789abcdefghijklmnop' })
  expect(await lin.says('换密钥的时候发的')).toBe(true)
  expect([(await rows('messages')).length, (await rows('inbound_unread')).length]).toEqual([0, 1])
  house.clock.now = new Date(Date.now() + 3_600_000)
  const settings = { encodingAesKey: 'NewKeyOfNoMessage0123456789abcdefghijklmnop', previousEncodingAesKey: old }
  await changeAccount(house.deps, systemActor, accountId, { settings })
  house.deps.connections.changed(accountId)
  expect(await replayUnread(house.deps, accountId)).toEqual({ replayed: 1, failed: 0 })
  expect(await rows('messages')).toMatchObject([{ text: '换密钥的时候发的' }])
})

test('edge 5: nodes that share a database share the token, also when it is renewed', async () => {
  await lin.says('手机开不了机')
  const other = createConnections(house.deps)
  const nodes = await Promise.all([house.deps.connections.get(accountId), other.get(accountId)])
  const send = (node: number) => nodes[node]!.connection.send(replyTo(openId, 'hi'))
  await Promise.all([send(0), send(1)])
  simulator.revokeTokens()
  await Promise.all([send(0), send(1), send(0)])
  const asked = simulator.calls.filter(({ path }) => path.endsWith('stable_token'))
  expect(asked).toHaveLength(2)
  expect(simulator.ledger).toHaveLength(5)
  await other.close()
})
