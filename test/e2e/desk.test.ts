/** The desk in a real browser, against the server as it is. */
import { randomInt } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setupCode } from '../../src/auth/setup.ts'
import type { Draft, TicketPage } from '../../src/wire.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const withBrowser = describe.skipIf(chromiumPath === null)
if (chromiumPath === null)
  console.warn('The end-to-end tests of the desk are skipped: no Chromium was found (CHROMIUM, PATH).')
const slow = { timeout: 90_000 * patience, retry: 1 }

const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name })
const field = (page: Page) => page.locator('#composer-field')
const thread = (page: Page) => page.getByRole('log')

withBrowser('the first visit', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  test('a code makes the administrator, a form connects an account, and a customer appears', {
    timeout: 90_000 * patience,
  }, async () => {
    const code = await setupCode(stage.server.deps)
    const { page, complaints } = await stage.window()
    await page.goto('/')
    await page.getByLabel('一次性代码').fill(code!)
    await page.getByLabel('姓名').fill('陈雨')
    await page.getByLabel('邮箱').fill('chenyu@example.com')
    await page.getByLabel('密码', { exact: true }).fill('seven quiet lanterns')
    await page.getByRole('button', { name: '创建并进入' }).click()

    await page.getByRole('link', { name: '接入账号' }).click()
    await page.getByRole('button', { name: '接入账号' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Telegram' }).click()
    stage.simulator.addBot(stage.token, { username: 'care_bot' })
    await page.getByLabel('机器人令牌').fill(stage.token)
    await page.getByLabel('Bot API 服务器').fill(stage.simulator.url)
    await page.getByRole('button', { name: '接入并检查' }).click()
    await page.getByRole('dialog').getByText('@care_bot').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).first().click()
    await page.getByRole('link', { name: '返回收件箱' }).click()

    stage.customer('王芳').says('手机无法开机')
    await row(page, '王芳').getByText('手机无法开机').waitFor()
    expect(complaints).toEqual([])
    // The token is nowhere in what the browser has seen of the accounts.
    const seen = await page.evaluate(() => fetch('/api/accounts').then((answer) => answer.text()))
    expect(seen).not.toContain(stage.token)
  })
})

withBrowser('an agent', () => {
  let stage: Stage
  let desk: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  /** A customer who wrote, with their conversation open in front of the agent. */
  async function open(name: string, text: string, { page } = desk) {
    const customer = stage.customer(name)
    customer.says(text)
    await page.goto('/inbox/all')
    await row(page, name).first().click()
    await thread(page).getByText(text).waitFor()
    return customer
  }

  /** What the API says to this agent. */
  const ask = async <T>(path: string) => (await desk.context.request.get(path)).json() as Promise<T>

  test('answers once, sees it sent, and reads the customer’s next words in the same ticket', slow, async () => {
    const { page } = desk
    const customer = await open('李娜', '屏幕有一条绿线')
    await field(page).fill('您好，请问购买多久了？')
    await page.keyboard.press('Enter')
    await thread(page).getByText('您好，请问购买多久了？').waitFor()
    await thread(page).getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['您好，请问购买多久了？'])
    expect(await field(page).inputValue()).toBe('')
    const here = page.url()
    customer.says('刚好一年')
    await thread(page).getByText('刚好一年').waitFor()
    expect(page.url()).toBe(here)
    expect(await row(page, '李娜').count()).toBe(1)
  })

  test('picks a candidate with Enter without sending it', slow, async () => {
    const { page, context } = desk
    const customer = await open('周杰', '耗电太快')
    await field(page).focus()
    const keyboard = await context.newCDPSession(page)
    await keyboard.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    await keyboard.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    await keyboard.send('Input.insertText', { text: '你好' })
    expect(await field(page).inputValue()).toBe('你好')
    // In the next task the press belongs to the agent again.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
    await page.keyboard.press('Enter')
    await thread(page).getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['你好'])
  })

  test('takes a reply back before it is sent', slow, async () => {
    const { page } = desk
    const customer = await open('赵雷', '充不进电')
    await field(page).fill('写错了')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '撤回' }).click()
    await thread(page).getByText('已撤回，没有发出').waitFor()
    expect(await field(page).inputValue()).toBe('写错了')
    await field(page).fill('这次对了')
    await page.keyboard.press('Enter')
    await thread(page).getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['这次对了'])
  })

  test('writes a note that nobody outside ever gets', slow, async () => {
    const { page } = desk
    const customer = await open('孙悦', '维修太慢')
    await page.keyboard.press('n')
    await field(page).fill('这位客户很着急')
    await page.getByRole('button', { name: '添加内部备注' }).click()
    await thread(page).getByText('内部备注 · 客户看不到').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    expect(await field(page).inputValue()).toBe('')
    await field(page).fill('正在加急')
    await page.keyboard.press('Enter')
    await thread(page).getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['正在加急'])
  })

  test('decides what became of a reply nobody can be sure of', slow, async () => {
    const { page } = desk
    const customer = await open('吴桐', '无法连接网络')
    stage.simulator.fail({ method: 'sendMessage', fault: { kind: 'status', status: 502, accepted: true } })
    await field(page).fill('请重启路由器')
    await page.keyboard.press('Enter')
    await thread(page).getByText('不知道客户有没有收到').waitFor()
    await page.getByRole('button', { name: '再发一次' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '已送到' }).click()
    await thread(page).getByText('不知道客户有没有收到').waitFor({ state: 'hidden' })
    expect(stage.arrived(customer)).toEqual(['请重启路由器'])
  })

  test('is told why a reply failed, and what can be done', slow, async () => {
    const { page } = desk
    await open('郑爽', '系统卡顿')
    const description = 'Forbidden: bot was blocked by the user'
    stage.simulator.fail({ method: 'sendMessage', fault: { kind: 'refuse', code: 403, description } })
    await field(page).fill('请更新系统')
    await page.keyboard.press('Enter')
    await thread(page).getByText('发送失败').waitFor()
    expect(await thread(page).textContent()).not.toContain('Forbidden')
    await page.getByRole('button', { name: '改好再发' }).waitFor()
  })

  test('is asked before answering past what they have not seen', slow, async () => {
    const { page } = desk
    const customer = await open('钱多', '保修吗')
    await field(page).fill('不在保修期内')
    // The desk hears nothing more: what the customer writes now is not seen.
    await desk.context.route('**/api/events*', (route) => route.abort())
    await desk.context.route('**/messages*', (route) => route.abort())
    customer.says('我找到发票了，上个月才买的')
    await until(async () => (await ask<TicketPage>('/api/tickets?q=上个月才买的')).tickets.length === 1)
    await page.getByRole('button', { name: '回复到 Telegram' }).click()
    const panel = page.getByRole('alertdialog')
    await panel.getByText('我找到发票了，上个月才买的').waitFor()
    expect(await field(page).inputValue()).toBe('不在保修期内')
    expect(stage.arrived(customer)).toEqual([])
    await desk.context.unroute('**/api/events*')
    await desk.context.unroute('**/messages*')
    await panel.getByRole('button', { name: '我再改改' }).click()
    await page.reload()
    expect(await field(page).inputValue()).toBe('不在保修期内')
  })

  test('finds a draft again in another browser', slow, async () => {
    const { page } = desk
    await open('冯远', '想退货')
    await field(page).fill('可以退货，请提供')
    const address = page.url()
    const id = address.split('/').at(-1)
    await until(
      async () => (await ask<{ draft: Draft | null }>(`/api/tickets/${id}/draft`)).draft?.text === '可以退货，请提供',
    )
    const other = await stage.window()
    await other.context.addCookies(await desk.context.cookies())
    await other.page.goto(address)
    await until(async () => (await field(other.page).inputValue()) === '可以退货，请提供')
    await other.context.close()
  })

  test('sees a photo and an edit as what they are, without leaving the house', slow, async () => {
    const { page, complaints } = desk
    const customer = await open('褚健', '后盖裂了')
    customer.sendsPhoto(undefined, '请看照片')
    const picture = thread(page)
      .getByRole('button', { name: /查看大图/ })
      .locator('img')
    await picture.waitFor()
    await until(async () => (await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) > 0)
    const { messageId } = customer.says('能免费换马')
    await thread(page).getByText('能免费换马').waitFor()
    customer.edits(messageId, '能免费换吗')
    await thread(page).getByText('能免费换吗').waitFor()
    await page.getByRole('button', { name: '查看 1 个更早的版本' }).click()
    await thread(page).getByText('能免费换马').waitFor()
    expect(complaints).toEqual([])
  })

  test('sends a file with a reply', slow, async () => {
    const { page } = desk
    const customer = await open('卫兰', '怎么拆后盖')
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: '添加附件' }).click(),
    ])
    await chooser.setFiles({ name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') })
    await page.getByRole('button', { name: '移除 说明.pdf' }).waitFor()
    await field(page).fill('请看附件')
    await page.getByRole('button', { name: '回复到 Telegram' }).click()
    await thread(page).getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['请看附件'])
  })

  test('works through the queue by keys alone', slow, async () => {
    const { page } = desk
    const names = ['蒋', '沈', '韩'].map((name) => name + randomInt(1e6))
    for (const name of names) stage.customer(name).says(`${name}的问题`)
    await page.goto('/inbox/all')
    for (const name of names) await row(page, name).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await thread(page).locator('article').first().waitFor()
    const [first, second] = await Promise.all(
      [0, 1].map((n) => page.locator('[data-ticket]').nth(n).getAttribute('data-ticket')),
    )
    expect(page.url()).toContain(first)
    await page.keyboard.press('e')
    await page.waitForURL(`**/${second}`)
    await page.locator(`[data-ticket="${first}"]`).waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    // The newest one was resolved just now.
    await page.keyboard.type(names[1]!)
    await page.waitForURL('**q=*')
    await until(async () => (await page.locator('[data-ticket]').count()) === 1)
  })

  test('misses nothing while the network is away', slow, async () => {
    const { page } = desk
    const customer = await open('杨柳', '还在吗')
    await stage.wire.cut()
    customer.says('断网的时候说的')
    await page.getByText('实时更新已断开').waitFor()
    expect(await thread(page).getByText('断网的时候说的').count()).toBe(0)
    await stage.wire.mend()
    await thread(page)
      .getByText('断网的时候说的')
      .waitFor({ timeout: 40_000 * patience })
  })

  test('leaves nothing in the browser after signing out', slow, async () => {
    const { page, context } = await stage.enter({ name: '何嘉', role: 'agent', language: 'en' })
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]').first().click()
    await field(page).fill('half a thought')
    await page.getByRole('button', { name: /My account/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain('thought')
    await page.goto('/inbox/all')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await context.close()
  })

  test.each([
    ['zh-CN', false],
    ['zh-CN', true],
    ['en', false],
    ['en', true],
  ] as const)('has pages anybody can use: %s, dark: %s', slow, async (language, dark) => {
    const { page, context, complaints } = await stage.enter({ language, dark })
    const found: string[] = []
    const look = async (place: string) => {
      const { violations } = await axe(page).analyze()
      for (const { id, nodes } of violations)
        found.push(`${place}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    }
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]').first().waitFor()
    await look('inbox')
    await page.locator('[data-ticket]').first().click()
    await thread(page).locator('article').first().waitFor()
    await look('ticket')
    await page.keyboard.press('n')
    await look('note')
    for (const place of ['accounts', 'users', 'keys', 'quick-replies', 'preferences']) {
      await page.goto(`/settings/${place}`)
      await page.locator('h1').waitFor()
      await page.locator('[role=status][aria-label]').waitFor({ state: 'detached' })
      await look(place)
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})
