/** The accounts' pages, brands, notifications and small screens, in a real browser. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accounts } from '../../src/db/schema.ts'
import { storeUnread } from '../../src/inbound/unread.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
// The first: a test that is tried again has its customers twice.
const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name }).first()
const thread = (page: Page) => page.getByRole('log')
const field = (page: Page) => page.locator('#composer-field')
/** What the browser would show: nobody sees a headless one's. */
/** Chromium's shell without windows has no place to show notifications, and refuses leave for them: here leave is given when it is asked for. */
const noteNotifications = `
  globalThis.told = []
  globalThis.Notification = class extends Notification {
    static get permission() {
      return localStorage.getItem('leave') ?? 'default'
    }
    static async requestPermission() {
      localStorage.setItem('leave', 'granted')
      return 'granted'
    }
    constructor(title, options) {
      super(title, options)
      told.push(title)
    }
  }`
const lookAway = `
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
  document.dispatchEvent(new Event('visibilitychange'))`
/** Screenshots for people who look at what they changed. */
const shots = process.env.HUIXIN_SHOTS

describe.skipIf(chromiumPath === null)('the accounts’ pages', () => {
  let stage: Stage
  let boss: Window
  let accountId: string
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    boss = await stage.enter({ name: '陈雨' })
    accountId = (await stage.server.deps.db.select().from(accounts))[0]!.id
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  async function shoot(page: Page, name: string) {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  test('a pause holds a reply back, says who and why where people write, and its end lets it go', slow, async () => {
    const { page, complaints } = boss
    await boss.context.request.delete(`/api/accounts/${accountId}/hold`, { headers: { origin: stage.wire.url } })
    const customer = stage.customer('王芳')
    customer.says('手机无法开机')
    await page.goto('/settings/accounts')
    const card = page.getByRole('article', { name: 'Care' })
    await card.getByText('刚刚').first().waitFor()
    await card.getByRole('button', { name: '暂停发送…' }).click()
    await page.getByLabel('原因').fill('公关核对中')
    await page.getByRole('dialog').getByRole('button', { name: '暂停发送' }).click()
    await card.getByText('公关核对中').waitFor()
    await page.getByRole('radio', { name: /已暂停 1/ }).click()
    await page.waitForURL('**state=paused')

    const agent = await stage.enter({ role: 'agent', name: '李梅' })
    await agent.page.goto('/inbox/all')
    await row(agent.page, '王芳').click()
    await thread(agent.page).getByText('手机无法开机').waitFor()
    await agent.page.getByText('陈雨 暂停了发送：公关核对中').waitFor()
    await field(agent.page).fill('请稍候')
    await agent.page.keyboard.press('Enter')
    await thread(agent.page).getByText('请稍候').waitFor()
    await card.getByText('有 1 条回复在等。').waitFor()
    expect(stage.arrived(customer)).toEqual([])
    await shoot(page, 'accounts-paused')
    await card.getByRole('button', { name: '恢复发送' }).click()
    await thread(agent.page).getByText('已发送').waitFor()
    await agent.page.getByText('陈雨 暂停了发送').waitFor({ state: 'detached' })
    expect(stage.arrived(customer)).toEqual(['请稍候'])
    expect(complaints).toEqual([])
    await agent.context.close()
  })

  test('why a reply did not arrive stands one click away, without the token', slow, async () => {
    const { page } = boss
    const customer = stage.customer('李娜')
    customer.says('屏幕花了')
    await page.goto('/inbox/all')
    await row(page, '李娜').click()
    await thread(page).getByText('屏幕花了').waitFor()
    const description = 'Forbidden: bot was blocked by the user'
    stage.simulator.fail({ method: 'sendMessage', fault: { kind: 'refuse', code: 403, description } })
    await field(page).fill('请重启')
    await page.keyboard.press('Enter')
    await thread(page).getByText('发送失败').waitFor()
    await thread(page).getByRole('link', { name: '平台怎么说' }).click()
    await page.getByRole('list', { name: '日志记录' }).getByText(description).first().waitFor()
    expect(await page.content()).not.toContain(stage.token)
    await boss.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: '复制给技术支持' }).click()
    await page.getByRole('button', { name: '已复制' }).waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toContain(description)
    expect(copied).not.toContain(stage.token)
    await shoot(page, 'log-delivery')
    await page.getByRole('button', { name: '看整个账号' }).click()
    await page.getByRole('searchbox', { name: '搜索地址和内容' }).fill('sendMessage')
    await page.waitForURL('**q=sendMessage')
    await page.getByRole('radio', { name: '失败的' }).click()
    await page.getByRole('list', { name: '日志记录' }).getByText('sendMessage').first().waitFor()
    await shoot(page, 'log')
  })

  test(
    'what could not be read is looked into, read again with its outcome, discarded and brought back',
    slow,
    async () => {
      const { page } = boss
      const { db, seal, now } = stage.server.deps
      for (const n of [1, 2, 3])
        await storeUnread(db, seal, {
          accountId,
          kind: 'raw',
          value: { update_id: `odd ${n}` },
          reason: '没有会话',
          receivedAt: now(),
        })
      await page.goto('/settings/accounts')
      await page.getByRole('article', { name: 'Care' }).getByRole('link', { name: '未读懂的内容' }).first().click()
      const items = page.getByRole('list', { name: '未读懂的内容' }).getByRole('listitem')
      await items.nth(2).waitFor()
      await items.first().getByRole('button', { name: '查看内容' }).click()
      await items.first().getByText('odd 1').waitFor()
      await shoot(page, 'unread')
      await page.getByRole('button', { name: '全部重新读取' }).click()
      await page.getByText(/仍有 3 条读不懂|读懂了 3 条/).waitFor()
      const left = await items.count()
      if (left > 0) {
        await items.first().getByRole('button', { name: '丢弃' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: '丢弃' }).click()
        await until(async () => (await items.count()) === left - 1)
        await page.getByRole('button', { name: '恢复' }).click()
        await until(async () => (await items.count()) === left)
      }
    },
  )

  test('an emoji goes where the caret is, a long reply shows its cuts, and a picture opens large', slow, async () => {
    const { page, complaints } = boss
    const customer = stage.customer('褚健')
    customer.sendsPhoto(undefined, '后盖裂了')
    await page.goto('/inbox/all')
    await row(page, '褚健').click()
    await field(page).fill('您好')
    await page.getByRole('button', { name: '表情' }).click()
    await page.getByRole('button', { name: '🙏' }).first().click()
    await until(async () => (await field(page).inputValue()) === '您好🙏')
    await field(page).fill('字'.repeat(5_000))
    await page.getByRole('button', { name: '较长，将分 2 条发送' }).click()
    await until(async () => (await page.getByRole('dialog').getByRole('listitem').count()) === 2)
    await shoot(page, 'split')
    await page.keyboard.press('Escape')
    await field(page).fill('')
    await thread(page)
      .getByRole('button', { name: /查看大图/ })
      .click()
    const large = page.getByRole('dialog').getByRole('img')
    await large.waitFor()
    await page.getByRole('button', { name: '放大' }).click()
    expect(await large.getAttribute('data-zoom')).toBe('2')
    const { violations } = await axe(page, '[role=dialog]')
    expect(violations.map(({ id }) => id)).toEqual([])
    await shoot(page, 'viewer')
    await page.keyboard.press('Escape')
    await large.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: '找命令' }).fill('待办')
    await page.getByRole('option', { name: '待办' }).first().waitFor()
    await page.keyboard.press('Escape')
    expect(complaints).toEqual([])
  })

  test('a brand is added, given to somebody, and archived', slow, async () => {
    const { page, complaints } = boss
    await page.goto('/settings/brands')
    await page.getByRole('button', { name: '添加品牌' }).click()
    await page.getByLabel('名称').fill('极光')
    await page.getByRole('button', { name: '保存' }).click()
    const card = page.getByRole('article', { name: '极光' })
    await card.getByRole('button', { name: '谁可以看 极光' }).click()
    await page.getByRole('dialog').getByRole('checkbox').first().check()
    await page.getByRole('button', { name: '保存' }).click()
    await card.getByText(/李梅和管理员可以看/).waitFor()
    await shoot(page, 'brands')
    await card.getByRole('button', { name: '归档 极光' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '归档' }).click()
    await card.getByText('已归档').waitFor()
    expect(complaints).toEqual([])
  })

  test(
    'one tab tells of a customer’s words, after leave was asked for by a press; the others count',
    slow,
    async () => {
      const { page, context } = await stage.enter({ role: 'agent', name: '何嘉' })
      await context.addInitScript(noteNotifications)
      await page.goto('/settings/preferences')
      await page.getByRole('switch', { name: '浏览器通知' }).click()
      await page.getByLabel('有新会话还没人认领').check()
      await shoot(page, 'preferences')
      await page.goto('/inbox/all')
      const second = await context.newPage()
      await second.goto('/inbox/all')
      await second.getByRole('heading', { name: '全部未解决' }).first().waitFor()
      // Somebody looks elsewhere.
      for (const one of [page, second]) await one.evaluate(lookAway)
      // Its first question only learns the time.
      const asked = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/api/notices/fresh'))`
      await until(() => page.evaluate<boolean>(asked), { timeoutMs: 20_000 })
      stage.customer('蒋新').says('刚刚坏的')
      const told = (one: Page) => one.evaluate<string[]>('told')
      const all = async () => [...(await told(page)), ...(await told(second))]
      await until(async () => (await all()).length > 0, { timeoutMs: 20_000 })
      expect(await all()).toEqual(['蒋新 来信，还没人认领'])
      await until(async () => (await second.title()).startsWith('(1) ') && (await page.title()).startsWith('(1) '))
      await context.close()
    },
  )

  test.each([
    [360, 740],
    [320, 640],
  ])('at %d pixels the queue, the conversation and the way back are whole', slow, async (width, height) => {
    const { page, context } = await stage.enter({ role: 'agent' })
    await page.setViewportSize({ width, height })
    const isWhole = async (place: string) => {
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([place, over]).toEqual([place, 0])
    }
    await page.goto('/inbox/all')
    await row(page, '王芳').waitFor()
    await isWhole('queue')
    await shoot(page, `queue-${width}`)
    await row(page, '王芳').click()
    await field(page).waitFor()
    await isWhole('ticket')
    await shoot(page, `ticket-${width}`)
    await page
      .getByRole('link', { name: '返回列表' })
      .or(page.getByRole('button', { name: '返回列表' }))
      .click()
    await row(page, '王芳').waitFor()
    for (const place of ['mentions', 'tasks', 'settings/preferences', 'settings/accounts']) {
      await page.goto(`/${place}`)
      await page.locator('h1').waitFor()
      await isWhole(place)
    }
    await context.close()
  })

  test.each([
    ['zh-CN', false],
    ['en', true],
  ] as const)('pages anybody can use: %s, dark: %s', slow, async (language, dark) => {
    const { page, context, complaints } = await stage.enter({ language, dark })
    const found: string[] = []
    for (const place of [
      'accounts',
      `accounts/${accountId}/log`,
      `accounts/${accountId}/unread`,
      'brands',
      'users',
      'preferences',
    ]) {
      await page.goto(`/settings/${place}`)
      await page.locator('h1').waitFor()
      await page.locator('[role=status][aria-label]').first().waitFor({ state: 'detached' })
      const { violations } = await axe(page)
      for (const { id, nodes } of violations)
        found.push(`${place}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
      await shoot(page, `${place.split('/').at(-1)}-${language}`)
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})
