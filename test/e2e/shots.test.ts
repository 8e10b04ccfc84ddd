/**
 * Pictures of every page of the desk, for people to look at: `npm run shots` puts them into `shots/`, which git ignores, and
 * the README's picture into `docs/desk.png`. Not a part of `npm test`. The server as it is, customers of a simulated platform.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, test } from 'vitest'
import { accounts } from '../../src/db/schema.ts'
import { storeUnread } from '../../src/inbound/unread.ts'
import { settingsGroups } from '../../web/src/settings/pages.ts'
import { patience } from '../helpers/patience.ts'
import { chromiumPath } from './chromium.ts'
import { openStage } from './stage.ts'

const root = join(import.meta.dirname, '../..')
const folder = process.env.HUIXIN_SHOTS ?? ''

const complaints: readonly (readonly [string, readonly string[]])[] = [
  ['王芳', ['手机昨天更新以后就无法开机了', '充电一晚上也没有反应，灯也不亮', '我在保修期内，发票还在']],
  ['李娜', ['屏幕有一条绿线，越来越宽']],
  ['周杰', ['耗电太快，半天就没电', '关掉定位也一样']],
  ['Emma Clark', ['Battery drains within two hours since the last update.']],
  ['赵雷', ['充不进电，换了线也不行']],
  ['孙悦', ['维修点说没有配件，要等三周？']],
  ['吴桐', ['信号很差，家里总是断网']],
]

describe.skipIf(folder === '' || chromiumPath === null)('pictures', () => {
  test('of every page', { timeout: 300_000 * patience }, async () => {
    await mkdir(folder, { recursive: true })
    const stage = await openStage()
    try {
      await stage.connect()
      const { db, seal } = stage.server.deps
      const [account] = await db.select().from(accounts)
      for (const [name, lines] of complaints) {
        const customer = stage.customer(name)
        for (const line of lines) customer.says(line)
      }

      for (const reason of ['no chat in the payload', 'TypeError'])
        await storeUnread(db, seal, {
          accountId: account!.id,
          kind: 'raw',
          value: { odd: reason },
          reason,
          receivedAt: new Date(),
        })

      const pages = [
        'mentions',
        'tasks',
        'approvals',
        'notices',
        'imports',
        'figures',
        'incidents',
        'quality',
        'quality/sheet',
        'settings/accounts',
        `settings/accounts/${account!.id}/log`,
        `settings/accounts/${account!.id}/unread`,
        ...settingsGroups.flatMap((group) => group.pages.map(({ to }) => to.slice(1))),
      ]
      for (const language of ['zh-CN', 'en'] as const) {
        for (const dark of [false, true]) {
          const { page, context } = await stage.enter({ name: '陈雨', language, dark })
          const look = `${language}-${dark ? 'dark' : 'light'}`
          await page.goto('/inbox/all')
          await page.locator('[data-ticket]', { hasText: '王芳' }).click()
          await page.getByRole('log').locator('article').first().waitFor()
          if (language === 'zh-CN' && !dark) await answer(page)
          await quiet(page)
          await page.screenshot({ path: join(folder, `ticket-${look}.png`) })
          if (language === 'zh-CN' && !dark) await page.screenshot({ path: join(root, 'docs', 'desk.png') })
          // Keys are letters where somebody writes.
          await page.getByRole('log').click()
          await page.keyboard.press('i')
          await page.getByRole('complementary').last().getByRole('heading', { level: 3 }).first().waitFor()
          await quiet(page)
          await page.screenshot({ path: join(folder, `person-${look}.png`) })
          await page.keyboard.press('i')
          await page.keyboard.press('Control+k')
          await page.getByRole('dialog').waitFor()
          await quiet(page)
          await page.screenshot({ path: join(folder, `palette-${look}.png`) })
          await page.keyboard.press('Escape')
          await page.getByRole('button', { name: language === 'en' ? 'Filter and sort' : '筛选与排序' }).click()
          await page.getByRole('dialog').waitFor()
          await quiet(page)
          await page.screenshot({ path: join(folder, `filters-${look}.png`) })
          await page.keyboard.press('Escape')
          await page.setViewportSize({ width: 1360, height: 1200 })
          for (const place of pages) {
            await page.goto(`/${place}`)
            await page.locator('h1').waitFor()
            await quiet(page)
            await page.screenshot({ path: join(folder, `${nameOf(place)}-${look}.png`) })
          }
          for (const [width, height] of [
            [360, 740],
            [320, 640],
          ] as const) {
            await page.setViewportSize({ width, height })
            await page.goto('/inbox/all')
            await page.locator('[data-ticket]', { hasText: '王芳' }).waitFor()
            await quiet(page)
            await page.screenshot({ path: join(folder, `queue-${width}-${look}.png`) })
            await page.locator('[data-ticket]', { hasText: '王芳' }).click()
            await page.getByRole('log').locator('article').first().waitFor()
            await quiet(page)
            await page.screenshot({ path: join(folder, `ticket-${width}-${look}.png`) })
          }
          await context.close()
        }
      }
      console.log(`The pictures are in ${folder}.`)
    } finally {
      await stage.close()
    }
  })
})

/** So that the picture shows both sides. */
async function answer(page: Page): Promise<void> {
  await page
    .locator('#composer-field')
    .fill('您好，请长按电源键和音量下键 10 秒再试。若仍不能开机，我们为您安排免费检测。')
  await page.keyboard.press('Enter')
  await page.getByRole('log').getByText('已发送').waitFor()
}

/** What is being loaded is there, and drawn. */
async function quiet(page: Page): Promise<void> {
  await page.locator('[role=status][aria-label]').first().waitFor({ state: 'detached' })
  await page.evaluate(`new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 300))`)
}

function nameOf(place: string): string {
  return place.replace(/[\da-f]{8}-[\da-f-]{27}\//u, '').replaceAll('/', '-')
}
