/** A shop with the chat's tag, two servers on one database with their desks, and what stands between a visitor and them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { adapters } from '../../adapters/index.ts'
import { type Shop, startShop } from '../../adapters/webchat/simulator/shop.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createUser } from '../../src/auth/create-user.ts'
import { readConfig } from '../../src/config.ts'
import { openHouse } from '../../src/db/open.ts'
import { ensureDesk } from '../../src/desk-build.ts'
import { type Server, serve } from '../../src/serve.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { patience } from '../helpers/patience.ts'
import { urlOf } from '../helpers/url.ts'
import { startChromium } from './chromium.ts'
import { openSwitch, type Switch } from './switch.ts'

export const siteSecret = 'the-secret-of-the-shop-in-tests_0123456789'

export interface Node {
  readonly server: Server
  stop(): Promise<void>
}

export interface ChatStage {
  readonly browser: Browser
  readonly database: TestDatabase
  readonly shop: Shop
  readonly nodes: readonly [Node, Node]
  /** Visitors reach the house by it. */
  readonly way: Switch
  readonly accountId: string
  /** A visitor's window on the shop's page. */
  visitor(options?: VisitorOptions): Promise<Visitor>
  /** An agent signed in at the desk of one node. */
  agent(node: Node, name?: string): Promise<Page>
  close(): Promise<void>
}

export interface VisitorOptions {
  readonly language?: 'zh-CN' | 'en'
  readonly member?: boolean
  readonly dark?: boolean
  readonly width?: number
}

export interface Visitor {
  readonly page: Page
  readonly chat: FrameLocator
  readonly complaints: readonly string[]
  /** Opens the chat. */
  open(): Promise<void>
  writes(text: string): Promise<void>
  /** Texts of both sides as they stand there. */
  texts(): Promise<string[]>
}

export async function openChatStage(settings: Record<string, unknown> = {}): Promise<ChatStage> {
  const data = await mkdtemp(join(tmpdir(), 'huixin-chat-'))
  const [root, database, browser, shop, way] = await Promise.all([
    ensureDesk(),
    createTestDatabase(),
    startChromium(),
    startShop({ siteSecret, audience: 'huixin-webchat' }),
    openSwitch(),
  ])
  const config = readConfig({
    PORT: '0',
    HUIXIN_DATA: data,
    DATABASE_URL: urlOf(database.target),
    HUIXIN_SECRET: 'a secret for tests that is long enough',
    HUIXIN_URL: way.url,
  })
  const channels = new Map(adapters.map((adapter) => [adapter.channel, adapter]))

  async function startNode(): Promise<Node> {
    const house = await openHouse(config, { note: () => {} })
    const log = pino({ level: process.env.DEBUG_LOG ?? 'silent' })
    const server = await serve({ house, config, channels, log, desk: { state: 'ready', root } })
    let stopped: Promise<void> | null = null
    return {
      server,
      stop() {
        stopped ??= server.stop().then(() => house.close())
        return stopped
      },
    }
  }
  const nodes = [await startNode(), await startNode()] as const
  way.to(nodes[0].server.url)
  const { deps } = nodes[0].server
  const { id } = await addAccount(deps, systemActor, {
    channel: 'webchat',
    name: '官网客服',
    settings: { sites: shop.url, siteSecret, ...settings },
  })
  for (const { server } of nodes) server.deps.connections.changed(id)
  shop.opens(`${way.url}/webhooks/${id}`)
  const password = 'seven quiet lanterns'
  let people = 0

  return {
    browser,
    database,
    shop,
    nodes,
    way,
    accountId: id,
    async visitor({ language = 'zh-CN', member = false, dark = false, width = 1100 } = {}) {
      const context = await browser.newContext({
        locale: language,
        colorScheme: dark ? 'dark' : 'light',
        viewport: { width, height: 800 },
      })
      context.setDefaultTimeout(15_000 * patience)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text())
        }
      })
      page.on('request', (request) => {
        const url = request.url()
        if (![shop.url, way.url, 'data:', 'blob:'].some((home) => url.startsWith(home))) complaints.push(`left: ${url}`)
      })
      await page.goto(`${shop.url}/?lang=${language}${member ? '&member' : ''}`)
      const chat = page.frameLocator('iframe')
      return {
        page,
        chat,
        complaints,
        async open() {
          await chat.locator('.launcher').click()
        },
        async writes(text) {
          await chat.locator('textarea').fill(text)
          await page.keyboard.press('Enter')
        },
        texts: () => chat.locator('.text').allInnerTexts(),
      }
    },
    async agent({ server }, name = '陈雨') {
      people += 1
      const email = `person${people}@example.com`
      await createUser(deps.db, systemActor, { name, email, role: 'administrator', password })
      const context = await browser.newContext({
        baseURL: server.url,
        locale: 'zh-CN',
        viewport: { width: 1360, height: 860 },
      })
      context.setDefaultTimeout(15_000 * patience)
      const answer = await context.request.post('/api/auth/sign-in/email', {
        data: { email, password },
        headers: { origin: server.url },
      })
      if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`)
      return await context.newPage()
    },
    async close() {
      await browser.close()
      await way.close()
      await shop.close()
      for (const node of nodes) await node.stop()
      await database.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}
