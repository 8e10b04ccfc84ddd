import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plainCapabilities } from '../../test/helpers/house.ts'
import { createSpeechHouse, type SpeechHouse, statusUrl } from '../../test/helpers/speech.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import { automaticMessages, deliveries, messages, tickets } from '../db/schema.ts'
import { changeTicket } from '../tickets/change.ts'
import { readMessages } from '../tickets/messages.ts'
import { postReply } from '../tickets/reply.ts'
import { lookupCode } from './code.ts'
import { automaticHandlers } from './plan.ts'
import { speak } from './speak.ts'

const minute = 60_000
const hour = 60 * minute
let house: SpeechHouse
let agent: Actor
beforeAll(async () => {
  house = await createSpeechHouse()
  agent = await house.agent()
})
afterAll(() => house.close())
// A Wednesday, ten in the morning in Shanghai.
beforeEach(() => house.at('2026-11-25T02:00:00Z'))

const ticketOf = async (account: OpenAccount) => (await house.ticketsOf(account))[0]!
const outcomes = async (account: OpenAccount) => {
  const { id } = await ticketOf(account)
  const rows = await house.db.select().from(automaticMessages).where(eq(automaticMessages.ticketId, id))
  return rows.map(({ kind, skipped }) => `${kind} ${skipped ?? 'said'}`).sort()
}
const reply = async (account: OpenAccount, text = '在看了') => {
  const { id } = await ticketOf(account)
  return (await postReply(house.deps, agent, id, { text, mediaIds: [] }, undefined)).body.message
}
const move = async (account: OpenAccount, status: 'open' | 'waiting_other' | 'resolved' | 'closed') =>
  changeTicket(house.deps, agent, (await ticketOf(account)).id, { status })

describe('an acknowledgement', () => {
  test('is said once, in the customer’s language, with number and code, and moves neither clock nor status', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '手机无法开机，急')
    await house.runDue()
    await house.runDue()
    const ticket = await ticketOf(account)
    const code = lookupCode(house.deps.seal, ticket)
    expect(await house.said(account)).toEqual([
      `王芳，您好！您的反馈已收到，工单号 #${ticket.number}，客服会尽快回复您。\n查询码：${code}\n查询进度：${statusUrl}?c=${code}`,
    ])
    expect(ticket).toMatchObject({ status: 'new', unansweredSince: house.now() })
    const [row] = await house.db.select().from(messages).where(eq(messages.automatic, true))
    const [shown] = await readMessages(house.db, [row!.id])
    expect(shown).toMatchObject({ automatic: true, author: { id: 'system', kind: 'program' }, outside: false })
  })

  test('is in English for who writes English, and in the account’s language for who writes a number', async () => {
    const account = await house.speaking(['acknowledgement'], { language: 'en' })
    await house.says(account, 'The phone does not turn on and it is new')
    const silent = await house.speaking(['acknowledgement'], { language: 'en' })
    await house.says(silent, '12345')
    await house.runDue()
    expect((await house.said(account))[0]).toMatch(/^Hello 王芳, we have your message/u)
    expect((await house.said(silent))[0]).toMatch(/^Hello/u)
  })

  test('outside working hours says when somebody is there', async () => {
    const account = await house.speaking(['acknowledgement', 'acknowledgement_closed'])
    house.at('2026-11-27T12:00:00Z')
    await house.says(account, '屏幕碎了')
    await house.runDue()
    expect((await house.said(account))[0]).toContain('11月30日 09:00')
  })

  test('is not said by an account that was never given a voice, and nothing is ever due there', async () => {
    const account = await house.account()
    await house.says(account, '屏幕碎了')
    expect(await house.due()).toEqual([])
    expect(await house.said(account)).toEqual([])
  })

  test('with only another kind on is not said and keeps no list', async () => {
    const account = await house.speaking(['solved'])
    await house.says(account, '屏幕碎了')
    await house.runDue()
    expect(await house.said(account)).toEqual([])
    expect(await outcomes(account)).toEqual([])
  })

  test('does not follow a person’s answer, and waits for none that is on its way from before', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '屏幕碎了')
    await reply(account)
    await house.runDue()
    expect(await house.said(account)).toEqual([])
    expect(await outcomes(account)).toEqual(['acknowledgement human_replied'])
  })

  test('that still waits is taken back when a person answers, and its place in the count with it', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '屏幕碎了')
    await house.runDue()
    await reply(account)
    const states = await house.db.select().from(deliveries).where(eq(deliveries.accountId, account.id))
    expect(states.map(({ automatic, state, reasonCode }) => [automatic, state, reasonCode]).sort()).toEqual([
      [false, 'queued', null],
      [true, 'cancelled', 'overtaken'],
    ])
  })

  test('is nothing an agent’s answer has not seen', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '屏幕碎了')
    const seen = await ticketOf(account)
    await house.runDue()
    const body = { text: '在看了', mediaIds: [], seenVersion: seen.version }
    await expect(postReply(house.deps, agent, seen.id, body, undefined)).resolves.toMatchObject({ status: 202 })
  })

  test('of what was written long ago is not said', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '去年的投诉', { sentAt: new Date(house.now().getTime() - 25 * hour) })
    await house.runDue()
    expect(await house.said(account)).toEqual([])
  })

  test('is said once to a person who opens two tickets within the hour', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '屏幕碎了')
    await house.runDue()
    await house.deliver(account)
    await move(account, 'closed')
    house.pass(minute)
    await house.says(account, '电池也坏了')
    await house.runDue()
    expect(await house.ticketsOf(account)).toHaveLength(2)
    expect(await house.said(account)).toHaveLength(1)
  })

  test('two nodes at once say it once', async () => {
    const account = await house.speaking(['acknowledgement'])
    await house.says(account, '屏幕碎了')
    const { id } = await ticketOf(account)
    const run = automaticHandlers(house.deps)['automatic.opened']!
    const row = (await house.due()).find(({ subject }) => subject === id)!
    const again = { signal: new AbortController().signal, attempt: 1, isLast: false }
    await Promise.all([run(row, again), run(row, again), run(row, again)])
    expect(await house.said(account)).toHaveLength(1)
  })
})

describe('where it may be said', () => {
  const both: Capabilities = {
    ...plainCapabilities,
    surfaces: { direct: plainCapabilities.surfaces.direct!, public: plainCapabilities.surfaces.direct! },
  }
  const inPublic = { surface: 'public', threadId: 'post-1', rootId: 'root-1' } as const

  test('never under a public post, unless the administrator ticked that too; and then without the code', async () => {
    const shy = await house.speaking(['acknowledgement'], { capabilities: both })
    await house.says(shy, '屏幕碎了', inPublic)
    const bold = await house.speaking(['acknowledgement'], { capabilities: both, speech: { onPublic: true } })
    await house.says(bold, '屏幕碎了', inPublic)
    await house.runDue()
    expect(await house.said(shy)).toEqual([])
    expect(await outcomes(shy)).toEqual(['acknowledgement public'])
    expect(await house.said(bold)).toEqual([
      `王芳，您好！您的反馈已收到，工单号 #${(await ticketOf(bold)).number}，客服会尽快回复您。`,
    ])
  })

  test('the proof is never said in public, whatever is ticked', async () => {
    const account = await house.speaking(['proof'], { capabilities: both, speech: { onPublic: true } })
    await house.says(account, '屏幕碎了', inPublic)
    const { id: ticketId } = await ticketOf(account)
    const spoken = await speak(house.deps, { kind: 'proof', ticketId, key: `proof:${ticketId}`, sinceVersion: 0 })
    expect(spoken).toEqual({ skipped: 'no_conversation' })
    expect(await house.said(account)).toEqual([])
  })

  test('where somebody has to call, nothing becomes a task by itself', async () => {
    const byHand = { ...plainCapabilities.surfaces.direct!, byHand: { act: { en: 'Call', zh: '回电' } } }
    const account = await house.speaking(['acknowledgement'], {
      capabilities: { ...plainCapabilities, surfaces: { direct: byHand } },
    })
    await house.says(account, '屏幕碎了')
    await house.runDue()
    expect(await outcomes(account)).toEqual(['acknowledgement by_hand'])
  })
})

describe('the platform’s count', () => {
  const counted = (replies: number): Capabilities => ({
    ...plainCapabilities,
    surfaces: {
      direct: {
        ...plainCapabilities.surfaces.direct!,
        windows: [{ lengthMs: 48 * hour, replies, openedBy: 'message' }],
      },
    },
  })

  test.each([
    [5, 2, 3],
    [5, 4, 1],
    [5, 5, 0],
    [1, 0, 1],
  ])('of %i replies with a reserve of %i, %i are used', async (replies, reserve, used) => {
    const account = await house.speaking(['proof'], { capabilities: counted(replies), reserve })
    await house.says(account, '屏幕碎了')
    const { id: ticketId } = await ticketOf(account)
    for (let n = 0; n < 6; n += 1) {
      house.pass(1_000)
      await speak(house.deps, { kind: 'proof', ticketId, key: `proof:${ticketId}:${n}`, sinceVersion: 0 })
    }
    expect(await house.said(account)).toHaveLength(used)
    expect((await outcomes(account)).filter((line) => line !== 'proof said')[0]).toMatch(/reserve|quota_used/u)
  })

  test('a closed window is a reason, not an error', async () => {
    const account = await house.speaking(['progress'], { capabilities: counted(5) })
    await house.says(account, '屏幕碎了')
    house.pass(49 * hour)
    await move(account, 'waiting_other')
    await house.runDue()
    expect(await outcomes(account)).toEqual(['progress window_closed'])
  })
})

describe('progress', () => {
  test('is told when the status changes, not more often than the account wants', async () => {
    const account = await house.speaking(['progress'])
    await house.says(account, '屏幕碎了')
    await move(account, 'waiting_other')
    await house.runDue()
    expect((await house.said(account))[0]).toContain('已转相关部门处理')
    await house.deliver(account)
    house.pass(minute)
    await move(account, 'open')
    await move(account, 'waiting_other')
    await house.runDue()
    expect(await house.said(account)).toHaveLength(1)
    house.pass(5 * hour)
    await move(account, 'open')
    await move(account, 'waiting_other')
    await house.runDue()
    expect(await house.said(account)).toHaveLength(2)
  })

  test('a status that was left again before anybody looked is not told', async () => {
    const account = await house.speaking(['progress'])
    await house.says(account, '屏幕碎了')
    await move(account, 'waiting_other')
    await move(account, 'open')
    await house.runDue()
    expect(await house.said(account)).toEqual([])
  })

  test('waits for a person’s reply that is on its way, and comes behind it', async () => {
    const account = await house.speaking(['progress'])
    await house.says(account, '屏幕碎了')
    await reply(account, '已转维修')
    await move(account, 'waiting_other')
    await house.runDue()
    expect(await house.said(account)).toEqual([])
    await house.deliver(account)
    house.pass(5_000)
    await house.runDue()
    expect(await house.said(account)).toHaveLength(1)
  })

  test('an answer to the customer tells it by itself', async () => {
    const account = await house.speaking(['progress'])
    await house.says(account, '屏幕碎了')
    await reply(account)
    await house.deliver(account)
    await house.runDue()
    expect(await ticketOf(account)).toMatchObject({ status: 'waiting_customer' })
    expect(await house.said(account)).toEqual([])
  })
})

test('a process that dies before its commit leaves nothing, and the next run says it once', async () => {
  const account = await house.speaking(['acknowledgement'])
  await house.says(account, '屏幕碎了')
  const { id: ticketId, version } = await ticketOf(account)
  const dying = {
    kind: 'acknowledgement' as const,
    ticketId,
    key: `acknowledgement:${ticketId}`,
    sinceVersion: 0,
    before: () => Promise.reject(new Error('the process dies')),
  }
  await expect(speak(house.deps, dying)).rejects.toThrow('the process dies')
  expect(await house.said(account)).toEqual([])
  expect(await house.db.select().from(tickets).where(eq(tickets.id, ticketId))).toMatchObject([{ version }])
  await house.runDue()
  await house.runDue()
  expect(await house.said(account)).toHaveLength(1)
})
