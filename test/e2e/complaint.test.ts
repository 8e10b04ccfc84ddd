/** A complaint's life as the two sides see it: the desk and the customer's public pages, in both languages. */
import { mkdir } from 'node:fs/promises'
import { desc, eq, isNotNull } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import { answerToken } from '../../src/automatic/links.ts'
import { changeAutomatic } from '../../src/automatic/settings.ts'
import { accounts, questions, rules, tickets } from '../../src/db/schema.ts'
import { importRepairs } from '../../src/facts/import-repairs.ts'
import { AutomaticKind, AutomaticSettings } from '../../src/wire-automatic.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const shots = process.env.HUIXIN_SHOTS
const serial = 'SN8A2C4E6G7'
type Customer = ReturnType<Stage['customer']>

describe.skipIf(chromiumPath === null)('the life of a complaint', { timeout: 180_000 * patience }, () => {
  let stage: Stage
  let agent: Window
  let boss: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    const { deps } = stage.server
    const [account] = await deps.db.select().from(accounts).where(eq(accounts.name, 'Care'))
    const kinds = Object.fromEntries(AutomaticKind.options.map((kind) => [kind, { on: true }]))
    await changeAutomatic(deps, systemActor, account!.id, { settings: AutomaticSettings.parse({ kinds }) })
    await deps.db.update(rules).set({ enabled: true }).where(isNotNull(rules.shipped))
    const csv = `序列号,型号,购买日期,保修到期,维修日期,故障,结果\n${serial},X1,2026-03-07,2999-03-06,2026-05-01,开不了机,换主板`
    await importRepairs(deps.db, systemActor, account!.brandId, Buffer.from(csv), new Date())
    agent = await stage.enter({ role: 'agent', name: '李娜' })
    boss = await stage.enter({ role: 'administrator', name: 'Zhou', language: 'en', dark: true })
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  async function look(page: Page, name: string): Promise<void> {
    const { violations } = await axe(page)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    if (!shots) return
    await mkdir(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/complaint-${name}.png`, fullPage: true })
  }
  const hears = (customer: Customer, words: RegExp, times = 1) =>
    until(() => stage.arrived(customer).filter((text) => words.test(text)).length === times, {
      timeoutMs: 20_000,
      what: `the customer hears ${words}`,
    })
  const found = (customer: Customer, words: RegExp) =>
    stage
      .arrived(customer)
      .flatMap((text) => words.exec(text)?.[1] ?? [])
      .at(-1)!
  /** The page behind the newest question's link. */
  async function answerPage(language: 'zh' | 'en'): Promise<string> {
    const { db, seal } = stage.server.deps
    const [question] = await db.select().from(questions).orderBy(desc(questions.askedAt)).limit(1)
    return `/status/answer/${answerToken(seal, question!.id)}?lang=${language}`
  }
  async function status(
    page: Page,
    customer: Customer,
    code: string,
    words: { code: string; send: string; otp: string; show: string },
  ) {
    const codes = () => stage.arrived(customer).flatMap((text) => /(?<!\d)(\d{6})(?!\d)/u.exec(text)?.[1] ?? [])
    const before = codes().length
    await page.goto('/status')
    await page.getByLabel(words.code, { exact: true }).fill(code)
    await page.getByRole('button', { name: words.send }).click()
    await page.getByLabel(words.otp, { exact: true }).waitFor()
    await until(() => codes().length > before, { timeoutMs: 20_000, what: 'a new one-time code' })
    await page.getByLabel(words.otp, { exact: true }).fill(codes().at(-1)!)
    await page.getByRole('button', { name: words.show }).click()
    await page.getByRole('heading', { level: 1, name: /#\d+/u }).waitFor()
  }
  const inChinese = { code: '查询码', send: '发送验证码', otp: '验证码', show: '查看进度' }
  const inEnglish = { code: 'Look-up code', send: 'Send a one-time code', otp: 'One-time code', show: 'Show my ticket' }
  async function more(page: Page, item: string): Promise<void> {
    await page.getByRole('button', { name: '协作与处理' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  async function reply(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: /回复/u }).fill(text)
    await page.keyboard.press('Enter')
    await page.getByRole('log').getByText(text).first().waitFor()
  }

  test('in Chinese: from the cry through escalation and remedy to a “no”, and to the rating', async () => {
    const customer = stage.customer('王芳')
    const public_ = await stage.window({ language: 'zh-CN' })
    customer.says('新买的手机开不了机，按电源键没反应，再没人处理我就找媒体曝光')
    await hears(customer, /查询码：/u)
    await hears(customer, /直接回复即可/u)
    customer.says(`序列号是 ${serial}，型号：X1，2026年3月7日购买`)

    const { page } = agent
    await page.goto('/inbox/all')
    const row = page.locator('[data-ticket]', { hasText: '王芳' }).first()
    await row.getByText('高', { exact: true }).waitFor()
    await row.click()
    await page.getByRole('button', { name: '分类：产品故障 › 开机' }).waitFor()
    await page.getByRole('log').getByText(serial).first().waitFor()
    await look(page, 'desk-zh-received')
    const code = found(customer, /查询码：(\S+)/u)
    await status(public_.page, customer, code, inChinese)
    await look(public_.page, 'status-zh-received')

    // What the message says is confirmed; the records know the phone.
    await page.getByRole('button', { name: /^产品：/u }).click()
    const product = page.getByRole('dialog', { name: '产品信息' })
    for (const _ of ['serial', 'model', 'purchasedOn'])
      await product.getByRole('button', { name: '采用' }).first().click()
    await look(page, 'desk-zh-facts')
    await product.getByRole('button', { name: '保存' }).click()
    await product.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^产品：/u }).click()
    await page
      .getByRole('dialog', { name: '产品信息' })
      .getByText(/在保，至/u)
      .waitFor()
    await page.keyboard.press('Escape')

    // Nobody asks once more for what was asked by itself.
    expect(await page.getByText('询问型号、序列号与购买日期').count()).toBe(0)
    await more(page, '升级…')
    await page.getByRole('dialog').getByRole('textbox', { name: '为什么升级' }).fill('客户扬言曝光，要求换新')
    await page.getByRole('dialog').getByRole('button', { name: '升级', exact: true }).click()
    await page.getByRole('region', { name: '协作与处理结果' }).getByText('客户扬言曝光').waitFor()
    await boss.page.goto(page.url().replace(/^https?:\/\/[^/]+/u, ''))
    await boss.page.getByText('客户扬言曝光').first().waitFor()
    await look(boss.page, 'desk-en-escalated')
    const [ticket] = await stage.server.deps.db.select().from(tickets).orderBy(desc(tickets.number)).limit(1)
    const path = `/api/tickets/${ticket!.id}`
    const origin = { origin: stage.wire.url }
    const decided = await boss.page.request.post(`${path}/escalation/end`, {
      data: { answer: '同意换新' },
      headers: origin,
    })
    expect(decided.ok()).toBe(true)
    await page.getByRole('log').getByText('同意换新').first().waitFor()
    await reply(page, '检测为主板故障，可以为您换新机')
    await hears(customer, /可以为您换新机/u)
    await status(public_.page, customer, code, inChinese)
    await public_.page.getByText('等您回复').waitFor()
    await look(public_.page, 'status-zh-answered')

    // Remedied, resolved; "no" by the link of the question.
    await more(page, '记录补救措施…')
    const form = page.getByRole('dialog', { name: '记录补救措施' })
    await form.getByLabel('措施').click()
    await page.getByRole('option', { name: '换货' }).click()
    await form.getByLabel('序列号').fill(serial)
    await form.getByRole('button', { name: '保存' }).click()
    const result = await agent.page.request.post(`${path}/results`, {
      data: { outcome: 'upheld', reason: '主板故障，保修期内换新' },
      headers: origin,
    })
    expect(result.ok()).toBe(true)
    await page.getByRole('button', { name: '标为已解决' }).click()
    await page.getByRole('button', { name: /^状态.*已解决/u }).waitFor()
    await hears(customer, /请问问题解决了吗/u)
    await look(page, 'desk-zh-resolved')
    await public_.page.goto(await answerPage('zh'))
    await look(public_.page, 'answer-zh-solved')
    await public_.page.getByLabel('没有解决').check()
    await public_.page.getByRole('button', { name: '提交' }).click()
    await public_.page.getByText('已重新打开工单并提高优先级').waitFor()
    await look(public_.page, 'answer-zh-reopened')
    await hears(customer, /已重新打开，会优先处理/u)
    await page.getByText('客户说没解决').waitFor()
    await page.getByRole('button', { name: /^状态.*处理中/u }).waitFor()
    await look(page, 'desk-zh-reopened')

    // Solved at once, and asked at once: yes and five points, in the chat.
    await reply(page, '已加急，今天送达')
    await hears(customer, /今天送达/u)
    await page.getByRole('button', { name: '标为已解决' }).click()
    await hears(customer, /请问问题解决了吗/u, 2)
    await public_.page.goto(await answerPage('zh'))
    // What was said to the first question is not chosen beforehand.
    expect(await public_.page.getByRole('radio', { checked: true }).count()).toBe(0)
    customer.says('1')
    await hears(customer, /请给这次服务打分/u)
    customer.says('5')
    await page.getByText('评分 5 / 5 分').waitFor()
    await page.getByText('客户确认已解决').waitFor()
    await look(page, 'desk-zh-rated')
    await status(public_.page, customer, code, inChinese)
    await public_.page.getByText('您的评分：5 分。').waitFor()
    await look(public_.page, 'status-zh-rated')
    expect([...agent.complaints, ...public_.complaints]).toEqual([])
  })

  test('in English, in the dark: received, answered, resolved, and rated with a comment by the link', async () => {
    const customer = stage.customer('Ada')
    customer.says("My new phone won't turn on. If nobody helps I will go to the press.")
    await hears(customer, /Look-up code: /u)
    await hears(customer, /Just reply here: it goes to your ticket/u)
    const code = found(customer, /Look-up code: (\S+)/u)
    const { page } = boss
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: 'Ada' }).first().click()
    await page.getByRole('log').getByText('I will go to the press').first().waitFor()
    await look(page, 'desk-en-received')
    const visitor = await stage.window({ language: 'en', dark: true })
    await status(visitor.page, customer, code, inEnglish)
    await look(visitor.page, 'status-en-received')
    await page.getByRole('textbox', { name: /Reply/u }).fill('Please hold both buttons for ten seconds.')
    await page.keyboard.press('Enter')
    await hears(customer, /hold both buttons/u)
    await page.getByRole('button', { name: 'Resolve', exact: true }).click()
    await hears(customer, /Is the problem solved\?/u)
    await visitor.page.goto(await answerPage('en'))
    await look(visitor.page, 'answer-en-solved')
    await visitor.page.getByLabel('Yes, it is solved').check()
    await visitor.page.getByRole('button', { name: 'Send' }).click()
    await visitor.page.getByRole('status').waitFor()
    await hears(customer, /How was our service\?/u)
    await visitor.page.goto(await answerPage('en'))
    await visitor.page.getByRole('radio').nth(3).check()
    await visitor.page.getByRole('textbox').fill('Quick and kind.')
    await look(visitor.page, 'answer-en-rating')
    await visitor.page.getByRole('button', { name: 'Send' }).click()
    await visitor.page.getByRole('status').waitFor()
    await page.getByText('Rated 4 of 5').waitFor()
    await look(page, 'desk-en-rated')
    expect(visitor.complaints).toEqual([])
  })
})
