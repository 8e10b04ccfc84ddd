/** Every public door of the channel, in a whole application: what comes in once, and what leaves nothing behind. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { png } from '../../test/helpers/files.ts'
import { intake } from './index.ts'
import { signedPost } from './simulator.ts'

const secret = `whsec_${Buffer.from('a secret of the door that is long enough').toString('base64')}`
const key = 'the-key-of-a-program-that-cannot-sign'

let house: TestApp
let agent: Person
let administrator: Person
beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example' }, undefined, [intake])
  agent = await house.person('agent')
  administrator = await house.person('administrator')
})
afterAll(() => house.close())
beforeEach(() => {
  house.clock.now = new Date()
})

async function account(settings: object): Promise<string> {
  const payload = { channel: 'intake', name: '热线 <&>', settings: { secret, key, ...settings } }
  const answer = await house.app.inject({
    method: 'POST',
    url: '/api/accounts',
    headers: administrator.headers,
    payload,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().account.id
}

const tables = ['inbound_keys', 'inbound_unread', 'identities', 'threads', 'tickets', 'messages', 'media'] as const
async function left(accountId: string): Promise<Record<string, number>> {
  const rows = await Promise.all(
    tables.map(async (table) => {
      const [row] = await house.database.sql`
        select count(*)::int as n from ${house.database.sql(table)} where account_id = ${accountId}`
      return [table, row!.n as number] as const
    }),
  )
  return Object.fromEntries(rows.filter(([, count]) => count > 0))
}

interface Call {
  readonly path?: string
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  readonly from?: string
}
let addresses = 0
const stranger = () => `198.51.${(++addresses >> 8) & 255}.${addresses & 255}`

async function call(accountId: string, { path = '', method = 'POST', headers = {}, body, from = stranger() }: Call) {
  return house.app.inject({
    method,
    url: `/webhooks/${accountId}${path}`,
    headers: { ...(method === 'GET' ? {} : { 'content-type': 'application/json' }), ...headers },
    remoteAddress: from,
    ...(body === undefined ? {} : { payload: body }),
  })
}

async function signed(
  accountId: string,
  body: object | string,
  options: { id?: string; at?: Date; from?: string } = {},
) {
  const request = signedPost(secret, 'https://care.example/webhooks/1', body, options)
  const text = Buffer.from(await request.arrayBuffer())
  return call(accountId, {
    headers: Object.fromEntries(request.headers),
    body: text,
    ...(options.from ? { from: options.from } : {}),
  })
}

const messagesOf = (accountId: string) =>
  house.database.sql<{ text: string; name: string; thread: string; number: number }[]>`
    select m.text, i.name, h.external_id as thread, t.number::int as number from messages m
    join identities i on i.id = m.identity_id join threads h on h.id = m.thread_id join tickets t on t.id = m.ticket_id
    where m.account_id = ${accountId} order by m.ordered_at, m.id`

describe('a post of the brand’s program', () => {
  const post = (more: object = {}) => ({
    id: randomUUID(),
    author: { number: '138 0000 0001', name: '王芳' },
    text: '未接来电',
    ...more,
  })

  test('opens a ticket and says its number; the next one of the same number continues it', async () => {
    const id = await account({ kind: 'phone' })
    const first = await signed(id, post())
    expect(first.statusCode).toBe(200)
    expect(first.json()).toMatchObject({ ticket: { number: expect.any(Number) } })
    const second = await call(id, {
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(post({ author: { number: '+8613800000001' } })),
    })
    expect(second.json().ticket).toEqual(first.json().ticket)
    expect(await messagesOf(id)).toMatchObject([{ thread: '+8613800000001', name: '王芳' }, {}])
  })

  test('again, as a retry and as a replay, at once, changes nothing and gets the same answer', async () => {
    const id = await account({ kind: 'phone' })
    const body = post()
    const once = await signed(id, body, { id: 'msg_1' })
    const later = new Date(house.clock.now.getTime() + 60_000)
    const again = await Promise.all(
      [{ id: 'msg_1' }, { id: 'msg_1' }, { id: 'msg_1', at: later }].map((how) => signed(id, body, how)),
    )
    for (const answer of again) expect(answer.json()).toEqual(once.json())
    expect(await left(id)).toMatchObject({ messages: 1, tickets: 1 })
  })

  test('played again when its time is over is refused, says why, and leaves nothing', async () => {
    const id = await account({ kind: 'phone' })
    const answer = await signed(id, post(), { at: new Date(house.clock.now.getTime() - 301_000) })
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'not_genuine'])
    expect(answer.json().details.hint).toContain('5 minutes')
    expect(await left(id)).toEqual({})
  })

  test.each<[string, Call]>([
    ['nothing', {}],
    ['a wrong signature', { headers: { 'webhook-id': '1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' } }],
    ['a forged key', { headers: { authorization: 'Bearer guess-guess-guess-guess' } }],
    ['an empty key', { headers: { authorization: 'Bearer ' } }],
  ])('with %s is 401 as problem details, and leaves nothing', async (_name, forged) => {
    const id = await account({ kind: 'app', answerUrl: 'http://127.0.0.1:9/' })
    const answer = await call(id, { body: JSON.stringify(post()), ...forged })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([401, expect.stringContaining('problem+json')])
    expect(answer.body).not.toContain(key)
    expect(await left(id)).toEqual({})
  })

  test('with a key is refused where none is set', async () => {
    const id = await account({ kind: 'phone', key: '' })
    for (const given of ['', key]) {
      const answer = await call(id, { headers: { authorization: `Bearer ${given}` }, body: JSON.stringify(post()) })
      expect(answer.statusCode).toBe(401)
    }
  })

  test.each<[string, object | string, number, string, string | null]>([
    ['no JSON', '{"id":', 400, 'malformed', null],
    ['no UTF-8', '\ud800', 400, 'malformed', null],
    ['no object', '[]', 422, 'invalid_post', ''],
    ['no id', { author: { number: '13800000001' }, text: 'x' }, 422, 'invalid_post', 'id'],
    ['nobody', post({ author: { name: 'x' } }), 422, 'invalid_post', 'author'],
    ['nothing said', post({ text: '  ' }), 422, 'invalid_post', 'text'],
    ['an unknown field', post({ txt: 'x' }), 422, 'invalid_post', 'txt'],
    ['an unknown field of the author', post({ author: { id: '1', phone: '1' } }), 422, 'invalid_post', 'author.phone'],
    ['a bad number', post({ author: { number: 'call me maybe' } }), 422, 'bad_number', 'author.number'],
    ['a text too long', post({ text: 'x'.repeat(20_001) }), 422, 'invalid_post', 'text'],
    ['a file of nothing', post({ files: [{ name: 'a' }] }), 422, 'invalid_post', 'files.0'],
    [
      'a file at no web address',
      post({ files: [{ name: 'a', url: 'file:///etc/passwd' }] }),
      422,
      'invalid_post',
      'files.0.url',
    ],
    ['an id with a control character', post({ id: 'a\u0000b' }), 422, 'invalid_post', 'id'],
    ['a time that is none', post({ sentAt: 'yesterday' }), 422, 'invalid_post', 'sentAt'],
  ])('with %s is told what is wrong, and leaves nothing', async (_name, body, status, code, path) => {
    const id = await account({ kind: 'phone' })
    const answer = await signed(id, body)
    expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code])
    expect(answer.headers['content-type']).toContain('application/problem+json')
    if (path !== null) expect(answer.json().errors).toContainEqual({ path, message: expect.any(String) })
    expect(await left(id)).toEqual({})
  })

  test('that is too large, of another kind or elsewhere is refused', async () => {
    const id = await account({ kind: 'phone' })
    const large = await call(id, { body: Buffer.alloc(10 * 1024 * 1024 + 1, 32) })
    const text = await call(id, { headers: { 'content-type': 'text/plain' }, body: 'x' })
    const elsewhere = [
      await call(id, { path: '/messages', body: '{}' }),
      await call(id, { path: '/form', method: 'GET' }),
    ]
    const read = await call(id, { method: 'GET' })
    expect([large, text, ...elsewhere, read].map(({ statusCode }) => statusCode)).toEqual([413, 415, 404, 404, 405])
    expect(await left(id)).toEqual({})
  })

  test('keeps HTML as text', async () => {
    const id = await account({ kind: 'phone' })
    const text = '<img src=x onerror=alert(1)> 3 < 5'
    expect((await signed(id, post({ text }))).statusCode).toBe(200)
    expect(await messagesOf(id)).toMatchObject([{ text }])
  })

  test('that is not believed is not even looked at after sixty a minute from one address; others go on', async () => {
    const id = await account({ kind: 'phone' })
    const from = stranger()
    for (let tries = 0; tries < 60; tries += 1) expect((await call(id, { body: '{}', from })).statusCode).toBe(401)
    const blocked = await signed(id, post(), { from })
    expect([blocked.statusCode, blocked.json().code]).toEqual([429, 'rate_limited'])
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0)
    expect((await signed(id, post())).statusCode).toBe(200)
  })
})

describe('the website form', () => {
  const site = 'https://www.example.com'
  const boundary = '----visitor'
  interface Filled {
    readonly [name: string]: string | { readonly name: string; readonly bytes: Buffer } | undefined
  }

  function multipart(fields: Filled): Buffer {
    const parts = Object.entries(fields).flatMap(([name, value]) => {
      if (value === undefined) return []
      const isFile = typeof value !== 'string'
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${isFile ? `; filename="${value.name}"\r\ncontent-type: image/png` : ''}\r\n\r\n`
      return [Buffer.from(head), isFile ? value.bytes : Buffer.from(value), Buffer.from('\r\n')]
    })
    return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
  }
  const open = (id: string, how: Call = {}) => call(id, { path: '/form', method: 'GET', ...how })
  const tokenIn = (html: string) => /name="token" value="([^"]+)"/u.exec(html)?.[1] ?? ''
  const submit = (id: string, fields: Filled, how: Call = {}) =>
    call(id, {
      path: '/form?lang=en',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: multipart(fields),
      ...how,
    })
  const fill = async (id: string, more: Filled = {}): Promise<Filled> => ({
    token: tokenIn((await open(id)).body),
    website: '',
    name: 'Ada',
    phone: '13800000009',
    email: '',
    order: '',
    text: 'The screen stays black.',
    ...more,
  })

  test('is a page that runs nothing and may be framed by the sites named alone', async () => {
    const id = await account({ kind: 'form', sites: site })
    const { headers, body, statusCode } = await open(id, { headers: { 'accept-language': 'en-GB,en;q=0.9' } })
    expect(statusCode).toBe(200)
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${site}`,
    )
    expect(headers['x-frame-options']).toBeUndefined()
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).toContain('<html lang="en">')
    expect(body).toContain('热线 &#60;&#38;&#62;')
    expect(body).not.toMatch(/<script|style=|热线 <&>/u)
    const closed = await open(await account({ kind: 'form' }))
    expect(closed.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect((await call(id, { path: '/form.css', method: 'GET' })).headers['content-type']).toContain('text/css')
  })

  test.each([
    [{}, undefined, 'zh-CN'],
    [{}, 'zh-TW,zh', 'zh-CN'],
    [{}, 'de,en;q=0.5', 'en'],
    [{ lang: 'en' }, 'zh', 'en'],
    [{ lang: '"><script>' }, 'fr', 'zh-CN'],
  ])('asked with %j and %s speaks %s', async (query, accepted, language) => {
    const id = await account({ kind: 'form' })
    const path = `/form?${new URLSearchParams(query as Record<string, string>)}`
    const { body } = await open(id, { path, headers: accepted ? { 'accept-language': accepted } : {} })
    expect(body).toContain(`<html lang="${language}">`)
    expect(body).not.toContain('<script>')
  })

  test('says thank you with the ticket’s number; sent twice it is one message', async () => {
    const id = await account({ kind: 'form' })
    const filled = await fill(id, { order: 'SN-7', files: { name: '屏幕.png', bytes: png() } })
    const answers = await Promise.all([submit(id, filled), submit(id, filled)])
    const [message, ...rest] = await messagesOf(id)
    expect(rest).toEqual([])
    expect(message).toMatchObject({
      thread: '+8613800000009',
      name: 'Ada',
      text: 'The screen stays black.\n\nOrder or serial number: SN-7',
    })
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain(`#${message!.number}</strong>`)
    }
    expect(await left(id)).toMatchObject({ media: 1 })
  })

  test.each<[string, Filled, string]>([
    ['nothing to say', { text: ' ' }, 'Say what happened.'],
    ['no way to answer', { phone: '' }, 'Leave a phone number or an e-mail address.'],
    ['a bad number', { phone: 'call me' }, 'This is no phone number.'],
    ['a bad address', { email: 'ada@' }, 'This is no e-mail address.'],
    ['a text too long', { text: 'x'.repeat(5_001) }, 'This is too long: 5,000 characters at most.'],
    ['a name too long', { name: 'x'.repeat(101) }, 'This is too long.'],
    ['a field the page does not have', { admin: '1' }, 'The form was not complete. Please fill it in again.'],
    ['a token that is none', { token: 'x' }, 'The page was open for too long. Please press Send again.'],
    ['no token', { token: undefined }, 'The page was open for too long. Please press Send again.'],
    [
      'a script that says it is a picture',
      { files: { name: 'a.png', bytes: Buffer.from('<script>') } },
      'Pictures, videos (MP4) and PDFs can be sent.',
    ],
    [
      'files too large',
      { files: { name: 'a.png', bytes: Buffer.concat([png(), Buffer.alloc(8_000_000)]) } },
      'Up to 5 files, 8 MB in all.',
    ],
  ])(
    'with %s is shown again with what was written, says what to mend, and leaves nothing',
    async (_name, wrong, words) => {
      const id = await account({ kind: 'form' })
      const answer = await submit(id, await fill(id, { order: '<SN "7">', ...wrong }))
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain(words)
      expect(answer.body).toContain('role="alert"')
      expect(answer.body).toContain('value="&#60;SN &#34;7&#34;&#62;"')
      expect(await left(id)).toEqual({})
    },
  )

  test('of another account’s page, or of a page that is a day old, is not taken', async () => {
    const [id, other] = [
      await account({ kind: 'form' }),
      await account({ kind: 'form', secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }),
    ]
    const filled = await fill(other)
    expect((await submit(id, filled)).statusCode).toBe(422)
    const own = await fill(id)
    house.clock.now = new Date(Date.now() + 13 * 3_600_000)
    expect((await submit(id, own)).statusCode).toBe(422)
    expect(await left(id)).toEqual({})
  })

  test('filled in by a program thanks it and keeps nothing', async () => {
    const id = await account({ kind: 'form' })
    const answer = await submit(id, await fill(id, { website: 'https://spam.example' }))
    expect(answer.statusCode).toBe(200)
    expect(answer.body).not.toContain('class="number"')
    expect(await left(id)).toEqual({})
  })

  test('is taken so often from one address and no more; another one is not held up', async () => {
    const id = await account({ kind: 'form', postsPerHour: 2 })
    const from = stranger()
    const codes: number[] = []
    for (let count = 0; count < 3; count += 1) codes.push((await submit(id, await fill(id), { from })).statusCode)
    expect(codes).toEqual([200, 200, 429])
    expect((await submit(id, await fill(id))).statusCode).toBe(200)
    expect(await left(id)).toMatchObject({ messages: 3 })
  })

  test('that is no form is refused', async () => {
    const id = await account({ kind: 'form' })
    const codes = await Promise.all([
      submit(id, {}, { headers: { 'content-type': 'application/json' }, body: '{}' }),
      submit(id, {}, { body: 'no form' }),
      submit(id, {}, { method: 'PUT' }),
    ])
    expect(codes.map(({ statusCode }) => statusCode)).toEqual([415, 400, 405])
    expect(await left(id)).toEqual({})
  })
})

describe('what is written down at the desk', () => {
  const enter = (id: string, payload: object, headers: object = agent.headers) =>
    house.app.inject({
      method: 'POST',
      url: `/api/accounts/${id}/entries`,
      headers: headers as Record<string, string>,
      payload,
    })
  const note = (more: object = {}) => ({ values: { number: '138 0000 0001', name: '王芳', note: '屏幕不亮', ...more } })

  test('a call opens a ticket, the next one of the same number continues it', async () => {
    const id = await account({ kind: 'phone' })
    const first = await enter(id, note({ order: 'SN-7' }))
    expect(first.statusCode, first.body).toBe(201)
    const second = await enter(id, note({ number: '+8613800000001', note: '催促' }))
    expect(second.json()).toEqual(first.json())
    expect(await messagesOf(id)).toMatchObject([
      { thread: '+8613800000001', name: '王芳', text: '屏幕不亮\n\n订单号或序列号: SN-7\n记录人: agent' },
      { text: '催促\n\n记录人: agent' },
    ])
    const { sql } = house.database
    const acts = await sql`select actor from audit where action = 'entry.written' and subject = ${`account:${id}`}`
    expect(acts).toMatchObject([{ actor: agent.id }, { actor: agent.id }])
  })

  test('with the same key is one entry; with another text it is another', async () => {
    const id = await account({ kind: 'phone' })
    const headers = { ...agent.headers, 'idempotency-key': 'k-1' }
    const both = await Promise.all([enter(id, note(), headers), enter(id, note(), headers)])
    expect(both[0]!.json()).toEqual(both[1]!.json())
    await enter(id, note({ note: 'another' }), headers)
    expect(await messagesOf(id)).toHaveLength(2)
  })

  test('a withheld number is a person of its own, whom nobody can call back', async () => {
    const id = await account({ kind: 'phone' })
    const answers = [await enter(id, note({ number: '', name: '' })), await enter(id, note({ number: '', name: '' }))]
    const [first, second] = answers.map((answer) => answer.json().ticket.id as string)
    expect(first).not.toBe(second)
    const reply = await house.app.inject({
      method: 'POST',
      url: `/api/tickets/${first}/replies`,
      headers: agent.headers,
      payload: { text: '回电' },
    })
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'not_replyable'])
  })

  test('a visit says which store, who received it and what was handed in, with pictures', async () => {
    const id = await account({ kind: 'store', stores: '一号店，二号店' })
    const body = Buffer.concat([
      Buffer.from(
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n',
      ),
      png(),
      Buffer.from('\r\n--b--\r\n'),
    ])
    const upload = await house.app.inject({
      method: 'POST',
      url: '/api/media',
      headers: { ...agent.headers, 'content-type': 'multipart/form-data; boundary=b' },
      payload: body,
    })
    expect(upload.statusCode, upload.body).toBe(201)
    const values = {
      store: '二号店',
      receivedBy: '',
      number: '',
      name: '陈晨',
      items: '手机一部，后盖有划痕',
      note: '检测',
    }
    const answer = await enter(id, { values, mediaIds: [upload.json().media.id] })
    expect(answer.statusCode, answer.body).toBe(201)
    expect(await messagesOf(id)).toMatchObject([
      { name: '陈晨', text: '检测\n\n门店: 二号店\n接待人: agent\n交付物品: 手机一部，后盖有划痕' },
    ])
    expect(await left(id)).toMatchObject({ media: 1 })
  })

  test.each<[string, object, string]>([
    ['nothing', { values: {} }, 'note'],
    ['a bad number', note({ number: 'call me' }), 'number'],
    ['an unknown field', note({ admin: true }), ''],
  ])('with %s is told what is wrong, and leaves nothing', async (_name, body, path) => {
    const id = await account({ kind: 'phone' })
    const answer = await enter(id, body)
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'invalid_entry'])
    expect(answer.json().details.errors).toContainEqual({ path, message: expect.any(String) })
    expect(await left(id)).toEqual({})
  })

  test('is for those who see the brand, and for kinds that are written down', async () => {
    const id = await account({ kind: 'phone' })
    const outsider = await house.person('agent', [await house.addBrand()])
    expect((await enter(id, note(), outsider.headers)).statusCode).toBe(404)
    expect((await enter(id, note(), {})).statusCode).toBe(401)
    expect((await enter(await account({ kind: 'form' }), note())).json().code).toBe('no_entries')
    expect((await enter(id, { ...note(), mediaIds: [randomUUID()] })).json().code).toBe('media_unknown')
    expect(await left(id)).toEqual({})
  })

  test('the form comes with the account, without its secrets', async () => {
    const id = await account({ kind: 'store', stores: '一号店' })
    const answer = await house.app.inject({ url: `/api/accounts/${id}`, headers: agent.headers })
    const { entry } = answer.json().account
    expect(entry).toMatchObject({ title: { zh: '到店受理' }, personField: 'number', files: { max: 5 } })
    expect(entry.schema.properties.store).toMatchObject({ enum: ['一号店'], title: { en: 'Store' } })
    expect(answer.body).not.toContain(key)
  })
})

test('an answer to a call is a task, and what was said is the answer', async () => {
  const id = await account({ kind: 'phone' })
  const entry = { values: { number: '13800000001', note: '屏幕不亮' } }
  const request = (method: 'GET' | 'POST', url: string, payload?: object) =>
    house.app.inject({ method, url, headers: agent.headers, ...(payload ? { payload } : {}) })
  const { ticket } = (await request('POST', `/api/accounts/${id}/entries`, entry)).json()
  const reply = await request('POST', `/api/tickets/${ticket.id}/replies`, { text: '告知今天上门' })
  expect(reply.statusCode, reply.body).toBe(202)
  const detail = (await request('GET', `/api/tickets/${ticket.id}`)).json()
  expect(detail.threads[0].capabilities.surfaces.direct.byHand).toEqual({ act: { en: 'Call back', zh: '回电' } })
  const [task] = detail.tasks
  expect(task).toMatchObject({ act: { zh: '回电' }, contact: { handle: '+8613800000001' } })
  const later = new Date(Date.now() + 60_000).toISOString()
  expect(
    (await request('POST', `/api/tasks/${task.id}/again`, { dueAt: later, note: '占线' })).json().task.tries,
  ).toHaveLength(1)
  expect((await request('POST', `/api/tasks/${task.id}/done`, { text: '已告知，用户同意' })).statusCode).toBe(200)
  expect((await request('POST', `/api/tasks/${task.id}/done`, { text: '再次' })).statusCode).toBe(409)
  const { messages } = (await request('GET', `/api/tickets/${ticket.id}/messages`)).json()
  expect(messages.at(-1)).toMatchObject({
    direction: 'outbound',
    text: '已告知，用户同意',
    deliveries: [{ state: 'sent' }],
  })
})
