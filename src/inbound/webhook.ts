/** The platforms' door. A platform is answered only after what it brought is committed. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Caller } from '../channel/adapter.ts'
import { WebhookMalformed, WebhookRejected } from '../channel/errors.ts'
import type { App, Deps } from '../deps.ts'
import { addressOf } from '../http/limits.ts'
import { notFound, Refused, unavailable } from '../problem.ts'
import { answerHeaders, nothingRuns } from './answer-headers.ts'
import type { Ingest } from './ingest.ts'
import { placedOf } from './placed.ts'
import { createStreamAnswers, type StreamAnswers, type StreamLimits } from './stream-answer.ts'
import { describe, type StoredRequest, storeUnread } from './unread.ts'
import { webRequest } from './web-request.ts'

/** Shorter than every platform's own patience (WeChat: 5 s). What is stored later is known when it comes again. */
const COMMIT_WITHIN_MS = 3_000
const DEFAULT_LIMITS = { bodyBytes: 1_048_576, contentTypes: ['application/json'] as readonly string[] }

export interface WebhookDeps extends Pick<Deps, 'db' | 'seal' | 'log' | 'connections' | 'now' | 'channels'> {
  readonly ingest: Ingest
  readonly streamLimits?: StreamLimits
  /** Left out: nobody is told. */
  readonly customerTyping?: (accountId: string, threadId: string) => void
}

type Door = WebhookDeps & { readonly answers: StreamAnswers; readonly stopping: AbortSignal }

export async function webhookRoutes(app: App, given: WebhookDeps): Promise<void> {
  const stopping = new AbortController()
  const answers = createStreamAnswers(given.streamLimits ?? {})
  const deps: Door = { ...given, answers, stopping: stopping.signal }
  const largest = Math.max(
    DEFAULT_LIMITS.bodyBytes,
    ...[...deps.channels.values()].map((adapter) => adapter.webhookLimits?.bodyBytes ?? 0),
  )
  // Before the server waits for its connections to end: these would never end by themselves.
  app.addHook('preClose', async () => {
    stopping.abort()
    await answers.idle()
  })
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
  deps: Door,
  account: OpenAccount,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length > (account.adapter.webhookLimits ?? DEFAULT_LIMITS).bodyBytes) throw tooLarge()
  const receivedAt = deps.now()
  const caller = callerOf(deps, account, request, reply)
  const result = await read(deps, account, request, body, receivedAt, caller)
  if (result === 'unread') return reply.code(200).send()
  const { events, nudge, respond, streams, typing } = result
  if (typing) deps.customerTyping?.(account.id, typing.threadId)
  let leave: (() => void) | null = null
  try {
    if (streams && result.response.body) leave = deps.answers.enter(caller.address)
    if (events.length > 0 || nudge) {
      await within(deps.ingest.submit(account, events, { receivedAt, ...(nudge ? { nudge } : {}) }))
    }
  } catch (error) {
    leave?.()
    await result.response.body?.cancel()
    throw error
  }
  const response = respond ? respond(await within(placedOf(deps.db, account.id, events))) : result.response
  reply.code(response.status)
  for (const [name, value] of answerHeaders(response, account.adapter.servesPages === true)) reply.header(name, value)
  if (!leave) return reply.send(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
  deps.answers.begin(reply, response, caller.signal, leave)
  return reply
}

/** The signal is made for those who ask for it: a platform's post, thousands a second, does not. */
function callerOf({ stopping }: Door, { replaced }: OpenAccount, request: FastifyRequest, { raw }: FastifyReply) {
  let signal: AbortSignal | null = null
  return {
    address: addressOf(request),
    get signal() {
      if (signal) return signal
      const gone = new AbortController()
      raw.once('close', () => gone.abort())
      if (raw.destroyed) gone.abort()
      signal = AbortSignal.any([gone.signal, replaced, stopping])
      return signal
    },
  }
}

/** Not genuine: 401 and nothing stored. Genuine, but the adapter fails on it: kept as unread, and answered 200. */
async function read(
  deps: WebhookDeps,
  account: OpenAccount,
  request: FastifyRequest,
  body: Buffer,
  receivedAt: Date,
  caller: Caller,
) {
  const asked = toRequest(request, body)
  try {
    const result = await account.connection.webhook?.(asked, receivedAt, caller)
    if (!result) throw notFound('account')
    return result
  } catch (error) {
    if (error instanceof Refused) throw error
    if (error instanceof WebhookRejected) {
      const { hint } = error
      throw new Refused(401, 'not_genuine', 'The request is not genuine.', hint === null ? undefined : { hint })
    }
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
