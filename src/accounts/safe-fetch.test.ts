import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { ReadError } from '../channel/errors.ts'
import type { FetchOptions } from '../channel/tools.ts'
import { createSafeFetch, type FetchReport, type SafeFetch } from './safe-fetch.ts'

let port: number
let connections = 0
let requests: IncomingMessage[] = []
let answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void
const server = createServer(async (request, response) => {
  requests.push(request)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  answer(request, response, Buffer.concat(chunks))
})
server.on('connection', () => {
  connections += 1
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

let net: SafeFetch
let reports: FetchReport[]
beforeEach(() => {
  net = createSafeFetch()
  reports = []
  requests = []
  connections = 0
  answer = (_request, response) => response.end('ok')
})
afterEach(() => net.close())

const get = (url: string, options: FetchOptions = {}) => net.fetch(url, options, (report) => reports.push(report))
const here = (path = '/') => `http://127.0.0.1:${port}${path}`
const trusted = { trust: 'settings' } as const

describe('an address from a message never leads inward', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://127。0。0。1:PORT/',
    'https://127.0.0.1:PORT/',
    'https://localhost:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
  ])('%s', async (url) => {
    await expect(get(url.replace('PORT', String(port)))).rejects.toMatchObject({ name: 'ReadError', reason: 'gone' })
    expect(connections).toBe(0)
  })

  test('nor when DNS says so', async () => {
    await net.close()
    net = createSafeFetch({ lookup: lookupOf(() => [{ address: '127.0.0.1', family: 4 }]) })
    await expect(get(`http://care.example:${port}/`)).rejects.toMatchObject({ reason: 'gone' })
    expect(connections).toBe(0)
  })

  test('nor when DNS names a public address beside it', async () => {
    // 127.0.0.2 stands for the public one: nothing listens there, and the inward one must not be tried after it.
    await net.close()
    net = createSafeFetch({
      isAllowed: (address) => address === '127.0.0.2',
      lookup: lookupOf(() => [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]),
    })
    await expect(get(`http://care.example:${port}/`)).rejects.toMatchObject({ name: 'NoAnswer', mayHaveLeft: false })
    expect(connections).toBe(0)
  })

  test('nor when DNS changes its answer after the check', async () => {
    const answers = ['127.0.0.9', '127.0.0.1']
    const listener = createServer((_request, response) => response.end('outside')).listen(port, '127.0.0.9')
    await once(listener, 'listening')
    await net.close()
    net = createSafeFetch({
      isAllowed: (address) => address === '127.0.0.9',
      lookup: lookupOf(() => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]),
    })
    try {
      const first = await get(`http://care.example:${port}/`, { headers: { connection: 'close' } })
      expect(await first.text()).toBe('outside')
      await until(() => reports.length === 1)
      await expect(get(`http://care.example:${port}/again`)).rejects.toMatchObject({ reason: 'gone' })
      expect(connections).toBe(0)
    } finally {
      listener.closeAllConnections()
      listener.close()
    }
  })

  test('nor over a connection that trust has opened to the same place', async () => {
    await (await get(here(), trusted)).text()
    expect(connections).toBe(1)
    await expect(get(here())).rejects.toMatchObject({ reason: 'gone' })
    expect(requests).toHaveLength(1)
  })

  test('nor by a redirect: none is followed', async () => {
    answer = (_request, response) => response.writeHead(302, { location: here('/secret') }).end()
    const response = await get(here('/start'), trusted)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(here('/secret'))
    expect(requests).toHaveLength(1)
  })

  test.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'data:text/plain,x',
    'http://user:pw@example.com/',
    'not a url',
    '',
  ])('nor is "%s" an address', async (url) => {
    const error = await get(url).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ReadError)
    expect(String(error)).not.toContain('pw')
  })
})

test('an administrator may send us anywhere', async () => {
  answer = (_request, response) => response.writeHead(201, { 'x-a': '1', 'content-type': 'text/plain' }).end('here')
  const response = await get(here('/x?y=1'), trusted)
  expect(response).toBeInstanceOf(Response)
  expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, '1', 'here'])
  expect(reports).toMatchObject([{ method: 'GET', url: here('/x?y=1'), status: 201, response: 'here', error: null }])
})

describe('what is sent', () => {
  const bodies: Record<string, { options: FetchOptions; type: RegExp; body: RegExp }> = {
    text: { options: { body: '你好' }, type: /^text\/plain/u, body: /^你好$/u },
    bytes: { options: { body: new Uint8Array([104, 105]) }, type: /^$/u, body: /^hi$/u },
    form: { options: { body: new URLSearchParams({ a: '1' }) }, type: /urlencoded/u, body: /^a=1$/u },
    json: {
      options: { body: '{"a":1}', headers: { 'content-type': 'application/json' } },
      type: /json/u,
      body: /^\{"a":1\}$/u,
    },
    multipart: {
      options: { body: formOf({ text: '你好', photo: new File(['jpeg'], 'a.jpg', { type: 'image/jpeg' }) }) },
      type: /^multipart\/form-data; boundary=/u,
      body: /name="text"\r\n\r\n你好\r\n[\s\S]*filename="a.jpg"\r\nContent-Type: image\/jpeg\r\n\r\njpeg\r\n/u,
    },
    blob: { options: { body: new Blob(['x'], { type: 'image/png' }) }, type: /^image\/png$/u, body: /^x$/u },
  }
  test.each(Object.entries(bodies))('arrives whole: %s', async (_name, { options, type, body }) => {
    let seen = ''
    answer = (request, response, bytes) => {
      seen = bytes.toString()
      response.end(request.headers['content-type'] ?? '')
    }
    const response = await get(here(), { ...trusted, method: 'POST', ...options })
    expect(await response.text()).toMatch(type)
    expect(seen).toMatch(body)
  })

  test('a header that HTTP does not allow is refused without being quoted', async () => {
    const error = await get(here(), { ...trusted, headers: { authorization: 'Bearer tok\nen' } }).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(`${error}${(error as Error).stack}`).not.toContain('tok')
    expect((error as Error).cause).toBeUndefined()
  })
})

describe('limits', () => {
  test('an answer that says it is too large is not read', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-length': '3000000' }).write('x')
    await expect(get(here(), trusted)).rejects.toMatchObject({ name: 'ReadError', reason: 'too_large' })
  })

  test('one that does not say so is cut while it comes', async () => {
    let sent = 0
    answer = (_request, response) => {
      const more = () => {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536))) response.once('drain', more)
        else if (!response.destroyed) setImmediate(more)
      }
      more()
    }
    const response = await get(here(), { ...trusted, maxBytes: 500_000 })
    await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'ReadError', reason: 'too_large' })
    expect(sent).toBeLessThan(50_000_000)
    expect(reports[0]?.error).toMatchObject({ reason: 'too_large' })
  })

  test('a bomb is counted at its unpacked size', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000)))
    const response = await get(here(), trusted)
    await expect(response.arrayBuffer()).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('exactly as much as is allowed is allowed', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(1000))
    const response = await get(here(), { ...trusted, maxBytes: 1000 })
    expect((await response.arrayBuffer()).byteLength).toBe(1000)
  })

  test('an answer that does not come', async () => {
    answer = () => {}
    await expect(get(here(), { ...trusted, timeoutMs: 50 })).rejects.toMatchObject({
      name: 'NoAnswer',
      reason: 'timeout',
      mayHaveLeft: true,
    })
    expect(reports).toHaveLength(1)
  })

  test('an answer that does not end', async () => {
    answer = (_request, response) => response.writeHead(200).write('begun')
    const response = await get(here(), { ...trusted, timeoutMs: 100 })
    await expect(response.text()).rejects.toMatchObject({ name: 'NoAnswer', reason: 'timeout' })
    expect(reports).toMatchObject([{ status: 200, response: 'begun' }])
  })

  test('an answer nobody reads ends too, and gives its connection back', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(40_000))
    await get(here(), trusted)
    await until(() => reports.length === 1)
    expect(reports[0]?.error).toBeNull()
    answer = (_request, response) => response.end(Buffer.alloc(900_000))
    await get(here(), { ...trusted, timeoutMs: 100 })
    await until(() => reports.length === 2)
    expect(reports[1]?.error).toMatchObject({ reason: 'timeout' })
  })

  test('the caller gives up', async () => {
    answer = () => {}
    const stop = new AbortController()
    const call = get(here(), { ...trusted, signal: stop.signal })
    await until(() => requests.length === 1)
    stop.abort()
    await expect(call).rejects.toMatchObject({ reason: 'aborted', mayHaveLeft: true })
    await expect(get(here(), { ...trusted, signal: stop.signal })).rejects.toMatchObject({ mayHaveLeft: false })
    expect(requests).toHaveLength(1)
  })
})

describe('it is known whether a request may have left', () => {
  test('nobody listens: it did not', async () => {
    const closed = await closedPort()
    await expect(get(`http://127.0.0.1:${closed}/`, trusted)).rejects.toMatchObject({
      name: 'NoAnswer',
      reason: 'unreachable',
      mayHaveLeft: false,
      code: 'ECONNREFUSED',
    })
  })

  test('a port nobody is to be called on: it did not', async () => {
    await expect(get('http://127.0.0.1:9/', trusted)).rejects.toMatchObject({
      reason: 'unreachable',
      mayHaveLeft: false,
    })
  })

  test('no such name: it did not', async () => {
    await expect(get('http://no-such-host.invalid/', trusted)).rejects.toMatchObject({
      reason: 'unreachable',
      mayHaveLeft: false,
    })
  })

  test('no TLS there: it did not', async () => {
    await expect(get(`https://127.0.0.1:${port}/`, trusted)).rejects.toMatchObject({
      reason: 'unreachable',
      mayHaveLeft: false,
    })
  })

  test('cut before an answer: it may have', async () => {
    answer = (request) => request.socket.destroy()
    await expect(get(here(), { ...trusted, method: 'POST', body: 'x' })).rejects.toMatchObject({
      reason: 'broken',
      mayHaveLeft: true,
    })
    expect(requests).toHaveLength(1)
  })

  test('cut in the middle of an answer: it may have', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => request.socket.destroy())
    }
    const call = get(here(), trusted).then((response) => response.text())
    await expect(call).rejects.toMatchObject({ name: 'NoAnswer', reason: 'broken', mayHaveLeft: true })
  })

  test('an answer that is no HTTP: it may have', async () => {
    const odd = createTcpServer((socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n\r\n'))).listen(
      0,
      '127.0.0.1',
    )
    await once(odd, 'listening')
    const call = get(`http://127.0.0.1:${(odd.address() as AddressInfo).port}/`, trusted)
    await expect(call).rejects.toMatchObject({ reason: 'broken', mayHaveLeft: true })
    odd.close()
  })
})

test('every exchange is reported once, whatever becomes of it', async () => {
  answer = (_request, response) => response.writeHead(204).end()
  await get(here('/204'), trusted)
  answer = (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(10))
  await (await get(here('/png'), trusted)).body?.cancel()
  await (await get(here('/png'), trusted)).arrayBuffer()
  await get(here('/inward')).catch(() => {})
  expect(reports.map(({ url, status, response }) => [url.replace(here(''), ''), status, response])).toEqual([
    ['/204', 204, null],
    ['/png', 200, expect.stringMatching(/^\[image\/png, \d+ bytes\]$/u)],
    ['/png', 200, '[image/png, 10 bytes]'],
    ['/inward', null, null],
  ])
})

test('no timer and no listener is left behind', async () => {
  const stop = new AbortController()
  const remove = vi.spyOn(stop.signal, 'removeEventListener')
  await (await get(here(), { ...trusted, signal: stop.signal })).text()
  expect(remove).toHaveBeenCalledTimes(1)
})

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

async function closedPort(): Promise<number> {
  const probe = createTcpServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port: free } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return free
}

/** Answers like `dns.lookup` with `all`. */
function lookupOf(answers: () => { address: string; family: number }[]) {
  const lookup = (_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    setImmediate(() => callback(null, answers()))
  return lookup as unknown as typeof import('node:dns').lookup
}
