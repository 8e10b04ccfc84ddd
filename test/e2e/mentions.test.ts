/** Watched posts and files, as somebody at the desk works with them: by keys, by pointer, in both languages. */
import { readFile } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import type { InboundEvent } from '../../src/channel/events.ts'
import { mentions, messages, tickets } from '../../src/db/schema.ts'
import { createIngest } from '../../src/inbound/ingest.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 120_000 * patience, retry: 1 }

describe.skipIf(chromiumPath === null)('an agent', () => {
  let stage: Stage
  let desk: Window
  let watched: string
  let files: string
  let count = 0
  beforeAll(async () => {
    stage = await openStage()
    const { deps } = stage.server
    const add = async (channel: string, name: string, settings: object, intake: 'tickets' | 'watch') => {
      const { id } = await addAccount(deps, systemActor, { channel, name, settings: { ...settings }, intake })
      deps.connections.changed(id)
      return id
    }
    // Its own poll finds nobody; the posts of the tests come in behind it.
    watched = await add('csv', '话题监测', { platform: '小红书' }, 'watch')
    files = await add('csv', '抖音评论', { platform: '抖音' }, 'tickets')
    desk = await stage.enter()
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  /** Posts arrive as they do from a platform. */
  async function arrive(...texts: readonly string[]): Promise<void> {
    const { deps } = stage.server
    const account = (await deps.connections.get(watched))!
    const events = texts.map((text): InboundEvent => {
      count += 1
      const author = { externalId: `p${count}`, name: `用户${count}`, handle: null, avatarUrl: null, followers: null }
      return {
        type: 'message',
        message: {
          externalId: `m${count}`,
          sequence: null,
          threadId: `t${count}`,
          rootId: `t${count}`,
          parentId: null,
          surface: 'public',
          author,
          text,
          context: null,
          media: [],
          location: null,
          url: `https://posts.example/${count}`,
          sentAt: new Date(Date.now() - 60_000 + count),
          replyable: { allowed: false, reason: { en: 'Read only.', zh: '只读。' } },
          groupKey: null,
          raw: {},
        },
      }
    })
    const { db, seal, now, log, nudge } = deps
    await createIngest({ db, seal, now, log, nudge }).submit(account, events)
  }

  const item = (page: Page, text: string) => page.locator('[data-mention]', { hasText: text })
  async function problemsOf(page: Page): Promise<string[]> {
    const { violations } = await axe(page).analyze()
    return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }
  /** Nothing is wider than the window. */
  const overflow = (page: Page) => page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)

  test('makes a ticket of a watched post with one key, and takes it back', slow, async () => {
    const { page, complaints } = desk
    const { db } = stage.server.deps
    await db.delete(mentions)
    await arrive('屏幕总是闪', '电池一天两充', '客服电话打不通')
    await page.goto('/mentions')
    await item(page, '屏幕总是闪').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('t')
    const made = page.getByText(/已转为工单 #\d+。/u).first()
    await made.waitFor()
    expect(await db.$count(tickets)).toBe(1)
    await page.getByRole('button', { name: '撤销' }).first().click()
    await page.getByText('已撤销，内容回到提及列表。').first().waitFor()
    await until(async () => (await db.$count(tickets)) === 0, { timeoutMs: 15_000, what: 'the ticket is gone' })
    await item(page, '客服电话打不通').getByRole('button', { name: '转为工单' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('marks posts as seen, finds them again, and puts them back', slow, async () => {
    const { page } = desk
    await page.goto('/mentions')
    await item(page, '电池一天两充').getByRole('button', { name: '已阅' }).click()
    await page.getByText('已将 1 条标为已阅。').first().waitFor()
    await page.goto('/mentions?state=dismissed')
    await item(page, '电池一天两充').getByRole('button', { name: '恢复' }).click()
    await page.getByText('已恢复 1 条。').first().waitFor()
    await page.goto('/mentions')
    await item(page, '电池一天两充').waitFor()
  })

  test('searches in Chinese, and sees what was found', slow, async () => {
    const { page } = desk
    await page.goto('/mentions')
    await item(page, '屏幕总是闪').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('电话')
    await page.locator('mark', { hasText: '电话' }).waitFor()
    await item(page, '屏幕总是闪').waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('q')).toBe('电话')
  })

  test('sees new posts come by themselves, and nothing moves under the pointer', slow, async () => {
    const { page } = desk
    await page.goto('/mentions')
    const first = page.locator('[data-mention]').first()
    await first.waitFor()
    const before = await first.getAttribute('data-mention')
    await first.hover()
    const keepPointing = setInterval(() => void page.mouse.move(600 + Math.random() * 20, 400), 400)
    try {
      await arrive('刚刚发出的帖子')
      await page.getByRole('button', { name: '1 条有更新' }).waitFor()
      expect(await page.locator('[data-mention]').first().getAttribute('data-mention')).toBe(before)
    } finally {
      clearInterval(keepPointing)
    }
    await page.getByRole('button', { name: '1 条有更新' }).click()
    await item(page, '刚刚发出的帖子').waitFor()
  })

  test('sees how many there were per hour, in a chart and in figures', slow, async () => {
    const { page } = desk
    await page.goto('/mentions')
    await page.getByText('每小时数量', { exact: true }).click()
    const posts = await stage.server.deps.db.$count(mentions)
    await page.getByRole('img', { name: new RegExp(`共 ${posts} 条`, 'u') }).waitFor()
    await page.getByRole('table').getByRole('columnheader', { name: '话题监测' }).waitFor()
    await page.getByRole('radio', { name: '按语言' }).click()
    await page.getByRole('columnheader', { name: '中文' }).waitFor()
  })

  const head = '评论ID,用户昵称,评论内容,评论时间,作品链接\n'
  const rows = [
    'c1,小雨,充不进电,2026-11-24 10:00,https://www.douyin.example/video/1',
    'c2,<b>阿明</b>,"<img src=x onerror=""document.title=\'hacked\'"">",2026-11-24 10:05,https://www.douyin.example/video/1',
    'c3,,没有作者,2026-11-24 10:06,',
    'c4,阿杰,日期不对,昨天,',
    'c5,阿珍,"=HYPERLINK(""http://evil.example"")",31/31/2026,',
  ]
  const file = { name: '评论.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${head}${rows.join('\n')}\n`) }

  test('imports a file with three bad rows, and the same file again without effect', slow, async () => {
    const { page, complaints } = desk
    const { db } = stage.server.deps
    await page.goto(`/imports?account=${files}`)
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByText('2 行可以导入').waitFor()
    await page.getByText('3 行有问题').waitFor()
    await page.getByRole('cell', { name: '缺少作者。' }).waitFor()
    await page.getByRole('cell', { name: '“昨天”不是有效时间' }).waitFor()
    // Markup in a cell is the words it is.
    await page.getByText('<b>阿明</b>', { exact: true }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载有问题的行' }).first().click(),
    ])
    const bad = await readFile(await download.path(), 'utf8')
    expect(download.suggestedFilename()).toContain('评论')
    expect(bad.split('\r\n').filter(Boolean)).toHaveLength(4)
    expect(bad).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    await page.getByRole('button', { name: '导入 2 行' }).click()
    await page.getByRole('status').getByText('新增 2 条，已有 0 条，有问题 3 条').waitFor()
    expect(await db.$count(messages, eq(messages.accountId, files))).toBe(2)

    await page.getByRole('button', { name: '再导入一个文件' }).click()
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByRole('button', { name: '导入 2 行' }).click()
    await page.getByRole('status').getByText('新增 0 条，已有 2 条，有问题 3 条').waitFor()
    expect(await db.$count(messages, eq(messages.accountId, files))).toBe(2)

    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: '小雨' }).click()
    const away = page.getByRole('link', { name: '在抖音上打开' })
    expect(await away.getAttribute('href')).toBe('https://www.douyin.example/video/1')
    await page.getByRole('button', { name: '我已在平台上回复…' }).waitFor()
    await page.locator('[data-ticket]', { hasText: '<b>阿明</b>' }).click()
    await page.getByRole('log').getByText('<img src=x onerror=').waitFor()
    expect(await page.title()).not.toContain('hacked')
    expect(complaints).toEqual([])
  })

  test('is told in words why a file cannot be read, and chooses other columns', slow, async () => {
    const { page } = desk
    await page.goto(`/imports?account=${files}`)
    const workbook = { name: 'a.xlsx', mimeType: 'application/zip', buffer: Buffer.from([0x50, 0x4b, 3, 4]) }
    await page.locator('input[type=file]').setInputFiles(workbook)
    await page.getByText('这是 Excel 工作簿。').waitFor()
    const odd = { name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from('甲,乙\n张三,坏了\n') }
    await page.locator('input[type=file]').setInputFiles(odd)
    await page.getByText('请先为这些字段选择列：内容、作者').waitFor()
    for (const [field, column] of [
      ['内容', '乙'],
      ['作者', '甲'],
    ] as const) {
      await page.getByRole('combobox', { name: field, exact: true }).click()
      await page.getByRole('option', { name: column }).click()
    }
    await page.getByText('1 行可以导入').waitFor()
    await page.getByRole('button', { name: '换一个文件' }).click()
    await page.getByRole('button', { name: '选择文件' }).waitFor()
  })

  test('chooses on the account’s form whether it watches', slow, async () => {
    const { page } = desk
    await page.goto('/settings/accounts')
    const card = page.getByRole('article', { name: '抖音评论' })
    await card.getByRole('button', { name: '编辑 抖音评论' }).click()
    await page.getByRole('combobox', { name: '收到的内容' }).click()
    await page.getByRole('option', { name: '只关注' }).click()
    await page.getByRole('button', { name: '保存并检查' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).first().click()
    await card.getByText('只关注').waitFor()
  })

  test.each([
    ['zh-CN', false],
    ['zh-CN', true],
    ['en', false],
    ['en', true],
  ] as const)('has pages everybody can use, in %s, dark: %s', slow, async (language, dark) => {
    const { page, context, complaints } = await stage.enter({ language, dark })
    const words = `The speaker crackles, ${language} ${dark} ${count}`
    await arrive('充电口松动了', words)
    await page.goto('/mentions')
    await item(page, words).waitFor()
    await page.locator('summary').click()
    await page.getByRole('img', { name: /24/u }).waitFor()
    expect(await problemsOf(page)).toEqual([])
    await page.setViewportSize({ width: 360, height: 740 })
    await item(page, words).waitFor()
    expect(await overflow(page)).toBe(0)
    expect(await problemsOf(page)).toEqual([])
    await page.goto(`/imports?account=${files}`)
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByRole('table').waitFor()
    expect(await problemsOf(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })
})
