/** Several people on one ticket, in a browser: a task to a department, escalation, remedies with a result, an approval. */
import { mkdir } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSimulator as startMastodon } from '../../adapters/mastodon/simulator.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { removeAccount } from '../../src/accounts/remove.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { accounts, tickets } from '../../src/db/schema.ts'
import { changeConduct } from '../../src/together/conduct.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const shots = process.env.HUIXIN_SHOTS
const slow = { timeout: 120_000 * patience, retry: 1 }

describe.skipIf(chromiumPath === null)('working together', () => {
  let stage: Stage
  let agent: Window
  let boss: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    agent = await stage.enter({ role: 'agent', name: '李娜' })
    boss = await stage.enter({ role: 'administrator', name: '周主管' })
  }, 240_000 * patience)
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
  async function open(page: Page, name: string, text: string): Promise<void> {
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: name }).first().click()
    await page.getByRole('log').getByText(text).first().waitFor()
  }
  async function more(page: Page, item: string): Promise<void> {
    await page.getByRole('button', { name: '协作与处理' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  test('a department is set up, asked from the ticket, and brings its result back as a note', slow, async () => {
    await boss.page.goto('/settings/departments')
    await boss.page.getByText('技术支持').first().waitFor()
    const name = `售后中心${Date.now()}`
    await boss.page.getByRole('button', { name: '新建部门' }).click()
    const form = boss.page.getByRole('dialog', { name: '新建部门' })
    await form.getByLabel('中文名称').fill(name)
    await form.getByLabel('英文名称').fill('Service centre')
    await form.getByLabel('周主管').check()
    await expectAccessible(boss.page)
    await form.getByRole('button', { name: '保存' }).click()
    await boss.page.getByText(name).waitFor()
    await shoot(boss.page, 'departments-zh')
    await expectAccessible(boss.page)

    const customer = stage.customer('韩雪')
    customer.says('屏幕碎了，能换吗')
    const { page } = agent
    await open(page, '韩雪', '屏幕碎了')
    await more(page, '交给其他部门…')
    const ask = page.getByRole('dialog', { name: '请其他部门处理' })
    await ask.getByLabel('部门').click()
    await page.getByRole('option', { name }).click()
    await ask.getByRole('textbox', { name: '需要做什么' }).fill('请查这个型号有没有备用屏')
    await expectAccessible(page)
    await shoot(page, 'ask-department-zh')
    await ask.getByRole('button', { name: '提交任务' }).click()
    const onTicket = page.getByRole('region', { name: '此工单的待办' })
    await onTicket.getByText('请查这个型号有没有备用屏').waitFor()
    await page.getByRole('button', { name: /^状态.*等待内部/u }).waitFor()
    await expectAccessible(page)
    await shoot(page, 'task-on-ticket-zh')
    // Not theirs: the server says so, and so does the desk.
    await onTicket.getByRole('button', { name: '填写结果' }).click()
    await page.getByRole('dialog').getByLabel('处理结果').fill('我来')
    await page.getByRole('dialog').getByRole('button', { name: '提交结果' }).click()
    await page.getByText('请由部门成员处理').waitFor()
    await page.keyboard.press('Escape')

    await boss.page.goto('/tasks?show=open')
    const card = boss.page.getByRole('article', { name: new RegExp(name, 'u') })
    await card.getByText('请查这个型号有没有备用屏').waitFor()
    await card.getByRole('button', { name: '我来处理' }).click()
    await card.getByText('由 周主管 处理').waitFor()
    await expectAccessible(boss.page)
    await shoot(boss.page, 'department-tasks-zh')
    await card.getByRole('button', { name: '填写结果' }).click()
    await boss.page.getByRole('dialog').getByLabel('处理结果').fill('有备用屏，两天到店')
    await boss.page.getByRole('dialog').getByRole('button', { name: '提交结果' }).click()
    await card.waitFor({ state: 'detached' })

    await page.getByRole('log').getByText('有备用屏，两天到店').waitFor()
    await page.getByRole('log').getByText(`${name}完成了任务`).waitFor()
    await page.getByRole('button', { name: /^状态.*处理中/u }).waitFor()
    expect(stage.arrived(customer)).toEqual([])
    expect([agent.complaints, boss.complaints]).toEqual([[], []])
  })

  test('an escalation is answered, and the agent is told', slow, async () => {
    const customer = stage.customer('赵敏')
    customer.says('再不解决我就曝光')
    const { page } = agent
    await open(page, '赵敏', '再不解决我就曝光')
    await more(page, '升级…')
    await page.getByRole('dialog').getByRole('textbox', { name: '为什么升级' }).fill('客户威胁曝光')
    await expectAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: '升级', exact: true }).click()
    const strip = page.getByRole('region', { name: '协作与处理结果' })
    await strip.getByText('客户威胁曝光').waitFor()
    await expectAccessible(page)
    await shoot(page, 'escalated-zh')

    await boss.page.goto('/inbox/escalated')
    await boss.page.getByRole('button', { name: /条未读提醒/u }).click()
    await boss.page.getByText('李娜 升级了工单').waitFor()
    await expectAccessible(boss.page)
    await shoot(boss.page, 'notices-zh')
    await boss.page.getByRole('link', { name: /李娜 升级了工单/u }).click()
    await boss.page.getByRole('button', { name: '答复', exact: true }).click()
    await boss.page.getByRole('dialog').getByRole('textbox').fill('同意换新')
    await boss.page.getByRole('dialog').getByRole('button', { name: '答复', exact: true }).click()
    await page.getByRole('log').getByText('答复了升级：同意换新').waitFor()
    await strip.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /条未读提醒/u }).waitFor()
  })

  test('remedies are data, and a brand that wants a result gets one before a ticket is resolved', slow, async () => {
    const [brand] = await stage.server.deps.db.select({ id: tickets.brandId }).from(tickets).limit(1)
    await boss.page.goto('/settings/brand-rules')
    await boss.page.getByLabel('解决工单前必须有处理结论').click()
    await boss.page.getByText('已保存').first().waitFor()
    await expectAccessible(boss.page)
    await shoot(boss.page, 'brand-rules-zh')
    try {
      const customer = stage.customer('孙丽')
      customer.says('充电器坏了')
      const { page } = agent
      await open(page, '孙丽', '充电器坏了')
      await more(page, '记录补救措施…')
      const form = page.getByRole('dialog', { name: '记录补救措施' })
      await form.getByLabel('措施').click()
      await page.getByRole('option', { name: '退款' }).click()
      await form.getByLabel('金额').fill('19.999')
      await form.getByText('请填写金额').waitFor()
      await form.getByLabel('金额').fill('129.9')
      await form.getByLabel('序列号').fill('SN-2041')
      await expectAccessible(page)
      await shoot(page, 'remedy-zh')
      await form.getByRole('button', { name: '保存' }).click()
      const strip = page.getByRole('region', { name: '协作与处理结果' })
      await strip.getByText('退款 · ¥129.90 · 已提出').click()
      await page.getByRole('dialog', { name: '退款' }).getByLabel('进展').click()
      await page.getByRole('option', { name: '已执行' }).click()
      await page.getByRole('dialog', { name: '退款' }).getByRole('button', { name: '保存' }).click()
      await strip.getByText('退款 · ¥129.90 · 已执行').waitFor()

      await page.getByRole('button', { name: '标为已解决' }).click()
      const result = page.getByRole('dialog', { name: '处理结论' })
      await result.getByText('要求先有处理结论').waitFor()
      await result.getByRole('textbox', { name: '理由' }).fill('充电器确有质量问题')
      await expectAccessible(page)
      await shoot(page, 'result-zh')
      await result.getByRole('button', { name: '保存并解决' }).click()
      await page.getByRole('button', { name: /^状态.*已解决/u }).waitFor()
      await strip.getByText('投诉成立').waitFor()
      await expectAccessible(page)
      await shoot(page, 'resolved-with-result-zh')
    } finally {
      await changeConduct(stage.server.deps.db, systemActor, brand!.id, { resultNeeded: false })
    }
  })

  test(
    'a public reply waits for a supervisor, comes back with a comment, and goes out with other words',
    slow,
    async () => {
      const { deps } = stage.server
      const square = await startMastodon()
      const settings = { server: square.address, accessToken: square.token }
      const { id: accountId } = await addAccount(deps, systemActor, { channel: 'mastodon', name: '长毛象', settings })
      deps.connections.changed(accountId)
      const [account] = await deps.db.select().from(accounts).where(eq(accounts.id, accountId))
      await boss.page.goto('/settings/brand-rules')
      await boss.page.getByLabel('客服的公开回复需主管审批').click()
      await boss.page.getByText('已保存').first().waitFor()
      try {
        // What was there before the account was connected is not read.
        await until(() => square.isRead(), { timeoutMs: 30_000 * patience, what: 'the account is read' })
        const person = square.meet({ username: 'qianwei', name: '钱伟' })
        square.write(person, { text: '@acme_care 你们的手机冒烟了', visibility: 'public' })
        const { page } = agent
        await page.goto('/inbox/all')
        await page.locator('[data-ticket]', { hasText: '手机冒烟了' }).first().click()
        await page.getByText('公开回复需要主管审批').waitFor()
        const field = page.locator('#composer-field')
        await field.fill('请私信我们')
        await page.getByRole('button', { name: '提交审批' }).click()
        const waiting = page.getByRole('article', { name: /等待审批/u })
        await waiting.getByText('请私信我们').waitFor()
        await expectAccessible(page)
        await shoot(page, 'approval-waiting-zh')
        expect(square.accepted).toEqual([])

        await boss.page.goto('/inbox/all')
        await boss.page.getByRole('link', { name: /待审批回复/u }).click()
        const card = boss.page.getByRole('article', { name: /等待审批.*钱伟/u })
        await card.getByText('手机冒烟了').waitFor()
        await expectAccessible(boss.page)
        await shoot(boss.page, 'approvals-zh')
        await card.getByRole('button', { name: '退回…' }).click()
        await boss.page.getByRole('dialog').getByRole('textbox').fill('先请客户停止使用')
        await boss.page.getByRole('dialog').getByRole('button', { name: '退回给同事' }).click()
        await card.waitFor({ state: 'detached' })

        const back = page.getByRole('article', { name: /已退回/u })
        await back.getByText('先请客户停止使用').waitFor()
        await expectAccessible(page)
        await shoot(page, 'approval-returned-zh')
        await back.getByRole('button', { name: '修改后重新提交' }).click()
        await back.waitFor({ state: 'detached' })
        expect(await field.inputValue()).toBe('请私信我们')
        await field.fill('请先停止使用，私信我们')
        await page.getByRole('button', { name: '提交审批' }).click()
        await waiting.waitFor()

        await card.getByRole('button', { name: '改后批准…' }).click()
        await boss.page.getByRole('dialog').getByRole('textbox').fill('请先停止使用并关机，我们已私信您。')
        await boss.page.getByRole('dialog').getByRole('button', { name: '按此发出' }).click()
        await page.getByRole('log').getByText('请先停止使用并关机').waitFor()
        await waiting.waitFor({ state: 'detached' })
        // Until the undo time is over.
        await until(() => square.accepted.length === 1, { timeoutMs: 30_000 * patience, what: 'the reply goes out' })
        expect(square.accepted[0]?.text).toContain('请先停止使用并关机')
        expect(square.accepted[0]?.text).not.toContain('请私信我们')
        await page.getByRole('log').getByText('修改后批准了公开回复').waitFor()
        await shoot(page, 'approval-approved-zh')
        expect([agent.complaints, boss.complaints]).toEqual([[], []])
      } finally {
        await changeConduct(deps.db, systemActor, account!.brandId, { approvePublic: false })
        await removeAccount(deps, systemActor, accountId)
        await square.close()
      }
    },
  )

  test('a finer name is given to a status, chosen on the ticket, and filtered by', slow, async () => {
    await boss.page.goto('/settings/named-statuses')
    const name = `等配件${Date.now()}`
    await boss.page.getByRole('button', { name: '新建状态' }).click()
    const form = boss.page.getByRole('dialog', { name: '新建状态' })
    await form.getByLabel('中文名称').fill(name)
    await form.getByLabel('英文名称').fill('Waiting for parts')
    await form.getByRole('button', { name: '保存' }).click()
    await boss.page.getByText(name).waitFor()
    await expectAccessible(boss.page)
    await shoot(boss.page, 'named-statuses-zh')
    const customer = stage.customer('吴刚')
    customer.says('键盘进水')
    const { page } = agent
    await open(page, '吴刚', '键盘进水')
    await page.getByRole('button', { name: /^状态/u }).click()
    await page.getByRole('menuitemradio', { name }).click()
    await page.getByRole('button', { name: new RegExp(`^状态.*${name}`, 'u') }).waitFor()
    await page.locator('[data-ticket]', { hasText: '吴刚' }).getByText(name).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: '筛选与排序' }).click()
    await page.getByRole('checkbox', { name }).check()
    await page.keyboard.press('Escape')
    await page
      .getByRole('button', { name: new RegExp(`取消筛选.*${name}|${name}`, 'u') })
      .first()
      .waitFor()
    await page.waitForURL(/named=/u)
    await page.locator('[data-ticket]', { hasText: '吴刚' }).waitFor()
    await shoot(page, 'named-filter-zh')
  })

  test('is looked at in English and in the dark', slow, async () => {
    const { page, complaints } = await stage.enter({ name: 'Mei', language: 'en', dark: true })
    for (const path of [
      '/settings/departments',
      '/settings/brand-rules',
      '/settings/named-statuses',
      '/approvals',
      '/tasks?show=done',
    ]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectAccessible(page)
      await shoot(page, `en-dark${path.replaceAll(/\W+/gu, '-')}`)
    }
    const customer = stage.customer('Ada')
    customer.says('It does not charge')
    await open(page, 'Ada', 'It does not charge')
    await page.getByRole('button', { name: 'Work together' }).click()
    await page.getByRole('menuitem', { name: 'Ask a department…' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'What is to be done' }).fill('Test the charger')
    await expectAccessible(page)
    await shoot(page, 'ask-department-en-dark')
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in the task' }).click()
    await page.getByRole('region', { name: 'Tasks of this ticket' }).getByText('Test the charger').waitFor()
    await page.getByRole('button', { name: 'Work together' }).click()
    await page.getByRole('menuitem', { name: 'Escalate…' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Why' }).fill('Wants a refund')
    await page.getByRole('dialog').getByRole('button', { name: 'Escalate', exact: true }).click()
    await page.getByRole('region', { name: 'What was done together' }).getByText('Wants a refund').waitFor()
    await expectAccessible(page)
    await shoot(page, 'ticket-en-dark')
    expect(complaints).toEqual([])
  })
})
