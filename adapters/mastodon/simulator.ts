/** A Mastodon server on loopback: its HTTP, its limits, what it took from us, and the people who write to us. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Json, statusOf } from './simulator/entities.ts'
import { answerWith, isTaken, type SimFault } from './simulator/faults.ts'
import { createQuota } from './simulator/limits.ts'
import { createPeople, type People } from './simulator/people.ts'
import { type Keys, type PostRequest, takePost } from './simulator/post.ts'
import { read } from './simulator/reads.ts'
import { takeUpload } from './simulator/upload.ts'
import { createWorld, mentionsIn, type SimPost, type World } from './simulator/world.ts'

export interface Simulator extends People {
  readonly address: string
  readonly token: string
  readonly world: World
  /** Our posts, in order. */
  readonly accepted: readonly SimPost[]
  /** The last calls: `GET /api/v1/notifications?…`. */
  readonly calls: readonly string[]
  /** Whether somebody asked for notifications: what is written before that was there before the account was connected. */
  isRead(): boolean
  /** The next call that posts meets this, once. */
  fail(fault: SimFault): void
  /** The next call whose path begins so meets it instead. */
  failAt(path: string, fault: SimFault): void
  /** When we posted something, with whom it names. */
  onAnswer(listener: (post: SimPost, named: readonly string[]) => void): void
  close(): Promise<void>
}

export interface SimulatorOptions {
  readonly maxCharacters?: number
  readonly policy?: Json
  readonly callsPer5Minutes?: number
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = createWorld()
  const token = 'simulated-mastodon-access-token_5f3a'
  const accepted: SimPost[] = []
  const calls: string[] = []
  const keys: Keys = new Map()
  let isRead = false
  const faults: { readonly path: string; readonly fault: SimFault }[] = []
  const listeners: ((post: SimPost, named: readonly string[]) => void)[] = []
  const quota = createQuota(options.callsPer5Minutes ?? 300, 300_000)
  const uploads = createQuota(30, 1_800_000)

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', address)
    const body = await bytesOf(request)
    calls.push(`${request.method} ${url.pathname}${url.search}`)
    if (calls.length > 1_000) calls.shift()
    isRead ||= url.pathname === '/api/v1/notifications'
    if (url.pathname.startsWith('/media_proxy/')) return redirect(url, response)
    if (url.pathname.startsWith('/files/')) return sendFile(url, response)
    if (request.headers.authorization !== `Bearer ${token}`)
      return json(response, 401, { error: 'The access token is invalid' })

    const isPost = request.method === 'POST' && url.pathname === '/api/v1/statuses'
    const at = faults.findIndex(({ path }) => `${request.method} ${url.pathname}`.startsWith(path))
    const [fault] = at < 0 ? [] : faults.splice(at, 1)
    const { over, headers } = quota.take(new Date())
    if (over) return json(response, 429, { error: 'Too many requests' }, headers)
    if (fault) {
      if (isPost && isTaken(fault.fault)) post(body, request)
      return answerWith(fault.fault, response)
    }
    if (isPost) {
      const posted = post(body, request)
      if ('status' in posted) return json(response, posted.status, posted.body, headers)
      return json(response, 200, statusOf(world, address, posted.post), headers)
    }
    if (request.method === 'POST' && url.pathname === '/api/v2/media') return upload(body, request, response)
    const result = read(world, { base: address, ...options }, url)
    if (!result) return json(response, 404, { error: 'Record not found' }, headers)
    return json(response, result.status, result.body, { ...headers, ...result.headers })
  }

  function post(body: Uint8Array, request: IncomingMessage) {
    const given = JSON.parse(new TextDecoder().decode(body)) as PostRequest
    const key = request.headers['idempotency-key']
    const posted = takePost(world, keys, given, typeof key === 'string' ? key : undefined, new Date())
    if ('post' in posted && posted.isNew) {
      accepted.push(posted.post)
      const named = mentionsIn(world, posted.post.text).map(({ id }) => id)
      for (const listener of listeners) listener(posted.post, named)
    }
    return posted
  }

  async function upload(body: Uint8Array<ArrayBuffer>, request: IncomingMessage, response: ServerResponse) {
    const { over, headers } = uploads.take(new Date())
    if (over) return json(response, 429, { error: 'Too many requests' }, headers)
    const file = await takeUpload(world, body, request.headers['content-type'] ?? '')
    if (!file) return json(response, 422, { error: 'Validation failed: File content type is invalid, File is invalid' })
    return json(response, file.pending > 0 ? 202 : 200, { id: file.id, type: file.type, url: null }, headers)
  }

  /** As servers do with files of other servers: the address of the API leads on to where the copy lies. */
  function redirect(url: URL, response: ServerResponse): void {
    response.writeHead(302, { location: `/files/${url.pathname.split('/')[2]}` }).end()
  }
  function sendFile(url: URL, response: ServerResponse): void {
    const id = url.pathname.split('/')[2]
    const file = [...world.posts.values()].flatMap(({ files }) => files).find((one) => one.id === id)
    if (!file) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': file.mimeType }).end(file.bytes)
  }

  return {
    ...createPeople(world),
    address,
    token,
    world,
    accepted,
    calls,
    isRead: () => isRead,
    fail: (fault) => void faults.push({ path: 'POST /api/v1/statuses', fault }),
    failAt: (path, fault) => void faults.push({ path, fault }),
    onAnswer: (listener) => void listeners.push(listener),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  return new Uint8Array(Buffer.concat(chunks))
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}
