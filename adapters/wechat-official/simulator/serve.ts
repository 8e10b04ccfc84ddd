/** Every HTTP call to the simulated api.weixin.qq.com. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileIn, jsonIn, readAll } from './body.ts'
import { type Faults, misanswer } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { acceptMessage, showTyping } from './messages.ts'
import { Refusal, refusalBody, refusals } from './refusal.ts'
import { type Clock, type SimulatedAccount, type StoredMedia, store } from './state.ts'
import { checkToken, issueToken } from './tokens.ts'

export interface Served {
  readonly account: SimulatedAccount
  readonly clock: Clock
  readonly ledger: Ledger
  readonly faults: Faults
}

const ok = { errcode: 0, errmsg: 'ok' }

export async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'simulator'}`)
  const entry = served.ledger.call(url.pathname, request.method ?? '')
  const fault = served.faults.take(url.pathname)
  try {
    const bytes = await readAll(request)
    if (fault && (fault.kind === 'errcode' || !fault.accepted))
      return misanswer(response, fault, '{"errcode":0}', entry)
    const answer = perform(served, url, request, bytes)
    if (fault) return misanswer(response, fault, JSON.stringify(answer), entry)
    entry.outcome = 'bytes' in answer ? 'file' : 0
    if ('bytes' in answer) return sendFile(response, answer as StoredMedia)
    say(response, answer)
  } catch (error) {
    // A mistake in here must be seen by the test that meets it, and be no answer of WeChat's.
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
    'content-type': 'application/json; encoding=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

function sendFile(response: ServerResponse, { bytes, mimeType, mediaId }: StoredMedia): void {
  response.writeHead(200, {
    'content-type': mimeType,
    'content-length': bytes.length,
    'content-disposition': `attachment; filename="${mediaId}"`,
  })
  response.end(bytes)
}

function perform({ account, clock, ledger }: Served, url: URL, request: IncomingMessage, bytes: Buffer): object {
  const { pathname, searchParams } = url
  const posted = () => {
    if (request.method !== 'POST') throw refusals.postOnly
    return jsonIn(bytes)
  }
  if (pathname === '/cgi-bin/stable_token') return issueToken(account, clock, posted())
  const shown = /^\/(?:mmbiz|video)\/([\w-]+)$/u.exec(pathname)
  const file = shown && account.media.get(shown[1]!)
  if (file) return file
  checkToken(account, clock, searchParams.get('access_token'))
  switch (pathname) {
    case '/cgi-bin/message/custom/send':
      ledger.accept(acceptMessage(account, clock, posted()))
      return ok
    case '/cgi-bin/message/custom/typing':
      showTyping(account, clock, posted())
      return ok
    case '/cgi-bin/openapi/quota/get': {
      if (posted().cgi_path !== '/cgi-bin/message/custom/send') throw refusals.path
      if (!account.certified) throw refusals.unauthorized
      return { ...ok, quota: { daily_limit: 500_000, used: ledger.entries.length, remain: 500_000 } }
    }
    case '/cgi-bin/media/upload':
      return upload(account, clock, searchParams.get('type'), fileIn(bytes, request.headers['content-type'] ?? ''))
    case '/cgi-bin/media/get':
      return mediaOf(account, clock, searchParams.get('media_id'), url.origin)
    default:
      throw new Refusal(40066, 'invalid url')
  }
}

const mebibyte = 1024 * 1024
const limits: Readonly<Record<string, { bytes: number; endings: RegExp }>> = {
  image: { bytes: 10 * mebibyte, endings: /\.(?:png|jpe?g|gif)$/iu },
  voice: { bytes: 2 * mebibyte, endings: /\.(?:amr|mp3)$/iu },
  video: { bytes: 10 * mebibyte, endings: /\.mp4$/iu },
  thumb: { bytes: 64 * 1024, endings: /\.jpe?g$/iu },
}

function upload(
  account: SimulatedAccount,
  clock: Clock,
  type: string | null,
  file: { name: string; mimeType: string; bytes: Buffer },
): object {
  const limit = limits[type ?? '']
  if (!type || !limit?.endings.test(file.name)) throw refusals.mediaType
  if (file.bytes.length === 0) throw refusals.noMedia
  if (file.bytes.length > limit.bytes) throw refusals.mediaSize
  const { mediaId } = store(account, { type, bytes: file.bytes, mimeType: file.mimeType, storedAt: clock.now() })
  return { type, media_id: mediaId, created_at: Math.floor(clock.now() / 1000), item: [] }
}

function mediaOf(account: SimulatedAccount, clock: Clock, mediaId: string | null, origin: string): object {
  const media = account.media.get(mediaId ?? '')
  if (!media || clock.now() > media.storedAt + 3 * 86_400_000) throw refusals.mediaId
  return media.type === 'video' ? { video_url: `${origin}/video/${media.mediaId}` } : media
}
