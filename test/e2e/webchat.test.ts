/** The web chat as visitors and agents meet it: on a shop's page and in the desk, through two servers on one database. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { drawPicture } from '../../adapters/webchat/crowd/picture.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { type ChatStage, openChatStage, type Visitor } from './webchat-stage.ts'

const slow = { timeout: 120_000 * patience, retry: 1 }
const wait = { timeoutMs: 15_000 }

describe.skipIf(chromiumPath === null)('a visitor of the shop', () => {
  let stage: ChatStage
  let desk: Page
  beforeAll(async () => {
    // Files of every kind, and as many lines as the tests write.
    stage = await openChatStage({ messagesPerMinute: 120 })
    desk = await stage.agent(stage.nodes[1])
  }, 240_000 * patience)
  afterAll(() => stage?.close())
  afterEach(async () => {
    stage.way.to(stage.nodes[0].server.url)
    // What one visitor says and gets is no other's; nobody of them stays.
    for (const context of stage.browser.contexts()) if (context !== desk.context()) await context.close()
  })

  /** The agent finds the conversation by its words, at the desk of the other node. */
  async function finds(words: string): Promise<void> {
    await desk.goto('/inbox/all')
    await desk.locator('[data-ticket]', { hasText: words }).first().click()
    await desk.getByRole('log').getByText(words).waitFor()
  }
  async function answers(text: string): Promise<void> {
    await desk.locator('#composer-field').fill(text)
    await desk.locator('#composer-field').press('Control+Enter')
  }
  const shows = (visitor: Visitor, text: string) => visitor.chat.locator('.text', { hasText: text }).waitFor()
  const stored = (text: string) => stage.database.sql`select from messages where text = ${text}`
  const stateOf = async (text: string) => {
    const [row] = await stage.database.sql<{ state: string }[]>`select state from deliveries where text = ${text}`
    return row?.state
  }

  test('writes, and is answered by an agent whose name they see, on another server', slow, async () => {
    const visitor = await stage.visitor()
    await visitor.open()
    await visitor.writes('手机充不进电 <b>急</b>')
    await finds('手机充不进电')
    await answers('您好，请问用的是原装充电头吗？')
    await shows(visitor, '原装充电头')
    expect(await visitor.chat.locator('.line.agent .author').allInnerTexts()).toEqual(['陈雨'])
    expect(await visitor.texts()).toEqual(['手机充不进电 <b>急</b>', '您好，请问用的是原装充电头吗？'])
    // Before their eyes.
    await until(async () => (await stateOf('您好，请问用的是原装充电头吗？')) === 'read', wait)
    await visitor.page.reload()
    await visitor.open()
    await shows(visitor, '原装充电头')
    expect(await visitor.texts()).toHaveLength(2)
    expect(visitor.complaints).toEqual([])
  })

  test('sees that the agent types, and has unread answers counted while the chat is closed', slow, async () => {
    const visitor = await stage.visitor({ language: 'en', member: true })
    await visitor.open()
    await visitor.writes('Where is my order?')
    await finds('Where is my order?')
    await desk.locator('#composer-field').pressSequentially('On its')
    await visitor.chat.getByText('An agent is typing…').waitFor()
    await until(
      async () => {
        await visitor.chat.locator('textarea').press('a')
        return await desk.getByText('Mei Tan正在输入…').isVisible()
      },
      { ...wait, everyMs: 300 },
    )
    await visitor.chat.locator('textarea').fill('')
    await visitor.page.keyboard.press('Escape')
    await answers('On its way, it comes on Thursday.')
    await visitor.chat.getByRole('button', { name: 'Open the chat (1 unread message)' }).waitFor()
    await until(async () => (await stateOf('On its way, it comes on Thursday.')) === 'delivered', wait)
    await visitor.open()
    await until(async () => (await stateOf('On its way, it comes on Thursday.')) === 'read', wait)
    const [person] = await stage.database.sql<{ name: string }[]>`
      select i.name from identities i where i.external_id = 'u:member-2088'`
    expect(person?.name).toBe('Mei Tan')
    expect(visitor.complaints).toEqual([])
  })

  test('sends a picture and gets one, each through an address that opens nothing by itself', slow, async () => {
    const visitor = await stage.visitor()
    await visitor.open()
    await visitor.writes('屏幕有一条线')
    await finds('屏幕有一条线')
    await visitor.chat.locator('input[type=file]').setInputFiles({
      name: '屏幕.png',
      mimeType: 'image/png',
      buffer: drawPicture(4),
    })
    await visitor.chat.locator('.line.visitor img').waitFor()
    await desk.getByRole('log').locator('img').first().waitFor()
    await desk
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: '检测.png',
        mimeType: 'image/png',
        buffer: drawPicture(5),
      })
    const attached = desk.getByRole('list', { name: '附件' })
    await attached.getByText('检测.png').waitFor()
    await attached.getByRole('progressbar').waitFor({ state: 'detached' })
    await answers('请看这张图')
    await visitor.chat.locator('.line.agent img').waitFor()
    const [file] = await stage.database.sql<{ id: string }[]>`select id from media where name = '检测.png'`
    const alone = await fetch(`${stage.way.url}/webhooks/${stage.accountId}/files/${file!.id}`)
    expect(alone.status).toBe(401)
    expect(visitor.complaints).toEqual([])
  })

  test('goes on after the network was cut: nothing is lost and nothing comes twice', slow, async () => {
    const visitor = await stage.visitor()
    await visitor.open()
    await visitor.writes('断网之前')
    await finds('断网之前')
    await visitor.page.context().setOffline(true)
    stage.way.to(null)
    stage.way.cut()
    await visitor.writes('断网之时一')
    await visitor.writes('断网之时二')
    await visitor.chat.getByText('连接已断开，正在重新连接…').waitFor()
    await answers('断网时的回复')
    await until(async () => (await stateOf('断网时的回复')) === 'sent', wait)
    expect((await stored('断网之时一')).count).toBe(0)
    stage.way.to(stage.nodes[0].server.url)
    await visitor.page.context().setOffline(false)
    await shows(visitor, '断网时的回复')
    await until(async () => (await stored('断网之时二')).count === 1, wait)
    await until(async () => (await visitor.texts()).length === 4, wait)
    expect((await visitor.texts()).toSorted()).toEqual(
      ['断网之前', '断网之时一', '断网之时二', '断网时的回复'].toSorted(),
    )
    expect((await stored('断网之时一')).count).toBe(1)
    await visitor.chat.getByText('连接已断开，正在重新连接…').waitFor({ state: 'hidden' })
    expect(visitor.complaints).toEqual([])
  })

  test('writes while the server is away and leaves: what they wrote is sent when they come back', slow, async () => {
    const visitor = await stage.visitor()
    await visitor.open()
    await visitor.writes('第一句')
    await until(async () => (await stored('第一句')).count === 1, wait)
    stage.way.to(null)
    stage.way.cut()
    await visitor.writes('关页面前写的')
    await visitor.chat.getByText('等待网络恢复后自动发送').waitFor()
    stage.way.to(stage.nodes[0].server.url)
    await visitor.page.reload()
    await until(async () => (await stored('关页面前写的')).count === 1, wait)
    await visitor.open()
    await until(async () => (await visitor.texts()).join() === '第一句,关页面前写的', wait)
  })

  test(
    'reaches everything by keys, and a scanner finds nothing to mend, in both languages and lights',
    slow,
    async () => {
      for (const [language, dark] of [
        ['zh-CN', false],
        ['en', true],
      ] as const) {
        const visitor = await stage.visitor({ language, dark })
        const { page, chat } = visitor
        await chat.locator('.launcher').focus()
        await page.keyboard.press('Enter')
        await chat.locator('textarea:focus').waitFor()
        await page.keyboard.type('by keys alone')
        await page.keyboard.press('Enter')
        await until(async () => (await visitor.texts()).length === 1, wait)
        const { violations } = await axe(page).include('iframe').analyze()
        expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
        await page.keyboard.press('Escape')
        await chat.locator('.launcher:focus').waitFor()
        const log = chat.getByRole('log', { includeHidden: true })
        expect(await log.getAttribute('aria-live')).toBe('polite')
        expect(visitor.complaints).toEqual([])
      }
    },
  )

  test('goes on when their server ends, on the other one', slow, async () => {
    const visitor = await stage.visitor()
    await visitor.open()
    await visitor.writes('在第一台服务器上')
    await finds('在第一台服务器上')
    stage.way.to(stage.nodes[1].server.url)
    await stage.nodes[0].stop()
    await answers('换了一台服务器')
    await shows(visitor, '换了一台服务器')
    await visitor.writes('收到，没有断')
    await desk.getByRole('log').getByText('收到，没有断').waitFor()
    expect(await visitor.texts()).toEqual(['在第一台服务器上', '换了一台服务器', '收到，没有断'])
    expect(visitor.complaints).toEqual([])
  })
})
