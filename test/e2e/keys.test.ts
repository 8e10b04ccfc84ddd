/** Working without a mouse: keys, their overlay, one's own keys, and the palette. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { brands } from '../../src/db/schema.ts'
import { patience } from '../helpers/patience.ts'
import { type Conversation, createRows } from '../helpers/rows.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 90_000 * patience, retry: 1 }
const palette = (page: Page) => page.getByRole('dialog', { name: '命令面板' })
const options = (page: Page) => palette(page).getByRole('option')
const field = (page: Page) => page.locator('#composer-field')

describe.skipIf(chromiumPath === null)('without a mouse', () => {
  let stage: Stage
  let desk: Window
  let talks: Conversation[] = []
  beforeAll(async () => {
    stage = await openStage()
    const rows = createRows(stage.server.deps.db)
    const [brand] = await stage.server.deps.db.select().from(brands)
    const account = await rows.account({ brandId: brand!.id, channel: 'telegram' })
    for (const [index, name] of ['甲一', '乙二', '丙三', '丁四'].entries()) {
      const at = new Date(Date.now() - index * 60_000)
      const talk = await rows.conversation({
        brand: brand!,
        account,
        contact: { name },
        ticket: { lastMessageAt: at, unansweredSince: at, status: 'open', preview: `${name}的话` },
        thread: { lastInboundAt: at },
      })
      await rows.message(talk, { text: `${name}的话`, sentAt: at })
      talks = [...talks, talk]
    }
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())
  beforeEach(async () => {
    await stage.server.deps.sql`update tickets set status = 'open', assignee_id = null, tags = '{}'`
    await desk.page.goto('/inbox/all')
    await desk.page.evaluate(() => localStorage.removeItem('huixin.preferences'))
    await desk.page.reload()
    await desk.page.locator('[data-ticket]').nth(3).waitFor()
  })

  const address = (talk: Conversation) => `**/inbox/*/${talk.ticket.id}`
  async function problems(page: Page) {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
  }
  async function open(page: Page, talk: Conversation) {
    await page.goto(`/inbox/all/${talk.ticket.id}`)
    await page.getByRole('log').locator('article').first().waitFor()
  }
  const read = async (talk: Conversation) =>
    (await desk.context.request.get(`/api/tickets/${talk.ticket.id}`)).json() as Promise<{
      status: string
      assignee: unknown
      tags: string[]
    }>

  test('a conversation is claimed, tagged, resolved and brought back, and the next one is there', slow, async () => {
    const { page } = desk
    await open(page, talks[0]!)
    await page.keyboard.press('c')
    await until(async () => (await read(talks[0]!)).assignee !== null)
    await page.keyboard.press('l')
    await page.getByRole('textbox', { name: '标签名' }).waitFor()
    await page.keyboard.type('退货')
    await page.keyboard.press('Enter')
    await until(async () => (await read(talks[0]!)).tags.includes('退货'))
    await page.getByRole('button', { name: '移除标签 退货' }).waitFor()
    await page.keyboard.press('e')
    await page.waitForURL(address(talks[1]!))
    await until(async () => (await read(talks[0]!)).status === 'resolved')
    await page.getByRole('button', { name: '撤销' }).click()
    await until(async () => (await read(talks[0]!)).status === 'open')
    await page.keyboard.press('Shift+E')
    await until(async () => (await read(talks[1]!)).status === 'resolved')
    expect(page.url()).toContain(talks[1]!.ticket.id)
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.waitForURL('**/inbox/unassigned')
  })

  test('the palette knows what can be done here, and does it', slow, async () => {
    const { page } = desk
    await open(page, talks[2]!)
    await field(page).focus()
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    expect(await problems(page)).toEqual([])
    await page.keyboard.type('下一个')
    await until(async () => (await options(page).first().textContent())?.includes('下一个会话'))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(address(talks[3]!))
    await until(async () => (await read(talks[2]!)).status === 'resolved')
  })

  test('the palette goes to a view, a person and a number, and waits for an input method', slow, async () => {
    const { page, context } = desk
    await page.keyboard.press('Control+k')
    const keyboard = await context.newCDPSession(page)
    await palette(page).getByRole('combobox').waitFor()
    await keyboard.send('Input.imeSetComposition', { text: 'yier', selectionStart: 4, selectionEnd: 4 })
    await keyboard.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    await keyboard.send('Input.insertText', { text: '乙二' })
    await options(page).filter({ hasText: '乙二' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(address(talks[1]!))

    await page.keyboard.press('Control+k')
    await page.keyboard.type(`#${talks[3]!.ticket.number}`)
    await options(page).filter({ hasText: '丁四' }).waitFor()
    expect(await problems(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(address(talks[3]!))

    await page.keyboard.press('Control+k')
    await page.keyboard.type('已挂起')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/inbox/snoozed')
  })

  test('keys are shown, chosen anew, and turned off', slow, async () => {
    const { page } = desk
    await page.goto('/settings/preferences')
    const resolve = page.getByRole('button', { name: /更改快捷键：解决并看下一个/u })
    await resolve.click()
    await page.keyboard.press('j')
    await page.getByText('j 已用于：下一个会话。').waitFor()
    await page.keyboard.press('y')
    await resolve.getByText('y', { exact: true }).waitFor()
    expect(await problems(page)).toEqual([])
    await open(page, talks[0]!)
    await page.keyboard.press('e')
    await page.keyboard.press('?')
    const overlay = page.getByRole('dialog', { name: '键盘快捷键' })
    await overlay.getByText('y', { exact: true }).waitFor()
    expect(await problems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await overlay.waitFor({ state: 'detached' })
    expect(page.url()).toContain(talks[0]!.ticket.id)
    await page.keyboard.press('y')
    await page.waitForURL(address(talks[1]!))

    await page.goto('/settings/preferences')
    await page.getByRole('switch', { name: '单键快捷键' }).click()
    await open(page, talks[2]!)
    await page.keyboard.press('y')
    await page.keyboard.press('?')
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    expect(await overlay.count()).toBe(0)
    expect(page.url()).toContain(talks[2]!.ticket.id)
    expect(desk.complaints).toEqual([])
  })
})
