/** The public door on the real application: what strangers send gets a clear answer, and leaves nothing it should not. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { until } from '../../test/helpers/until.ts'
import { drawPicture } from './crowd/picture.ts'
import { webchat } from './index.ts'
import { readFrames } from './simulator/read-frames.ts'
import { signToken, siteSecret } from './test-token.ts'
import type { Line, Session } from './wire.ts'

let house: TestApp
let url: string
let door: string
beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example' }, undefined, [webchat])
  url = await house.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  // Whoever was refused in the middle of a file may still be sending it.
  house.app.server.closeAllConnections()
  await house.close()
})
beforeEach(async () => {
  door = await account()
})

async function account(settings: object = {}): Promise<string> {
  const given = { sites: 'https://shop.example', siteSecret, fileMegabytes: 0.1, ...settings }
  const { id } = await addAccount(house.deps, systemActor, { channel: 'webchat', name: 'Care', settings: given })
  house.deps.connections.changed(id)
  return `${url}/webhooks/${id}`
}

const json = 'application/json'
async function post(path: string, body: unknown, token: string | null, type = json) {
  const answer = await fetch(`${door}/${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body:
      typeof body === 'string' || body instanceof Uint8Array ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
  })
  const text = await answer.text()
  const document = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: answer.status, code: document.code, document, headers: answer.headers }
}
const newVisitor = async () => (await post('session', {}, null)).document as unknown as Session & { token: string }
const says = (text: string, token: string, id = randomUUID()) =>
  post('messages', { id, text, language: 'zh-CN' }, token)
const uploads = (bytes: Uint8Array, token: string, name = 'a.png') =>
  post(`files?id=${randomUUID()}&name=${encodeURIComponent(name)}`, bytes, token, 'application/octet-stream')

const tables = [
  'inbound_keys',
  'inbound_unread',
  'identities',
  'threads',
  'tickets',
  'messages',
  'media',
  'due_work',
] as const
async function counts(): Promise<number[]> {
  const { sql } = house.database
  const rows = await Promise.all(
    tables.map((table) => sql<{ n: number }[]>`select count(*)::int as n from ${sql(table)}`),
  )
  return rows.map(([row]) => row!.n)
}
const texts = () => house.database.sql<{ text: string }[]>`select text from messages order by ordered_at`

/** Lines until there are `count` of them. */
async function hears(token: string, count: number, after = ''): Promise<Line[]> {
  const over = new AbortController()
  const answer = await fetch(`${door}/stream${after}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: over.signal,
  })
  const lines: Line[] = []
  for await (const { event, data } of readFrames(answer.body!)) {
    if (event === 'line') lines.push(data as Line)
    if (event === 'ready' && lines.length >= count) break
    if (lines.length >= count && count > 0) break
  }
  over.abort()
  return lines
}

describe('what is refused leaves nothing behind', () => {
  const good = { id: 'a-good-id-1', text: 'hello', language: 'en' }
  test.each([
    ['broken JSON', '{"id":', json, 400, 'malformed'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe]), json, 400, 'malformed'],
    ['another type', JSON.stringify(good), 'text/plain', 415, 'unsupported_media_type'],
    ['bytes in the place of JSON', JSON.stringify(good), 'application/octet-stream', 415, 'not_json'],
    ['no text', { ...good, text: ' \n ' }, json, 400, 'invalid'],
    ['more than the longest text', { ...good, text: '手'.repeat(4001) }, json, 400, 'invalid'],
    ['a body far beyond it', { ...good, text: '手'.repeat(30_000) }, json, 413, 'too_large'],
    ['an id that is none', { ...good, id: 'a b' }, json, 400, 'invalid'],
    ['a field of its own', { ...good, visitor: { id: 'u:somebody' } }, json, 400, 'invalid'],
    ['another language', { ...good, language: 'xx' }, json, 400, 'invalid'],
  ] as const)('%s', async (_, body, type, status, code) => {
    const { token } = await newVisitor()
    const before = await counts()
    expect(await post('messages', body, token, type)).toMatchObject({ status, code })
    expect(await counts()).toEqual(before)
  })

  test.each([
    ['too large', new Uint8Array(110_000).fill(1), 413, 'file_too_large'],
    ['larger than the door takes', new Uint8Array(10 * 1_048_576 + 1), 413, 'too_large'],
    ['empty', new Uint8Array(), 400, 'empty_file'],
    ['a program', Buffer.from('7f454c46020101000000000000000000', 'hex'), 415, 'file_type'],
    ['nobody knows what', new Uint8Array([0, 1, 2, 3]), 415, 'file_type'],
    [
      'a page that draws',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      415,
      'file_type',
    ],
  ] as const)('a file that is %s', async (_, bytes, status, code) => {
    const { token } = await newVisitor()
    const before = await counts()
    expect(await uploads(bytes, token)).toMatchObject({ status, code })
    expect(await counts()).toEqual(before)
  })

  test('receipts for lines that were not shown, or to somebody else', async () => {
    const { token } = await newVisitor()
    const line = { id: randomUUID(), code: 'x'.repeat(43) }
    const before = await counts()
    expect(await post('receipts', { status: 'read', lines: [line] }, token)).toMatchObject({
      status: 403,
      code: 'not_yours',
    })
    expect(await post('receipts', { status: 'failed', lines: [line] }, token)).toMatchObject({ status: 400 })
    expect(await post('receipts', { status: 'read', lines: [] }, token)).toMatchObject({ status: 400 })
    expect(await counts()).toEqual(before)
  })

  test('a visitor without a name where the site signs all of them', async () => {
    const { token } = await newVisitor()
    door = await account({ anonymous: false })
    expect(await post('session', {}, null)).toMatchObject({ status: 403, code: 'sign_in' })
    expect((await says('x', token)).status).toBe(401)
    expect((await says('signed', signToken())).status).toBe(200)
  })

  test('another account’s token', async () => {
    const { token } = await newVisitor()
    door = await account()
    const before = await counts()
    expect((await says('x', token)).status).toBe(401)
    expect(await counts()).toEqual(before)
  })

  test.each(['messages', 'nothing', 'files', 'files/a/b', 'assets/x/index.ts', 'assets/x/..%2findex.ts', ''])(
    'GET %s is nothing',
    async (path) => expect((await fetch(`${door}/${path}`)).status).toBe(404),
  )
})

test('a flood is stopped, told how long to wait, and what came before it is there', async () => {
  door = await account({ messagesPerMinute: 3 })
  const { token } = await newVisitor()
  const answers = []
  for (let n = 0; n < 5; n += 1) answers.push(await says(`洪水 ${n}`, token))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
  expect(answers[3]).toMatchObject({ code: 'too_many' })
  expect(Number(answers[3]!.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await texts()).filter(({ text }) => text.startsWith('洪水'))).toHaveLength(3)
  // Ever new visitors from one address: four times as many, and no more.
  const more = []
  for (let n = 0; n < 10; n += 1) more.push((await says(`洪水 其他 ${n}`, (await newVisitor()).token)).status)
  expect(more.filter((status) => status === 200)).toHaveLength(9)
})

test('the same message again, and at once, is one; the same id of another visitor is another message', async () => {
  const [one, other] = [await newVisitor(), await newVisitor()]
  const id = randomUUID()
  const answers = await Promise.all([1, 2, 3].map(() => says('只说一次', one.token, id)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect((await says('只说一次', other.token, id)).status).toBe(200)
  expect((await texts()).filter(({ text }) => text === '只说一次')).toHaveLength(2)
  expect((await hears(one.token, 1)).map(({ clientId }) => clientId)).toEqual([id])
})

test('markup is text, and a NUL is no text at all', async () => {
  const { token } = await newVisitor()
  const text = '<img src=x onerror=alert(1)> &amp; <script>1</script>'
  expect((await says(text, token)).status).toBe(200)
  expect((await hears(token, 1))[0]).toMatchObject({ text, side: 'visitor' })
  expect((await says('前\u0000后 \ud800', token)).status).toBe(200)
  expect((await hears(token, 2))[1]!.text).toBe('前\ufffd后 \ufffd')
})

test('a visitor hears their own lines and nobody else’s, from where they stand', async () => {
  const [one, other] = [await newVisitor(), await newVisitor()]
  for (const text of ['一', '二', '三']) await says(text, one.token)
  const all = await hears(one.token, 3)
  expect(all.map(({ text }) => text)).toEqual(['一', '二', '三'])
  expect((await hears(one.token, 2, `?after=${all[0]!.id}`)).map(({ text }) => text)).toEqual(['二', '三'])
  expect(await hears(other.token, 0)).toEqual([])
  expect(await hears(other.token, 0, `?after=${all[0]!.id}`)).toEqual([])
})

test('a file is its sender’s: with their token it is had, with another’s or without it does not exist', async () => {
  const [one, other] = [await newVisitor(), await newVisitor()]
  const picture = drawPicture(7)
  expect((await uploads(picture, one.token, '屏幕.png')).status).toBe(200)
  const [line] = await hears(one.token, 1)
  const [file] = line!.files
  expect(file).toMatchObject({ kind: 'photo', name: '屏幕.png', mimeType: 'image/png', bytes: picture.length })
  const get = (token: string | null) =>
    fetch(`${door}/files/${file!.id}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })
  // Its bytes come in with work that is due; until then it is on its way.
  expect([(await get(one.token)).status, (await get(other.token)).status, (await get(null)).status]).toEqual([
    409, 404, 401,
  ])
  // A name that is a path stays a name.
  expect((await uploads(drawPicture(8), one.token, '../../etc/passwd.png')).status).toBe(200)
})

test('so many streams of one visitor, and not one more; who leaves makes room', async () => {
  const { token } = await newVisitor()
  const open = async () => {
    const over = new AbortController()
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${door}/stream`, { headers, signal: over.signal })
    return { status: answer.status, leave: () => over.abort() }
  }
  const streams = []
  for (let n = 0; n < 7; n += 1) streams.push(await open())
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429])
  streams[0]!.leave()
  const again = await until(async () => {
    const next = await open()
    return next.status === 200 && next
  })
  for (const { leave } of [...streams, again]) leave()
})

test('a stream ends when the token of the site does', async () => {
  const soon = Math.floor(Date.now() / 1000) + 2
  const answer = await fetch(`${door}/stream`, {
    headers: { authorization: `Bearer ${signToken({ claims: { exp: soon } })}` },
  })
  let heard = ''
  for await (const chunk of answer.body!) heard += new TextDecoder().decode(chunk)
  expect(heard).toContain('event: ready')
  expect(Date.now()).toBeGreaterThanOrEqual(soon * 1000 - 100)
})

test('outside of office hours the visitor is told, in the administrator’s words', async () => {
  door = await account({ officeHours: '1-7 00:00-00:01', timeZone: 'UTC', offlineText: '明早九点回复您。' })
  house.clock.now = new Date('2026-11-25T12:00:00Z')
  expect((await post('session', {}, null)).document).toMatchObject({ open: false, offlineText: '明早九点回复您。' })
  house.clock.now = new Date('2026-11-25T00:00:30Z')
  expect((await post('session', {}, null)).document).toMatchObject({ open: true })
  house.clock.now = new Date()
})

test('nothing it was told is in the log', async () => {
  const { token } = await newVisitor()
  await says('机密的话', token)
  expect((await says('x', `${token}x`)).status).toBe(401)
  const logged = house.logged.join('\n')
  for (const secret of [token, siteSecret, '机密的话']) expect(logged).not.toContain(secret)
})
