/** A call, a visit and a form, in a browser: written down, called back, and sent from a page on another origin. */

import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { png } from '../helpers/files.ts'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage } from './stage.ts'

const shots = process.env.HUIXIN_SHOTS

describe.skipIf(chromiumPath === null)('intake', { timeout: 120_000 * patience }, () => {
  let stage: Stage
  let hotline: string
  let form: string
  beforeAll(async () => {
    stage = await openStage()
    hotline = await connect('服务热线', { kind: 'phone' })
    await connect('门店受理', { kind: 'store', stores: '一号店，二号店' })
  }, 120_000 * patience)
  afterAll(() => stage?.close())

  async function connect(name: string, settings: Record<string, unknown>): Promise<string> {
    const { id } = await addAccount(stage.server.deps, systemActor, { channel: 'intake', name, settings })
    stage.server.deps.connections.changed(id)
    return id
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (!shots) return
    await mkdir(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  /** Nothing that keeps somebody out. */
  async function expectAccessible(page: Page): Promise<void> {
    const { violations } = await axe(page).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }

  test('a call is written down by keyboard, found again by its number, and answered by calling back', async () => {
    const { page, complaints } = await stage.enter({ name: '陈雨' })
    await page.goto('/')
    await page.getByRole('link', { name: '服务热线' }).click()
    await page.getByRole('heading', { name: '热线来电' }).waitFor()
    await page.getByRole('button', { name: '保存为工单' }).click()
    await page.getByText('这一项必填。').first().waitFor()
    await shoot(page, 'hotline-empty-zh')
    await page.getByLabel('来电号码').fill('138 0000 0001')
    await page.getByText('没有找到以前的工单').waitFor()
    await page.getByLabel('姓名').fill('王芳')
    await page.getByLabel('通话记录').fill('屏幕不亮，<b>很急</b>')
    await expectAccessible(page)
    await page.getByRole('button', { name: '保存为工单' }).press('Enter')
    await page.getByRole('article', { name: '王芳' }).waitFor()
    await page.getByText('屏幕不亮，<b>很急</b>').first().waitFor()

    await page.getByRole('textbox', { name: '给 王芳 的回复' }).fill('告诉她今天下午上门')
    await shoot(page, 'composer-call-back-zh')
    await page.getByRole('button', { name: '回电', exact: true }).click()
    const card = page.getByRole('region', { name: '此工单的待办' }).getByRole('article')
    await card.getByText('告诉她今天下午上门').waitFor()
    await expectAccessible(page)
    await shoot(page, 'task-on-ticket-zh')

    await page.getByRole('link', { name: /待办/u }).click()
    await page.getByRole('heading', { name: '待办' }).waitFor()
    await page.getByRole('article', { name: /王芳/u }).getByText('告诉她今天下午上门').waitFor()
    await expectAccessible(page)
    await shoot(page, 'tasks-zh')
    await page.getByRole('button', { name: '没联系上…' }).click()
    await page.getByLabel('原因').fill('占线')
    await page.getByRole('button', { name: /1 小时后/u }).click()
    await page.getByText('没有到期的待办').waitFor()
    await page.getByRole('radio', { name: '全部未完成' }).click()
    await page.getByText('占线').waitFor()

    await page.getByRole('button', { name: '记下说了什么' }).click()
    await page.getByLabel('说了什么').fill('已告知，她同意了')
    await page.getByRole('button', { name: '保存并完成' }).click()
    await page.getByText('没有未完成的待办').waitFor()
    await page.getByRole('radio', { name: '已完成' }).click()
    await page.getByRole('link', { name: /#\d+/u }).click()
    await page.getByText('已告知，她同意了').first().waitFor()
    await page.getByText('已人工答复').waitFor()

    await page.getByRole('link', { name: '服务热线' }).click()
    await page.getByLabel('来电号码').fill('0000 0001')
    await page.getByText('找到 1 个相关工单').waitFor()
    await page.getByRole('region', { name: '此人以前的工单' }).getByText('王芳').waitFor()
    await shoot(page, 'hotline-found-zh')
    await page.getByLabel('来电号码').fill('+86 138-0000-0001')
    await page.getByLabel('通话记录').fill('又来电，问几点上门')
    await page.getByRole('button', { name: '保存为工单' }).click()
    await page.getByText('又来电，问几点上门').first().waitFor()
    await page.getByText('已告知，她同意了').first().waitFor()
    expect(complaints).toEqual([])
  })

  test('a visit is written down with a picture of what was handed in, in English and in the dark', async () => {
    const { page, complaints } = await stage.enter({ name: 'Lin', language: 'en', dark: true, role: 'administrator' })
    await page.goto('/')
    await page.getByRole('link', { name: '门店受理' }).click()
    await page.getByRole('heading', { name: 'Walk-in' }).waitFor()
    await page.getByLabel('Store', { exact: true }).click()
    await page.getByRole('option', { name: '二号店' }).click()
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Customer’s number').fill('not a number')
    await page.getByLabel('Handed in').fill('One phone, a scratch on the back')
    await page.getByLabel('What it is about').fill('Battery does not charge')
    await page.getByLabel('Pictures').setInputFiles({ name: 'back.png', mimeType: 'image/png', buffer: png() })
    await page.getByRole('button', { name: 'Save as a ticket' }).click()
    await page.getByText('is no telephone number').waitFor()
    await expectAccessible(page)
    await shoot(page, 'walk-in-en-dark')
    await page.getByLabel('Customer’s number').fill('13800000002')
    await page.getByRole('button', { name: 'Save as a ticket' }).click()
    await page.getByText('Battery does not charge').first().waitFor()
    await page.getByText('One phone, a scratch on the back').first().waitFor()
    await page.locator('img[src*="/api/media/"]').first().waitFor()
    await page.getByRole('textbox', { name: /Ada/u }).fill('Tell her it can be fetched')
    await page.getByRole('button', { name: 'Contact the customer' }).click()
    await page.getByRole('region', { name: 'Tasks of this ticket' }).waitFor()
    await shoot(page, 'walk-in-task-en-dark')
    await page.getByRole('link', { name: 'Tasks' }).click()
    await page.getByRole('heading', { name: 'Tasks' }).waitFor()
    await page.getByRole('article', { name: /Ada/u }).getByText('Tell her it can be fetched').waitFor()
    await shoot(page, 'tasks-en-dark')
    expect(complaints).toEqual([])
  })

  test('the form is sent from a page on another origin, and from nowhere it may not stand', async () => {
    const site = createServer((_request, response) => {
      const frame = `<iframe title="form" width="700" height="1100" src="${stage.server.url}/webhooks/${form}/form?lang=en"></iframe>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Brand</title>${frame}`)
    })
    await once(site.listen(0, '127.0.0.1'), 'listening')
    const { port } = site.address() as AddressInfo
    try {
      form = await connect('官网表单', { kind: 'form', sites: `http://127.0.0.1:${port}` })
      const { page } = await stage.window({ language: 'en' })
      await page.goto(`http://127.0.0.1:${port}/`)
      const frame = page.frameLocator('iframe')
      await frame.getByRole('heading', { name: 'Contact us' }).waitFor()
      // By keyboard alone: the field no person sees is not on the way.
      await frame.getByLabel('Name').focus()
      await page.keyboard.type('Ada')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.type('ada@example.com')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await frame.getByRole('alert').getByRole('link', { name: 'Say what happened.' }).waitFor()
      await shoot(page, 'form-mend-en')
      expect(await frame.getByLabel('E-mail address').inputValue()).toBe('ada@example.com')
      await frame.getByLabel('What happened').fill('The strap broke <script>alert(1)</script>')
      await frame.getByLabel('Pictures').setInputFiles({ name: 'strap.png', mimeType: 'image/png', buffer: png() })
      await frame.getByRole('button', { name: 'Send' }).click()
      const number = await frame.locator('.number').textContent()
      expect(number).toMatch(/^#\d+$/u)
      await shoot(page, 'form-thanks-en')

      const desk = await stage.enter({ name: '李明' })
      await desk.page.goto('/')
      await desk.page
        .getByRole('link', { name: /Ada.*The strap broke/u })
        .first()
        .click()
      await desk.page.getByText('The strap broke <script>alert(1)</script>').first().waitFor()
      await desk.page.getByText(number!).first().waitFor()

      const stranger = await stage.window({ language: 'en' })
      const elsewhere = `http://localhost:${port}/`
      const refused = stranger.page.waitForEvent('console', {
        predicate: (message) => message.text().includes('frame-ancestors'),
      })
      await stranger.page.goto(elsewhere)
      await refused
    } finally {
      site.closeAllConnections()
      site.close()
    }
  })

  test.each([
    ['zh-CN', false],
    ['zh-CN', true],
    ['en', false],
    ['en', true],
  ] as const)('the form’s page in %s, dark: %s, keeps nobody out', async (language, dark) => {
    const { page, complaints } = await stage.window({ language, dark })
    await page.goto(`/webhooks/${form}/form`)
    await page.locator('button').click()
    await page.locator('.summary').waitFor()
    await expectAccessible(page)
    await shoot(page, `form-${language}-${dark ? 'dark' : 'light'}`)
    expect(complaints).toEqual([])
    expect(hotline).not.toBe(form)
  })
})
