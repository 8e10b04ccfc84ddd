import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { parseUpdate } from './parse.ts'
import { startTelegramSimulator, type TelegramSimulator } from './simulator.ts'

const token = '4242:crowd'
let simulator: TelegramSimulator
let stop: AbortController

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token }] })
  stop = new AbortController()
})
afterEach(async () => {
  vi.useRealTimers()
  stop.abort()
  await simulator.close()
})

async function events() {
  const response = await fetch(`${simulator.url}/bot${token}/getUpdates?offset=${Math.floor(Math.random() * 1e6) + 1}`)
  const { result } = (await response.json()) as { result: unknown[] }
  return result.flatMap((update) => parseUpdate(update, new Date()))
}

const openings = people.reduce(
  (total, { opening }) => total + opening.reduce((sum, act) => sum + ('album' in act ? act.album.length : 1), 0),
  0,
)

test('everybody complains once, in two languages, with pictures, an album, an edit and a block', async () => {
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1 })
  await until(() => pending() === openings)
  const seen = await events()
  const messages = seen.flatMap((event) => (event.type === 'message' ? [event.message] : []))
  expect(new Set(messages.map(({ threadId }) => threadId)).size).toBe(people.length)
  expect(messages.some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true)
  expect(messages.some(({ text }) => /battery/u.test(text))).toBe(true)
  expect(messages.some(({ media, groupKey }) => media[0]?.kind === 'photo' && groupKey === null)).toBe(true)
  expect(messages.filter(({ groupKey }) => groupKey !== null)).toHaveLength(3)
  expect(seen.map(({ type }) => type)).toEqual(expect.arrayContaining(['edited', 'reachability']))
})

const say = (chatId: string, text: string) =>
  fetch(`${simulator.url}/bot${token}/sendMessage?chat_id=${chatId}&text=${text}`)
const pending = () => simulator.state().bots[0]!.pending

test('an answer is answered, until there is nothing left to say', async () => {
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1 })
  await until(() => pending() === openings)
  let expected = openings
  for (const [index, acts] of people[0]!.answers.entries()) {
    await say('5550000100', `answer-${index}`)
    expected += acts.length
    await until(() => pending() === expected)
  }
})

test('an answer that comes while the person still types is not lost, and one in parts counts once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1000 })
  vi.advanceTimersByTime(0)
  expect(pending()).toBe(1)
  await say('5550000100', 'at-once')
  vi.advanceTimersByTime(100_000)
  await say('5550000100', 'part-one')
  await say('5550000100', 'part-two')
  vi.advanceTimersByTime(100_000)
  expect(pending()).toBe(openings + people[0]!.answers.slice(0, 2).flat().length)
})

test('nobody acts after the end', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1000 })
  vi.advanceTimersByTime(5000)
  const before = pending()
  expect(before).toBeGreaterThan(0)
  stop.abort()
  vi.advanceTimersByTime(1_000_000)
  expect(pending()).toBe(before)
})
