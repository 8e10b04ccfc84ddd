/** The customer's side in a browser: the status page with its proof through the chat, answering by link, and what speaks by itself. */
import { mkdir } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import { changeAutomatic } from '../../src/automatic/settings.ts'
import { accounts } from '../../src/db/schema.ts'
import { AutomaticKind, AutomaticSettings } from '../../src/wire-automatic.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage } from './stage.ts'

const shots = process.env.HUIXIN_SHOTS
type Customer = ReturnType<Stage['customer']>

describe.skipIf(chromiumPath === null)('the customer’s side', { timeout: 120_000 * patience }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    const { deps } = stage.server
    const [account] = await deps.db.select().from(accounts).where(eq(accounts.name, 'Care'))
    const kinds = Object.fromEntries(AutomaticKind.options.map((kind) => [kind, { on: true }]))
    await changeAutomatic(deps, systemActor, account!.id, { settings: AutomaticSettings.parse({ kinds }) })
  }, 120_000 * patience)
  afterAll(() => stage?.close())

  async function shoot(page: Page, name: string): Promise<void> {
    if (!shots) return
    await mkdir(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  async function expectAccessible(page: Page): Promise<void> {
    const { violations } = await axe(page)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }

  /** The first text in the customer's chat that has it. */
  async function heard(customer: Customer, pattern: RegExp): Promise<string> {
    let found: string | undefined
    await until(() => {
      found = stage
        .arrived(customer)
        .map((text) => pattern.exec(text)?.[1])
        .filter(Boolean)
        .at(-1)
      return found !== undefined
    })
    return found!
  }

  async function enter(
    page: Page,
    customer: Customer,
    code: string,
    words: { code: string; send: string; otp: string; show: string },
    shot: string,
  ) {
    await page.goto('/status')
    await page.getByLabel(words.code, { exact: true }).fill(code.toLowerCase())
    await expectAccessible(page)
    await shoot(page, `${shot}-code`)
    await page.getByRole('button', { name: words.send }).click()
    await page.getByLabel(words.otp, { exact: true }).waitFor()
    await expectAccessible(page)
    await shoot(page, `${shot}-proof`)
    await page.getByLabel(words.otp, { exact: true }).fill('000')
    await page.getByRole('button', { name: words.show }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel(words.otp, { exact: true }).fill(await heard(customer, /(?<!\d)(\d{6})(?!\d)/u))
    await page.getByRole('button', { name: words.show }).click()
    await page.getByRole('heading', { level: 1, name: /#\d+/u }).waitFor()
  }

  test('in Chinese: code, proof through the chat, progress, nobody answers me, a record that verifies', async () => {
    const customer = stage.customer('王芳')
    customer.says('手机无法开机，充电也没反应')
    const code = await heard(customer, /查询码：(\S+)/u)
    const { page, complaints } = await stage.window({ language: 'zh-CN' })
    const words = { code: '查询码', send: '发送验证码', otp: '验证码', show: '查看进度' }
    await enter(page, customer, code, words, 'status-zh')
    await page.getByText('客服会尽快查看并在聊天里回复您。').waitFor()
    await expectAccessible(page)
    await shoot(page, 'status-zh-ticket')
    await page.getByRole('button', { name: '没人回复我' }).click()
    await page.getByRole('status').getByText('已提高优先级并通知主管').waitFor()
    await shoot(page, 'status-zh-called')

    await page.getByRole('link', { name: '打开凭证' }).click()
    await page.getByText('手机无法开机').waitFor()
    await expectAccessible(page)
    await shoot(page, 'status-zh-record')
    const record = await page.locator('pre').innerText()
    await page.getByRole('link', { name: '验证凭证' }).click()
    await page.getByLabel('凭证全文').fill(record)
    await page.getByRole('button', { name: '验证' }).click()
    await page.getByText('凭证真实，内容没有改动。').waitFor()
    await shoot(page, 'status-zh-genuine')
    await page.getByLabel('凭证全文').fill(record.replace('无法开机', '一切正常'))
    await page.getByRole('button', { name: '验证' }).click()
    await page.getByText('校验不通过').waitFor()
    expect(complaints).toEqual([])

    const desk = await stage.enter({ name: '陈雨' })
    await desk.page.goto('/')
    await desk.page.getByText('手机无法开机').first().click()
    await desk.page.getByRole('button', { name: /客户查询码/u }).waitFor()
    await desk.page.getByText('客户催办').waitFor()
    await expectAccessible(desk.page)
    await shoot(desk.page, 'desk-customer-zh')
    await desk.page.getByRole('button', { name: /客户查询码/u }).click()
    await desk.page.getByRole('menuitem', { name: '放进回复' }).click()
    expect(await desk.page.getByRole('textbox', { name: /回复/u }).inputValue()).toContain(code)
    expect(desk.complaints).toEqual([])
  })

  test('in English, in the dark: the same, and “my ticket” in the chat', async () => {
    const customer = stage.customer('Ada')
    customer.says('The screen of my phone is broken and nobody helps me')
    const code = await heard(customer, /Look-up code: (\S+)/u)
    const { page, complaints } = await stage.window({ language: 'en', dark: true })
    const words = { code: 'Look-up code', send: 'Send a one-time code', otp: 'One-time code', show: 'Show my ticket' }
    await enter(page, customer, code, words, 'status-en')
    await expectAccessible(page)
    await shoot(page, 'status-en-ticket')
    await page.getByRole('link', { name: 'Open the record' }).click()
    await page.getByText('The screen of my phone is broken').waitFor()
    await shoot(page, 'status-en-record')
    customer.says('my ticket')
    await heard(customer, /(Your ticket #\d+: We have it)/u)
    expect(complaints).toEqual([])
  })

  test('what speaks by itself is turned on, worded and previewed by an administrator; the list of others is kept', async () => {
    const { page, complaints } = await stage.enter({ name: '陈雨' })
    await page.goto('/settings/automatic')
    await page.getByRole('switch', { name: '进度通知' }).waitFor()
    await expectAccessible(page)
    await shoot(page, 'automatic-zh')
    await page.getByRole('switch', { name: '进度通知' }).click()
    await page.getByRole('button', { name: '文案: 收到反馈（工作时间）' }).click()
    await page.getByLabel('中文文案', { exact: true }).fill('{{客户}}您好，工单 {{工单}} 已建立')
    await page.getByText('王女士您好，工单 #1042 已建立').waitFor()
    await expectAccessible(page)
    await shoot(page, 'automatic-words-zh')
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存自动消息设置。').first().waitFor()
    await page.reload()
    await page.getByText('已改文案').waitFor()
    expect(await page.getByRole('switch', { name: '进度通知' }).getAttribute('aria-checked')).toBe('false')

    await page.goto('/settings/not-ours')
    await page.getByRole('button', { name: '添加去处' }).click()
    await page.getByLabel('名称', { exact: true }).fill('运营商')
    await page.getByLabel('中文文案', { exact: true }).fill('请拨打运营商客服。')
    await page.getByLabel('英文文案', { exact: true }).fill('Please call your carrier.')
    await expectAccessible(page)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: /运营商/u }).waitFor()
    await shoot(page, 'not-ours-zh')

    const customer = stage.customer('李雷')
    customer.says('我的话费多扣了')
    await page.goto('/')
    await page.getByText('我的话费多扣了').first().click()
    await page.getByRole('button', { name: /客户查询码/u }).click()
    await page.getByRole('menuitem', { name: '不归我们管…' }).click()
    await expectAccessible(page)
    await shoot(page, 'not-ours-dialog-zh')
    await page.getByRole('button', { name: '关闭工单' }).click()
    await page.getByText('归 运营商 管').waitFor()
    expect(await page.getByRole('textbox', { name: /回复/u }).inputValue()).toBe('请拨打运营商客服。')
    await shoot(page, 'not-ours-closed-zh')
    expect(complaints).toEqual([])

    const english = await stage.enter({ name: 'Lin', language: 'en', dark: true })
    await english.page.goto('/settings/automatic')
    await english.page.getByRole('switch', { name: 'Progress' }).waitFor()
    await expectAccessible(english.page)
    await shoot(english.page, 'automatic-en')
    expect(english.complaints).toEqual([])
  })
})
