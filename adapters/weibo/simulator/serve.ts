/** HTTP: who asks, what for, and what is answered, or not. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, Faults } from './faults.ts'
import { drawPicture } from './files.ts'
import type { Call, Ledger } from './ledger.ts'
import { reading } from './lists.ts'
import { toJson } from './objects.ts'
import { Refusal } from './refusal.ts'
import { writing } from './sending.ts'
import type { AccountState, World } from './state.ts'

export interface Serving {
  readonly world: World
  readonly ledger: Ledger
  readonly faults: Faults
  readonly root: () => string
}

export async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://weibo.test')
  if (request.method === 'GET' && !url.pathname.startsWith('/2/')) return picture(serving, url, request, response)
  const params = url.searchParams
  for (const [name, value] of new URLSearchParams(await bodyOf(request))) params.set(name, value)
  const name = url.pathname.replace(/^\/2\//u, '').replace(/(?:\/biz)?\.json$/u, '')
  const call: Call = { name, method: request.method ?? 'GET', params: shown(params), outcome: 'pending' }
  serving.ledger.calls.push(call)
  const fault = serving.faults.take(name)
  try {
    if (fault && before(fault, response, call)) return
    const account = accountOf(serving.world, request, params)
    if (name === 'mss/msget') return file(serving.world, params, response, call)
    const result = perform(serving, name, request.method ?? 'GET', params, account, fault)
    if (fault && after(fault, result, response, call)) return
    if (fault?.kind === 'late') throw new Refusal(20032)
    send(response, 200, result, call)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Both kinds of code are seen in the wild.
    const asText = error.asText || error.code % 2 === 0
    const body = {
      request: url.pathname,
      error_code: asText ? String(error.code) : error.code,
      error: error.message,
    }
    send(response, error.status, body, call)
  }
}

function perform(
  { world, ledger, root }: Serving,
  name: string,
  method: string,
  params: URLSearchParams,
  account: AccountState,
  fault: Fault | null,
): unknown {
  const [read, write] = [reading[name], writing[name]]
  if (!read && !write) throw new Refusal(10020)
  if ((method === 'POST') !== Boolean(write)) throw new Refusal(10021)
  // The fan service counts by rules of its own.
  if (name !== 'messages/reply') {
    if (account.used >= account.dailyCalls) throw new Refusal(10023)
    account.used += 1
  }
  const asked = { world, account, params, root: root() }
  if (read) return read(asked)
  return write?.({ ...asked, ledger, showAfterMs: fault?.kind === 'late' ? fault.showAfterMs : 0 })
}

function accountOf(world: World, request: IncomingMessage, params: URLSearchParams): AccountState {
  const token = /^OAuth2 (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? params.get('access_token') ?? ''
  const account = world.accounts.get(token)
  if (!account) throw new Refusal(21332)
  if (account.refusal !== null) throw new Refusal(account.refusal)
  return account
}

/** True when nothing else is to be done: nothing was taken. */
function before(fault: Fault, response: ServerResponse, call: Call): boolean {
  if (fault.kind === 'refuse') throw new Refusal(fault.code, fault)
  if (fault.kind === 'late' || fault.accepted) return false
  return misanswer(fault, {}, response, call)
}

function after(fault: Fault, result: unknown, response: ServerResponse, call: Call): boolean {
  return fault.kind === 'late' || fault.kind === 'refuse' ? false : misanswer(fault, result, response, call)
}

function misanswer(fault: Fault, result: unknown, response: ServerResponse, call: Call): boolean {
  call.outcome = fault.kind
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/html' })
      response.end(fault.body ?? `<html><title>${fault.status}</title></html>`)
      return true
    case 'silence':
      return true
    case 'reset':
      response.socket?.resetAndDestroy()
      return true
    case 'cut': {
      const text = toJson(result)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) + 10 })
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy())
      return true
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(fault.body ?? 'this is no JSON')
      return true
    default:
      return false
  }
}

function send(response: ServerResponse, status: number, body: unknown, call: Call): void {
  call.outcome = status
  const text = toJson(body)
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' })
  response.end(text)
}

function file(world: World, params: URLSearchParams, response: ServerResponse, call: Call): void {
  const found = world.files.get(params.get('fid') ?? '')
  if (!found) throw new Refusal(20305)
  call.outcome = 200
  response.writeHead(200, { 'content-type': found.type, 'content-length': found.bytes.length })
  response.end(found.bytes)
}

/** The picture servers give to Weibo's own pages only. */
function picture({ world }: Serving, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const name = url.pathname.split('/').at(-1) ?? ''
  const found = url.pathname.startsWith('/avatar/')
    ? { bytes: drawPicture(name.length, 48, 48) }
    : world.files.get(name)
  const welcome = /^https:\/\/(\w+\.)*weibo\.com\//u.test(request.headers.referer ?? '')
  if (!welcome && !url.pathname.startsWith('/avatar/')) return void response.writeHead(403).end()
  if (!found) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': found.bytes.length })
  response.end(found.bytes)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const shown = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...params].filter(([name]) => name !== 'access_token'))
