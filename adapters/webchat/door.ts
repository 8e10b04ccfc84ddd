/** Everything below `/webhooks/<account>/`: the script, the page, and what a visitor's widget says and hears. */
import type { z } from 'zod'
import type { Caller, WebhookResult } from '#channel/adapter.ts'
import { WebhookRejected } from '#channel/errors.ts'
import { json, problem, Refusal } from './answers.ts'
import { isOpen } from './hours.ts'
import type { Limits } from './limits.ts'
import { languageOf, page } from './page.ts'
import { parse } from './parse.ts'
import { sendFile } from './send-file.ts'
import { asset, loader } from './serve-asset.ts'
import { frames, type StreamDeps } from './stream.ts'
import { FileQuery, longestText, MessagePost, type Payload, ReceiptPost } from './types.ts'
import { keepFile, mostBytesOf, typesOf } from './uploads.ts'
import { isReceiptCode, type Known, newToken, visitorOf } from './visitor.ts'
import type { Session } from './wire.ts'

export interface DoorDeps extends StreamDeps {
  readonly limits: Limits
  /** The account's. */
  readonly name: string
  readonly onTyping: (visitor: Known) => WebhookResult
}

interface Call {
  readonly request: Request
  readonly url: URL
  readonly receivedAt: Date
  /** None: read again from what was kept. */
  readonly caller: Caller | undefined
}

/** A message and what goes with it; files go by their own limit. */
const longestBody = 65_536
/** Of everything together, pages and scripts left out; per minute and address. Offices share one. */
const callsPerAddress = 600
const sessionsPerAddress = 60
const streamsPerVisitor = 6

export async function answer(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  try {
    return await route(deps, call)
  } catch (error) {
    if (error instanceof Refusal) return problem(error)
    if (error instanceof WebhookRejected) throw error
    // Not kept as something to read later: the widget has it, and sends it again until it is taken.
    deps.tools.log.error({ err: error }, 'web chat: a call could not be answered')
    return problem(new Refusal(503, 'unavailable', 5))
  }
}

async function route(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  const { request, url } = call
  const [, what = '', ...rest] = url.pathname.replace(/^\/webhooks\/[^/]+/u, '').split('/')
  const key = `${request.method} ${what}`
  if (rest.length === 0 && key === 'GET widget.js') return { events: [], response: loader(request) }
  if (rest.length === 0 && key === 'GET chat') {
    return { events: [], response: page(deps.settings, deps.name, languageOf(request)) }
  }
  if (rest.length === 2 && key === 'GET assets') {
    const response = asset(request, rest[0]!, rest[1]!)
    if (response) return { events: [], response }
    throw new Refusal(404, 'not_found')
  }
  limit(deps, call, 'call', callsPerAddress)
  if (rest.length === 1 && key === 'GET files') return sendFile(deps.tools, known(deps, call), rest[0]!)
  if (rest.length > 0) throw new Refusal(404, 'not_found')
  switch (key) {
    case 'POST session':
      return session(deps, call)
    case 'GET stream':
      return stream(deps, call)
    case 'POST messages':
      return message(deps, call)
    case 'POST files':
      return file(deps, call)
    case 'POST receipts':
      return receipts(deps, call)
    case 'POST typing':
      return typing(deps, call)
    default:
      throw new Refusal(404, 'not_found')
  }
}

const known = ({ settings }: DoorDeps, { request, receivedAt }: Call) => visitorOf(request, settings, receivedAt)

/** Per minute and address; what was kept comes from none. */
function limit({ limits }: DoorDeps, { caller }: Call, kind: string, max: number): void {
  const wait = caller ? limits.count(kind, caller.address, max) : null
  if (wait !== null) throw new Refusal(429, 'too_many', wait)
}

function limitVisitor({ limits }: DoorDeps, { caller }: Call, kind: string, { id }: Known, max: number): void {
  const wait = caller ? limits.count(`visitor ${kind}`, id, max) : null
  if (wait !== null) throw new Refusal(429, 'too_many', wait)
}

async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > longestBody) throw new Refusal(413, 'too_large')
  if (!request.headers.get('content-type')?.startsWith('application/json')) throw new Refusal(415, 'not_json')
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'malformed')
  }
  const read = schema.safeParse(document)
  if (!read.success) throw new Refusal(400, 'invalid')
  return read.data
}

function session(deps: DoorDeps, call: Call): WebhookResult {
  const { settings, tools, name } = deps
  const { request } = call
  const isKnown = request.headers.has('authorization')
  if (isKnown) known(deps, call)
  else {
    if (!settings.anonymous) throw new Refusal(403, 'sign_in')
    limit(deps, call, 'session', sessionsPerAddress)
  }
  const accept = typesOf(settings)
  const made: Session = {
    token: isKnown ? null : newToken(settings),
    title: settings.title || name,
    open: isOpen(settings.officeHours, settings.timeZone, tools.now()),
    offlineText: settings.offlineText,
    longestText,
    files: accept.length > 0 ? { maxBytes: mostBytesOf(settings), accept: accept.join(',') } : null,
  }
  return json(made)
}

function stream(deps: DoorDeps, call: Call): WebhookResult {
  const { caller, url } = call
  const visitor = known(deps, call)
  if (!caller) throw new Refusal(400, 'malformed')
  const leave = deps.limits.enter('stream', visitor.id, streamsPerVisitor)
  if (!leave) throw new Refusal(429, 'too_many_streams', 10)
  caller.signal.addEventListener('abort', leave, { once: true })
  if (caller.signal.aborted) leave()
  const encoder = new TextEncoder()
  async function* bytes(signal: AbortSignal) {
    try {
      for await (const frame of frames(deps, visitor, url.searchParams.get('after'), signal))
        yield encoder.encode(frame)
    } finally {
      leave?.()
    }
  }
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  }
  return { events: [], response: new Response(ReadableStream.from(bytes(caller.signal)), { headers }), streams: true }
}

async function message(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  const visitor = known(deps, call)
  limitMessages(deps, call, visitor)
  const { id, text, language } = await body(call.request, MessagePost)
  return taken({ visitor: plain(visitor), id, text, language, at: call.receivedAt.toISOString(), file: null })
}

async function file(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  const visitor = known(deps, call)
  if (deps.settings.fileKinds === 'none') throw new Refusal(403, 'no_files')
  limitMessages(deps, call, visitor)
  const query = FileQuery.safeParse(Object.fromEntries(call.url.searchParams))
  if (!query.success) throw new Refusal(400, 'invalid')
  const { id, name, language } = query.data
  const kept = await keepFile(deps.settings, deps.tools, new Uint8Array(await call.request.arrayBuffer()), name)
  return taken({ visitor: plain(visitor), id, text: '', language, at: call.receivedAt.toISOString(), file: kept })
}

function limitMessages(deps: DoorDeps, call: Call, visitor: Known): void {
  const { messagesPerMinute } = deps.settings
  limitVisitor(deps, call, 'message', visitor, messagesPerMinute)
  limit(deps, call, 'message', messagesPerMinute * 4)
}

const plain = ({ id, name, handle }: Known) => ({ id, name, handle })
const taken = (payload: Payload) => json({ id: payload.id }, parse(payload))

async function receipts(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  const visitor = known(deps, call)
  limitVisitor(deps, call, 'receipt', visitor, 240)
  const { status, lines } = await body(call.request, ReceiptPost)
  if (!lines.every((line) => isReceiptCode(deps.settings, visitor, line))) throw new Refusal(403, 'not_yours')
  const events = lines.map(({ id }) => ({ type: 'receipt', externalId: id, status, at: call.receivedAt }) as const)
  return json({}, events)
}

async function typing(deps: DoorDeps, call: Call): Promise<WebhookResult> {
  const visitor = known(deps, call)
  limitVisitor(deps, call, 'typing', visitor, 60)
  return deps.onTyping(visitor)
}
