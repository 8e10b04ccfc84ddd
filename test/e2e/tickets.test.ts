/** Many conversations at once, conversations that become one, and the person behind them, in a real browser. */
import { mkdirSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contacts, identities, tickets } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { until as untilTrue } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 120_000 * patience }
const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name })
const toast = (page: Page, words: string) => page.getByText(words).first()
const until = <T>(what: string, fn: () => T | Promise<T>) => untilTrue(fn, { what, timeoutMs: 15_000 })
const shots = process.env.HUIXIN_SHOTS

describe.skipIf(chromiumPath === null)('many conversations, and the people behind them', () => {
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
  async function shot(page: Page, name: string) {
    if (!shots) return
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png` })
  }
  const db = () => stage.server.deps.db
  /** The ticket of a customer, once what they wrote is in. */
  async function ticketOf(name: string) {
    return until(`a ticket of ${name}`, async () => {
      const found = await db()
        .select({ ticket: tickets })
        .from(tickets)
        .innerJoin(contacts, eq(contacts.id, tickets.contactId))
        .where(eq(contacts.name, name))
      return found[0]?.ticket
    })
  }
  async function write(...names: string[]) {
    const customers = names.map((name) => stage.customer(name))
    for (const [index, customer] of customers.entries()) customer.says(`${names[index]} 说：快递没到`)
    for (const name of names) await ticketOf(name)
    return customers
  }

  test('a range of rows is tagged and given away; the change stands in the thread and is undone', slow, async () => {
    const { page } = desk
    await write('钱一', '钱二', '钱三')
    await page.goto('/inbox/all')
    await row(page, '钱三').first().waitFor()
    const box = (name: string) => page.getByRole('checkbox', { name: new RegExp(`选择${name}`, 'u') })
    await box('钱三').check()
    await box('钱一').click({ modifiers: ['Shift'] })
    const bar = page.getByRole('region', { name: '对所选会话的操作' })
    await bar.getByText('已选 3 个').waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'bulk-selection')
    await bar.getByRole('button', { name: '标签', exact: true }).click()
    await page.getByRole('textbox', { name: '标签名' }).fill('台风')
    await page.keyboard.press('Enter')
    await page.getByText('改了 3 个').waitFor()
    await row(page, '钱二').click()
    await page.getByRole('log').getByText('陈雨批量修改：加标签 台风').waitFor()
    await page.getByText('台风', { exact: true }).first().waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'bulk-done')
    await page.getByRole('region', { name: '批量修改' }).getByRole('button', { name: '撤销' }).click()
    await page.getByText('已撤销 3 个').waitFor()
    await page.getByRole('log').getByText('陈雨撤销批量修改：去掉标签 台风').waitFor()
    for (const name of ['钱一', '钱二', '钱三']) expect((await ticketOf(name)).tags).toEqual([])
    await page.getByRole('button', { name: '收起这条结果' }).click()
  })

  test('all that match are counted, asked about, changed on the server, and put back', slow, async () => {
    const { page } = desk
    await write('孙一', '孙二')
    for (const name of ['孙一', '孙二'])
      await db()
        .update(tickets)
        .set({ tags: ['泡水'] })
        .where(eq(tickets.id, (await ticketOf(name)).id))
    await page.goto('/inbox/all?tag=泡水')
    await row(page, '孙一').first().waitFor()
    await page.getByRole('button', { name: '选择会话' }).click()
    const bar = page.getByRole('region', { name: '对所选会话的操作' })
    await bar.getByRole('button', { name: '选符合条件的全部 2 个' }).click()
    await bar.getByText('已选列表里全部 2 个').waitFor()
    await bar.getByRole('button', { name: '状态' }).click()
    await page.getByRole('menuitem', { name: '已解决' }).click()
    const sure = page.getByRole('alertdialog')
    expect(await problems(page)).toEqual([])
    await shot(page, 'bulk-sure')
    await sure.getByRole('button', { name: '修改 2 个会话' }).click()
    await page.getByText('改了 2 个').waitFor()
    expect((await ticketOf('孙一')).status).toBe('resolved')
    await page.reload()
    await page.getByRole('region', { name: '批量修改' }).getByRole('button', { name: '撤销' }).click()
    await page.getByText('已撤销 2 个').waitFor()
    expect((await ticketOf('孙二')).status).not.toBe('resolved')
    await page.getByRole('button', { name: '收起这条结果' }).click()
  })

  test('by keys alone: x chooses, Shift+X leads to the actions', slow, async () => {
    const { page } = desk
    await write('李一', '李二')
    await page.goto('/inbox/all')
    await row(page, '李二').first().waitFor()
    await row(page, '李二').first().focus()
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('已选 2 个').waitFor()
    await page.keyboard.press('Shift+X')
    await until('the bar has the focus', () =>
      page.evaluate<boolean>("document.activeElement.closest('#selection-bar') !== null"),
    )
    for (let press = 0; press < 12; press += 1) {
      if (await page.evaluate<boolean>("document.activeElement.getAttribute('aria-label') === '转接'")) break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: '由我接入' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('改了 2 个').waitFor()
    expect((await ticketOf('李二')).assigneeId).not.toBeNull()
    await page.getByRole('button', { name: '收起这条结果' }).click()
  })

  test(
    'a macro is written in the settings, run from the palette, and its reply waits in the composer',
    slow,
    async () => {
      const { page } = desk
      const [customer] = await write('吴一')
      await page.goto('/settings/macros')
      await page.getByRole('button', { name: '新建宏' }).click()
      const form = page.getByRole('dialog', { name: '新建宏' })
      await form.getByLabel('名称').fill('订配件')
      await form.getByLabel('加标签').fill('配件，急')
      await form.getByLabel('回复（放进草稿）').fill('{{客户}}您好，配件已订。')
      expect(await problems(page)).toEqual([])
      await shot(page, 'macro-dialog')
      await form.getByRole('button', { name: '保存' }).click()
      await form.waitFor({ state: 'detached' })
      await page.getByText('+ 配件 · + 急').waitFor()
      expect(await problems(page)).toEqual([])
      await page.goto(`/inbox/all/${(await ticketOf('吴一')).id}`)
      await page.getByRole('log').getByText('快递没到').waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog', { name: '命令面板' }).getByRole('combobox').fill('订配件')
      await until(
        'the macro stands first',
        async () => (await page.getByRole('option').allTextContents()).join() === '订配件',
      )
      await page.keyboard.press('Enter')
      await page.getByText('已运行“订配件”').first().waitFor()
      await until(
        'the draft is there',
        async () => (await page.locator('#composer-field').inputValue()) === '吴一您好，配件已订。',
      )
      await page.getByRole('log').getByText('运行宏“订配件”').waitFor()
      expect((await ticketOf('吴一')).tags).toEqual(['配件', '急'])
      expect(stage.arrived(customer!)).toEqual([])
    },
  )

  test('one conversation goes into another, its new words too, and comes back', slow, async () => {
    const { page } = desk
    const [first] = await write('周一', '周二')
    const [from, into] = [await ticketOf('周一'), await ticketOf('周二')]
    await page.goto(`/inbox/all/${from.id}`)
    await page.getByRole('log').getByText('周一 说：快递没到').waitFor()
    await page.keyboard.press('Shift+G')
    const dialog = page.getByRole('dialog', { name: `工单 #${from.number} 并入哪个会话？` })
    await dialog.getByLabel('找客户、内容或工单编号').fill('周二')
    await dialog.getByRole('button', { name: /周二/u }).waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'merge-dialog')
    await dialog.getByRole('button', { name: /周二/u }).click()
    await toast(page, `已并入工单 #${into.number}。`).waitFor()
    await page.waitForURL(`**/${into.id}`)
    await page.getByRole('log').getByText('周一 说：快递没到').waitFor()
    await page.getByRole('log').getByText(`把工单 #${from.number} 并到这里`).waitFor()
    first!.says('还是没到')
    await page.getByRole('log').getByText('还是没到').waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'merged')
    // An address of the empty one leads there too.
    await page.goto(`/inbox/all/${from.id}`)
    await page.waitForURL(`**/${into.id}`)
    await page.getByRole('list', { name: '和其他会话的关系' }).getByRole('button', { name: '撤销' }).click()
    await page.waitForURL(`**/${from.id}`)
    await page.getByRole('log').getByText('还是没到').waitFor()
    await page.getByRole('log').getByText('周二 说：快递没到').waitFor({ state: 'detached' })
  })

  test('messages are split off, and come back', slow, async () => {
    const { page } = desk
    const [customer] = await write('郑一')
    customer!.says('另外发票呢')
    const from = await ticketOf('郑一')
    await page.goto(`/inbox/all/${from.id}`)
    await page.getByRole('log').getByText('另外发票呢').waitFor()
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('menuitem', { name: '拆出部分消息…' }).click()
    const dialog = page.getByRole('dialog', { name: `从工单 #${from.number} 拆出消息` })
    await dialog.getByRole('checkbox', { name: /另外发票呢/u }).check()
    expect(await problems(page)).toEqual([])
    await shot(page, 'split-dialog')
    await dialog.getByRole('button', { name: '拆成新会话' }).click()
    await page.waitForURL((url) => !url.pathname.includes(from.id))
    await page.getByRole('log').getByText(`从工单 #${from.number} 拆出 1 条消息到这里`).waitFor()
    expect(await page.getByRole('log').getByText('快递没到').count()).toBe(0)
    await page.getByRole('list', { name: '和其他会话的关系' }).getByRole('button', { name: '撤销' }).first().click()
    await page.waitForURL(`**/${from.id}`)
    await page.getByRole('log').getByText('另外发票呢').waitFor()
  })

  test('the person stands beside: fields, notes, a block and its end', slow, async () => {
    const { page } = desk
    const [customer] = await write('冯一')
    const ticket = await ticketOf('冯一')
    await page.goto(`/inbox/all/${ticket.id}`)
    await page.getByRole('log').getByText('快递没到').waitFor()
    await page.keyboard.press('i')
    const panel = page.getByRole('complementary', { name: '客户资料：冯一' })
    await panel.getByLabel('产品型号').fill('X-200')
    await page.keyboard.press('Tab')
    await panel.getByLabel('购买日期').fill('2026-05-01')
    await page.keyboard.press('Tab')
    await panel.getByLabel('新备注（客户看不到）').fill('讲粤语')
    await panel.getByRole('button', { name: '添加备注' }).click()
    await panel.getByText('讲粤语').waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'person')
    await page.reload()
    expect(await panel.getByLabel('产品型号').inputValue()).toBe('X-200')
    await panel.getByRole('button', { name: '屏蔽这位客户' }).click()
    await page.getByRole('alertdialog').getByText('同时关闭 1 个未解决的会话。').waitFor()
    expect(await problems(page)).toEqual([])
    await page.getByRole('alertdialog').getByRole('button', { name: '屏蔽这位客户' }).click()
    await panel.getByText('已屏蔽').waitFor()
    customer!.says('喂喂喂')
    await until('it was kept', async () => (await stage.server.deps.sql`select from kept_posts`).length > 0)
    expect((await ticketOf('冯一')).status).toBe('closed')
    await page.reload()
    await panel.getByText('屏蔽期间保留的消息：1 条').click()
    await panel.getByText('喂喂喂').waitFor()
    await panel.getByRole('button', { name: '取消屏蔽' }).click()
    await panel.getByRole('button', { name: '屏蔽这位客户' }).waitFor()
  })

  test('two people are suggested, become one, and are two again', slow, async () => {
    const { page } = desk
    await write('何一', '何二')
    const [one, two] = [await ticketOf('何一'), await ticketOf('何二')]
    await db().update(identities).set({ handle: 'he_same' }).where(eq(identities.contactId, one.contactId))
    await db().update(identities).set({ handle: 'He_Same' }).where(eq(identities.contactId, two.contactId))
    await page.goto(`/inbox/all/${one.id}`)
    const panel = page.getByRole('complementary', { name: '客户资料：何一' })
    const alike = panel.getByRole('region', { name: '可能是同一个人' })
    await alike.getByText('账号名相同').waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'alike')
    await alike.getByRole('button', { name: '合并' }).click()
    await toast(page, '已和何二合并为一位客户。').waitFor()
    await panel.getByRole('region', { name: '其他会话' }).getByText(`#${two.number}`).waitFor()
    // The same person's other open conversation is offered at once.
    await page.getByRole('list', { name: '和其他会话的关系' }).getByRole('button', { name: '并到这里' }).waitFor()
    await panel.getByRole('region', { name: '合并记录' }).getByRole('button', { name: '分开' }).click()
    await toast(page, '已分开为两位客户。').waitFor()
    await alike.waitFor()
    await page.keyboard.press('i')
    await panel.waitFor({ state: 'detached' })
  })

  test('in English, in the dark, and on a small screen nothing is missing', slow, async () => {
    const ticket = await ticketOf('冯一')
    const { page, complaints } = await stage.enter({ language: 'en', dark: true, name: 'Ann' })
    await page.goto(`/inbox/all/${ticket.id}`)
    await page.getByRole('button', { name: 'About the customer' }).click()
    await page
      .getByRole('complementary', { name: 'Customer: 冯一' })
      .getByText('X-200')
      .or(page.getByLabel('Model'))
      .first()
      .waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'person-en-dark')
    await page.goto('/settings/contact-fields')
    await page.getByRole('heading', { name: 'Serial number' }).waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'fields-en-dark')
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`/inbox/all/${ticket.id}`)
    await page.getByRole('button', { name: 'About the customer' }).click()
    await page.waitForURL('**/person')
    await page.getByRole('complementary', { name: 'Customer: 冯一' }).waitFor()
    expect(await page.locator('#composer-field').isVisible()).toBe(false)
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await problems(page)).toEqual([])
    await shot(page, 'person-small')
    await page.goBack()
    await page.getByRole('log').waitFor()
    await page.goto('/inbox/all')
    await page.getByRole('button', { name: 'Select conversations' }).click()
    await page.getByRole('checkbox').first().check()
    await page.getByText('1 selected').waitFor()
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await problems(page)).toEqual([])
    await shot(page, 'bulk-small')
    expect(complaints).toEqual([])
    expect(desk.complaints).toEqual([])
  })
})
