import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InboundEvent } from '#channel/events.ts'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { weiboDemo } from './demo.ts'
import { weibo } from './index.ts'
import { openAccount, openScene, readAll, replyTo, type Scene } from './test-account.ts'

let scene: Scene
let stop: AbortController
beforeEach(async () => {
  scene = await openScene({ dailyCalls: 1_000_000, uid: '1902538057' }, { dailyCalls: 1_000_000, postsPerHour: 1000 })
  stop = new AbortController()
})
afterEach(async () => {
  vi.useRealTimers()
  stop.abort()
  await scene.close()
})

const begin = (paceMs: number) => startCrowd(scene.simulator, scene.account, { signal: stop.signal, paceMs })
const actsOf = (kinds: readonly string[]) =>
  people.flatMap(({ opening }) => opening).filter((act) => kinds.some((kind) => kind in act)).length

async function publicEvents(): Promise<readonly InboundEvent[]> {
  const lists = await Promise.all(
    ['mentions', 'comments', 'comment-mentions'].map((stream) => readAll(scene.connection, stream, '1 - - 1 0')),
  )
  const events = lists.flatMap(({ events }) => events)
  return [...new Map(events.map((event) => ['message' in event ? event.message.externalId : '', event])).values()]
}

test('everybody complains once, in two languages, in public, with pictures, a repost and a long text', async () => {
  begin(1)
  await until(async () => (await publicEvents()).length === actsOf(['posts', 'comments']))
  const messages = (await publicEvents()).flatMap((event) => (event.type === 'message' ? [event.message] : []))
  expect(messages.some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true)
  expect(messages.some(({ text }) => /repair centre/u.test(text))).toBe(true)
  expect(messages.some(({ media }) => media.length === 3)).toBe(true)
  expect(messages.some(({ text }) => text.includes('https://forum.example.com/heat-test'))).toBe(true)
  expect(messages.some(({ text }) => text.includes('保修卡和前两次的工单'))).toBe(true)
  const repost = messages.find(({ text }) => text.includes('转给需要的人'))
  expect(repost?.text).not.toContain('同款绿线')
  expect(repost?.context?.text).toContain('同款绿线')
})

test('an answer in public is answered in the same thread, until there is nothing left to say', async () => {
  begin(1)
  await until(async () => (await publicEvents()).length === actsOf(['posts', 'comments']))
  const of = async () => {
    const events = await publicEvents()
    return events.flatMap((event) =>
      event.type === 'message' && event.message.author.name === '南城以南' ? [event.message] : [],
    )
  }
  const [question] = await of()
  await scene.connection.send(replyTo(question!.threadId, question!.externalId, '您好，请问型号是？'))
  await until(async () => (await of()).length === 2)
  const [, answer] = (await of()).toSorted((a, b) => ((a.sequence ?? '') < (b.sequence ?? '') ? -1 : 1))
  expect(answer).toMatchObject({
    threadId: question!.threadId,
    text: '后台都清了，最耗电的显示是“系统”',
    context: { author: '回信手机客服' },
  })
  await scene.connection.send(replyTo(answer!.threadId, answer!.externalId, '请尝试重置系统设置'))
  await until(async () => (await of()).length === 3)
})

test('nobody acts after the end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  begin(1000)
  vi.advanceTimersByTime(5000)
  stop.abort()
  vi.useRealTimers()
  const before = (await publicEvents()).length
  expect(before).toBeGreaterThan(0)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.advanceTimersByTime(1_000_000)
  vi.useRealTimers()
  expect(await publicEvents()).toHaveLength(before)
})

test('the demo has an account that works and one whose token has expired', async () => {
  const [good, troubled] = await weiboDemo.start({ signal: stop.signal })
  const healths = []
  for (const { settings } of [good!, troubled!]) {
    expect(weibo.settings.safeParse(settings).success).toBe(true)
    const { connection, tools } = openAccount(String(settings.apiRoot), settings)
    healths.push(await connection.check())
    tools.close()
  }
  expect(healths).toMatchObject([
    { state: 'ok', name: '@回信手机客服' },
    { state: 'refused', text: { en: expect.stringContaining('expired'), zh: expect.stringContaining('过期') } },
  ])
})
