/** What customers are promised, and who gets their conversation: set up in the settings, seen at the desk. */
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 120_000 * patience, retry: 1 }
const row = (page: Page, name: string) => page.locator('[data-ticket]', { hasText: name })
const shots = process.env.HUIXIN_SHOTS ?? join(tmpdir(), 'huixin-shots')

describe.skipIf(chromiumPath === null)('promises and teams', () => {
  let stage: Stage
  let desk: Window
  let lina: Window
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    desk = await stage.enter()
    lina = await stage.enter({ name: '李娜', role: 'agent' })
    await mkdir(shots, { recursive: true })
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  const problems = async (page: Page) =>
    (await axe(page)).violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])

  test('a promise that is over its time is shown in the list, in the conversation and as a notice', slow, async () => {
    const { page } = desk
    stage.customer('周岚').says('手机开不了机')
    await page.goto('/inbox/all')
    await row(page, '周岚')
      .getByText(/首次回复还剩/u)
      .waitFor()
    await row(page, '周岚').click()
    await page.getByRole('button', { name: /首次回复还剩/u }).click()
    await page.getByText('实质答复', { exact: true }).waitFor()
    expect(await problems(page)).toEqual([])
    await page.keyboard.press('Escape')
    // More than a day passes: what the customer wrote was written then, and every clock is worked out from it.
    await stage.server.deps.sql`
      update messages set ordered_at = ordered_at - interval '30 hours', received_at = received_at - interval '30 hours'`
    await stage.server.deps.sql`
      update tickets set unanswered_since = unanswered_since - interval '30 hours'
      where id in (select current_ticket_id from threads)`
    await row(page, '周岚')
      .getByText(/首次回复已超时/u)
      .waitFor()
    await page.getByRole('link', { name: /承诺已超时/u }).click()
    await row(page, '周岚').waitFor()
    await page.getByRole('button', { name: /未读提醒/u }).click()
    await page.getByRole('link', { name: '全部提醒' }).click()
    await page.getByRole('heading', { name: '提醒' }).waitFor()
    await page.getByText(/首次回复已超时，原定/u).waitFor()
    expect(await problems(page)).toEqual([])
    await page.getByRole('link', { name: /首次回复已超时，原定/u }).click()
    await page.getByRole('log').getByText('手机开不了机').waitFor()
    await page.getByRole('button', { name: '提醒', exact: true }).waitFor()
  })

  test('working hours and a policy are set up; holidays nobody has published are told of', slow, async () => {
    const { page } = desk
    await page.goto('/settings/hours')
    await page.getByText('Asia/Shanghai').waitFor()
    await page.getByRole('button', { name: '新建工作时间' }).click()
    const hours = page.getByRole('dialog', { name: '新建工作时间' })
    await hours.getByLabel('名称').fill('夜班')
    await hours.getByLabel('星期一').fill('九点到六点')
    await hours.getByText('请写成 09:00-18:00 这样。').waitFor()
    await hours.getByLabel('星期一').fill('22:00-06:00')
    await hours.getByRole('button', { name: '添加日期' }).click()
    await hours.getByLabel('日期', { exact: true }).fill('2027-02-04')
    expect(await problems(page)).toEqual([])
    await hours.getByRole('button', { name: '保存' }).click()
    await hours.waitFor({ state: 'detached' })
    await page.getByText('22:00-06:00').waitFor()
    await page.goto('/settings/promises')
    await page.getByRole('button', { name: '新建承诺' }).click()
    const policy = page.getByRole('dialog', { name: '新建承诺' })
    await policy.getByLabel('名称').fill('加急')
    await policy.getByLabel('解决', { exact: true }).fill('4')
    await policy.getByRole('button', { name: '添加一步' }).click()
    await policy.getByLabel('加标签').fill('升级')
    await policy.getByText('只用于部分会话').click()
    await policy.getByRole('checkbox', { name: '紧急' }).check()
    expect(await problems(page)).toEqual([])
    await policy.getByRole('button', { name: '保存' }).click()
    await policy.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '把“加急”提前' }).click()
    await page.getByRole('main').getByRole('heading', { level: 2 }).first().getByText('加急').waitFor()
    expect(await problems(page)).toEqual([])
  })

  test('a team gives its conversations out by itself, to who is here', slow, async () => {
    const { page } = desk
    await lina.page.goto('/inbox/mine')
    await page.goto('/settings/teams')
    await page.getByRole('button', { name: '新建小组' }).click()
    const team = page.getByRole('dialog', { name: '新建小组' })
    await team.getByLabel('名称').fill('售后组')
    await team.getByRole('checkbox', { name: '李娜' }).check()
    await team.getByRole('checkbox', { name: '自动分派会话' }).check()
    await team.getByRole('checkbox', { name: /也接收/u }).check()
    expect(await problems(page)).toEqual([])
    await team.getByRole('button', { name: '保存' }).click()
    await team.waitFor({ state: 'detached' })
    await page.getByText('自动分派', { exact: true }).waitFor()
    await page.getByText(/在线 · 处理中/u).waitFor()
    stage.customer('何静').says('屏幕碎了')
    await row(lina.page, '何静').waitFor()
    await lina.page.getByRole('button', { name: /提醒/u }).click()
    await lina.page.getByText('这个会话分给了你').first().waitFor()
    await lina.page.keyboard.press('Escape')
    await lina.page.getByRole('button', { name: /李娜/u }).click()
    await lina.page.getByRole('menuitemradio', { name: '忙碌' }).click()
    await page.getByText(/忙碌 · 处理中/u).waitFor()
    expect(await problems(page)).toEqual([])
  })

  test.each([
    ['zh-CN', false],
    ['zh-CN', true],
    ['en', false],
    ['en', true],
  ] as const)('has pages anybody can use: %s, dark: %s', slow, async (language, dark) => {
    const { page, context, complaints } = await stage.enter({ language, dark })
    const found: unknown[] = []
    for (const [name, place] of [
      ['inbox', '/inbox/all'],
      ['breached', '/inbox/breached'],
      ['notices', '/notices'],
      ['teams', '/settings/teams'],
      ['hours', '/settings/hours'],
      ['promises', '/settings/promises'],
    ] as const) {
      await page.goto(place)
      await page.locator('h1, [data-ticket]').first().waitFor()
      await page.locator('[role=status][aria-label]').waitFor({ state: 'detached' })
      found.push(...(await problems(page)).map((problem) => [name, problem]))
      await page.screenshot({ path: join(shots, `${name}-${language}-${dark ? 'dark' : 'light'}.png`) })
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})
