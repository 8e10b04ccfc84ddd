import { expect, test } from 'vitest'
import { webRequest } from './web-request.ts'

const url = 'http://example.test:3000/webhooks/a?b=回#c'
const headers: [string, string][] = [
  ['content-type', 'application/x-www-form-urlencoded'],
  ['X-Secret', ' s '],
]
const text = '\ufeffname=%E7%8E%8B&x=1'
const both = (body: string | null = text, method = 'POST') => [
  new Request(url, { method, headers, ...(body === null ? {} : { body }) }),
  webRequest({ method, url, headers, body: Buffer.from(body ?? '') }),
]

test.each<[string, (request: Request) => unknown]>([
  ['method', (request) => request.method],
  ['address', (request) => request.url],
  ['headers', (request) => [...request.headers]],
  ['text', (request) => request.text()],
  ['bytes', (request) => request.bytes()],
  ['array buffer', async (request) => Buffer.from(await request.arrayBuffer()).toString('hex')],
  ['form', async (request) => [...(await request.formData())]],
  ['blob', async (request) => (await request.blob()).size],
  ['stream', async (request) => (await new Response(request.body).bytes()).length],
  ['clone', async (request) => [await request.clone().text(), request.bodyUsed]],
  ['signal', (request) => request.signal.aborted],
  ['class', (request) => [request instanceof Request, 'signal' in request, 'nothing' in request]],
  ['a body read twice', async (request) => [await request.text(), request.bodyUsed, await request.text()]],
  ['a body read and streamed', async (request) => [await request.text(), request.clone()]],
  ['a body streamed and read', async (request) => [await request.blob(), await request.text()]],
])('its %s is that of Node’s own', async (_name, ask) => {
  const settle = async (request: Request) => {
    try {
      return await ask(request)
    } catch (error) {
      return (error as Error).name
    }
  }
  for (const [nodes, ours] of [both(), both(null), both(null, 'GET')]) {
    expect(await settle(ours!)).toEqual(await settle(nodes!))
  }
})

test('JSON is read', async () => {
  expect(await both('{"a":[1,"二"]}')[1]!.json()).toEqual({ a: [1, '二'] })
})

test.each([
  ['an address that is none', { url: 'http://a b/' }],
  ['credentials in the address', { url: 'http://a:b@c/' }],
  ['a header that is none', { headers: [['a', 'b\nc']] as [string, string][] }],
  ['a body with GET', { method: 'GET' }],
])('%s is refused', (_name, wrong) => {
  expect(() => webRequest({ method: 'POST', url, headers, body: Buffer.from('x'), ...wrong })).toThrow(TypeError)
})
