/** The queue's views: their figures, filters in the address, what is saved, and what is about to be lost. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brands } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { createRows, type Rows } from '../helpers/rows.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name })
const link = (page: Page, name: string) => page.getByRole('navigation', { name: '视图' }).getByRole('link', { name })
const hour = 3_600_000

describe.skipIf(chromiumPath === null)('the views', () => {
  let stage: Stage
  let desk: Window
  let rows: Rows
  beforeAll(async () => {
    stage = await openStage()
    rows = createRows(stage.server.deps.db)
    const [brand] = await stage.server.deps.db.select().from(brands)
    const account = await rows.account({ brandId: brand!.id, channel: 'wechat-official', name: '公众号' })
    for (const [name, hours, ticket] of [
      ['急客', 46, { priority: 'urgent', tags: ['退货'] }],
      ['慢客', 1, { status: 'open', tags: ['退货', '其他'] }],
      ['过客', 50, { status: 'open' }],
    ] as const) {
      const at = new Date(Date.now() - hours * hour)
      const talk = await rows.conversation({
        brand: brand!,
        account,
        contact: { name },
        ticket: { ...ticket, tags: 'tags' in ticket ? [...ticket.tags] : [], unansweredSince: at, lastMessageAt: at },
        thread: { lastInboundAt: at },
      })
      await rows.message(talk, { text: `${name}的话`, sentAt: at })
    }
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  async function problems(page: Page) {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
  }

  test('say how many they have, and a row how long it can be answered', slow, async () => {
    const { page } = desk
    await page.goto('/inbox/all')
    await row(page, '慢客')
      .getByText(/还可回复 1\s?天/u)
      .waitFor()
    await row(page, '过客').getByText('回复时限已过').waitFor()
    await link(page, '全部未解决').getByText('3 个会话').waitFor({ state: 'attached' })
    await link(page, '即将超时').getByText('1 个会话').waitFor({ state: 'attached' })
    await link(page, '即将超时').click()
    await row(page, '急客').waitFor()
    expect(await page.locator('[data-ticket]').count()).toBe(1)
    await page.goto('/inbox/all?sort=window')
    await row(page, '过客').waitFor()
    const names = await page.locator('[data-ticket] bdi:first-child').allTextContents()
    expect(names.filter((name) => name.endsWith('客'))).toEqual(['急客', '慢客', '过客'])
  })

  test('count anew when something happens', slow, async () => {
    const { page, context } = desk
    await page.goto('/inbox/all')
    await link(page, '我的会话').waitFor()
    expect(await link(page, '我的会话').getByText('个会话').count()).toBe(0)
    const id = await row(page, '过客').getAttribute('data-ticket')
    const answer = await context.request.patch(`/api/tickets/${id}`, {
      data: { assignee: 'me' },
      headers: { origin: stage.wire.url },
    })
    expect(answer.ok()).toBe(true)
    await link(page, '我的会话').getByText('1 个会话').waitFor({ state: 'attached' })
    await context.request.patch(`/api/tickets/${id}`, { data: { assignee: null }, headers: { origin: stage.wire.url } })
  })

  test('are narrowed in the address, kept under a name, and brought back after they were deleted', slow, async () => {
    const { page } = desk
    await page.goto('/inbox/all')
    await page.getByRole('button', { name: '筛选与排序' }).click()
    await page.getByRole('checkbox', { name: '紧急' }).check()
    await page.getByLabel('标签').fill('退货')
    await page.keyboard.press('Enter')
    await page.waitForURL(
      (url) => url.searchParams.get('tag') === '退货' && url.searchParams.get('priority') === 'urgent',
    )
    expect(await problems(page)).toEqual([])
    await page.getByRole('button', { name: '保存为视图…' }).click()
    await page.getByLabel('视图名称').fill('紧急退货')
    expect(await problems(page)).toEqual([])
    await page.keyboard.press('Enter')
    await link(page, '紧急退货').getByText('1 个会话').waitFor({ state: 'attached' })
    await page.getByRole('heading', { name: '紧急退货' }).waitFor()
    expect(await link(page, '紧急退货').getAttribute('aria-current')).toBe('page')
    expect(await link(page, '全部未解决').getAttribute('aria-current')).toBeNull()
    await page.getByRole('button', { name: '取消筛选：优先级: 紧急' }).click()
    await row(page, '慢客').waitFor()
    await link(page, '紧急退货').click()
    await row(page, '慢客').waitFor({ state: 'detached' })
    expect(await problems(page)).toEqual([])

    await page.getByRole('button', { name: '筛选与排序' }).click()
    await page.getByRole('button', { name: '删除视图' }).click()
    await link(page, '紧急退货').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '恢复' }).click()
    await link(page, '紧急退货').waitFor()
    expect(desk.complaints).toEqual([])
  })
})
