/** The simulator keeps WeChat's rules by itself: what the adapter does wrong is refused here. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drawScreen } from './simulator/samples.ts'
import { type Customer, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { openAccount, type TestAccount } from './test-account.ts'
import { type Door, openDoor } from './test-door.ts'

let simulator: WeChatSimulator
let account: TestAccount
let door: Door
let lin: Customer
let token: string

beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 10 })
  account = openAccount(simulator.settings)
  door = await openDoor(account.connection)
  simulator.connect(door.url)
  lin = simulator.customer('oLin')
  token = String((await ask(true)).access_token)
})
afterEach(async () => {
  account.tools.close()
  await door.close()
  await simulator.close()
})

type Said = Record<string, unknown>
async function post(path: string, body: unknown, given = token): Promise<Said> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${simulator.url}/cgi-bin/${path}access_token=${given}`, { method: 'POST', body: text })
  expect(response.status).toBe(200)
  return (await response.json()) as Said
}
function ask(force: boolean, changes: Said = {}): Promise<Said> {
  const { appId: appid, appSecret: secret } = simulator.settings
  return post('stable_token?', { grant_type: 'client_credential', appid, secret, force_refresh: force, ...changes })
}
const say = (content: string) =>
  post('message/custom/send?', { touser: 'oLin', msgtype: 'text', text: { content } }).then(({ errcode }) => errcode)
function upload(type: string, name: string, bytes: Buffer): Promise<Said> {
  const form = new FormData()
  form.append('media', new Blob([new Uint8Array(bytes)]), name)
  const url = `${simulator.url}/cgi-bin/media/upload?type=${type}&access_token=${token}`
  return fetch(url, { method: 'POST', body: form }).then(async (response) => (await response.json()) as Said)
}

describe('tokens', () => {
  test('are the same when asked for again, and another one when forced, not sooner than after 30 seconds', async () => {
    expect((await ask(false)).access_token).toBe(token)
    expect((await ask(true)).access_token).toBe(token)
    simulator.advance(31_000)
    const forced = String((await ask(true)).access_token)
    expect(forced).not.toBe(token)
    expect(await say('hi')).toBe(40001)
  })
  test('change five minutes before the end; the old one is good until then', async () => {
    await lin.says('x')
    simulator.advance(7200_000 - 299_000)
    const fresh = await ask(false)
    expect(fresh.access_token).not.toBe(token)
    expect(await say('hi')).toBe(0)
    simulator.advance(300_000)
    expect(await say('hi')).toBe(42001)
    expect(await post('message/custom/typing?', {}, String(fresh.access_token))).toMatchObject({ errcode: 40003 })
  })
  test('are not for everybody', async () => {
    expect(await ask(false, { secret: 'x' })).toMatchObject({ errcode: 40125 })
    expect(await ask(false, { appid: 'x' })).toMatchObject({ errcode: 40013 })
    expect(await post('message/custom/send?', {}, '')).toMatchObject({ errcode: 41001 })
  })
})

describe('messages', () => {
  test('need a window: none, five in 48 hours, three in a minute', async () => {
    expect(await say('hi')).toBe(45015)
    await lin.says('x')
    expect(await Promise.all(['1', '2', '3', '4', '5', '6'].map(say))).toEqual([0, 0, 0, 0, 0, 45047])
    await lin.clicks('MENU')
    expect(await Promise.all(['1', '2', '3', '4'].map(say))).toEqual([0, 0, 0, 45047])
    await lin.says('y')
    expect(await say('hi')).toBe(0)
    simulator.advance(48 * 3_600_000)
    expect((await ask(false)).errcode).toBeUndefined()
    token = String((await ask(false)).access_token)
    expect(await say('hi')).toBe(45015)
  })
  test('need UTF-8 as it is, 2048 bytes at most, and somebody', async () => {
    await lin.says('x')
    expect(await say('汉'.repeat(682))).toBe(0)
    expect(await say('汉'.repeat(683))).toBe(45002)
    expect(await say('')).toBe(44004)
    const escaped = '{"touser":"oLin","msgtype":"text","text":{"content":"\\u4f60"}}'
    expect(await post('message/custom/send?', escaped)).toMatchObject({ errcode: 40033 })
    expect(await post('message/custom/send?', '{')).toMatchObject({ errcode: 47001 })
    expect(await post('message/custom/send?', { touser: 'oX', msgtype: 'text', text: { content: 'x' } })).toMatchObject(
      {
        errcode: 40003,
      },
    )
    expect(await post('message/custom/send?', { touser: 'oLin', msgtype: 'news' })).toMatchObject({ errcode: 40008 })
  })
  test('end with a trace, as WeChat’s do', async () => {
    expect((await post('message/custom/send?', '{')).errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/u)
  })
  test('reach nobody who refuses them or does not follow', async () => {
    await lin.says('x')
    lin.refuses()
    expect(await say('hi')).toBe(48002)
    await lin.unfollows()
    expect(await say('hi')).toBe(45015)
  })
})

describe('files', () => {
  test('are of a kind and a size', async () => {
    const { media_id } = await upload('image', 'a.png', drawScreen())
    await lin.says('x')
    const show = (msgtype: string) => post('message/custom/send?', { touser: 'oLin', msgtype, [msgtype]: { media_id } })
    expect([await show('image'), await show('voice')]).toMatchObject([{ errcode: 0 }, { errcode: 40007 }])
    expect(await upload('image', 'a.pdf', drawScreen())).toMatchObject({ errcode: 40004 })
    expect(await upload('voice', 'a.amr', Buffer.alloc(2 * 1024 * 1024 + 1))).toMatchObject({ errcode: 45001 })
    expect(await upload('image', 'a.png', Buffer.alloc(0))).toMatchObject({ errcode: 41005 })
    simulator.advance(3 * 86_400_000 + 1000)
    await lin.says('y')
    token = String((await ask(false)).access_token)
    expect(await show('image')).toMatchObject({ errcode: 40007 })
  })
})

describe('pushes', () => {
  test('the console asks for the address', async () => {
    expect(await simulator.greet()).toBe(true)
    simulator.configure({ token: 'another' })
    expect(await simulator.greet()).toBe(false)
  })
  test.each(['plain', 'compatible', 'safe'] as const)('everything a person does comes in (%s)', async (mode) => {
    simulator.configure({ mode })
    const { connection, tools } = openAccount({ ...simulator.settings, mode })
    const other = await openDoor(connection)
    simulator.connect(other.url)
    await lin.follows('poster')
    await lin.says('a ]]> b & <c>')
    await lin.sendsPicture()
    await lin.sendsVoice('说了')
    await lin.sendsVideo()
    await lin.sendsPlace(23.1, 113.3, '广州')
    await lin.sendsLink('t', 'https://a.example/?x=1&y=2')
    await lin.sendsSticker()
    await lin.clicks('K')
    await lin.scans('S')
    await lin.unfollows()
    expect(other.events.map((event) => (event.type === 'message' ? event.message.text : event.type))).toEqual([
      'opened',
      'reachability',
      'a ]]> b & <c>',
      '',
      '说了',
      '',
      '',
      't\nhttps://a.example/?x=1&y=2',
      '[unsupported] 收到不支持的消息类型，暂无法显示',
      'opened',
      'opened',
      'reachability',
    ])
    expect([simulator.complaints(), simulator.attempts().length]).toEqual([0, 11])
    await other.close()
    tools.close()
  })
  test('a server that is away gets each of them three times, and then no more', async () => {
    door.answer('unavailable', 3)
    expect(await lin.says('x')).toBe(false)
    expect(simulator.attempts().map(({ status }) => status)).toEqual([503, 503, 503])
  })
  test('two people at once do not wait for each other', async () => {
    door.answer('too-late', 1)
    const first = lin.says('slow')
    const second = simulator.customer('oMei').says('quick')
    expect(await Promise.all([first, second])).toEqual([true, true])
  })
})
