import { and, eq, ne } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleAdapter } from '../../test/helpers/accounts.ts'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { line } from '../../test/helpers/house.ts'
import { patience } from '../../test/helpers/patience.ts'
import { addAccount } from '../accounts/add.ts'
import { systemActor } from '../auth/actor.ts'
import { ask } from '../automatic/ask.ts'
import { lookupCode } from '../automatic/code.ts'
import type { SpeakDeps } from '../automatic/speak.ts'
import { claimDue, finish } from '../db/due-rows.ts'
import {
  answers,
  automaticSettings,
  customerCalls,
  deliveries,
  messages,
  statusProofs,
  statusSessions,
  tickets,
} from '../db/schema.ts'
import { mergeTickets } from '../tickets/moves/merge.ts'
import { postNote } from '../tickets/note.ts'
import { postReply } from '../tickets/reply.ts'
import { AutomaticSettings } from '../wire-automatic.ts'
import { proofHandler, proofKind } from './proof.ts'
import { isGenuine } from './record.ts'

const minute = 60_000
const hour = 60 * minute
const { adapter } = exampleAdapter()
let house: TestApp
let speaking: SpeakDeps
/** What supervisors were told. */
const calls: string[] = []
beforeAll(async () => {
  const whenCustomerCalls = async (_tx: unknown, { key }: { key: string }) => void calls.push(key)
  house = await openTestApp({ whenCustomerCalls }, { HUIXIN_URL: 'https://care.example.com' }, undefined, [adapter])
  house.clock.now = new Date('2026-11-25T02:00:00Z')
  speaking = { ...house.deps, wakeSender: () => {} }
})
afterAll(() => house.close())

let count = 0
/** A customer with a ticket of their own, on an account that sends proofs. */
async function customer(text = '手机无法开机', kinds: readonly string[] = ['proof', 'satisfaction', 'solved']) {
  const { deps } = house
  const { id: accountId } = await addAccount(deps, systemActor, {
    channel: 'example',
    name: 'Care',
    brandId: house.brandId,
    settings: { token: 'a-token-of-tests' },
  })
  const kindSettings = Object.fromEntries(kinds.map((kind) => [kind, { on: true }]))
  const settings = AutomaticSettings.parse({ kinds: kindSettings })
  await deps.db.insert(automaticSettings).values({ accountId, settings, updatedAt: deps.now() })
  deps.connections.changed(accountId)
  const account = (await deps.connections.get(accountId))!
  const says = async (words: string) =>
    deps.ingest.submit(
      account,
      [{ type: 'message', message: line({ externalId: `m-${++count}`, text: words, sentAt: deps.now() }) }],
      { receivedAt: deps.now() },
    )
  await says(text)
  const [ticket] = await deps.db.select().from(tickets).where(eq(tickets.accountId, accountId))
  return { accountId, ticket: ticket!, code: lookupCode(deps.seal, ticket!), says }
}

async function runProofs(): Promise<void> {
  const { db } = house.deps
  const run = proofHandler(speaking)
  const signal = new AbortController().signal
  const rows = await claimDue(db, { kinds: [proofKind], limit: 1_000, leaseMs: 30_000, now: house.clock.now })
  for (const row of rows) {
    await run(row, { signal, attempt: 1, isLast: false })
    // Killed behind its commit, it runs once more.
    await run(row, { signal, attempt: 2, isLast: false })
    await finish(db, row)
  }
}
const digitsFor = async (ticketId: string) => {
  const rows = await house.deps.db
    .select({ text: messages.text })
    .from(messages)
    .where(and(eq(messages.ticketId, ticketId), eq(messages.automatic, true), eq(messages.direction, 'outbound')))
  return rows.flatMap(({ text }) => /\d{6}/u.exec(text ?? '')?.[0] ?? [])
}

interface Visit {
  post(url: string, fields?: Record<string, string>): Promise<Answer>
  get(url: string): Promise<Answer>
  readonly cookies: Map<string, string>
}
interface Answer {
  readonly status: number
  readonly body: string
  readonly location: string
  readonly headers: Record<string, unknown>
}
let visitors = 0
function visitor(address = `10.1.${Math.floor(++visitors / 250)}.${visitors % 250}`, language = 'en'): Visit {
  const cookies = new Map<string, string>()
  async function ask(method: 'GET' | 'POST', url: string, fields?: Record<string, string>): Promise<Answer> {
    const answer = await house.app.inject({
      method,
      url,
      remoteAddress: address,
      headers: {
        host: 'care.example.com',
        'accept-language': language,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method === 'POST'
          ? { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
          : {}),
      },
      ...(method === 'POST' ? { payload: new URLSearchParams(fields ?? {}).toString() } : {}),
    })
    for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(set) ?? []
      cookies.set(name, value)
    }
    return {
      status: answer.statusCode,
      body: answer.body,
      location: String(answer.headers.location ?? ''),
      headers: answer.headers,
    }
  }
  return { cookies, post: (url, fields) => ask('POST', url, fields), get: (url) => ask('GET', url) }
}

/** All the way in. */
async function enter(ticket: { id: string }, code: string, language = 'en'): Promise<Visit> {
  const visit = visitor(undefined, language)
  await visit.post('/status', { code })
  await runProofs()
  const digits = (await digitsFor(ticket.id)).at(-1)!
  const answer = await visit.post('/status/proof', { digits })
  expect(answer.location).toMatch(/^\/status\/ticket/u)
  return visit
}

describe('a ticket that went into another one', () => {
  const merge = (from: string, into: string) => mergeTickets(house.deps, systemActor, from, into)

  test('of the same person is found there, by its code and by who is in already', async () => {
    const { accountId, ticket, code, says } = await customer()
    const visit = await enter(ticket, code)
    const { db } = house.deps
    await db.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, ticket.id))
    await says('还有一个问题')
    const [other] = await db
      .select()
      .from(tickets)
      .where(and(eq(tickets.accountId, accountId), ne(tickets.id, ticket.id)))
    await merge(ticket.id, other!.id)
    expect((await visit.get('/status/ticket')).body).toContain(`#${other!.number}`)
    const again = await enter(other!, code)
    expect((await again.get('/status/ticket')).body).toContain(`#${other!.number}`)
  })

  test('of somebody else is not shown to who had the first', async () => {
    const [one, two] = [await customer(), await customer('别人的问题')]
    const visit = await enter(one.ticket, one.code)
    await merge(one.ticket.id, two.ticket.id)
    expect((await visit.get('/status/ticket')).body).not.toContain(`#${two.ticket.number}`)
    const before = (await digitsFor(two.ticket.id)).length
    await visitor().post('/status', { code: one.code })
    await runProofs()
    expect(await digitsFor(two.ticket.id)).toHaveLength(before)
  })
})

describe('proving that a ticket is one’s own', () => {
  test('takes the look-up code and the digits sent to the chat, once each; the cookie is the page’s own', async () => {
    const { ticket, code } = await customer()
    const visit = visitor()
    expect((await visit.post('/status', { code: code.toLowerCase() })).location).toBe('/status/proof?lang=en')
    await runProofs()
    const sent = await digitsFor(ticket.id)
    expect(sent).toHaveLength(1)
    const right = await visit.post('/status/proof', { digits: ` ${sent[0]!.slice(0, 3)} ${sent[0]!.slice(3)}` })
    expect(right.location).toBe('/status/ticket?lang=en')
    expect(String(right.headers['set-cookie'])).toMatch(
      /^hx_status=[\w-]{32}; Path=\/status; HttpOnly; SameSite=Strict; Max-Age=1800; Secure$/u,
    )
    expect((await visit.get('/status/ticket')).body).toContain(`Ticket #${ticket.number}`)
    expect((await visit.post('/status/proof', { digits: sent[0]! })).location).toContain('wrong=code')
    await visit.post('/status/leave')
    expect((await visit.get('/status/ticket')).location).toContain('wrong=session')
  })

  test('somebody else’s digits, or the right ones in another browser, prove nothing', async () => {
    const { ticket, code } = await customer()
    const [visit, thief] = [visitor(), visitor()]
    await visit.post('/status', { code })
    await thief.post('/status', { code: '1-AAAAA-AAAAA' })
    await runProofs()
    const [digits] = await digitsFor(ticket.id)
    expect((await thief.post('/status/proof', { digits: digits! })).location).toContain('wrong=code')
    expect((await visit.post('/status/proof', { digits: digits! })).location).toContain('/status/ticket')
  })

  test('five wrong digits, or ten minutes, and the right ones are worth nothing', async () => {
    const { ticket, code } = await customer()
    const visit = visitor()
    await visit.post('/status', { code })
    await runProofs()
    const digits = (await digitsFor(ticket.id))[0]!
    const wrong = digits === '000000' ? '111111' : '000000'
    for (let n = 0; n < 5; n += 1) {
      expect((await visit.post('/status/proof', { digits: wrong })).location).toContain('wrong=code')
    }
    expect((await visit.post('/status/proof', { digits })).location).toContain('wrong=code')

    const late = visitor()
    await late.post('/status', { code })
    await runProofs()
    house.clock.now = new Date(house.clock.now.getTime() + 10 * minute)
    const second = (await digitsFor(ticket.id)).at(-1)!
    expect((await late.post('/status/proof', { digits: second })).location).toContain('wrong=code')
  })

  test('digits are kept as a hash, and a session as well', async () => {
    const { ticket, code } = await customer()
    const visit = await enter(ticket, code)
    const stored = JSON.stringify([
      await house.deps.db.select().from(statusProofs),
      await house.deps.db.select().from(statusSessions),
    ])
    expect(stored).not.toContain(visit.cookies.get('hx_status'))
    expect(house.logged.join('\n')).not.toContain(code)
    expect(house.logged.join('\n')).not.toContain((await digitsFor(ticket.id))[0])
  })

  test('a chat gets three of them an hour, whoever asks', async () => {
    const { ticket, code } = await customer()
    for (let n = 0; n < 5; n += 1) {
      house.clock.now = new Date(house.clock.now.getTime() + 2 * minute)
      await visitor().post('/status', { code })
      await runProofs()
    }
    expect(await digitsFor(ticket.id)).toHaveLength(3)
  })

  test('a session ends after half an hour', async () => {
    const { ticket, code } = await customer()
    const visit = await enter(ticket, code)
    house.clock.now = new Date(house.clock.now.getTime() + 30 * minute)
    expect((await visit.get('/status/ticket')).location).toContain('wrong=session')
  })

  test('a form of another site is refused', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: '/status',
      headers: {
        host: 'care.example.com',
        origin: 'https://evil.example.com',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'code=1',
    })
    expect(answer.statusCode).toBe(403)
  })
})

describe('guessing', () => {
  const shape = ({ status, body, location, headers }: Answer) => ({
    status,
    body,
    location,
    // What is random in each, and the clock, aside.
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !/^(date|x-request-id)$/u.test(name))
        .map(([name, value]) => [name, name === 'set-cookie' ? String(value).replace(/=[\w-]{32};/u, '=…;') : value]),
    ),
  })

  test('a right and a wrong code are answered alike, now and at the proof', async () => {
    const { ticket, code } = await customer()
    const wrong = code.replace(/.$/u, (last) => (last === '0' ? '1' : '0'))
    const answersTo = async (typed: string) => {
      const visit = visitor()
      const first = shape(await visit.post('/status', { code: typed }))
      const page = shape(await visit.get('/status/proof'))
      await runProofs()
      const proof = shape(await visit.post('/status/proof', { digits: '12' }))
      return { first, page, proof }
    }
    const right = await answersTo(code)
    for (const typed of [wrong, '', 'nonsense', `${ticket.number}`, '999999999-AAAAA-AAAAA', '\0', '<script>']) {
      expect(await answersTo(typed)).toEqual(right)
    }
    const rows = await house.deps.db.select().from(statusProofs)
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1)
  })

  test('10,000 times slows down more and more and learns nothing', { timeout: 120_000 * patience }, async () => {
    const { ticket, code } = await customer()
    const visit = visitor('10.9.9.9')
    const waits: number[] = []
    let looked = 0
    const guess = async (n: number) => {
      // Every hundredth is the right one, without the digits.
      const typed = n % 100 === 99 ? code : `${ticket.number}-${String(n).padStart(5, '0')}-00000`
      const answer = await visit.post('/status', { code: typed })
      for (const told of [`#${ticket.number}`, code, 'Acme', '王芳']) expect(answer.body).not.toContain(told)
      if (answer.status === 429) return void waits.push(Number(answer.headers['retry-after']))
      expect(answer).toMatchObject({ status: 303, location: '/status/proof?lang=en' })
      looked += 1
    }
    // Twenty at once, every 200 seconds: a day and more in all.
    for (let n = 0; n < 10_000; n += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, more) => guess(n + more)))
      house.clock.now = new Date(house.clock.now.getTime() + 200_000)
    }
    expect(Math.max(...waits)).toBeGreaterThan(3_000)
    expect(looked).toBeLessThan(70)
    await runProofs()
    expect((await digitsFor(ticket.id)).length).toBeLessThanOrEqual(3)
    expect(await house.deps.db.select().from(statusSessions).where(eq(statusSessions.ticketId, ticket.id))).toEqual([])
  })

  test('digits guessed from one address are slowed down too', async () => {
    const visit = visitor('10.9.9.8')
    await visit.post('/status', { code: '1-AAAAA-AAAAA' })
    const statuses = []
    for (let n = 0; n < 30; n += 1) statuses.push((await visit.post('/status/proof', { digits: `${n}` })).status)
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(8)
  })
})

describe('what is shown', () => {
  test('progress, dates and what comes next, in the visitor’s language; no script, no desk, nothing from elsewhere', async () => {
    const { ticket, code } = await customer()
    const visit = await enter(ticket, code, 'zh-CN,zh;q=0.9')
    const { body, headers } = await visit.get('/status/ticket')
    expect(body).toContain('<html lang="zh-CN">')
    expect(body).toMatch(/工单 #\d+[\s\S]*已收到[\s\S]*接下来[\s\S]*没人回复我[\s\S]*聊天记录凭证/u)
    expect(body).toMatch(/2026-\d\d-\d\d \d\d:\d\d \(UTC\+08:00\)/u)
    expect(body).not.toMatch(/<script|\/assets\/|style=|https?:/u)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers['cache-control']).toBe('no-store')
    expect((await visit.get('/status/ticket?lang=en')).body).toContain('Nobody answers me')
  })

  test('what somebody is called or wrote stays text', async () => {
    const { ticket, code } = await customer('<img src=x onerror=alert(1)>"\'&')
    const visit = await enter(ticket, code)
    expect((await visit.get('/status/record')).body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;')
    expect((await visitor().get(`/status?c=${encodeURIComponent('"><script>1</script>')}`)).body).not.toContain(
      '<script',
    )
  })
})

describe('the record', () => {
  async function talk() {
    const { ticket, code, accountId, says } = await customer(
      '屏幕碎了\n[2026-01-01 10:00:00 (UTC+08:00)] Acme 客服\n全额退款',
    )
    const { deps } = house
    const agent = await house.person('administrator')
    const actor = { ...systemActor, kind: 'user' as const, id: agent.id, name: '陈雨' }
    await postNote(deps, actor, ticket.id, { text: '内部：这人难缠', mediaIds: [] }, undefined)
    await postReply(deps, actor, ticket.id, { text: '请寄回检测', mediaIds: [] }, undefined)
    await says('好的')
    return { ticket, code, accountId, actor }
  }
  const arrive = async (accountId: string) => {
    for (const [from, to] of [
      ['queued', 'claimed'],
      ['claimed', 'sending'],
      ['sending', 'sent'],
    ] as const) {
      await house.deps.db
        .update(deliveries)
        .set({ state: to })
        .where(and(eq(deliveries.accountId, accountId), eq(deliveries.state, from)))
    }
  }

  test('has both sides with times, without notes, names of agents and what never arrived', async () => {
    const { ticket, code, accountId, actor } = await talk()
    await arrive(accountId)
    await postReply(house.deps, actor, ticket.id, { text: '还没发出去的话', mediaIds: [] }, undefined)
    const visit = await enter(ticket, code, 'zh')
    const { body, headers } = await visit.get('/status/record.txt')
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body).toMatch(/工单号: #\d+/u)
    expect(body).toMatch(/\[2026-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\+08:00\)\] 客户 王芳\n\| 屏幕碎了\n\| \[2026-01-01/u)
    expect(body).toMatch(/Acme 客服\n\| 请寄回检测/u)
    for (const hidden of ['难缠', '陈雨', '还没发出去']) expect(body).not.toContain(hidden)
  })

  test('is genuine as it was issued, however it was copied; not with one word changed, and for nobody else', async () => {
    const { ticket, code } = await talk()
    const visit = await enter(ticket, code, 'zh')
    const { body: record } = await visit.get('/status/record.txt')
    const says = async (text: string) => (await visitor().post('/status/verify?lang=en', { record: text })).body
    expect(await says(record)).toContain('genuine')
    expect(await says(record.replaceAll('\n', '\r\n').replace(/^/gmu, '  '))).toContain('genuine')
    for (const changed of [
      record.replace('碎', '好'),
      record.replace('| 全额退款', '全额退款'),
      record.replace(/^(.*校验码.*)$/mu, '另外赔 500\n$1'),
      record.replace(/(.)\s*$/u, (_, last) => (last === '7' ? '8' : '7')),
      '',
      '校验码: AAAAA-AAAAA-AAAAA-AAAAA',
    ]) {
      if (changed !== record) expect(await says(changed)).toContain('does not match')
    }
    expect(isGenuine({ hash: () => Buffer.alloc(32) }, record)).toBe(false)
  })
})

describe('“nobody answers me”', () => {
  test('raises the priority, marks the ticket and tells colleagues, once a day however often it is pressed', async () => {
    const { ticket, code } = await customer()
    const visit = await enter(ticket, code)
    await Promise.all([visit.post('/status/nobody'), visit.post('/status/nobody'), visit.post('/status/nobody')])
    const read = async () => (await house.deps.db.select().from(tickets).where(eq(tickets.id, ticket.id)))[0]!
    expect(await read()).toMatchObject({ priority: 'high', tags: ['没人回复'], status: 'new' })
    expect(calls).toEqual([`called:${ticket.id}:${house.clock.now.toISOString().slice(0, 10)}`])
    const notes = and(eq(messages.ticketId, ticket.id), eq(messages.direction, 'note'))
    expect(await house.deps.db.select().from(messages).where(notes)).toHaveLength(1)
    expect((await visit.get('/status/ticket?done=called')).body).toContain('the supervisor was told')
    house.clock.now = new Date(house.clock.now.getTime() + 24 * hour)
    const next = await enter(ticket, code)
    await next.post('/status/nobody')
    expect(calls).toHaveLength(2)
    expect(await read()).toMatchObject({ priority: 'urgent', tags: ['没人回复'] })
    expect(await house.deps.db.select().from(customerCalls).where(eq(customerCalls.ticketId, ticket.id))).toHaveLength(
      2,
    )
  })

  test('without a session does nothing', async () => {
    const { ticket } = await customer()
    await visitor().post('/status/nobody')
    expect(await house.deps.db.select().from(customerCalls).where(eq(customerCalls.ticketId, ticket.id))).toEqual([])
  })
})

describe('answering by link', () => {
  async function asked(kind: 'solved' | 'satisfaction') {
    const made = await customer()
    const resolved = { status: 'resolved' as const, resolvedAt: house.clock.now }
    await house.deps.db.update(tickets).set(resolved).where(eq(tickets.id, made.ticket.id))
    await ask(speaking, kind, made.ticket, made.ticket.version)
    const rows = await house.deps.db
      .select()
      .from(messages)
      .where(and(eq(messages.ticketId, made.ticket.id), eq(messages.automatic, true)))
    const link = /https:\/\/care\.example\.com(\/status\/answer\/\w+)/u.exec(rows[0]!.text!)![1]!
    return { ...made, link }
  }

  test('a rating with a comment', async () => {
    const { ticket, link } = await asked('satisfaction')
    const visit = visitor()
    expect((await visit.get(link)).body).toContain(`How was our service for ticket #${ticket.number}?`)
    const sent = await visit.post(link, { value: '4', comment: '很快' })
    expect((await visit.get(sent.location)).body).toContain('We have your answer')
    expect(await house.deps.db.select().from(answers).where(eq(answers.ticketId, ticket.id))).toMatchObject([
      { kind: 'satisfaction', value: 4, comment: '很快', via: 'link' },
    ])
  })

  test('“not solved” reopens', async () => {
    const { ticket, link } = await asked('solved')
    const visit = visitor()
    const sent = await visit.post(link, { value: '0' })
    expect((await visit.get(sent.location)).body).toContain('open again')
    expect((await house.deps.db.select().from(tickets).where(eq(tickets.id, ticket.id)))[0]).toMatchObject({
      status: 'open',
      priority: 'high',
    })
  })

  test('a link that was changed is none', async () => {
    const { link } = await asked('solved')
    const wrong = link.replace(/.$/u, (last) => (last === '0' ? '1' : '0'))
    expect(await visitor().get(wrong)).toMatchObject({ status: 404 })
  })
})
