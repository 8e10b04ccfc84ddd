/** The whole product for a browser: the server as it is, its desk built, a simulated platform, a database of its own. */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { adapters } from '../../adapters/index.ts'
import { type Customer, startTelegramSimulator, type TelegramSimulator } from '../../adapters/telegram/simulator.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createUser } from '../../src/auth/create-user.ts'
import { readConfig } from '../../src/config.ts'
import { openHouse } from '../../src/db/open.ts'
import { ensureDesk } from '../../src/desk-build.ts'
import { type Server, serve } from '../../src/serve.ts'
import { createTestDatabase } from '../helpers/database.ts'
import { patience } from '../helpers/patience.ts'
import { urlOf } from '../helpers/url.ts'
import { startChromium } from './chromium.ts'
import { openWire, type Wire } from './wire.ts'

export interface Stage {
  readonly server: Server
  readonly simulator: TelegramSimulator
  readonly token: string
  readonly browser: Browser
  /** All windows reach the server by it. */
  readonly wire: Wire
  /** A new customer; each conversation of a test is its own. */
  customer(name: string): Customer
  /** Connects the simulated platform, without the form. */
  connect(): Promise<void>
  /** A user with this role, signed in, in a browser window of their own. */
  enter(options?: {
    role?: 'administrator' | 'agent'
    name?: string
    language?: 'zh-CN' | 'en'
    dark?: boolean
  }): Promise<Window>
  /** A window where nobody is signed in. */
  window(options?: { language?: 'zh-CN' | 'en'; dark?: boolean }): Promise<Window>
  /** Texts that arrived in this customer's chat, in order. */
  arrived(customer: Customer): string[]
  close(): Promise<void>
}

export interface Window {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page complained about: errors, refused resources, requests that left the house. */
  readonly complaints: readonly string[]
}

const password = 'seven quiet lanterns'

export async function openStage(): Promise<Stage> {
  const data = await mkdtemp(join(tmpdir(), 'huixin-desk-'))
  const [root, database, simulator, browser] = await Promise.all([
    ensureDesk(),
    createTestDatabase(),
    startTelegramSimulator({ speed: 20 }),
    startChromium(),
  ])
  const config = readConfig({
    PORT: '0',
    HUIXIN_DATA: data,
    DATABASE_URL: urlOf(database.target),
    HUIXIN_SECRET: 'a secret for tests that is long enough',
  })
  const house = await openHouse(config, { note: () => {} })
  const channels = new Map(adapters.map((adapter) => [adapter.channel, adapter]))
  const server = await serve({
    house,
    config,
    channels,
    log: pino({ level: 'silent' }),
    desk: { state: 'ready', root },
  })
  const wire = await openWire(server.url)
  const token = `${randomInt(1e8, 1e9)}:a-token-of-the-tests`
  let people = 0

  const stage: Stage = {
    server,
    simulator,
    token,
    browser,
    wire,
    customer: (first_name) => simulator.customer(token, { id: 70_000 + ++people, first_name }),
    async connect() {
      simulator.addBot(token)
      const { id } = await addAccount(server.deps, systemActor, {
        channel: 'telegram',
        name: 'Care',
        settings: { token, mode: 'polling', apiRoot: simulator.url },
      })
      server.deps.connections.changed(id)
    },
    async enter({ role = 'administrator', name = '陈雨', ...options } = {}) {
      const email = `person${++people}@example.com`
      await createUser(house.database.db, systemActor, { name, email, role, password })
      const opened = await stage.window(options)
      const answer = await opened.context.request.post('/api/auth/sign-in/email', {
        data: { email, password },
        headers: { origin: wire.url },
      })
      if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`)
      return opened
    },
    async window({ language = 'zh-CN', dark = false } = {}) {
      const context = await browser.newContext({
        baseURL: wire.url,
        locale: language,
        colorScheme: dark ? 'dark' : 'light',
        viewport: { width: 1360, height: 860 },
      })
      context.setDefaultTimeout(15_000 * patience)
      const page = await context.newPage()
      return { page, context, complaints: complaintsOf(page, wire.url) }
    },
    arrived: (customer) =>
      simulator
        .messages()
        .filter(({ chatId }) => String(chatId) === String(customer.chat.id))
        .map(({ text }) => text ?? ''),
    async close() {
      await browser.close()
      await wire.close()
      await server.stop()
      await house.close()
      await simulator.close()
      await database.close()
      await rm(data, { recursive: true, force: true })
    },
  }
  return stage
}

function complaintsOf(page: Page, home: string): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refused request is part of some tests, which look at what the desk makes of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(home) && !/^(?:data|blob):/u.test(url)) complaints.push(`left the house: ${url}`)
  })
  return complaints
}
