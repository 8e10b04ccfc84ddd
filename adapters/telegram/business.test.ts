/** Connected business accounts, from the connection to the refusal. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InboundEvent } from '#channel/events.ts'
import { createRedactor } from '../../src/accounts/redact.ts'
import { type Business, startTelegramSimulator, type TelegramSimulator } from './simulator.ts'
import { openAccount, replyTo, type TestAccount, token } from './test-account.ts'

const owner = { id: 777, first_name: 'Aurora Phones Customer Service' }
const lin = { id: 7001, first_name: 'Lin' }
let simulator: TelegramSimulator
let account: TestAccount
let shop: Business
let cursor: string | null

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token, username: 'care_bot' }] })
  account = openAccount({ apiRoot: simulator.url })
  cursor = null
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

async function poll(at = account): Promise<readonly InboundEvent[]> {
  const result = await at.connection.poll!({ stream: 's', cursor, hint: '0' }, new AbortController().signal)
  cursor = result.cursor
  return result.events
}
const messages = (events: readonly InboundEvent[]) =>
  events.flatMap((event) => ('message' in event ? [{ type: event.type, ...event.message }] : []))

test('a customer’s line may be answered for a day, in the owner’s name', async () => {
  shop = simulator.business(token, owner)
  const before = Date.now()
  shop.says(lin, '屏幕碎了')
  const [line] = messages(await poll())
  expect(line).toMatchObject({ type: 'message', threadId: `${shop.id}/b/7001`, replyable: { allowed: true } })
  const until = line!.replyable.until!.getTime()
  expect(until - Math.floor(before / 1000) * 1000).toBeGreaterThanOrEqual(86_400_000)
  expect(until).toBe(line!.sentAt.getTime() + 86_400_000)
  const sent = await account.connection.send(replyTo(line!.threadId, '您好', { inReplyTo: line!.externalId }))
  expect(simulator.messages()).toMatchObject([
    { text: '您好', replyTo: 1, params: { business_connection_id: shop.id } },
  ])
  // What we wrote comes back under the id that the send gave.
  expect(messages(await poll())).toMatchObject([{ type: 'echo', externalId: sent.externalId, text: '您好' }])
})

test('the owner’s own lines, the away message and the bot’s are echoes; the customer’s scheduled one is not', async () => {
  shop = simulator.business(token, owner)
  shop.ownerSays(lin, 'by hand')
  shop.ownerSays(lin, 'away', { is_from_offline: true })
  shop.says(lin, 'scheduled', { is_from_offline: true })
  expect(messages(await poll()).map(({ type, text }) => `${type} ${text}`)).toEqual([
    'echo by hand',
    'echo away',
    'message scheduled',
  ])
})

test('edits and deletes name the message as it was named when it came', async () => {
  shop = simulator.business(token, owner)
  const { messageId } = shop.says(lin, 'secnods')
  shop.edits(lin, messageId, 'seconds')
  shop.deletes(lin, [messageId])
  const events = await poll()
  expect(events.map(({ type }) => type)).toEqual(['message', 'edited', 'deleted'])
  expect(new Set(events.map((event) => ('message' in event ? event.message : (event as never)).externalId)).size).toBe(
    1,
  )
})

describe('a connection that is over', () => {
  beforeEach(async () => {
    shop = simulator.business(token, owner)
    shop.says(lin, '在吗')
    await poll()
  })
  const reply = () => replyTo(`${shop.id}/b/7001`, 'hi')

  test.each([
    [{ enabled: false }, 'disconnected'],
    [{ canReply: false }, 'read but not reply'],
  ])('%o refuses in words, without a call that sends', async (change, words) => {
    shop.changes(change)
    await poll()
    await expect(account.connection.send(reply())).rejects.toMatchObject({
      outcome: 'rejected',
      code: 'permission',
      text: { en: expect.stringContaining(words), zh: expect.stringMatching(/商业账号/u) },
    })
    expect(simulator.calls.map(({ method }) => method)).not.toContain('sendMessage')
    expect(account.tools.healths.at(-1)).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining(words) },
    })
    expect(await account.connection.check()).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining(owner.first_name) },
    })
  })

  test('is used again as soon as its owner allows it, though nobody told us', async () => {
    shop.changes({ canReply: false })
    await poll()
    shop.changes({ canReply: true }, { silently: true })
    await account.connection.send(reply())
    expect(simulator.messages()).toHaveLength(1)
  })

  test('is told by Telegram when its news got lost', async () => {
    shop.changes({ enabled: false }, { silently: true })
    await expect(account.connection.send(reply())).rejects.toMatchObject({ outcome: 'rejected', code: 'permission' })
  })

  test('is good news again when it is back', async () => {
    shop.changes({ enabled: false })
    await poll()
    shop.changes({ enabled: true })
    await poll()
    expect(await account.connection.check()).toMatchObject({ state: 'ok' })
  })

  test('a customer who wrote more than a day ago cannot be answered', async () => {
    shop.goesQuiet(lin)
    await expect(account.connection.send(reply())).rejects.toMatchObject({ outcome: 'rejected', code: 'window_closed' })
  })
})

test('a line that overtakes its connection asks for it, once', async () => {
  shop = simulator.business(token, owner)
  shop.changes({ canReply: false })
  cursor = String(Number((await fetchUpdates()).at(-1)!.update_id) + 1)
  shop.says(lin, '一')
  shop.says(lin, '二')
  expect(messages(await poll()).map(({ replyable }) => replyable.allowed)).toEqual([false, false])
  expect(simulator.calls.filter(({ method }) => method === 'getBusinessConnection')).toHaveLength(1)
})

test('a connection nobody can tell of is answered on Telegram’s own terms', async () => {
  shop = simulator.business(token, owner)
  cursor = String(Number((await fetchUpdates()).at(-1)!.update_id) + 1)
  shop.says(lin, '一')
  simulator.fail({ method: 'getBusinessConnection', fault: { kind: 'status', status: 502, accepted: false } })
  expect(messages(await poll())).toMatchObject([{ replyable: { allowed: true } }])
  await account.connection.send(replyTo(`${shop.id}/b/7001`, 'hi'))
})

test('what is remembered blots nothing out of logs and of what the administrator reads', async () => {
  const redactor = createRedactor([])
  const { state } = account.tools
  const seen: string[] = []
  const set = state.set.bind(state)
  state.set = async (key, value) => {
    seen.push(value)
    redactor.learn(value)
    await set(key, value)
  }
  shop = simulator.business(token, owner)
  const group = { id: -1001234567890, type: 'supergroup', title: 'Aurora Phones owners and friends' } as const
  simulator.channel(token, { id: -1009876543210, type: 'channel' }, group).posts('新品')
  simulator.group(token, group).kicksBot()
  shop.changes({ enabled: false })
  await poll()
  expect(seen.length).toBeGreaterThanOrEqual(4)
  const health = await account.connection.check()
  const told = `${health.text?.en} ${health.text?.zh} -1009876543210 -1001234567890 ${shop.id}`
  expect(redactor.redact(told)).toBe(told)
  expect(told).toContain('Aurora Phones owners and friends')
})

async function fetchUpdates(): Promise<{ update_id: number }[]> {
  const response = await fetch(`${simulator.url}/bot${token}/getUpdates`)
  return ((await response.json()) as { result: { update_id: number }[] }).result
}
