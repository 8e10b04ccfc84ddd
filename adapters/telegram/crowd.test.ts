import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { channel, forum } from './crowd/gatherings.ts'
import { type Act, people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { parseUpdate } from './parse.ts'
import { startTelegramSimulator, type TelegramSimulator } from './simulator.ts'
import { openAccount, replyTo, token } from './test-account.ts'

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

const countOf = (acts: readonly Act[]) => acts.reduce((sum, act) => sum + ('album' in act ? act.album.length : 1), 0)
const gathered = [
  ...forum.topics.flatMap(({ parts }) => parts),
  ...forum.general,
  ...channel.posts.flatMap(({ parts }) => parts),
]
/** Beside what people do: each topic's opening line, each post and its copy. */
const openings =
  [...people, ...gathered].reduce((total, { opening }) => total + countOf(opening), 0) +
  forum.topics.length +
  channel.posts.length * 2

test('everybody complains once, in two languages, with pictures, an album, an edit and a block', async () => {
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1 })
  await until(() => pending() === openings)
  const seen = await events()
  const messages = seen.flatMap((event) => (event.type === 'message' ? [event.message] : []))
  // One conversation each, and one a post.
  const conversations = people.length + gathered.length + channel.posts.length
  expect(new Set(messages.map(({ threadId }) => threadId)).size).toBe(conversations)
  expect(new Set(messages.filter(({ threadId }) => /\/c\d+\//u.test(threadId)).map(({ rootId }) => rootId))).toEqual(
    new Set([`${channel.chat.id}/p1`]),
  )
  expect(messages.filter(({ threadId }) => /\/t\d+\//u.test(threadId)).length).toBeGreaterThan(2)
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
  expect(pending()).toBe(1 + forum.topics.length)
  await say('5550000100', 'at-once')
  vi.advanceTimersByTime(100_000)
  await say('5550000100', 'part-one')
  await say('5550000100', 'part-two')
  vi.advanceTimersByTime(100_000)
  expect(pending()).toBe(openings + people[0]!.answers.slice(0, 2).flat().length)
})

test.each([
  ['in a topic', () => ({ part: forum.topics[0]!.parts[0]!, chat: forum.chat.id })],
  ['in no topic', () => ({ part: forum.general[0]!, chat: forum.chat.id })],
  ['under a post', () => ({ part: channel.posts[0]!.parts[0]!, chat: channel.discussion.id })],
])('an answer %s is answered into the same conversation, by that person alone', async (_, find) => {
  const { part, chat } = find()
  startCrowd(simulator, { token, signal: stop.signal, paceMs: 1 })
  await until(() => pending() === openings)
  const account = openAccount({ apiRoot: simulator.url })
  const read = async (cursor: string | null) =>
    account.connection.poll!({ stream: 's', cursor, hint: '0' }, new AbortController().signal)
  const opened = await read(null)
  const lines = opened.events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
  const line = lines.find(({ author }) => author.name === part.name)!
  expect(line.threadId).toMatch(new RegExp(`^${chat}/`, 'u'))
  await account.connection.send(replyTo(line.threadId, '您好', { surface: 'public', inReplyTo: line.externalId }))
  await until(() => pending() === openings + part.answers[0]!.length)
  const answered = (await read(opened.cursor)).events.flatMap((event) => ('message' in event ? [event.message] : []))
  expect(answered.map(({ threadId, author }) => `${threadId} ${author.name}`)).toEqual(
    part.answers[0]!.map(() => `${line.threadId} ${part.name}`),
  )
  account.tools.close()
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
