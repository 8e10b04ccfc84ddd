/** Categories and rules: edited in the settings, tried on a text, and at work on what a customer writes. */
import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const shots = process.env.HUIXIN_SHOTS

describe.skipIf(chromiumPath === null)('triage', () => {
  let stage: Stage
  let desk: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    desk = await stage.enter()
    if (shots) await mkdir(shots, { recursive: true })
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  async function problems(page: Page) {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
  }
  const shot = async (page: Page, name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  test('a category is added below another, renamed, archived and brought back', slow, async () => {
    const { page } = desk
    await page.goto('/settings/categories')
    const rows = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /修改“/u }) })
    await page.getByText('产品故障').waitFor()
    await page.getByRole('button', { name: '新增分类' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('中文名称').fill('铰链')
    await form.getByLabel('英文名称').fill('Hinge')
    await form.getByRole('combobox').click()
    await page.getByRole('option', { name: '产品故障', exact: true }).click()
    expect(await problems(page)).toEqual([])
    await form.getByRole('button', { name: '保存' }).click()
    await form.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '修改“铰链”' }).click()
    await page.getByRole('dialog').getByLabel('中文名称').fill('转轴')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    const row = rows.filter({ hasText: '转轴' })
    await row.waitFor()
    await row.getByRole('button', { name: '停用“转轴”' }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByLabel('同时显示已停用的分类').check()
    await page.getByRole('button', { name: '恢复“转轴”' }).click()
    await page.getByRole('button', { name: '停用“转轴”' }).waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'categories')
  })

  test('a text is tried: what hits, and the denial that prevents it', slow, async () => {
    const { page } = desk
    await page.goto('/settings/rules')
    const tester = page.getByRole('region', { name: '试一试' })
    await tester.getByLabel('客户写的内容').fill('充电时冒烟了,手都烫红了')
    await tester.getByLabel('包括未启用的规则').check()
    await tester.getByRole('button', { name: '测试' }).click()
    const result = tester.getByRole('status')
    await result.getByText('紧急', { exact: true }).waitFor()
    await result.getByText('产品故障 › 电池与充电').waitFor()
    await tester.getByLabel('客户写的内容').fill('没有冒烟,就是充电慢')
    await tester.getByRole('button', { name: '测试' }).click()
    await result.getByText('冒烟：被“没有”否定').waitFor()
    await result.getByText('普通', { exact: true }).waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'rules')
  })

  test('a rule is written, switched on, and does its work on the next message', slow, async () => {
    const { page } = desk
    await page.goto('/settings/rules')
    await page.getByRole('button', { name: '新增规则' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('中文名称').fill('洗衣机漏水')
    await form.getByLabel('英文名称').fill('Leaking washer')
    await form.getByLabel('关键词,每行一个'.replace(',', '，')).fill('漏水\nleak*')
    expect(await problems(page)).toEqual([])
    await shot(page, 'rule-form')
    await form.getByRole('button', { name: '保存' }).click()
    await form.waitFor({ state: 'detached' })
    await page.getByRole('switch', { name: '洗衣机漏水' }).click()
    await page.getByRole('switch', { name: '洗衣机漏水', checked: true }).waitFor()
    stage.customer('秦岚').says('家里漏水了')
    await page.goto('/inbox/all')
    const row = page.locator('[data-ticket]', { hasText: '秦岚' }).first()
    await row.getByText('高', { exact: true }).waitFor()
    await row.click()
    await page.getByRole('button', { name: '分类：未分类' }).click()
    await page.getByRole('menuitemradio', { name: '屏幕' }).click()
    await page.getByRole('button', { name: '分类：产品故障 › 屏幕' }).waitFor()
    expect(await problems(page)).toEqual([])
    await page.goto('/inbox/all?category=product')
    await page.locator('[data-ticket]', { hasText: '秦岚' }).first().waitFor()
    await page.goto('/inbox/all?category=service')
    await page.locator('[data-ticket]', { hasText: '秦岚' }).waitFor({ state: 'detached' })
    await page.goto('/settings/rules')
    await page.getByText('30 天内命中 1 次').waitFor()
    await page.getByRole('button', { name: '试运行' }).click()
    await page.getByText(/个工单中，规则会命中/u).waitFor()
    expect(await problems(page)).toEqual([])
    await shot(page, 'rules-after')
  })

  test('an agent sees neither page, and their calls are refused', slow, async () => {
    const answer = await desk.page.request.get('/api/rules')
    expect(answer.status()).toBe(200)
    const anybody = await fetch(new URL('/api/rules', desk.page.url()))
    expect(anybody.status).toBe(401)
  })
})
