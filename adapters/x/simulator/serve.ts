/** Every HTTP request to the simulator. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { appOnly, type Caller, callerOf, userOnly } from './auth.ts'
import { type Body, readBody } from './body.ts'
import type { Deliverer } from './deliver.ts'
import type { Fault, Faults } from './faults.ts'
import * as hooks from './hooks.ts'
import { listMessages, sendMessage } from './messages.ts'
import { createPost, me, mentions, ownPosts } from './posts.ts'
import type { RateKeeper } from './rate.ts'
import { invalid, numbered, problem, Refusal } from './refusal.ts'
import type { CallEntry, SimPost, World } from './state.ts'
import { exchangeToken } from './token.ts'
import { appendUpload, beginUpload, finishUpload, lookAtUpload } from './uploads.ts'

export interface Served {
  readonly world: World
  readonly faults: Faults
  readonly rates: RateKeeper
  readonly deliver: Deliverer
  readonly nonces: Set<string>
  /** Told of a post or message of the account, for its webhook. */
  readonly accepted: (kind: 'post' | 'message', id: string) => void
}

interface Asked {
  readonly caller: Caller
  readonly url: URL
  readonly body: Body
  readonly ids: readonly string[]
}
type Result = { status: number; body: unknown } | { status: number; bytes: Buffer; type: string }
type Handler = (served: Served, asked: Asked) => unknown | Promise<unknown>

const ok = (body: unknown): Result => ({ status: 200, body })

const routes: readonly (readonly [route: RegExp, who: 'user' | 'app' | 'any', handler: Handler])[] = [
  [/^GET \/2\/users\/me$/u, 'user', ({ world }) => ok(me(world))],
  [
    /^GET \/2\/users\/(\d+)\/mentions$/u,
    'any',
    ({ world }, { ids, url }) => ok(mentions(world, ids[0]!, url.searchParams)),
  ],
  [
    /^GET \/2\/users\/(\d+)\/tweets$/u,
    'any',
    ({ world }, { ids, url }) => ok(ownPosts(world, ids[0]!, url.searchParams)),
  ],
  [/^POST \/2\/tweets$/u, 'user', post],
  [/^GET \/2\/dm_events$/u, 'user', ({ world }, { url }) => ok(listMessages(world, url.searchParams))],
  [
    /^POST \/2\/dm_conversations\/with\/(\d+)\/messages$/u,
    'user',
    (served, asked) => message(served, { person: asked.ids[0]! }, asked),
  ],
  [
    /^POST \/2\/dm_conversations\/(\d+)\/messages$/u,
    'user',
    (served, asked) => message(served, { group: asked.ids[0]! }, asked),
  ],
  [/^POST \/2\/media\/upload\/initialize$/u, 'user', ({ world }, { body }) => ok(beginUpload(world, body.json))],
  [
    /^POST \/2\/media\/upload\/(\d+)\/append$/u,
    'user',
    ({ world }, { ids, body }) => ok(appendUpload(world, ids[0]!, body)),
  ],
  [/^POST \/2\/media\/upload\/(\d+)\/finalize$/u, 'user', ({ world }, { ids }) => ok(finishUpload(world, ids[0]!))],
  [
    /^GET \/2\/media\/upload$/u,
    'user',
    ({ world }, { url }) => ok(lookAtUpload(world, url.searchParams.get('media_id') ?? '')),
  ],
  [
    /^GET \/2\/dm_conversations\/media\/\d+\/\d+\/([\w.]+)$/u,
    'user',
    (served, asked) => messageFile(served, asked, 'oauth2'),
  ],
  [/^GET \/1\.1\/ton\/data\/dm\/\d+\/\d+\/([\w.]+)$/u, 'user', (served, asked) => messageFile(served, asked, 'oauth1')],
  [
    /^POST \/2\/webhooks$/u,
    'app',
    async ({ world, deliver }, { body }) => ok(await hooks.registerWebhook(world, deliver, body.json)),
  ],
  [/^GET \/2\/webhooks$/u, 'app', ({ world }) => ok(hooks.listWebhooks(world))],
  [
    /^POST \/2\/webhooks\/replay$/u,
    'app',
    ({ world, deliver }, { body }) => ok(hooks.replayWebhook(world, deliver, body.json)),
  ],
  [
    /^PUT \/2\/webhooks\/(\d+)$/u,
    'app',
    async ({ world, deliver }, { ids }) => ok(await hooks.validateWebhook(world, deliver, ids[0]!)),
  ],
  [/^DELETE \/2\/webhooks\/(\d+)$/u, 'app', ({ world }, { ids }) => ok(hooks.removeWebhook(world, ids[0]!))],
  [/^GET \/2\/activity\/subscriptions$/u, 'app', ({ world }) => ok(hooks.listSubscriptions(world))],
  [
    /^POST \/2\/activity\/subscriptions$/u,
    'user',
    ({ world }, { body }) => ok(hooks.addSubscription(world, body.json)),
  ],
  [
    /^DELETE \/2\/activity\/subscriptions\/(\d+)$/u,
    'app',
    ({ world }, { ids }) => ok(hooks.removeSubscription(world, ids[0]!)),
  ],
]

export async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults } = served
  const url = new URL(request.url ?? '/', world.url)
  const entry: CallEntry = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    outcome: null,
  }
  world.calls.push(entry)
  let headers: Record<string, string> = {}
  try {
    const body = await readBody(request).catch((error: unknown) => {
      if (error instanceof SyntaxError) throw invalid('The request body is not valid JSON.')
      throw error
    })
    const call = `${entry.method} ${url.pathname}`
    const fault = faults.take(entry.method, url.pathname)
    const refused = fault ? refusalIn(fault, world) : null
    if (refused) throw refused
    if (fault && 'accepted' in fault && !fault.accepted) return misanswer(response, fault, null, entry)
    const result = await perform(served, request, url, body, call, (found) => {
      headers = found
    })
    if (fault) return misanswer(response, fault, 'body' in result ? result.body : null, entry)
    answer(response, result, headers, entry)
  } catch (error) {
    // A mistake in here must be seen by the test that meets it.
    const refusal = error instanceof Refusal ? error : problem(500, `simulator: ${String(error)}`)
    answer(response, { status: refusal.status, body: refusal.body }, { ...headers, ...refusal.headers }, entry)
  }
}

async function perform(
  served: Served,
  request: IncomingMessage,
  url: URL,
  body: Body,
  call: string,
  headers: (found: Record<string, string>) => void,
): Promise<Result> {
  const { world, rates, nonces } = served
  if (call === 'POST /2/oauth2/token') return ok(exchangeToken(world, request, body))
  const file = /^GET \/media\/(\w+)\.\w+$/u.exec(call)
  if (file) return fileOf(world, file[1]!)
  const caller = callerOf(world, request, url, body, nonces)
  const route = routes.find(([pattern]) => pattern.test(call))
  if (!route) throw problem(404, 'Not Found')
  const [pattern, who, handler] = route
  if (who === 'user') userOnly(caller)
  if (who === 'app') appOnly(caller)
  headers(rates.count(call))
  const ids = pattern.exec(call)?.slice(1) ?? []
  return (await handler(served, { caller, url, body, ids })) as Result
}

function post({ world, accepted }: Served, { body }: Asked): Result {
  const result = createPost(world, body.json)
  accepted('post', (result.body as { data: SimPost }).data.id)
  return result
}

function message({ world, accepted }: Served, to: { person: string } | { group: string }, { body }: Asked): Result {
  const result = sendMessage(world, to, body.json)
  accepted('message', (result.body as { data: { dm_event_id: string } }).data.dm_event_id)
  return result
}

/** OAuth 1.0a signs for the file itself, OAuth 2 has an address of its own for it. */
function messageFile({ world }: Served, { ids, caller }: Asked, needed: Caller): Result {
  if (caller !== needed) throw problem(403, 'Unsupported Authentication', 'unsupported-authentication')
  return fileOf(world, ids[0]!.replace(/\.\w+$/u, ''))
}

function fileOf(world: World, key: string): Result {
  const media = world.media.get(key)
  if (!media) throw problem(404, 'Not Found')
  return { status: 200, bytes: media.bytes, type: media.kind === 'photo' ? 'image/png' : 'video/mp4' }
}

function refusalIn(fault: Fault, world: World): Refusal | null {
  if (fault.kind === 'refuse') return fault.refusal
  if (fault.kind !== 'rate-limited') return null
  const { body } = fault.old ? numbered(429, 88, 'Rate limit exceeded') : problem(429, 'Too Many Requests')
  const reset = String(Math.ceil(world.now() / 1000) + fault.seconds)
  return new Refusal(429, body, {
    'x-rate-limit-limit': '100',
    'x-rate-limit-remaining': fault.day ? '50' : '0',
    'x-rate-limit-reset': fault.day ? String(Math.ceil(world.now() / 1000) + 60) : reset,
    ...(fault.day
      ? {
          'x-user-limit-24hour-limit': '1440',
          'x-user-limit-24hour-remaining': '0',
          'x-user-limit-24hour-reset': reset,
        }
      : {}),
  })
}

function answer(response: ServerResponse, result: Result, headers: Record<string, string>, entry: CallEntry): void {
  entry.outcome = result.status
  if (response.destroyed) return
  const bytes = 'bytes' in result ? result.bytes : Buffer.from(JSON.stringify(result.body))
  const type = 'bytes' in result ? result.type : 'application/json; charset=utf-8'
  response.writeHead(result.status, { 'content-type': type, 'content-length': bytes.length, ...headers })
  response.end(bytes)
}

/** `body` is null when nothing was done. */
function misanswer(response: ServerResponse, fault: Fault, body: unknown, entry: CallEntry): void {
  switch (fault.kind) {
    case 'status':
      entry.outcome = fault.status
      response.writeHead(fault.status, { 'content-type': 'text/html' })
      response.end(`<html><title>${fault.status}</title></html>`)
      return
    case 'silence':
      entry.outcome = 'silence'
      return
    case 'reset':
      entry.outcome = 'reset'
      response.socket?.resetAndDestroy()
      return
    case 'cut': {
      entry.outcome = 'cut'
      const text = JSON.stringify(body ?? { data: {} })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy())
      return
    }
    case 'garbage':
      entry.outcome = 'garbage'
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(fault.body ?? 'this is no JSON')
  }
}
