import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plainCapabilities } from '../../test/helpers/house.ts'
import { createSpeechHouse, type SpeechHouse, statusUrl } from '../../test/helpers/speech.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { answerByLink } from '../automatic/answer.ts'
import { answersOf } from '../automatic/ask.ts'
import { lookupCode } from '../automatic/code.ts'
import { followUp } from '../db/due.ts'
import { answers, mentions, messages, questions, tasks, tickets } from '../db/schema.ts'
import { finishTask } from '../tasks/finish.ts'
import { changeTicket } from '../tickets/change.ts'
import { postReply } from '../tickets/reply.ts'
import type { AutomaticKind } from '../wire-automatic.ts'

const hour = 3_600_000
const day = 24 * hour
let house: SpeechHouse
let agent: Actor
let account: OpenAccount
beforeAll(async () => {
  house = await createSpeechHouse()
  agent = await house.agent()
})
afterAll(() => house.close())
beforeEach(() => house.at('2026-11-25T02:00:00Z'))

const ticket = async () => (await house.ticketsOf(account))[0]!
const move = async (status: 'open' | 'resolved' | 'closed') =>
  changeTicket(house.deps, agent, (await ticket()).id, { status })
const kept = async () =>
  (
    await house.db
      .select()
      .from(answers)
      .where(eq(answers.ticketId, (await ticket()).id))
      .orderBy(asc(answers.at))
  ).map(({ kind, value, via }) => `${kind} ${value} ${via}`)
/** The customer wrote, an agent resolved it, and what is due was done and has arrived. */
async function resolved(kinds: readonly AutomaticKind[] = ['solved', 'satisfaction', 'progress']): Promise<void> {
  account = await house.speaking(kinds)
  await house.says(account, '手机无法开机')
  await house.runDue()
  house.pass(hour)
  await move('resolved')
  await settle()
}
async function settle(): Promise<void> {
  await house.runDue()
  await house.deliver(account)
  house.pass(60_000)
}

describe('“is it solved?”', () => {
  test('a yes opens nothing, and is followed by the rating; a number rates; the last one counts and all are kept', async () => {
    await resolved()
    expect((await house.said(account)).at(-1)).toContain('请问问题解决了吗')
    await house.says(account, '1')
    await settle()
    expect(await ticket()).toMatchObject({ status: 'resolved', unansweredSince: null })
    expect((await house.said(account)).at(-1)).toContain('请给这次服务打分')
    await house.says(account, '3分')
    await house.says(account, '５')
    await settle()
    expect(await house.ticketsOf(account)).toMatchObject([{ status: 'resolved', unansweredSince: null }])
    expect(await kept()).toEqual(['solved 1 chat', 'satisfaction 3 chat', 'satisfaction 5 chat'])
    expect((await answersOf(house.db, (await ticket()).id)).satisfaction).toMatchObject({ value: 5 })
    // It is a line of the conversation like any other.
    const lines = await house.db
      .select()
      .from(messages)
      .where(eq(messages.ticketId, (await ticket()).id))
    expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining(['1', '3分', '５']))
  })

  test('a no reopens at once, more urgent, with the customer waiting from then; they are told', async () => {
    await resolved()
    const at = house.now()
    await house.says(account, '没有解决')
    expect(await ticket()).toMatchObject({ status: 'open', priority: 'high', unansweredSince: at, resolvedAt: null })
    await settle()
    expect((await house.said(account)).at(-1)).toContain('已重新打开，会优先处理')
    expect(await kept()).toEqual(['solved 0 chat'])
    // Solved a minute later: that is asked, and that it is open again was told, however lately the last such words were.
    await move('resolved')
    await settle()
    expect((await house.said(account)).at(-1)).toContain('请问问题解决了吗')
    await house.says(account, '2')
    await settle()
    expect((await house.said(account)).at(-1)).toContain('已重新打开，会优先处理')
    expect(await ticket()).toMatchObject({ status: 'open', priority: 'urgent' })
  })

  test('silence closes it in the end; a talk that goes on does not', async () => {
    await resolved()
    house.pass(3 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'closed' })

    await resolved()
    await house.says(account, '谢谢，我再试试')
    expect(await ticket()).toMatchObject({ status: 'open' })
    house.pass(3 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'open' })
  })

  test('an account that asks nothing closes nothing', async () => {
    await resolved(['acknowledgement'])
    house.pass(30 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'resolved' })
  })

  test('a resolution after another one is asked about by itself, and closed by its own time', async () => {
    await resolved()
    // Within the hour: the customer has written since.
    house.pass(hour / 2)
    await house.says(account, '还是打不开')
    await move('resolved')
    await settle()
    const asked = (await house.said(account)).filter((text) => text.includes('请问问题解决了吗'))
    expect(asked).toHaveLength(2)
    house.pass(1.5 * day)
    await house.says(account, '又打不开')
    await move('resolved')
    await settle()
    house.pass(1.5 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'resolved' })
    house.pass(2 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'closed' })
  })

  test('who was never asked is not silent: the question was taken back by a person’s word', async () => {
    account = await house.speaking(['solved'])
    await house.says(account, '手机无法开机')
    await move('resolved')
    await house.runDue()
    await postReply(house.deps, agent, (await ticket()).id, { text: '还有别的问题吗？', mediaIds: [] }, undefined)
    await settle()
    house.pass(30 * day)
    await house.runDue()
    expect(await ticket()).toMatchObject({ status: 'resolved' })
  })

  test('is not asked when a person wrote after it was resolved', async () => {
    account = await house.speaking(['solved'])
    await house.says(account, '手机无法开机')
    await move('resolved')
    await postReply(house.deps, agent, (await ticket()).id, { text: '还有别的问题吗？', mediaIds: [] }, undefined)
    await settle()
    expect(await house.said(account)).toEqual([])
  })
})

describe('a number is an ordinary message', () => {
  test('where nothing was asked', async () => {
    account = await house.speaking(['acknowledgement', 'lookup'])
    await house.says(account, '5')
    expect(await ticket()).toMatchObject({ status: 'new', unansweredSince: house.now() })
    expect(await kept()).toEqual([])
  })

  test('once a person asked something else', async () => {
    await resolved()
    await postReply(house.deps, agent, (await ticket()).id, { text: '是 1 号还是 2 号机？', mediaIds: [] }, undefined)
    await house.says(account, '1')
    expect(await ticket()).toMatchObject({ status: 'open' })
    expect(await kept()).toEqual([])
  })

  test('with a picture, in another conversation, or after its time', async () => {
    await resolved()
    await house.says(account, '1', { threadId: 'chat-2', author: author('person-2') })
    expect(await house.ticketsOf(account)).toHaveLength(2)
    expect(await kept()).toEqual([])
    house.pass(8 * day)
    await house.says(account, '1')
    expect(await kept()).toEqual([])
  })
})

const author = (externalId: string) => ({ externalId, name: '李雷', handle: null, avatarUrl: null, followers: null })

test('the same message twice is one answer', async () => {
  await resolved()
  const same = { externalId: `${account.id}-same`, sentAt: house.now() }
  await house.says(account, '1', same)
  await house.says(account, '1', same)
  expect(await kept()).toEqual(['solved 1 chat'])
})

describe('by the link', () => {
  const question = async () =>
    (
      await house.db
        .select()
        .from(questions)
        .where(eq(questions.ticketId, (await ticket()).id))
        .orderBy(asc(questions.askedAt))
    ).at(-1)!

  test('a rating with a comment counts once, however often the page is sent', async () => {
    await resolved(['satisfaction'])
    const { id } = await question()
    expect(await answerByLink(house.deps, id, { value: 4, comment: '很快' })).toBe('kept')
    expect(await answerByLink(house.deps, id, { value: 4, comment: '很快' })).toBe('kept')
    house.pass(1_000)
    await answerByLink(house.deps, id, { value: 2, comment: '又坏了' })
    await house.says(account, '3')
    expect(await kept()).toEqual(['satisfaction 4 link', 'satisfaction 2 link', 'satisfaction 3 chat'])
  })

  test('a no reopens, and a closed ticket stays closed', async () => {
    await resolved()
    const { id } = await question()
    expect(await answerByLink(house.deps, id, { value: 0, comment: null })).toBe('reopened')
    expect(await ticket()).toMatchObject({ status: 'open', priority: 'high' })
    await move('closed')
    house.pass(1_000)
    await answerByLink(house.deps, id, { value: 1, comment: null })
    house.pass(1_000)
    expect(await answerByLink(house.deps, id, { value: 0, comment: null })).toBe('closed')
    expect(await ticket()).toMatchObject({ status: 'closed' })
  })

  test.each([-1, 6, 1.5, Number.NaN])('%d is no rating', async (value) => {
    await resolved(['satisfaction'])
    expect(await answerByLink(house.deps, (await question()).id, { value, comment: null })).toBe('gone')
  })
})

describe('“my ticket”', () => {
  test('is answered with state and code; it opens, reopens and starts nothing', async () => {
    await resolved(['lookup'])
    await move('closed')
    await house.says(account, '我的工单')
    await settle()
    const [only, ...more] = await house.ticketsOf(account)
    expect(more).toEqual([])
    expect(only).toMatchObject({ status: 'closed', unansweredSince: null })
    const code = lookupCode(house.deps.seal, only!)
    expect(await house.said(account)).toEqual([
      `您的工单 #${only!.number}：已结束。如有新问题，直接发消息即可。\n查询码：${code}\n查询进度：${statusUrl}?c=${code}`,
    ])
  })

  test('does not hide that the customer waits', async () => {
    account = await house.speaking(['lookup'])
    await house.says(account, '手机无法开机')
    const { unansweredSince } = await ticket()
    house.pass(hour)
    await house.says(account, 'my ticket')
    await settle()
    expect(await ticket()).toMatchObject({ status: 'new', unansweredSince })
    expect(await house.said(account)).toHaveLength(1)
  })

  test('of somebody without a ticket opens none: it waits among the mentions', async () => {
    account = await house.speaking(['lookup'])
    await house.says(account, '查询进度')
    await house.runDue()
    expect(await house.ticketsOf(account)).toEqual([])
    expect(await house.db.select().from(mentions).where(eq(mentions.accountId, account.id))).toHaveLength(1)
  })

  test('is an ordinary message where the account does not answer it', async () => {
    account = await house.speaking(['acknowledgement'])
    await house.says(account, '我的工单')
    expect(await house.ticketsOf(account)).toHaveLength(1)
  })
})

test('the follow-up may be a task instead, opened once and finished like any other', async () => {
  account = await house.speaking(['follow_up'], { followUpAs: 'task' })
  await house.says(account, '手机无法开机')
  await move('resolved')
  await house.runDue()
  house.pass(7 * day)
  await house.runDue()
  await house.runDue()
  const { id, number } = await ticket()
  const open = await house.db.select().from(tasks).where(eq(tasks.ticketId, id))
  expect(open).toMatchObject([{ state: 'open', text: expect.stringContaining(`#${number}`), createdBy: 'system' }])
  expect(await house.said(account)).toEqual([])
  const hooks = { lostReply: async () => {} }
  await finishTask({ db: house.db, now: house.now, hooks }, agent, open[0]!.id, '用着正常')
  const [done] = await house.db.select().from(tasks).where(eq(tasks.ticketId, id))
  expect(done).toMatchObject({ state: 'done', result: '用着正常' })
  expect(await ticket()).toMatchObject({ status: 'resolved' })
})

test('a follow-up that the platform does not let through any more is a task, once', async () => {
  const { direct } = plainCapabilities.surfaces
  const windows = [{ openedBy: 'message' as const, lengthMs: 48 * hour, replies: 5 }]
  const capabilities = { ...plainCapabilities, surfaces: { direct: { ...direct!, windows } } }
  account = await house.speaking(['follow_up'], { capabilities })
  await house.says(account, '手机无法开机')
  await move('resolved')
  await house.runDue()
  house.pass(7 * day)
  await house.runDue()
  await house.runDue()
  const { id, number } = await ticket()
  const open = await house.db.select().from(tasks).where(eq(tasks.ticketId, id))
  expect(open).toMatchObject([{ state: 'open', text: expect.stringContaining(`#${number}`) }])
  expect(await house.said(account)).toEqual([])
})

test('what is missing is asked for once, and news is told although nothing changed', async () => {
  account = await house.speaking(['facts', 'progress'])
  await house.says(account, '手机坏了')
  const { id: subject, version } = await ticket()
  const facts = { zh: '机型和序列号', en: 'model and serial number', version }
  const asked = { kind: 'automatic.facts', subject, dueAt: house.now(), payload: facts }
  const news = { kind: 'automatic.progress', subject, dueAt: house.now(), payload: { version } }
  for (const item of [asked, news, asked]) {
    await house.db.transaction((tx) => followUp(tx, [item]))
    await settle()
  }
  const said = await house.said(account)
  expect(said).toHaveLength(2)
  expect(said[0]).toContain('机型和序列号\n直接回复即可')
  expect(said[1]).toContain('已收到，等待客服处理')
})

test('days later the customer is asked how it goes, on the closed ticket too', async () => {
  await resolved(['follow_up'])
  await move('closed')
  house.pass(7 * day)
  await house.runDue()
  expect((await house.said(account)).at(-1)).toContain('处理完已有几天')
  const [row] = await house.db
    .select()
    .from(tickets)
    .where(eq(tickets.id, (await ticket()).id))
  expect(row).toMatchObject({ status: 'closed' })
})
