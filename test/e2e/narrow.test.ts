/** Every page at 320 pixels, and zoomed to 200 %: nothing is cut off, nothing scrolls sideways, axe finds nothing. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accounts } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage } from './stage.ts'

const slow = { timeout: 240_000 * patience }

/** What is wider than the window: the page itself, or something in it that cannot be scrolled to. */
const beyond = `(() => {
  const wide = document.scrollingElement.scrollWidth > innerWidth ? ['the page: ' + document.scrollingElement.scrollWidth] : []
  const scrolls = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return at
    return null
  }
  // A table or a chart of its own may be scrolled; a whole page may not.
  for (const element of document.querySelectorAll('main, main *, aside *')) {
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0 || getComputedStyle(element).visibility === 'hidden') continue
    if (element.closest('.aside, [aria-hidden=true], svg')) continue
    if (box.right > innerWidth + 1 && !scrolls(element)) wide.push(element.tagName + '.' + element.className + ' ' + Math.round(box.right))
  }
  const column = [...document.querySelectorAll('main, main > *, [role=log]')].filter((at) => at.scrollWidth > at.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(at).overflowX))
  return [...wide.slice(0, 5), ...column.map((at) => 'sideways: ' + at.tagName + '.' + at.className)]
})()`

const pages = [
  'mentions',
  'tasks',
  'approvals',
  'notices',
  'figures',
  'incidents',
  'quality',
  'quality/sheet',
  ...['accounts', 'brands', 'automatic', 'not-ours', 'users', 'teams', 'promises', 'hours', 'keys', 'categories'].map(
    (name) => `settings/${name}`,
  ),
  ...['rules', 'repairs', 'quick-replies', 'departments', 'brand-rules', 'named-statuses', 'macros'].map(
    (name) => `settings/${name}`,
  ),
  'settings/contact-fields',
  'settings/preferences',
]

describe.skipIf(chromiumPath === null)('in a narrow window', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    for (const name of ['王芳', 'Emma-Charlotte Featherstonehaugh-Cholmondeley']) {
      stage
        .customer(name)
        .says('手机昨天更新以后就无法开机了，https://example.com/a/very/long/address/that/has/no/space/in/it/at/all')
    }
  }, slow.timeout)
  afterAll(() => stage?.close())

  test.each([
    ['zh-CN', false, 320, 640],
    ['en', true, 320, 640],
    // A window of 1360 by 860, zoomed to 200 %.
    ['en', false, 680, 430],
  ] as const)('%s, dark: %s, %i wide: nothing is lost', slow, async (language, dark, width, height) => {
    const { page, context, complaints } = await stage.enter({ language, dark })
    await page.setViewportSize({ width, height })
    const found: string[] = []
    const look = async (place: string) => {
      await page.locator('[role=status][aria-label]').first().waitFor({ state: 'detached' })
      for (const one of await page.evaluate<string[]>(beyond)) found.push(`${place}: ${one}`)
      const { violations } = await axe(page)
      for (const { id, nodes } of violations)
        found.push(`${place}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    }
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]').nth(1).waitFor()
    await look('queue')
    await openFirst(page)
    await look('thread')
    await page.keyboard.press('i')
    await page.getByRole('heading', { level: 3 }).first().waitFor()
    await look('person')
    const [account] = await stage.server.deps.db.select().from(accounts)
    for (const place of [...pages, `settings/accounts/${account!.id}/log`, `settings/accounts/${account!.id}/unread`]) {
      await page.goto(`/${place}`)
      await page.locator('h1').first().waitFor()
      await look(place)
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('queue, conversation and person are three screens, and "back" leads from one to the other', slow, async () => {
    const { page, context } = await stage.enter({ role: 'administrator' })
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto('/inbox/all')
    await openFirst(page)
    const list = page.locator('[data-ticket]').first()
    const field = page.locator('#composer-field')
    expect([await list.isVisible(), await field.isVisible()]).toEqual([false, true])
    await page.getByRole('button', { name: '客户资料' }).click()
    await page.waitForURL(/\/person$/u)
    await page.getByRole('complementary', { name: /客户/u }).waitFor()
    expect([await list.isVisible(), await field.isVisible()]).toEqual([false, false])
    await page.goBack()
    await field.waitFor()
    await page.goBack()
    await list.waitFor()
    expect(await field.isVisible()).toBe(false)
    await context.close()
  })
})

async function openFirst(page: Page): Promise<void> {
  await page.locator('[data-ticket]').first().click()
  await page.getByRole('log').locator('article').first().waitFor()
}
