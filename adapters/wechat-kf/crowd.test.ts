import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { customerIdOf, startCrowd } from './crowd.ts'
import { wechatKfDemo } from './demo.ts'
import { startWeComSimulator, type WeComSimulator } from './simulator.ts'
import { messagesIn, openAccount, readAll, replyTo, type TestAccount } from './test-account.ts'

let simulator: WeComSimulator
let account: TestAccount
let kf: string
let stop: AbortController
beforeEach(async () => {
  simulator = await startWeComSimulator()
  kf = simulator.openKfIds[0]!
  // Nobody to call: they are read.
  account = openAccount({ ...simulator.settings, openKfIds: kf })
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  account.tools.close()
  await simulator.close()
})

/** Without a token only so often a minute: the simulator's clock goes on between two reads. */
async function read() {
  simulator.advance(6_000)
  return (await readAll(account, kf)).events
}
const openings = people.reduce((total, { opening }) => total + opening.length, 0)

test('everybody complains once, in two languages, by name, with words, pictures, voice and chats', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  const events = await until(async () => {
    const found = await read()
    return found.length === openings && found
  })
  const seen = messagesIn(events)
  expect(new Set(seen.map(({ threadId }) => threadId)).size).toBe(people.length)
  expect(new Set(seen.map(({ author }) => author.name))).toEqual(new Set(people.map(({ nickname }) => nickname)))
  expect(seen.some(({ text }) => /warranty/u.test(text))).toBe(true)
  expect(seen.some(({ text }) => text.startsWith('[聊天记录]'))).toBe(true)
  for (const kind of ['photo', 'voice']) expect(seen.some(({ media }) => media[0]?.kind === kind)).toBe(true)
  expect(events.some(({ type }) => type === 'opened')).toBe(true)
})

test('an answer is answered by the same person, until there is nothing left to say', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  await until(async () => (await read()).length === openings)
  let expected = openings
  for (const acts of people[0]!.answers) {
    await account.connection.send(replyTo(`${kf}:${customerIdOf(0)}`, '请长按电源键'))
    expected += acts.length
    await until(async () => (await read()).length === expected)
  }
  const seen = messagesIn(await read()).filter(({ threadId }) => threadId.endsWith(customerIdOf(0)))
  expect(seen.at(-1)).toMatchObject({ text: '好，下午过去，谢谢' })
  expect(seen.some(({ location }) => location !== null)).toBe(true)
})

test('the demo gives an account that works, and ends with its signal', async () => {
  const [demo] = await wechatKfDemo.start({ signal: stop.signal })
  const { connection, tools } = openAccount(demo!.settings)
  expect(await connection.check()).toMatchObject({ state: 'ok' })
  stop.abort()
  await until(async () => (await connection.check()).state !== 'ok')
  tools.close()
})
