/** Quick replies: written once in the settings, found by `/` while writing. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const field = (page: Page) => page.locator('#composer-field')
const options = (page: Page) => page.getByRole('listbox', { name: '快捷回复' }).getByRole('option')

describe.skipIf(chromiumPath === null)('quick replies', () => {
  let stage: Stage
  let desk: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  async function problems(page: Page) {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
  }

  test('are written in the settings, with a variable put in by a button', slow, async () => {
    const { page } = desk
    await page.goto('/settings/quick-replies')
    await page.getByRole('button', { name: '新建快捷回复' }).click()
    const form = page.getByRole('dialog', { name: '新建快捷回复' })
    await form.getByLabel('名称').fill('问候')
    await form.getByLabel('短语').fill('你好')
    await form.getByRole('textbox', { name: '中文内容' }).fill('您好，')
    await form.getByRole('button', { name: '{{客户}}' }).click()
    await page.keyboard.press('End')
    await page.keyboard.type('！{{谁}}')
    await form.getByText('没有这个变量：谁').waitFor()
    for (let letter = 0; letter < 5; letter += 1) await page.keyboard.press('Backspace')
    await form
      .getByRole('textbox', { name: '英文内容' })
      .fill('Hello {{customer}}, this is {{agent}} about {{ticket}}.')
    await form.getByRole('radio', { name: '所有同事' }).click()
    expect(await problems(page)).toEqual([])
    await form.getByRole('button', { name: '保存' }).click()
    await form.waitFor({ state: 'detached' })
    await page.getByText('您好，{{客户}}！').waitFor()
    expect(await problems(page)).toEqual([])
  })

  test('are found behind a slash and put in with Enter, which sends nothing', slow, async () => {
    const { page, context } = desk
    const customer = stage.customer('韩雪')
    customer.says('洗衣机漏水')
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: '韩雪' }).first().click()
    await page.getByRole('log').getByText('洗衣机漏水').waitFor()

    await field(page).focus()
    await page.keyboard.type('/')
    await options(page).waitFor()
    expect(await options(page).textContent()).toContain('您好，韩雪！')
    expect(await problems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await options(page).waitFor({ state: 'detached' })
    expect(await field(page).evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    await page.keyboard.press('Backspace')

    // Letters of a composition are not looked for; the word that comes of them is.
    await page.keyboard.type('/')
    await options(page).waitFor()
    const keyboard = await context.newCDPSession(page)
    await keyboard.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    await keyboard.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    expect(await field(page).inputValue()).toBe('/nihao')
    await keyboard.send('Input.insertText', { text: '你好' })
    await options(page).waitFor()
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
    await page.keyboard.press('Enter')
    await options(page).waitFor({ state: 'detached' })
    expect(await field(page).inputValue()).toBe('您好，韩雪！')
    expect(stage.arrived(customer)).toEqual([])
    await page.keyboard.press('Control+z')
    expect(await field(page).inputValue()).toBe('/你好')
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.type('请问型号？')
    await page.keyboard.press('Enter')
    await page.getByRole('log').getByText('已发送').waitFor()
    expect(stage.arrived(customer)).toEqual(['您好，韩雪！请问型号？'])
  })

  test('answer in the customer’s language, and open by the mouse', slow, async () => {
    const { page } = desk
    const customer = stage.customer('Grace')
    customer.says('My order has not arrived')
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: 'Grace' }).first().click()
    await page.getByRole('log').getByText('My order has not arrived').waitFor()
    await page.getByRole('button', { name: '快捷回复（输入 /）' }).click()
    await options(page).click()
    expect(await field(page).inputValue()).toMatch(/^Hello Grace, this is 陈雨 about #\d+\.$/u)
    // What finds nothing is a text like any other.
    await field(page).fill('and/or 24/7 https://example.com/a')
    expect(await options(page).count()).toBe(0)
    await field(page).fill('/zzz')
    expect(await options(page).count()).toBe(0)
    expect(desk.complaints).toEqual([])
  })
})
