/** The desk where more than a reply is needed: answers given elsewhere, people without names, others' lines, a code. */
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setHealth } from '../../src/accounts/health.ts'
import { accounts, brands } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { type Conversation, createRows, type Rows } from '../helpers/rows.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const thread = (page: Page) => page.getByRole('log')
const reason = { en: 'They have not mentioned us.', zh: '对方没有提到我们。' }
const usage = {
  currency: 'USD',
  items: [{ kind: 'post-read', count: 1_204, cost: 2.408 }],
  replies: { count: 83, cost: 1.012 },
  inDoubt: { count: 1, cost: 0.2 },
}
const scan = 'https://login.example.com/l/QYs3hF2t0w=='

describe.skipIf(chromiumPath === null)('an agent', () => {
  let stage: Stage
  let desk: Window
  let rows: Rows
  let house: Pick<Conversation, 'brand' | 'account'>
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    rows = createRows(stage.server.deps.db)
    const [brand] = await stage.server.deps.db.select().from(brands)
    const [account] = await stage.server.deps.db.select().from(accounts)
    house = { brand: brand!, account: account! }
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  /** A post under `rootId` that cannot be answered from here. */
  async function post(name: string, text: string, rootId: string) {
    const talk = await rows.conversation({
      ...house,
      contact: { name },
      thread: { surface: 'public', rootId },
      ticket: { surface: 'public', preview: text, status: 'open', unansweredSince: new Date() },
    })
    const message = await rows.message(talk, {
      text,
      url: `https://social.example/${rootId}/${talk.thread.id}`,
      replyable: false,
      notReplyableReason: reason,
    })
    return { ...talk, message }
  }

  const open = async ({ ticket }: Pick<Conversation, 'ticket'>, { page }: Window = desk) => {
    await page.goto(`/inbox/all/${ticket.id}`)
    await thread(page).locator('article').first().waitFor()
  }

  async function problemsOf(page: Page): Promise<string[]> {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }

  test('is told why nothing can be sent, and writes down what they answered there', slow, async () => {
    const { page, complaints } = desk
    const talk = await post('陶然', '快递三天没动', 'post-1')
    await open(talk)
    await page.getByText(reason.zh).waitFor()
    const away = page.getByRole('link', { name: '在 Telegram 上打开' })
    expect(await away.evaluate((link) => ['href', 'target', 'rel'].map((name) => link.getAttribute(name)))).toEqual([
      talk.message.url,
      '_blank',
      'noopener noreferrer nofollow',
    ])
    await page.getByRole('button', { name: '我已在平台上回复…' }).click()
    const form = page.getByRole('dialog', { name: '你在 Telegram 上回复了什么？' })
    await page.keyboard.type('已私信您处理，抱歉久等。')
    await form.getByLabel(/回复的链接/).fill('javascript:alert(1)')
    await form.getByRole('button', { name: '记为已回复' }).click()
    await form.getByText('链接要以 https:// 或 http:// 开头。').waitFor()
    await form.getByLabel(/回复的链接/).fill('https://social.example/answer')
    await page.keyboard.press('Enter')
    await form.waitFor({ state: 'detached' })
    const answer = thread(page).locator('article', { hasText: '已私信您处理，抱歉久等。' })
    await answer.getByText('陈雨').waitFor()
    await answer.getByText('在 Telegram 上回复').waitFor()
    await page.getByRole('button', { name: '状态：等待客户' }).waitFor()
    expect(stage.simulator.messages()).toEqual([])
    expect(complaints).toEqual([])
  })

  /** Somebody who blocked one of our accounts after they had written, and is still in reach in another chat. */
  async function silenced() {
    const gone = { reachable: false, unreachableReason: 'blocked' }
    const talk = await rows.conversation({ ...house, contact: { name: '秦风' }, identity: gone })
    const { id: identityId } = await rows.identity({ accountId: talk.account.id, contactId: talk.contact.id })
    const chat = await rows.thread({ accountId: talk.account.id, identityId, currentTicketId: talk.ticket.id })
    const sentAt = new Date(Date.now() - 60_000)
    await rows.message(talk, { text: '私下说过的', threadId: chat.id, identityId, sentAt })
    await rows.message(talk, { text: '还在等' })
    return talk
  }

  test('is led to the customer’s other conversation', slow, async () => {
    const { page } = desk
    await open(await silenced())
    await page.getByRole('button', { name: '改从这里回复：Telegram · 私信 · 秦风' }).click()
    await page.locator('#composer-field').waitFor()
    await page.getByRole('region', { name: '撰写' }).getByText('私下说过的').waitFor()
  })

  test('writes down an answer also where one could be sent, by keys alone', slow, async () => {
    const { page } = desk
    const customer = stage.customer('白露')
    customer.says('发票开错了')
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: '白露' }).first().click()
    await page.locator('#composer-field').fill('已重开发票')
    await page.getByRole('button', { name: '我已在平台上回复…' }).focus()
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog')
    expect(await form.getByLabel('回复的内容').inputValue()).toBe('已重开发票')
    await page.keyboard.press('Escape')
    await form.waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    await form.getByRole('button', { name: '记为已回复' }).click()
    await thread(page).getByText('在 Telegram 上回复').waitFor()
    expect(await page.locator('#composer-field').inputValue()).toBe('')
    expect(stage.arrived(customer)).toEqual([])
  })

  test('gives a person a name, by keys alone, and sees it everywhere', slow, async () => {
    const { page } = desk
    const talk = await post('oX3_nameless', '在吗', 'post-2')
    await open(talk)
    const other = await stage.window()
    await other.context.addCookies(await desk.context.cookies())
    await open(talk, other)
    const edit = page.getByRole('button', { name: /^修改名字/ })
    await edit.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('写错了')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'oX3_nameless' }).waitFor()
    expect(await edit.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.type('周大姐')
    await page.keyboard.press('Enter')
    for (const window of [page, other.page]) {
      await window.getByRole('heading', { name: '周大姐' }).waitFor()
      await thread(window).locator('header', { hasText: '周大姐' }).waitFor()
      await window.locator(`[data-ticket="${talk.ticket.id}"]`, { hasText: '周大姐' }).waitFor()
      await window.getByText('平台上叫 oX3_nameless').waitFor()
    }
    await other.context.close()
  })

  test('unfolds what others wrote under the post, and goes there', slow, async () => {
    const { page } = desk
    const talk = await post('陶然', '我的也坏了', 'post-3')
    const other = await post('顾北', '同样的问题', 'post-3')
    await open(talk)
    const unfold = page.getByRole('button', { name: '其他人的发言' })
    await unfold.focus()
    await page.keyboard.press('Enter')
    const others = page.getByRole('region', { name: '其他人的发言' })
    await others.getByText('同样的问题').waitFor()
    await others.getByText('不是这位客户说的').waitFor()
    await others.getByRole('link', { name: '打开会话' }).click()
    await page.waitForURL(`**/${other.ticket.id}`)
    await page.getByRole('heading', { name: '顾北' }).waitFor()
  })

  test('has a code to scan while the account asks for one, and only as an administrator', slow, async () => {
    const { deps } = stage.server
    const { id } = house.account
    const health = { state: 'warning', text: { en: 'Scan to sign in.', zh: '请扫码登录。' } } as const
    const { page } = desk
    const agent = await stage.enter({ role: 'agent', name: '何嘉' })
    for (const window of [page, agent.page]) await window.goto('/settings/accounts')
    const code = (window: Page) => window.getByRole('img', { name: '登录 Care 的二维码' })
    await page.getByRole('heading', { name: 'Care' }).waitFor()
    await setHealth(deps, id, null, { ...health, scan })
    for (const window of [page, agent.page]) await window.getByText('请扫码登录。').waitFor()
    await code(page).waitFor()
    expect(await code(agent.page).count()).toBe(0)
    expect(await agent.page.evaluate(() => fetch('/api/accounts').then((answer) => answer.text()))).not.toContain(scan)
    await setHealth(deps, id, null, { state: 'ok', name: '@care_bot' })
    await code(page).waitFor({ state: 'detached' })
    await agent.context.close()
  })

  test.each([
    ['zh-CN', false],
    ['en', true],
  ] as const)(
    'has ways anybody can use: %s, dark: %s',
    { timeout: 180_000 * patience, retry: 1 },
    async (language, dark) => {
      const { deps } = stage.server
      const window = await stage.enter({ language, dark })
      const { page, context, complaints } = window
      const shot = async (name: string) => {
        const folder = process.env.HUIXIN_SHOTS
        if (folder) await page.screenshot({ path: `${folder}/${name}-${language}-${dark ? 'dark' : 'light'}.png` })
      }
      const found: string[] = []
      const look = async (name: string) => {
        await shot(name)
        found.push(...(await problemsOf(page)).map((problem) => `${name}: ${problem}`))
      }
      const talk = await post('陶然', '我的也坏了', `post-${language}-${dark}`)
      await post('顾北', '同样的问题，客服一直不回。有人解决了吗？', `post-${language}-${dark}`)
      await rows.message(talk, { direction: 'outbound', userId: 'li', authorName: '李静', text: '您好，已私信您。' })
      await open(talk, window)
      const others = language === 'en' ? 'Others in this conversation' : '其他人的发言'
      await page.getByRole('button', { name: others }).click()
      await page.getByRole('region', { name: others }).getByText('客服一直不回').first().waitFor()
      await look('refused')
      await page.getByRole('button', { name: language === 'en' ? 'I answered there…' : '我已在平台上回复…' }).click()
      await page.getByRole('dialog').waitFor()
      await look('answered')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: language === 'en' ? /^Change the name/ : /^修改名字/ }).click()
      await look('rename')
      await page.keyboard.press('Escape')
      await open(await silenced(), window)
      await look('elsewhere')
      // As an account of a platform that bills.
      await page.route('/api/accounts', async (route) => {
        const answer = await route.fetch()
        const { accounts: shown } = await answer.json()
        const billed = { ...usage, since: shown[0].usage.since }
        await route.fulfill({ json: { accounts: shown.map((one: object) => ({ ...one, usage: billed })) } })
      })
      const text = { en: 'Scan to sign in.', zh: '请扫码登录。' }
      await setHealth(deps, house.account.id, null, { state: 'warning', text, scan })
      await page.goto('/settings/accounts')
      await page.getByRole('img', { name: /Care/ }).waitFor()
      await page.locator('summary').first().click()
      await page
        .getByText(language === 'en' ? '1,204 post reads · 83 replies' : '读取 1,204 条帖子 · 83 条回复')
        .waitFor()
      await look('account')
      await page.getByRole('button', { name: /^(编辑|Edit)/ }).click()
      await page.getByRole('dialog').locator('summary').click()
      await page.getByRole('combobox').last().scrollIntoViewIfNeeded()
      await look('account-form')
      await stage.server.deps.db
        .update(accounts)
        .set({ health: { state: 'ok' } })
        .where(eq(accounts.id, house.account.id))
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
  )
})
