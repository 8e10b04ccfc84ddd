/** WeChat's nastiest habits, numbered as in the list this channel was built from. 5, 6, 7 are tested beside their parts. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ReadError } from '#channel/errors.ts'
import type { ExternalMedia, InboundEvent, InboundMessage } from '#channel/events.ts'
import { split } from '#channel/text.ts'
import { capabilities } from './capabilities.ts'
import { readDocument } from './document.ts'
import { parse } from './parse.ts'
import { type Customer, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { failed, openAccount, replyTo, type TestAccount } from './test-account.ts'
import { type Door, openDoor } from './test-door.ts'

const openId = 'oL7001_abcDEFghiJKLmnoPQR-a1'
let simulator: WeChatSimulator
let account: TestAccount
let door: Door
let lin: Customer

beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 10 })
  account = openAccount(simulator.settings)
  door = await openDoor(account.connection)
  simulator.connect(door.url)
  lin = simulator.customer(openId)
})
afterEach(async () => {
  account.tools.close()
  await door.close()
  await simulator.close()
})

const send = (text: string) => account.connection.send(replyTo(openId, text))
const messages = () => door.events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
const xml = (fields: string) =>
  parse(
    readDocument(
      Buffer.from(`<xml><FromUserName>${openId}</FromUserName><CreateTime>1764000000</CreateTime>${fields}</xml>`),
    ),
  )
const only = (events: readonly InboundEvent[]): InboundMessage => {
  if (events[0]?.type !== 'message') throw new Error('no message')
  return events[0].message
}
async function reasonOf(media: ExternalMedia): Promise<string> {
  const error: unknown = await account.connection.download!(media, AbortSignal.timeout(5000)).catch((thrown) => thrown)
  return error instanceof ReadError ? error.reason : 'none'
}

test('edge 1: a server that takes more than five seconds gets the message three times, as the same message', async () => {
  door.answer('too-late', 2)
  expect(await lin.says('在吗')).toBe(true)
  expect(simulator.attempts().map(({ status }) => status)).toEqual([null, null, 200])
  expect(messages()).toHaveLength(3)
  expect(new Set(messages().map(({ externalId }) => externalId)).size).toBe(1)
  expect(simulator.complaints()).toBe(0)
})

test('edge 1: three times nothing, and the customer reads that the account is out of order', async () => {
  door.answer('too-late', 3)
  expect(await lin.says('在吗')).toBe(false)
  expect([simulator.attempts().length, simulator.complaints()]).toEqual([3, 1])
})

test('edge 1: an id that two people have at once is two messages', () => {
  const text = '<MsgType>text</MsgType><Content>a</Content><MsgId>7</MsgId>'
  const other = readDocument(Buffer.from(`<xml><FromUserName>o2</FromUserName><CreateTime>1</CreateTime>${text}</xml>`))
  expect(only(parse(other)).externalId).not.toBe(only(xml(text)).externalId)
})

test('edge 2: two events in one second stay two, and a repeated one stays one', async () => {
  const event = (name: string, key: string) =>
    xml(`<MsgType>event</MsgType><Event>${name}</Event><EventKey>${key}</EventKey>`)
  const subscribe = event('subscribe', 'qrscene_5')
  const scan = event('SCAN', '5')
  expect([subscribe[0], scan[0]]).toMatchObject([{ kind: 'subscribe' }, { kind: 'scan' }])
  const unknown = [event('nod', 'a'), event('nod', 'b'), event('bow', 'a')].map(([first]) =>
    first?.type === 'unread' ? first.externalId : null,
  )
  expect(new Set(unknown).size).toBe(3)
  expect(event('nod', 'a')).toEqual(event('nod', 'a'))
})

test('edge 3: the sixth reply is refused as used up, and a text in three parts uses three', async () => {
  await lin.says('手机开不了机')
  const { max, unit } = capabilities.surfaces.direct!.text
  const parts = split('请按下面的步骤检查。'.repeat(180), max, unit)
  expect(parts).toHaveLength(3)
  for (const part of parts) await send(part)
  await send('4')
  await send('5')
  expect(await failed(account, replyTo(openId, '6'))).toMatchObject({ outcome: 'rejected', code: 'quota' })
  await lin.says('好的')
  await send('6')
  expect(simulator.ledger).toHaveLength(6)
})

test('edge 3: after a click, three in one minute', async () => {
  await lin.clicks('CONTACT')
  for (const text of ['1', '2', '3']) await send(text)
  expect(await failed(account, replyTo(openId, '4'))).toMatchObject({ code: 'quota' })
  await lin.scans('shop')
  simulator.advance(61_000)
  expect(await failed(account, replyTo(openId, '4'))).toMatchObject({ code: 'window_closed' })
})

test('edge 4: a customer who unfollowed cannot be reached, and the send says why', async () => {
  await lin.says('手机开不了机')
  await lin.unfollows()
  expect(door.events.at(-1)).toMatchObject({ type: 'reachability', identity: openId, reachable: false })
  const error = await failed(account, replyTo(openId, 'hi'))
  expect(error).toMatchObject({ outcome: 'rejected', code: 'window_closed' })
  expect(error.text.en).toContain('unfollowed')
  await lin.follows('poster')
  expect(door.events.slice(-2)).toMatchObject([
    { type: 'opened', kind: 'subscribe' },
    { type: 'reachability', reachable: true },
  ])
})

test('edge 4: after 48 hours the window is closed', async () => {
  await lin.says('手机开不了机')
  simulator.advance(48 * 3_600_000 + 1000)
  account.tools.setNow(simulator.now())
  expect(await failed(account, replyTo(openId, 'hi'))).toMatchObject({ code: 'window_closed' })
})

test('edge 8: the digits of a MsgId are kept, from XML and from JSON', () => {
  const id = '4363689963896700987'
  expect(only(xml(`<MsgType>text</MsgType><Content>a</Content><MsgId>${id}</MsgId>`)).externalId).toContain(id)
  const json = `{"FromUserName":"${openId}","CreateTime":1764000000,"MsgType":"text","Content":"a","MsgId":${id}}`
  const message = only(parse(readDocument(Buffer.from(json))))
  expect(message).toMatchObject({ externalId: `${openId}:${id}`, sequence: id.padStart(20, '0') })
})

test('edge 9: empty recognition, empty text, emoji codes', () => {
  const voice = '<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><MsgId>1</MsgId>'
  expect(only(xml(`${voice}<Recognition></Recognition>`))).toMatchObject({ text: '', media: [{ kind: 'voice' }] })
  expect(only(xml(`${voice}<Recognition><![CDATA[卡了]]></Recognition>`))).toMatchObject({
    text: '卡了',
    media: [{ kind: 'voice' }],
  })
  const text = (content: string) => only(xml(`<MsgType>text</MsgType><Content>${content}</Content>`)).text
  expect([text(''), text('<![CDATA[ ]]>')]).toEqual(['[unsupported] empty text', '[unsupported] empty text'])
  expect(text('<![CDATA[/::) 好的]]>')).toBe('/::) 好的')
})

test('edge 10: a file that is too old is gone, never a picture full of JSON', async () => {
  await lin.sendsVoice(null)
  const [media] = only(door.events).media
  const good = await account.connection.download!(media!, AbortSignal.timeout(5000))
  expect(Buffer.from(await good.arrayBuffer()).toString('latin1', 0, 5)).toBe('#!AMR')
  simulator.advance(4 * 86_400_000)
  account.tools.setNow(simulator.now())
  expect(await reasonOf(media!)).toBe('gone')
})

test.each(['image/jpeg', 'text/plain', 'application/json'])(
  'edge 10: a refusal that calls itself %s is a refusal',
  async (type) => {
    await lin.sendsVoice(null)
    const [media] = only(door.events).media
    const body = '{"errcode":40007,"errmsg":"invalid media_id rid: 1"}'
    simulator.fail({ path: 'media/get', fault: { kind: 'garbage', body, type, accepted: false } })
    expect(await reasonOf(media!)).toBe('gone')
  },
)

test('edge 11: a sticker is shown as something WeChat keeps from us', async () => {
  await lin.sendsSticker()
  expect(messages()).toMatchObject([{ text: '[unsupported] 收到不支持的消息类型，暂无法显示', media: [] }])
})

test("edge 11: a conversation is never handed to WeChat's own desk, and when somebody does it is told", async () => {
  await lin.says('转人工')
  expect(simulator.attempts().map(({ body }) => body)).toEqual(['success'])
  await lin.sends({ MsgType: 'event', Event: 'kf_create_session', KfAccount: 'care@example' })
  expect(account.tools.healths).toMatchObject([{ state: 'warning', text: { zh: expect.stringContaining('客服工具') } }])
})

test('edge 12: the body is UTF-8 as it is, whatever an agent types', async () => {
  await lin.says('手机开不了机')
  await send('请试试 👨‍👩‍👧 "引号" \\n \u2028 <b>&amp;</b> \ud83d \u0007\u0000尾\n二行\t三')
  expect(simulator.ledger[0]?.text).toBe('请试试 👨‍👩‍👧 "引号" \\n \u2028 <b>&amp;</b> \ufffd 尾\n二行\t三')
})
