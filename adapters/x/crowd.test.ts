import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InboundEvent } from '#channel/events.ts'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { startXSimulator, type XSimulator } from './simulator.ts'
import { openAccount, replyTo, type TestAccount } from './test-account.ts'

let simulator: XSimulator
let account: TestAccount
let stop: AbortController

beforeEach(async () => {
  simulator = await startXSimulator({ generous: 1000 })
  account = openAccount({ ...simulator.settings(), pollSeconds: 1 })
  stop = new AbortController()
})
afterEach(async () => {
  vi.useRealTimers()
  stop.abort()
  account.tools.close()
  await simulator.close()
})

async function read(): Promise<InboundEvent[]> {
  const { connection } = account
  const pages = connection.streams!().map((stream) =>
    connection.poll!({ stream, cursor: null, hint: null }, AbortSignal.timeout(5000)),
  )
  return (await Promise.all(pages)).flatMap(({ events }) => [...events])
}
const messagesOf = (events: readonly InboundEvent[]) =>
  events.flatMap((event) => (event.type === 'message' || event.type === 'edited' ? [event.message] : []))

test('they complain in two languages, in public and in private, with pictures, an edit, and one that cannot be answered', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  let events: InboundEvent[] = []
  await until(async () => {
    events = await read()
    return new Set(messagesOf(events).map(({ author }) => author.externalId)).size === people.length
  })
  const messages = messagesOf(events)
  expect(messages.some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true)
  expect(messages.some(({ text }) => /battery|repair/u.test(text))).toBe(true)
  expect(new Set(messages.map(({ surface }) => surface))).toEqual(new Set(['public', 'direct']))
  expect(messages.some(({ media }) => media.length === 2)).toBe(true)
  await until(async () => (await read()).some(({ type }) => type === 'edited'))
  expect(messages.filter(({ replyable }) => !replyable.allowed)).toHaveLength(1)
})

test('an answer is answered in the thread it went to, until there is nothing left to say', async () => {
  startCrowd(simulator, { signal: stop.signal, paceMs: 1 })
  const part = people[0]!
  const theirs = async () => messagesOf(await read()).filter(({ author }) => author.handle === part.username)
  await until(async () => (await theirs()).length === 1)
  const [first] = await theirs()
  let last = first!.externalId
  for (const [index] of part.answers.entries()) {
    await account.connection.send(replyTo(first!.threadId, `answer ${index}`, { inReplyTo: last }))
    await until(async () => (await theirs()).length === index + 2)
    const all = await theirs()
    expect(new Set(all.map(({ threadId }) => threadId)).size).toBe(1)
    expect(all.every(({ replyable }) => replyable.allowed)).toBe(true)
    last = all.sort((a, b) => a.sequence!.localeCompare(b.sequence!)).at(-1)!.externalId
  }
})

test('nobody acts after the end', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  startCrowd(simulator, { signal: stop.signal, paceMs: 1000 })
  vi.advanceTimersByTime(5000)
  stop.abort()
  expect(vi.getTimerCount()).toBe(0)
})
