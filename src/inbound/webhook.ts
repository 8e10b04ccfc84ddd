/** The platforms' door. A platform is answered only after what it brought is committed. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpenAccount } from '../accounts/connections.ts'
import { WebhookMalformed, WebhookRejected } from '../channel/errors.ts'
import type { App, Deps } from '../deps.ts'
import { notFound, Refused, unavailable } from '../problem.ts'
import type { Ingest } from './ingest.ts'
import { describe, type StoredRequest, storeUnread } from './unread.ts'
import { webRequest } from './web-request.ts'

/** Shorter than every platform's own patience (WeChat: 5 s). What is stored later is known when it comes again. */
const COMMIT_WITHIN_MS = 3_000
const DEFAULT_LIMITS = { bodyBytes: 1_048_576, contentTypes: ['application/json'] as readonly string[] }

/** In place of helmet's, made anew for every answer. Some answers repeat what was sent, and a browser may be led here. */
const nothingRuns = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }

export interface WebhookDeps extends Pick<Deps, 'db' | 'seal' | 'log' | 'connections' | 'now' | 'channels'> {
  readonly ingest: Ingest
}

export async function webhookRoutes(app: App, deps: WebhookDeps): Promise<void> {
  const largest = Math.max(
    DEFAULT_LIMITS.bodyBytes,
    ...[...deps.channels.values()].map((adapter) => adapter.webhookLimits?.bodyBytes ?? 0),
  )
  await app.register(async (door) => {
    // Raw bytes: signatures are made over them.
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largest }, (_request, body, done) =>
      done(null, body),
    )
    for (const url of ['/webhooks/:accountId', '/webhooks/:accountId/*']) {
      door.route({
        method: ['GET', 'POST', 'PUT'],
        url,
        schema: { hide: true },
        helmet: false,
        // The account and the outer form first: nothing is read from a stranger.
        onRequest: async (request, reply) => {
          reply.headers(nothingRuns)
          const account = await accountOf(deps, request)
          checkForm(account, request)
        },
        handler: async (request, reply) => take(deps, await accountOf(deps, request), request, reply),
      })
    }
  })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u

async function accountOf({ connections }: WebhookDeps, request: FastifyRequest): Promise<OpenAccount> {
  const { accountId } = request.params as { accountId: string }
  const account = uuid.test(accountId) ? await connections.get(accountId) : null
  if (!account?.connection.webhook) throw notFound('account')
  return account
}

function checkForm({ adapter }: OpenAccount, request: FastifyRequest): void {
  const { bodyBytes, contentTypes } = adapter.webhookLimits ?? DEFAULT_LIMITS
  if (request.method !== 'GET') {
    // What comes without a type may be anything: RFC 9110, 8.3. A channel says whether it takes that.
    const type = request.headers['content-type'] ?? 'application/octet-stream'
    if (!contentTypes.includes(type.split(';')[0]?.trim().toLowerCase() ?? '')) {
      throw new Refused(415, 'unsupported_media_type', 'This content type is not taken here.')
    }
  }
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLarge()
}

const tooLarge = () => new Refused(413, 'too_large', 'The body is larger than is taken here.')

async function take(
  deps: WebhookDeps,
  account: OpenAccount,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length > (account.adapter.webhookLimits ?? DEFAULT_LIMITS).bodyBytes) throw tooLarge()
  const receivedAt = deps.now()
  const result = await read(deps, account, request, body, receivedAt)
  if (result === 'unread') return reply.code(200).send()
  const { events, response, nudge } = result
  if (events.length > 0 || nudge) {
    await within(deps.ingest.submit(account, events, { receivedAt, ...(nudge ? { nudge } : {}) }))
  }
  reply.code(response.status)
  for (const [name, value] of response.headers) reply.header(name, value)
  return reply.send(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
}

/** Not genuine: 401 and nothing stored. Genuine, but the adapter fails on it: kept as unread, and answered 200. */
async function read(deps: WebhookDeps, account: OpenAccount, request: FastifyRequest, body: Buffer, receivedAt: Date) {
  const asked = toRequest(request, body)
  try {
    const result = await account.connection.webhook?.(asked, receivedAt)
    if (!result) throw notFound('account')
    return result
  } catch (error) {
    if (error instanceof Refused) throw error
    if (error instanceof WebhookRejected) throw new Refused(401, 'not_genuine', 'The request is not genuine.')
    if (error instanceof WebhookMalformed) throw new Refused(400, 'malformed', 'The body cannot be read.')
    const reason = describe(error)
    deps.log.error({ accountId: account.id, reason }, 'webhook: kept as unread')
    const value: StoredRequest = { ...outlineOf(request), body: body.toString('base64') }
    await within(storeUnread(deps.db, deps.seal, { accountId: account.id, kind: 'request', value, reason, receivedAt }))
    return 'unread'
  }
}

function outlineOf(request: FastifyRequest) {
  const headers: [string, string][] = []
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.push([name, value])
  }
  const url = `http://${request.headers.host ?? 'localhost'}${request.url}`
  return { method: request.method, url, headers }
}

/** Fails only on what no platform sends (a Host that is none), before anybody knows who asks: nothing is kept of it. */
function toRequest(request: FastifyRequest, body: Buffer): Request {
  try {
    return webRequest({ ...outlineOf(request), body })
  } catch {
    throw new Refused(400, 'malformed', 'The request cannot be read.')
  }
}

/** A database that is slow is one that is away: the platform brings it again. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('too_slow', 'The database is slow. Try again soon.')), COMMIT_WITHIN_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
