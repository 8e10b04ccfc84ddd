/** Two agents at two desks: each sees the other, and nobody answers over a colleague. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const field = (page: Page) => page.locator('#composer-field')
const thread = (page: Page) => page.getByRole('log')
const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name })
const send = (page: Page) => page.getByRole('button', { name: '回复到 Telegram' })

describe.skipIf(chromiumPath === null)('two agents', () => {
  let stage: Stage
  let lina: Window
  let wang: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    lina = await stage.enter({ name: '李娜', role: 'agent' })
    wang = await stage.enter({ name: '王芳', role: 'agent', dark: true })
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  /** A customer whose conversation is open on these desks. */
  async function open(name: string, text: string, ...desks: Window[]) {
    const customer = stage.customer(name)
    customer.says(text)
    for (const { page } of desks) {
      await page.goto('/inbox/all')
      await row(page, name).first().click()
      await thread(page).getByText(text).waitFor()
    }
    return customer
  }

  test('see who else is in a conversation, in it and in the list', slow, async () => {
    await open('赵敏', '屏幕不亮了', lina)
    await wang.page.goto('/inbox/all')
    await row(wang.page, '赵敏').getByText('李娜 在看').waitFor({ state: 'attached' })
    await row(wang.page, '赵敏').click()
    await wang.page.getByRole('list', { name: '同时在看的同事' }).getByText('李娜 在看').waitFor()
    await lina.page.getByRole('list', { name: '同时在看的同事' }).getByText('王芳 在看').waitFor()
    // Nobody is shown to themselves.
    expect(await lina.page.getByText('李娜 在看').count()).toBe(0)
    await lina.page.goto('/settings/preferences')
    await wang.page.getByText('李娜 在看').first().waitFor({ state: 'detached' })
  })

  test('who writes first answers; the other is told, and can take over', slow, async () => {
    const customer = await open('钱枫', '电池鼓包', lina, wang)
    await field(wang.page).fill('您好')
    await lina.page.getByText('王芳 正在回复这位客户').waitFor()
    await field(wang.page).fill('')
    await lina.page.getByText('王芳 正在回复这位客户').waitFor({ state: 'detached' })
    await field(lina.page).pressSequentially('请马上停用')
    await wang.page.getByText('李娜 正在回复这位客户').waitFor()
    await row(wang.page, '钱枫').getByText('李娜 正在回复').waitFor({ state: 'attached' })
    expect(await field(wang.page).getAttribute('readonly')).not.toBeNull()
    const { violations } = await axe(wang.page).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])

    // On the smallest screen, too, everything can be reached.
    const size = wang.page.viewportSize()!
    await wang.page.setViewportSize({ width: 320, height: 568 })
    await send(wang.page).scrollIntoViewIfNeeded()
    const place = (await send(wang.page).boundingBox())!
    expect(place.y + place.height).toBeLessThanOrEqual(568)
    expect(place.x + place.width).toBeLessThanOrEqual(320)
    await wang.page.setViewportSize(size)

    // A note is for colleagues: it is never in anybody's way.
    await wang.page
      .getByRole('radio', { name: '内部备注' })
      .or(wang.page.getByRole('tab', { name: '内部备注' }))
      .click()
    await field(wang.page).fill('我来跟进仓库')
    await wang.page.getByRole('button', { name: '添加内部备注' }).click()
    await thread(wang.page).getByText('我来跟进仓库').waitFor()
    await wang.page.keyboard.press('Escape')
    await wang.page.keyboard.press('r')

    await wang.page.getByRole('button', { name: '接手回复' }).click()
    await lina.page.getByText('王芳 正在回复这位客户').waitFor()
    await lina.page.getByText('你写的内容还在。').waitFor()
    await lina.page.keyboard.press('Enter')
    await field(wang.page).fill('请停用并寄回，我们承担运费')
    await send(wang.page).click()
    await thread(wang.page).getByText('已发送').waitFor()
    // Sent: the next answer is anybody's again.
    await lina.page.getByText('王芳 正在回复这位客户').waitFor({ state: 'detached' })
    expect(await field(lina.page).inputValue()).toBe('请马上停用')
    expect(stage.arrived(customer)).toEqual(['请停用并寄回，我们承担运费'])
  })

  test('a colleague’s reply that was not seen yet is shown before another one goes out', slow, async () => {
    const customer = await open('孙莉', '怎么开发票', lina, wang)
    await field(lina.page).fill('请提供抬头')
    await wang.page.getByText('李娜 正在回复这位客户').waitFor()
    await lina.context.route('**/api/events*', (route) => route.abort())
    await lina.context.route('**/api/presence/**', (route) => route.abort())
    await lina.context.route('**/messages*', (route) => route.abort())
    await wang.page.getByRole('button', { name: '接手回复' }).click()
    await field(wang.page).fill('发票已发到您的邮箱')
    await send(wang.page).click()
    await until(() => stage.arrived(customer).length === 1)
    await send(lina.page).click()
    const panel = lina.page.getByRole('alertdialog')
    await panel.getByText('发票已发到您的邮箱').waitFor()
    expect(stage.arrived(customer)).toEqual(['发票已发到您的邮箱'])
    expect(await field(lina.page).inputValue()).toBe('请提供抬头')
    await lina.context.unroute('**/api/events*')
    await lina.context.unroute('**/api/presence/**')
    await lina.context.unroute('**/messages*')
    expect([...lina.complaints, ...wang.complaints]).toEqual([])
  })
})
