/** The door for the brand's program: one post, one message. */
import type { Caller, WebhookResult } from '#channel/adapter.ts'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { Limit } from './limits.ts'
import { parse, personOf } from './parse.ts'
import { type FieldError, problem } from './problem.ts'
import type { Settings } from './settings.ts'
import { Post } from './types.ts'
import { requireGenuine } from './verify.ts'

export interface DoorLimits {
  /** Posts that were believed, for the account. */
  readonly posts: Limit
  /** Calls that were not, for an address. */
  readonly refusals: Limit
}

/** Throws {@link WebhookRejected} and {@link WebhookMalformed}; what is wrong with a genuine post is told as problem details. */
export async function receive(
  settings: Settings,
  request: Request,
  receivedAt: Date,
  caller: Caller | undefined,
  limits: DoorLimits,
): Promise<WebhookResult> {
  const address = caller?.address ?? ''
  const waits = caller ? limits.refusals.look(address, receivedAt) : null
  if (waits !== null) return answer(tooMany(waits))
  const body = await request.bytes()
  try {
    requireGenuine(settings, request.headers, body, receivedAt)
  } catch (error) {
    if (error instanceof WebhookRejected && caller) limits.refusals.take(address, receivedAt)
    throw error
  }
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    return answer(problem(415, 'unsupported_media_type', 'Post JSON.'))
  }
  const busy = caller ? limits.posts.take('', receivedAt) : null
  if (busy !== null) return answer(tooMany(busy))
  return take(settings, documentOf(body), receivedAt)
}

function documentOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new WebhookMalformed('the body is no JSON')
  }
}

function take({ kind, country }: Settings, document: unknown, receivedAt: Date): WebhookResult {
  const post = Post.safeParse(document)
  if (!post.success) return answer(invalid(errorsOf(post.error.issues)))
  const payload = { kind, country, receivedAt: receivedAt.toISOString(), post: post.data }
  if (personOf(payload) === null) {
    return answer(invalid([{ path: 'author.number', message: 'is no telephone number' }], 'bad_number'))
  }
  return {
    events: parse(payload),
    response: new Response(null, { status: 200 }),
    respond: ([placed]) => Response.json({ id: post.data.id, ticket: placed?.ticket ?? null }),
  }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string
  readonly keys?: readonly string[]
}

/** Names of fields and rules; never what was sent. */
function errorsOf(issues: readonly Issue[]): FieldError[] {
  return issues.slice(0, 20).flatMap(({ path, message, code, keys = [] }) => {
    const at = path.map(String)
    if (code === 'unrecognized_keys') {
      return keys
        .slice(0, 20)
        .map((key) => ({ path: [...at, key.slice(0, 60)].join('.'), message: 'there is no such field' }))
    }
    return [{ path: at.join('.'), message }]
  })
}

const invalid = (errors: readonly FieldError[], code = 'invalid_post') =>
  problem(422, code, 'The post is not complete or not right.', { errors })
const tooMany = (seconds: number) =>
  problem(429, 'rate_limited', 'Too many calls. Wait a little.', { retryAfterSeconds: seconds })
const answer = (response: Response): WebhookResult => ({ events: [], response })
