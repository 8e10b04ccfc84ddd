import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../src/db/id.ts'
import { media } from '../src/db/schema.ts'
import { createMediaStore } from '../src/media-store.ts'
import type { Media } from '../src/wire.ts'
import { openTestApp, type Person, type TestApp } from './helpers/app.ts'
import * as files from './helpers/files.ts'
import { patience } from './helpers/patience.ts'
import { type Conversation, createRows, type Rows } from './helpers/rows.ts'
import { until } from './helpers/until.ts'

let house: TestApp
let rows: Rows
let talk: Conversation
let agent: Person
let url = ''
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-media-'))
  house = await openTestApp({ media: await createMediaStore(folder) })
  rows = createRows(house.deps.db)
  const [brand] = await house.deps.db.query.brands.findMany()
  talk = await rows.conversation({ brand: brand! })
  agent = await house.person('agent')
  url = await house.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true, force: true })
})
afterEach(() => house.deps.db.delete(media))

interface Part {
  readonly name: string
  readonly value: string | Uint8Array
  readonly fileName?: string
}
const boundary = 'a-boundary-of-the-test'
function form(parts: readonly Part[], end = `--${boundary}--\r\n`) {
  const chunks: Uint8Array[] = []
  for (const { name, value, fileName } of parts) {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    chunks.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n`))
    if (fileName !== undefined) chunks.push(Buffer.from('Content-Type: image/svg+xml\r\n'))
    chunks.push(Buffer.from('\r\n'), Buffer.from(value), Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from(end)])
}
const file = (value: string | Uint8Array, fileName = 'x.png'): Part => ({ name: 'file', value, fileName })

async function post(parts: readonly Part[] | Buffer, headers: object = agent.headers) {
  const body = Buffer.isBuffer(parts) ? parts : form(parts)
  return await house.app.inject({
    method: 'POST',
    url: '/api/media',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: body,
  })
}
async function upload(value: string | Uint8Array, fileName = 'x.png', more: Part[] = []): Promise<Media> {
  const answer = await post([...more, file(value, fileName)])
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().media
}
const get = (id: string, headers: object = {}, who: object = agent.headers) =>
  house.app.inject({ url: `/api/media/${id}`, headers: { ...who, ...headers } })

/** Files half received. */
const halfReceived = () => readdir(join(folder, 'media', 'tmp'))

describe('taking a file', () => {
  test('a file becomes media of the ticket’s brand, known by its bytes and not by what the browser says', async () => {
    const { ticket } = talk
    const media = await upload(files.png(20, 30), 'photo.jpg', [{ name: 'ticketId', value: ticket.id }])
    expect(media).toEqual({
      id: expect.any(String),
      kind: 'photo',
      state: 'ready',
      reason: null,
      name: 'photo.jpg',
      mimeType: 'image/png',
      bytes: files.png(20, 30).length,
      width: 20,
      height: 30,
      durationMs: null,
    })
    const row = await house.deps.db.query.media.findFirst()
    expect(row).toMatchObject({ brandId: talk.brand.id, uploadedBy: agent.id, messageId: null, accountId: null })
  })

  test('fields may come behind the file, and a picture may be sent as a document', async () => {
    const answer = await post([
      file(files.gif()),
      { name: 'kind', value: 'document' },
      { name: 'ticketId', value: talk.ticket.id },
    ])
    expect(answer.json().media).toMatchObject({ kind: 'document', mimeType: 'image/gif' })
  })

  test('its name is cleaned', async () => {
    const media = await upload(files.png(), '..\\in\u200bvoice\u202egpj．exe')
    expect(media.name).toBe('invoicegpj.exe')
  })

  test.each<[string, () => readonly Part[] | Buffer, number, string]>([
    ['no file', () => [{ name: 'ticketId', value: talk.ticket.id }], 400, 'invalid_form'],
    ['two files', () => [file('a'), file('b')], 400, 'invalid_form'],
    ['three files', () => [file('a'), file('b'), file('c')], 400, 'invalid_form'],
    ['an unknown field', () => [{ name: 'brandId', value: newId() }, file('a')], 400, 'invalid_form'],
    ['a field of Object', () => [{ name: '__proto__', value: 'x' }, file('a')], 400, 'invalid_form'],
    ['a ticket that is no id', () => [{ name: 'ticketId', value: 'x' }, file('a')], 400, 'invalid_form'],
    ['a field too long', () => [{ name: 'ticketId', value: 'x'.repeat(5_000) }, file('a')], 400, 'invalid_form'],
    ['a form that breaks off', () => form([file('abc')], ''), 400, 'invalid_form'],
    ['no form', () => Buffer.from('hello'), 400, 'invalid_form'],
    ['nothing', () => Buffer.alloc(0), 400, 'invalid_form'],
    ['an empty file', () => [file('')], 422, 'empty_file'],
    ['a kind that it is not', () => [{ name: 'kind', value: 'video' }, file(files.png())], 422, 'media_kind_mismatch'],
    ['a ticket there is not', () => [{ name: 'ticketId', value: newId() }, file('a')], 404, 'not_found'],
  ])('%s is refused, and leaves nothing', async (_name, parts, status, code) => {
    const answer = await post(parts())
    expect(answer.json()).toMatchObject({ status, code })
    expect(await house.deps.db.query.media.findFirst()).toBeUndefined()
    expect(await halfReceived()).toEqual([])
  })

  test('what is no form is a 415', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: '/api/media',
      headers: agent.headers,
      payload: { file: 'x' },
    })
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  })

  test('a ticket of another brand is one there is not', async () => {
    const other = await rows.conversation()
    const answer = await post([{ name: 'ticketId', value: other.ticket.id }, file('a')])
    expect(answer.statusCode).toBe(404)
  })

  test('without a ticket it is of the one brand one sees; who sees several has to say', async () => {
    const answer = await post([file('a')])
    expect(answer.statusCode).toBe(201)
    await house.addBrand()
    const administrator = await house.program('administrator')
    expect((await post([file('a')], administrator)).json()).toMatchObject({ status: 422, code: 'ticket_needed' })
  })

  /** Sends a body of unknown length by hand, until the server answers or the connection ends. */
  async function flood(beginning: Buffer) {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    socket.setMaxListeners(0)
    let [sent, said, over] = [0, '', false]
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.on('error', () => {})
    const closed = new Promise<void>((resolve) =>
      socket.once('close', () => {
        over = true
        resolve()
      }),
    )
    const write = (chunk: Buffer | string) => {
      const written = new Promise<void>((resolve) => socket.write(chunk, () => resolve()))
      return Promise.race([written, closed])
    }
    const chunk = async (bytes: Buffer) => {
      await write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]))
      sent += bytes.length
    }
    const type = `multipart/form-data; boundary=${boundary}`
    const headers = Object.entries({ ...agent.headers, 'content-type': type, 'transfer-encoding': 'chunked' })
    await write(`POST /api/media HTTP/1.1\r\n${headers.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`)
    await chunk(beginning)
    const mebibyte = Buffer.alloc(1024 * 1024, 'x')
    while (said === '' && !over && sent < 200 * 1024 * 1024) await chunk(mebibyte)
    await until(() => said.includes('too_large') || over)
    socket.destroy()
    return { said, sent }
  }

  test('more than 50 MB that was announced is refused before a byte is read', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: '/api/media',
      headers: {
        ...agent.headers,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(80 * 1024 * 1024),
      },
      payload: Readable.from([Buffer.from('x')]),
    })
    expect(answer.json()).toMatchObject({ status: 413, code: 'too_large' })
  })

  test.each([
    ['a file without end', form([file('')], '').subarray(0, -2)],
    ['a header of a part without end', form([file('')], '').subarray(0, -4)],
    ['a preamble without end', Buffer.from('hello')],
  ])(
    '%s is cut off when it is too large',
    async (_name, beginning) => {
      const { said, sent } = await flood(beginning)
      expect(said).toContain('413')
      expect(sent).toBeLessThan(80 * 1024 * 1024)
      await until(async () => (await halfReceived()).length === 0)
    },
    30_000,
  )

  test('a client that goes away in the middle leaves nothing', async () => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    const headers = Object.entries({
      ...agent.headers,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': '100000',
    })
    socket.write(`POST /api/media HTTP/1.1\r\n${headers.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`)
    socket.write(form([file('half of it')], ''))
    await until(async () => (await halfReceived()).length > 0)
    socket.destroy()
    await until(async () => (await halfReceived()).length === 0)
  })

  test('a person with too many files that were never sent has to wait', async () => {
    const values = Array.from({ length: 100 }, () => ({
      id: newId(),
      brandId: talk.brand.id,
      kind: 'photo' as const,
      state: 'ready' as const,
      bytes: 1,
      uploadedBy: agent.id,
    }))
    await house.deps.db.insert(media).values(values)
    expect((await post([file('a')])).json()).toMatchObject({ status: 429, code: 'upload_quota' })
    const line = await rows.message(talk)
    await house.deps.db.update(media).set({ messageId: line.id })
    expect((await post([file('a')])).statusCode).toBe(201)
  })
})

describe('giving a file', () => {
  const content = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251))
  /** A file of a message of the customer, stored as a download leaves it. */
  async function received(bytes: Uint8Array, values: Partial<typeof media.$inferInsert> = {}, of = talk) {
    const { sha256, mimeType, size } = await house.deps.media.put(Readable.from([bytes]), { maxBytes: 1_000_000 })
    const line = await rows.message(of)
    return rows.file(of.brand.id, {
      messageId: line.id,
      sha256,
      mimeType,
      bytes: bytes.length,
      ...size,
      ...values,
    })
  }

  test('a picture is shown in place, runs nothing, and is kept by this browser only', async () => {
    const { id } = await received(files.png(), { name: '我的手机.png' })
    const answer = await get(id)
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toEqual(files.png())
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `inline; filename="____.png"; filename*=UTF-8''%E6%88%91%E7%9A%84%E6%89%8B%E6%9C%BA.png`,
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox$/u),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=300',
      etag: `"${createHash('sha256').update(files.png()).digest('hex')}"`,
    })
  })

  test.each([
    ['SVG', files.svg, 'photo', 'picture.svg', 'text/plain; charset=utf-8', 'picture.svg.txt'],
    ['SVG with a declaration', files.xml, 'photo', 'picture.png', 'application/xml', 'picture.png'],
    ['HTML', files.html, 'document', 'page.html', 'text/plain; charset=utf-8', 'page.html.txt'],
    [
      'a program that says it is a picture',
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]),
      'photo',
      'x.jpg',
      'application/x-msdownload',
      'x.jpg',
    ],
    ['a picture of 900 million points', files.png(30_000, 30_000), 'photo', 'x.png', 'image/png', 'x.png'],
    ['a picture whose size nobody knows', files.png().subarray(0, 18), 'photo', 'x.png', 'image/png', 'x.png'],
  ] as const)('%s is saved, never shown', async (_name, bytes, kind, name, type, saved) => {
    const { id } = await received(bytes, { kind, name })
    const { headers } = await get(id)
    expect(headers['content-type']).toBe(type)
    expect(headers['content-disposition']).toBe(`attachment; filename="${saved}"; filename*=UTF-8''${saved}`)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toContain('sandbox')
  })

  test('a picture that is a script to another reader stays a picture', async () => {
    const { id } = await received(files.scriptThatIsAGif, { name: 'x.js' })
    expect((await get(id)).headers).toMatchObject({
      'content-type': 'image/gif',
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename="x.js.gif"; filename*=UTF-8''x.js.gif`,
    })
  })

  test.each([
    ['bytes=0-9', 206, [0, 10], 'bytes 0-9/1000'],
    ['bytes=990-', 206, [990, 1_000], 'bytes 990-999/1000'],
    ['bytes=-5', 206, [995, 1_000], 'bytes 995-999/1000'],
    ['bytes=-5000', 206, [0, 1_000], 'bytes 0-999/1000'],
    ['bytes=10-5000', 206, [10, 1_000], 'bytes 10-999/1000'],
    ['bytes=9-3', 200, [0, 1_000], undefined],
    ['bytes=0-1,5-6', 200, [0, 1_000], undefined],
    ['items=0-1', 200, [0, 1_000], undefined],
    ['bytes=-', 200, [0, 1_000], undefined],
  ] as const)('the range %s gets %i', async (range, status, [start, end], contentRange) => {
    const { id } = await received(content)
    const answer = await get(id, { range })
    expect(answer.statusCode).toBe(status)
    expect(answer.rawPayload).toEqual(content.subarray(start, end))
    expect(answer.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(end - start) })
    expect(answer.headers['content-range']).toBe(contentRange)
  })

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('the range %s does not exist', async (range) => {
    const { id } = await received(content)
    const answer = await get(id, { range })
    expect(answer.json()).toMatchObject({ status: 416, code: 'range_not_satisfiable' })
    expect(answer.headers['content-range']).toBe('bytes */1000')
  })

  test('a range of another content is the whole file', async () => {
    const { id } = await received(content)
    const tag = String((await get(id)).headers.etag)
    expect((await get(id, { range: 'bytes=0-1', 'if-range': tag })).statusCode).toBe(206)
    expect((await get(id, { range: 'bytes=0-1', 'if-range': '"other"' })).statusCode).toBe(200)
  })

  test('who has it is not sent it again', async () => {
    const { id } = await received(content)
    const tag = String((await get(id)).headers.etag)
    for (const known of [tag, `W/${tag}`, `"a", ${tag}`, '*']) {
      const answer = await get(id, { 'if-none-match': known })
      expect([answer.statusCode, answer.body]).toEqual([304, ''])
    }
    expect((await get(id, { 'if-none-match': '"other"' })).statusCode).toBe(200)
  })

  test('pending is 409, failed is 410 with the reason, and a file that is not in the folder is 503', async () => {
    const line = await rows.message(talk)
    const of = { messageId: line.id }
    const pending = await rows.file(talk.brand.id, { ...of, state: 'pending' })
    expect((await get(pending.id)).json()).toMatchObject({ status: 409, code: 'media_pending' })
    const failed = await rows.file(talk.brand.id, { ...of, state: 'failed', reason: 'too_large' })
    expect((await get(failed.id)).json()).toMatchObject({
      status: 410,
      code: 'media_failed',
      details: { reason: 'too_large' },
    })
    const lost = await rows.file(talk.brand.id, { ...of, sha256: 'a'.repeat(64), bytes: 3, mimeType: 'image/png' })
    expect((await get(lost.id)).json()).toMatchObject({ status: 503, code: 'media_missing' })
  })

  test('another brand’s file does not exist', async () => {
    const other = await rows.conversation()
    const { id } = await received(content, {}, other)
    expect((await get(id)).json()).toMatchObject({ status: 404, code: 'not_found' })
    const theirs = await house.person('agent', [other.brand.id])
    expect((await get(id, {}, theirs.headers)).statusCode).toBe(200)
    const everybodys = await house.person('supervisor', [])
    expect((await get(id, {}, everybodys.headers)).statusCode).toBe(404)
  })

  test('a file that is not part of a message yet is its uploader’s alone', async () => {
    const { id } = await upload('hello', 'x.txt', [{ name: 'ticketId', value: talk.ticket.id }])
    const colleague = await house.person('agent')
    expect((await get(id, {}, colleague.headers)).statusCode).toBe(404)
    expect((await get(id)).statusCode).toBe(200)
    const line = await rows.message(talk)
    await house.deps.db.update(media).set({ messageId: line.id }).where(eq(media.id, id))
    expect((await get(id, {}, colleague.headers)).statusCode).toBe(200)
  })

  test('nobody who is not signed in gets or gives a file', async () => {
    const { id } = await received(content)
    expect((await house.app.inject({ url: `/api/media/${id}` })).statusCode).toBe(401)
    expect((await post([file('a')], {})).statusCode).toBe(401)
  })

  test('a server that stops does not wait for a browser that paused a clip', async () => {
    const other = await openTestApp({ finishMs: 100, media: house.deps.media }, {}, house.database)
    const { id } = await received(Buffer.alloc(900_000, 1))
    // More than the connection's buffers hold.
    const large = await house.deps.media.put(Readable.from(Array(20).fill(Buffer.alloc(1_000_000, 2))), {
      maxBytes: 30_000_000,
    })
    await house.deps.db.update(media).set({ sha256: large.sha256, bytes: large.bytes }).where(eq(media.id, id))
    const address = await other.app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${address}/api/media/${id}`, { headers: agent.headers })
    expect(answer.status).toBe(200)
    const began = performance.now()
    await other.close()
    expect(performance.now() - began).toBeLessThan(3_000 * patience)
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  test.skipIf(process.platform !== 'linux')('a client that stops reading holds no file open', async () => {
    const { id } = await received(Buffer.alloc(900_000, 1))
    for (let n = 0; n < 5; n += 1) {
      const stop = new AbortController()
      const answer = await fetch(`${url}/api/media/${id}`, { headers: agent.headers, signal: stop.signal })
      expect(answer.status).toBe(200)
      stop.abort()
    }
    await until(async () => {
      const open = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      )
      return !open.some((path) => path.startsWith(folder))
    })
  })
})
