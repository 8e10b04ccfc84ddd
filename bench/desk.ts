/**
 * `npm run bench:desk`: how fast the desk is in a real browser, against fifty thousand conversations on this machine. Under
 * four minutes; loopback only. Figures are printed, and none of them fails anything.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemActor } from '../src/auth/actor.ts'
import { createUser } from '../src/auth/create-user.ts'
import { readConfig } from '../src/config.ts'
import { openHouse } from '../src/db/open.ts'
import { brands } from '../src/db/schema.ts'
import { ensureDesk } from '../src/desk-build.ts'
import { startChromium } from '../test/e2e/chromium.ts'
import { driveDesk, type Figures } from './desk-drive.ts'
import { seedTickets } from './desk-seed.ts'

const root = join(import.meta.dirname, '..')
const tickets = 50_000
const password = 'seven quiet lanterns'

const data = await mkdtemp(join(tmpdir(), 'huixin-bench-desk-'))
await chmod(data, 0o755)
const port = 20_000 + Math.floor(Math.random() * 20_000)
const environment = { ...process.env, HUIXIN_DATA: data, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' }
const origin = `http://127.0.0.1:${port}`
const started: ChildProcess[] = []
await ensureDesk()
const house = await openHouse(readConfig(environment))
const browser = await startChromium()
try {
  const secret = randomBytes(24).toString('base64url')
  const server = spawn(process.execPath, ['bin/huixin.js', 'start'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.push(server)
  const accountId = await addAccount(secret)
  const [brand] = await house.database.db.select().from(brands)
  const seeding = performance.now()
  await seedTickets(house.database.sql, { brandId: brand!.id, accountId, tickets })
  const seedMs = performance.now() - seeding
  const email = 'bench@example.com'
  await createUser(house.database.db, systemActor, { name: '陈雨', email, role: 'administrator', password })
  await ready(`${origin}/health/ready`)
  const figures = await driveDesk({
    browser,
    origin,
    email,
    password,
    say: (name, text, number) => post(`${origin}/webhooks/${accountId}`, secret, name, text, number),
  })
  report(figures, seedMs)
} finally {
  await browser.close()
  for (const child of started) await end(child)
  await house.close()
  await rm(data, { recursive: true, force: true })
}

async function addAccount(secret: string): Promise<string> {
  const settings = ['token=1:bench', 'mode=webhook', `secret=${secret}`, 'apiRoot=http://127.0.0.1:9']
  const child = spawn(process.execPath, ['bin/huixin.js', 'account', 'add', 'telegram', '--set', ...settings], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  const id = output.trim().split('\n').at(-1)
  if (code !== 0 || !id) throw new Error('the account could not be added')
  return id
}

async function ready(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if ((await fetch(url).catch(() => null))?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server did not become ready')
}

/** A customer writes; resolves when the server has it. */
async function post(url: string, secret: string, name: string, text: string, number: number): Promise<void> {
  const person = 9_000_000 + number
  const update = {
    update_id: number,
    message: {
      message_id: number,
      date: Math.floor(Date.now() / 1000),
      from: { id: person, is_bot: false, first_name: name },
      chat: { id: person, type: 'private', first_name: name },
      text,
    },
  }
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  })
  if (!answer.ok) throw new Error(`the post was refused: ${answer.status}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

function report(figures: Figures, seedMs: number): void {
  const { scripts, open, keys, inbound, scroll, streams } = figures
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`
  const ms = (value: number) => `${Math.round(value)} ms`
  const received = scripts.reduce((sum, { bytes }) => sum + bytes, 0)
  const rows = [
    ['JavaScript received until the queue is usable, gzipped', kb(received), '≤ 200 KB'],
    ['opening a conversation, cold (the first one after the page was loaded)', ms(open.cold), '≤ 500 ms'],
    ['opening a conversation, warm: middle, slowest of ten', `${ms(open.middle)}, ${ms(open.slowest)}`, '≤ 150 ms'],
    ['key press to paint: middle, slowest twentieth', `${ms(keys.middle)}, ${ms(keys.slow)}`, '≤ 50 ms'],
    ['a post until it is seen: middle, slowest of ten', `${ms(inbound.middle)}, ${ms(inbound.slowest)}`, '≤ 1,000 ms'],
    [`scrolling ${scroll.rows} rows: longest time without a frame`, ms(scroll.longestGap), '< 1,000 ms'],
    [
      `requests while scrolling (pages of fifty; ${scroll.rowRequests} for single rows)`,
      String(scroll.requests),
      '1 a page',
    ],
    ['event streams of one browser with three tabs', String(streams), '1'],
  ]
  console.log(
    `\n${tickets} conversations (made in ${ms(seedMs)}), ${availableParallelism()} cores, ${cpus()[0]?.model ?? ''}\n`,
  )
  console.log(`| | measured | mark |\n|---|---:|---:|`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  console.log('\n| chunk | received |\n|---|---:|')
  for (const { name, bytes } of scripts) console.log(`| ${name} | ${kb(bytes)} |`)
}
