/** Drives the desk in a browser, and takes the times inside of the page, where people see them. */
import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Figures {
  readonly scripts: readonly { readonly name: string; readonly bytes: number }[]
  readonly open: { readonly cold: number; readonly middle: number; readonly slowest: number }
  readonly keys: { readonly middle: number; readonly slow: number }
  readonly inbound: { readonly middle: number; readonly slowest: number }
  readonly scroll: {
    readonly rows: number
    readonly longestGap: number
    readonly requests: number
    readonly rowRequests: number
  }
  readonly streams: number
}

export interface Drive {
  readonly browser: Browser
  readonly origin: string
  readonly email: string
  readonly password: string
  /** A new customer writes. */
  readonly say: (name: string, text: string, number: number) => Promise<void>
}

const wantedRows = 10_000
const scrollMs = 50_000

export async function driveDesk(drive: Drive): Promise<Figures> {
  const { browser, origin, email, password } = drive
  const context = await browser.newContext({ baseURL: origin, locale: 'zh-CN', viewport: { width: 1360, height: 860 } })
  context.setDefaultTimeout(60_000)
  const answer = await context.request.post('/api/auth/sign-in/email', {
    data: { email, password },
    headers: { origin },
  })
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()}`)
  const page = await context.newPage()
  const scripts = await loadQueue(page)
  const open = await openTickets(page)
  const keys = await typeWords(page)
  const inbound = await seePosts(page, drive)
  const scroll = await scrollQueue(page)
  const streams = await countStreams(context)
  await context.close()
  return { scripts, open, keys, inbound, scroll, streams }
}

/** When the first conversation was drawn; noted by the page itself, since a busy machine tells us late. */
const noteFirstRow = `new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-ticket]')) return
  watch.disconnect()
  requestAnimationFrame(() => { globalThis.firstRowAt = performance.now() })
}).observe(document, { childList: true, subtree: true })`

/** Scripts as they came over the wire, until the first row was there. */
async function loadQueue(page: Page): Promise<Figures['scripts']> {
  await page.addInitScript(noteFirstRow)
  await page.goto('/inbox/all')
  await page.locator('[data-ticket]').first().waitFor()
  await settled(page)
  const scripts = await page.evaluate<{ name: string; bytes: number }[]>(`performance.getEntriesByType('resource')
    .filter(({ name, responseEnd }) => new URL(name).pathname.endsWith('.js') && responseEnd <= firstRowAt)
    .map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname.replace('/assets/', ''), bytes: encodedBodySize }))`)
  return scripts.sort((a, b) => b.bytes - a.bytes)
}

/** From the press to the frame in which the conversation's words are there. */
const openOne = `(n) => new Promise((resolve) => {
  const rows = [...document.querySelectorAll('[data-ticket]')]
  const row = rows[n]
  const { ticket } = row.dataset
  const name = row.querySelector('bdi').textContent
  const began = performance.now()
  row.click()
  const look = () => {
    const log = document.querySelector('[role=log]')
    const isThere = location.pathname.endsWith(ticket) && log?.ariaLabel.includes(name) && log.querySelector('article')
    if (isThere || performance.now() - began > 20_000) resolve(performance.now() - began)
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})`

async function openTickets(page: Page): Promise<Figures['open']> {
  const cold = await page.evaluate<number>(`(${openOne})(0)`)
  const warm: number[] = []
  const drawn = await page.locator('[data-ticket]').count()
  for (let n = 1; n <= Math.min(10, drawn - 1); n += 1) {
    await settled(page)
    warm.push(await page.evaluate<number>(`(${openOne})(${n})`))
  }
  return { cold, middle: middleOf(warm), slowest: Math.max(...warm) }
}

/** From the key to the first paint behind it. */
async function typeWords(page: Page): Promise<Figures['keys']> {
  const field = page.locator('#composer-field')
  await field.focus()
  await page.evaluate(`globalThis.presses = []; document.addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => presses.push(performance.now() - timeStamp); port2.postMessage(0) })
  }, true)`)
  await page.keyboard.type('Thank you for writing to us, we look into it at once. ', { delay: 60 })
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))')
  const presses = await page.evaluate<number[]>('presses')
  await field.fill('')
  const sorted = presses.sort((a, b) => a - b)
  return { middle: middleOf(sorted), slow: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN }
}

/** From the customer's post to the row on the screen; both by this machine's clock. */
async function seePosts(page: Page, { say }: Drive): Promise<Figures['inbound']> {
  await page.goto('/inbox/all')
  await page.locator('[data-ticket]').first().waitFor()
  await page.mouse.move(1_300, 800)
  await settled(page)
  const times: number[] = []
  for (let n = 1; n <= 10; n += 1) {
    const name = `新客户${n}`
    const seen = page.evaluate<number>(`new Promise((resolve) => {
      const end = Date.now() + 20_000
      const look = () => Date.now() > end || [...document.querySelectorAll('[data-ticket] bdi')].some(({ textContent }) => textContent === ${JSON.stringify(name)})
        ? resolve(Date.now()) : requestAnimationFrame(look)
      look()
    })`)
    const began = Date.now()
    await say(name, `第 ${n} 条`, n)
    times.push((await seen) - began)
  }
  return { middle: middleOf(times), slowest: Math.max(...times) }
}

async function scrollQueue(page: Page): Promise<Figures['scroll']> {
  let requests = 0
  let rowRequests = 0
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname === '/api/tickets') requests += 1
    else if (pathname.startsWith('/api/tickets/') && pathname !== '/api/tickets/counts') rowRequests += 1
  })
  const result = await page.evaluate<{ rows: number; longestGap: number }>(`new Promise((resolve) => {
    const list = document.querySelector('[data-ticket]').closest('ul')
    let scroller = list.parentElement
    while (scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement
    const end = performance.now() + ${scrollMs}
    let before = performance.now(), longestGap = 0, rows = 0
    const step = (now) => {
      longestGap = Math.max(longestGap, now - before)
      before = now
      scroller.scrollTop += 1200
      const last = [...list.querySelectorAll('li[aria-posinset]')].at(-1)
      rows = Math.max(rows, Number(last?.getAttribute('aria-posinset') ?? 0))
      if (rows >= ${wantedRows} || now > end) resolve({ rows, longestGap })
      else requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })`)
  return { ...result, requests, rowRequests }
}

/** Three tabs, and how many of them read the stream. */
async function countStreams(context: BrowserContext): Promise<number> {
  let open = 0
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/events') open += 1
  })
  for (const page of context.pages()) await page.close()
  for (let n = 0; n < 3; n += 1) {
    const page = await context.newPage()
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]').first().waitFor()
    await settled(page)
  }
  return open
}

/** Nothing is asked for any more. */
const settled = (page: Page) =>
  page.evaluate(`new Promise((resolve) => {
    let quietSince = performance.now(), seen = -1
    const look = () => {
      const count = performance.getEntriesByType('resource').length
      if (count !== seen) { seen = count; quietSince = performance.now() }
      if (performance.now() - quietSince > 400) resolve()
      else setTimeout(look, 50)
    }
    look()
  })`)

const middleOf = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
