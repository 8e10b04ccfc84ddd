import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { openIdOf, startCrowd } from './crowd.ts'
import { wechatOfficialDemo } from './demo.ts'
import { startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { openAccount, replyTo, type TestAccount } from './test-account.ts'
import { type Door, openDoor } from './test-door.ts'

let simulator: WeChatSimulator
let account: TestAccount
let door: Door
let stop: AbortController

beforeEach(async () => {
  simulator = await startWeChatSimulator()
  account = openAccount(simulator.settings)
  door = await openDoor(account.connection)
  simulator.connect(door.url)
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  account.tools.close()
  await door.close()
  await simulator.close()
})

const openings = people.reduce((total, { opening }) => total + opening.length, 0)
const messages = () => door.events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
const pushed = () => simulator.attempts().length

test('everybody complains once, in two languages, with pictures, voice, follows and an end', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  await until(() => pushed() === openings)
  const seen = messages()
  expect(new Set(seen.map(({ threadId }) => threadId)).size).toBe(people.length)
  expect(new Set(seen.map(({ author }) => author.name)).size).toBe(people.length)
  expect(seen.some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true)
  expect(seen.some(({ text }) => /warranty/u.test(text))).toBe(true)
  expect(seen.some(({ media }) => media[0]?.kind === 'photo')).toBe(true)
  expect(seen.some(({ media, text }) => media[0]?.kind === 'voice' && text !== '')).toBe(true)
  expect(seen.some(({ media, text }) => media[0]?.kind === 'voice' && text === '')).toBe(true)
  expect(door.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['opened', 'reachability']))
  expect(simulator.complaints()).toBe(0)
})

test('an answer is answered by the same person, until there is nothing left to say', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  await until(() => pushed() === openings)
  const openId = openIdOf(0)
  let expected = openings
  for (const acts of people[0]!.answers) {
    await account.connection.send(replyTo(openId, '请长按电源键'))
    expected += acts.length
    await until(() => pushed() === expected)
  }
  expect(messages().at(-1)).toMatchObject({ threadId: openId, text: '好的，谢谢 /:rose' })
  expect(messages().some(({ location }) => location !== null)).toBe(true)
})

test('nobody acts after the end', async () => {
  stop.abort()
  startCrowd(simulator, { signal: stop.signal, paceMs: 0 })
  await simulator.customer('oX').says('the last word')
  expect(pushed()).toBe(1)
})

test('the demo gives an account that works, and ends with its signal', async () => {
  const [demo] = await wechatOfficialDemo.start({ signal: stop.signal })
  const { connection, tools } = openAccount(demo!.settings)
  expect(await connection.check()).toMatchObject({ state: 'ok' })
  const other = await openDoor(connection)
  demo!.begin({ webhookUrl: other.url })
  await until(() => other.events.length > 0)
  stop.abort()
  await until(async () => (await connection.check()).state !== 'ok')
  await other.close()
  tools.close()
})
