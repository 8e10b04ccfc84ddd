/** The figures as a supervisor looks at them: tiles, chart, table, file; and what an agent sees instead. */
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brands, tickets } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { createRows } from '../helpers/rows.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const hour = 3_600_000

async function problems(page: Page) {
  const { violations } = await axe(page).analyze()
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
}

describe.skipIf(chromiumPath === null)('the figures', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    const { db } = stage.server.deps
    const rows = createRows(db)
    const [brand] = await db.select().from(brands)
    const lin = await rows.user('agent', [brand!], '林一')
    const account = await rows.account({ brandId: brand!.id, channel: 'wechat-official', name: '公众号' })
    const weibo = await rows.account({ brandId: brand!.id, channel: 'weibo', name: '微博' })
    for (let index = 0; index < 24; index++) {
      const at = new Date(Date.now() - (index * 7 + 2) * hour)
      const talk = await rows.conversation({
        brand: brand!,
        account: index % 3 === 0 ? weibo : account,
        // As a spreadsheet would run it.
        ticket: { category: index % 2 ? '=1+1' : '屏幕', assigneeId: lin.id, createdAt: at, lastMessageAt: at },
      })
      await rows.message(talk, { sentAt: at })
      const answered = new Date(at.getTime() + (index + 1) * 5 * 60_000)
      await rows.message(talk, { direction: 'outbound', userId: lin.id, sentAt: answered })
      if (index % 4) await db.update(tickets).set({ status: 'resolved' }).where(eq(tickets.id, talk.ticket.id))
    }
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  test('stand in tiles, a chart and a table that is sorted by a press', slow, async () => {
    const { page, complaints } = await stage.enter()
    await page.goto('/figures?since=30d&zone=Asia%2FShanghai')
    await page.getByRole('heading', { name: '数据', exact: true }).waitFor()
    const opened = page.getByRole('button', { name: '新工单 24' })
    await opened.waitFor()
    expect(await opened.getAttribute('aria-pressed')).toBe('true')
    await page.getByText('从客户第一条消息到第一次人工答复的中位数').waitFor()
    await page.locator('[data-chart] canvas').waitFor()
    expect(await problems(page)).toEqual([])

    await page.getByRole('radio', { name: '渠道' }).click()
    await page.waitForURL((url) => url.searchParams.get('by') === 'channel')
    const table = page.getByRole('region', { name: '数据表，可按列排序' })
    await table.getByRole('rowheader', { name: '微信公众号' }).waitFor()
    const names = () => table.locator('tbody th').allTextContents()
    expect(await names()).toEqual(['微信公众号', '微博'])
    await table.getByRole('button', { name: '新工单' }).click()
    await table.getByRole('button', { name: '新工单' }).click()
    expect(await names()).toEqual(['微博', '微信公众号'])
    expect(await table.getByRole('columnheader', { name: '新工单' }).getAttribute('aria-sort')).toBe('ascending')
    expect(await table.getByRole('row', { name: '微博' }).getByRole('cell').first().textContent()).toBe('8')
    await page.getByRole('button', { name: '首次答复用时' }).click()
    await page.waitForURL((url) => url.searchParams.get('show') === 'firstAnswer')
    await page.locator('[data-chart] canvas').waitFor()
    expect(complaints).toEqual([])
  })

  test('are taken along in a file that no spreadsheet runs', slow, async () => {
    const { page } = await stage.enter()
    await page.goto('/figures?since=30d&by=category')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载 CSV' }).click(),
    ])
    const stream = await download.createReadStream()
    const parts: Buffer[] = []
    for await (const part of stream) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString('utf8')
    expect(text.startsWith('\ufeff分类,新工单,')).toBe(true)
    expect(text).toMatch(/^'=1\+1,12,/mu)
    expect(text).toMatch(/^合计,24,/mu)
    expect(download.suggestedFilename()).toMatch(/^huixin-category-\d{4}-\d\d-\d\d\.csv$/u)
  })

  test('look right in the dark and in English, and have an empty state', slow, async () => {
    const { page, complaints } = await stage.enter({ language: 'en', dark: true })
    await page.goto('/figures?since=7d&by=hour&show=firstAnswer')
    await page.getByRole('heading', { name: 'First answer by Hour of the day' }).waitFor()
    await page.locator('[data-chart] canvas').waitFor()
    expect(await problems(page)).toEqual([])
    await page.goto('/figures?from=2020-01-02&to=2020-01-01')
    await page.getByText('This span cannot be counted').waitFor()
    await page.goto('/figures?from=2020-01-01&to=2020-01-02&channel=telegram')
    await page.getByText('No tickets in this time').waitFor()
    expect(complaints).toEqual([])
  })

  test('are not an agent’s', slow, async () => {
    const { page, context } = await stage.enter({ role: 'agent', name: '客服' })
    await page.goto('/figures')
    await page.getByText('数据页面供主管和管理员查看。').waitFor()
    expect(await page.getByRole('link', { name: '数据', exact: true }).count()).toBe(0)
    const answer = await context.request.get(
      `/api/figures?from=${new Date(0).toISOString()}&to=${new Date(1).toISOString()}`,
    )
    expect(answer.status()).toBe(403)
  })
})
