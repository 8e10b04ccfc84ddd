/** Every HTTP call to the simulated qyapi.weixin.qq.com. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileIn, jsonIn, readAll } from './body.ts'
import { type StoredMedia, store } from './company.ts'
import { type Faults, misanswer } from './faults.ts'
import { acceptMessage, acceptWelcome, assertFile, conversationIn, type Sending } from './messages.ts'
import { Refusal, refusalBody, refusals } from './refusal.ts'
import type { Sync } from './sync.ts'

export interface Served extends Sending {
  readonly faults: Faults
  readonly sync: Sync
}

const ok = { errcode: 0, errmsg: 'ok' }

export async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'simulator'}`)
  const entry = served.ledger.call(url.pathname, request.method ?? '')
  const fault = served.faults.take(url.pathname)
  try {
    const bytes = await readAll(request)
    if (fault && (fault.kind === 'errcode' || !fault.accepted)) {
      return misanswer(response, fault, '{"errcode":0,"errmsg":"ok"}', entry)
    }
    const answer = perform(served, url, request, bytes)
    if (fault) return misanswer(response, fault, JSON.stringify(answer), entry)
    entry.outcome = 'bytes' in answer ? 'file' : 0
    if ('bytes' in answer) return sendFile(response, answer as StoredMedia, request.headers.range)
    say(response, answer)
  } catch (error) {
    // A mistake in here must be seen by the test that meets it, and be no answer of WeCom's.
    if (!(error instanceof Refusal)) {
      response.writeHead(500).end(`simulator: ${String(error)}`)
      return
    }
    entry.outcome = error.errcode
    say(response, refusalBody(error.errcode, error.message))
  }
}

function say(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

const mostAtOnce = 20 * 1024 * 1024

function sendFile(response: ServerResponse, { bytes, mimeType, name }: StoredMedia, range: string | undefined): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? []
  const headers = {
    'content-type': mimeType,
    'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
  }
  if (from === undefined) {
    if (bytes.length > mostAtOnce) return say(response, refusalBody(refusals.range.errcode, refusals.range.message))
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes)
    return
  }
  const part = bytes.subarray(Number(from), to ? Number(to) + 1 : undefined)
  const end = Number(from) + part.length - 1
  response.writeHead(206, {
    ...headers,
    'content-length': part.length,
    'content-range': `bytes ${from}-${end}/${bytes.length}`,
  })
  response.end(part)
}

function perform(served: Served, url: URL, request: IncomingMessage, bytes: Buffer): object {
  const { company, clock } = served
  const { pathname, searchParams } = url
  const path = pathname.replace(/^\/cgi-bin\//u, '')
  if (path === 'gettoken') return issueToken(served, searchParams)
  checkToken(served, searchParams.get('access_token'))
  if (path === 'media/get') return mediaOf(served, searchParams.get('media_id'))
  if (request.method !== 'POST') throw new Refusal(43_002, 'require POST method')
  if (path === 'media/upload') {
    const type = searchParams.get('type')
    const file = fileIn(bytes, request.headers['content-type'] ?? '')
    assertFile(type, file.name, file.bytes)
    const { mediaId } = store(company, { type, ...file, storedAt: clock.now() })
    return { ...ok, type, media_id: mediaId, created_at: String(Math.floor(clock.now() / 1000)) }
  }
  const body = jsonIn(bytes)
  switch (path) {
    case 'kf/account/list': {
      const { offset = 0, limit = 100 } = body as { offset?: number; limit?: number }
      const accounts = [...company.accounts.values()].slice(offset, offset + limit)
      const shown = accounts.map(({ id, name, managed }) => ({ open_kfid: id, name, manage_privilege: managed }))
      return { ...ok, account_list: shown }
    }
    case 'kf/sync_msg':
      return served.sync.page(body)
    case 'kf/send_msg':
      return acceptMessage(served, body)
    case 'kf/send_msg_on_event':
      return acceptWelcome(served, body)
    case 'kf/service_state/get': {
      const { state, servicer } = conversationIn(company, body, body.external_userid)
      return { ...ok, service_state: state, ...(servicer === null ? {} : { servicer_userid: servicer }) }
    }
    case 'kf/service_state/trans':
      return transfer(served, body)
    case 'kf/customer/batchget':
      return profiles(served, body)
    default:
      throw new Refusal(-1, 'unknown path')
  }
}

const transitions: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 3, 4],
  1: [1, 2, 3, 4],
  2: [2, 3, 4],
  3: [3, 4],
}

function transfer({ company }: Served, body: Readonly<Record<string, unknown>>): object {
  const conversation = conversationIn(company, body, body.external_userid)
  const to = Number(body.service_state)
  if (!transitions[conversation.state]?.includes(to)) throw refusals.transition
  conversation.state = to
  return ok
}

function profiles({ company }: Served, { external_userid_list: ids }: Readonly<Record<string, unknown>>): object {
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > 100) throw refusals.parameter
  const known = ids.flatMap((id) => company.customers.get(String(id)) ?? [])
  const named = known.flatMap(({ id, nickname, avatar }) =>
    nickname === null ? [] : [{ external_userid: id, nickname, avatar, gender: 0 }],
  )
  const invalid = ids.filter((id) => !named.some(({ external_userid }) => external_userid === id))
  return { ...ok, customer_list: named, invalid_external_userid: invalid }
}

function mediaOf({ company, clock }: Served, mediaId: string | null): StoredMedia {
  const media = company.media.get(mediaId ?? '')
  if (!media || clock.now() > media.storedAt + 72 * 3_600_000) throw refusals.mediaId
  return media
}

function issueToken({ company, clock }: Served, query: URLSearchParams): object {
  if (company.ipRefused) throw refusals.ip
  if (query.get('corpid') !== company.corpId) throw refusals.corpId
  if (query.get('corpsecret') !== company.secret) throw refusals.secret
  const now = clock.now()
  if (!company.access || company.access.expiresAt <= now) {
    company.access = { value: `acc_${randomBytes(96).toString('base64url')}`, expiresAt: now + 7_200_000 }
    company.tokensIssued += 1
  }
  const { value, expiresAt } = company.access
  return { ...ok, access_token: value, expires_in: Math.floor((expiresAt - now) / 1000) }
}

function checkToken({ company, clock }: Served, given: string | null): void {
  if (!given) throw refusals.noToken
  if (company.ipRefused) throw refusals.ip
  if (given !== company.access?.value) throw refusals.token
  if (company.access.expiresAt <= clock.now()) throw refusals.expired
}
