/** A webhook falls silent without an error: what a check sees of it, and of the bot's place in groups. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allowedUpdates } from './kinds.ts'
import { startTelegramSimulator, type TelegramSimulator } from './simulator.ts'
import { openAccount, type TestAccount, token } from './test-account.ts'
import { readWebhookInfo, troublesIn } from './webhook-health.ts'

const hook = 'http://127.0.0.1:1/webhooks/1'
let simulator: TelegramSimulator
let account: TestAccount

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 10_000, bots: [{ token, username: 'care_bot' }] })
  account = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, hook)
})
afterEach(async () => {
  account.tools.close()
  await simulator.close()
})

const check = () => account.connection.check()
const setElsewhere = (url: string) =>
  fetch(`${simulator.url}/bot${token}/setWebhook?url=${encodeURIComponent(url)}&allowed_updates=["message"]`)

describe('a check of the webhook', () => {
  test('asks for every kind that is read, and finds all well', async () => {
    expect(await check()).toEqual({ state: 'ok', name: '@care_bot' })
    const response = await fetch(`${simulator.url}/bot${token}/getWebhookInfo`)
    expect(await response.json()).toMatchObject({ result: { url: hook, allowed_updates: [...allowedUpdates] } })
    for (const kind of ['business_connection', 'deleted_business_messages', 'channel_post', 'poll_answer']) {
      expect(allowedUpdates).toContain(kind)
    }
  })

  test('tells who else took it, once, and takes it back', async () => {
    await check()
    await setElsewhere('https://elsewhere.example/hook?key=abc')
    const health = await check()
    expect(health).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('elsewhere.example') } })
    expect(JSON.stringify(health)).not.toContain('key=abc')
    expect(simulator.state().bots[0]!.webhook).toBe(hook)
    expect(await check()).toMatchObject({ state: 'ok' })
  })

  test('tells that somebody removed it', async () => {
    await check()
    await fetch(`${simulator.url}/bot${token}/deleteWebhook`)
    expect(await check()).toMatchObject({ state: 'warning', text: { zh: expect.stringContaining('移除') } })
    expect(await check()).toMatchObject({ state: 'ok' })
  })

  test('of a new address of Huixin’s own is no news', async () => {
    await check()
    const { state } = account.tools
    const moved = openAccount({ apiRoot: simulator.url, mode: 'webhook' }, 'http://127.0.0.1:2/webhooks/1')
    Object.assign(moved.tools.state, state)
    expect(await moved.connection.check()).toMatchObject({ state: 'ok' })
    moved.tools.close()
  })
})

describe('what Telegram says of a webhook', () => {
  const now = new Date('2026-11-24T12:00:00Z')
  const seconds = (ago: number) => now.getTime() / 1000 - ago
  const well = { url: hook, pending_update_count: 0, allowed_updates: allowedUpdates }

  test.each([
    ['nothing', {}, null, []],
    ['an error an hour ago', { last_error_date: seconds(3700), last_error_message: 'SSL error' }, null, []],
    [
      'an error just now, with where it called',
      { last_error_date: seconds(60), last_error_message: 'Connection timed out', ip_address: '203.0.113.9' },
      null,
      [/203\.0\.113\.9.*Connection timed out/u],
    ],
    ['many that wait, and fewer than before', { pending_update_count: 400 }, { set: '', pending: 900 }, []],
    [
      'many that wait, and more than before',
      { pending_update_count: 400 },
      { set: '', pending: 120 },
      [/400 updates/u],
    ],
    ['a handful more than before', { pending_update_count: 9 }, { set: '', pending: 0 }, []],
    ['trouble of its own', { last_synchronization_error_date: seconds(10) }, null, [/of its own/u]],
    ['kinds that are left out', { allowed_updates: ['message'] }, null, [/channel_post/u]],
    [
      'things of another shape',
      { url: 7, pending_update_count: 'x', ip_address: '<b>', allowed_updates: {} },
      null,
      [],
    ],
  ])('%s', (_, info, before, texts) => {
    const troubles = troublesIn(readWebhookInfo({ ...well, ...info }), before, now)
    expect(troubles).toHaveLength(texts.length)
    for (const [index, text] of texts.entries()) expect(troubles[index]!.en).toMatch(text)
  })

  test('no answer that can be read is no trouble', () => {
    for (const info of [null, 'x', [], 7]) expect(troublesIn(readWebhookInfo(info), null, now)).toEqual([])
  })
})

describe('the bot’s place in a group', () => {
  const info = { id: -1001234567890, type: 'supergroup', title: '用户群' } as const
  const learn = async () => {
    const response = await fetch(`${simulator.url}/bot${token}/getUpdates`)
    const { result } = (await response.json()) as { result: { update_id: number }[] }
    for (const update of result) {
      const body = JSON.stringify(update)
      const headers = { 'x-telegram-bot-api-secret-token': 'a-secret-of-the-webhook_9' }
      const request = new Request('https://care.example/', { method: 'POST', body, headers })
      expect((await account.connection.webhook!(request, new Date())).events).toEqual([])
    }
    const last = result.at(-1)
    if (last) await fetch(`${simulator.url}/bot${token}/getUpdates?offset=${last.update_id + 1}`)
  }

  test.each([
    ['removed', 'kicksBot', 'removed'],
    ['silenced', 'mutesBot', 'may not write'],
  ] as const)('%s: told at once and by each check, until it is back', async (_, act, words) => {
    const group = simulator.group(token, info)
    group[act]()
    await learn()
    expect(account.tools.healths).toMatchObject([
      { state: 'warning', text: { en: expect.stringContaining(words), zh: expect.stringContaining('用户群') } },
    ])
    expect(await check()).toMatchObject({ state: 'warning', text: { en: expect.stringContaining(words) } })
    await fetch(`${simulator.url}/bot${token}/deleteWebhook`)
    group.takesBotBack()
    await learn()
    await account.tools.state.delete('webhook')
    expect(await check()).toMatchObject({ state: 'ok' })
  })

  test('in a channel without the right to post', async () => {
    simulator.group(token, { id: -1009876543210, type: 'channel', title: '公告' }).mutesBot()
    await learn()
    expect(await check()).toMatchObject({ state: 'warning', text: { en: expect.stringContaining('公告') } })
  })

  test('is old news after a week', async () => {
    simulator.group(token, info).kicksBot()
    await learn()
    account.tools.setNow(new Date(Date.now() + 8 * 86_400_000))
    expect(await check()).toMatchObject({ state: 'ok' })
  })

  test('an administrator’s new title is no news', async () => {
    simulator.group(token, info).takesBotBack()
    await learn()
    expect(account.tools.healths).toEqual([])
  })
})
