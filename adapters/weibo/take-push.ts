/** The webhook: a check of our address (GET), or a push (POST). Answered with nothing, which asks for no repetition. */
import type { WebhookResult } from '#channel/adapter.ts'
import { WebhookMalformed } from '#channel/errors.ts'
import type { WeiboApi } from './api.ts'
import type { Budget } from './budget.ts'
import type { Own, People } from './own.ts'
import { parse } from './parse.ts'
import { learnPerson } from './profile.ts'
import type { Settings } from './settings.ts'
import { readBody, verify } from './verify.ts'

export interface PushParts {
  readonly settings: Settings
  readonly api: WeiboApi
  readonly budget: Budget
  readonly own: Own
  readonly people: People
}

export async function takePush(parts: PushParts, request: Request, receivedAt: Date): Promise<WebhookResult> {
  const { settings, own, people } = parts
  const query = verify(request, settings.appSecret, receivedAt)
  if (request.method === 'GET') {
    const echo = query.get('echostr')
    if (echo === null || echo.length > 1000) throw new WebhookMalformed('no echostr')
    return { events: [], response: answer(echo) }
  }
  const raw = await readBody(request)
  const reading = { own: own.uid(), at: receivedAt, personOf: people.of }
  await learnPerson(parts, parse(raw, reading, 'push'))
  const events = parse(raw, reading, 'push')
  // The post itself comes with the mentions: now rather than at the next turn.
  const mentioned = settings.mentions && events.some((event) => event.type === 'opened' && event.kind === 'mention')
  return { events, response: answer(''), ...(mentioned ? { nudge: { stream: 'mentions', hint: 'push' } } : {}) }
}

const answer = (body: string): Response =>
  new Response(body, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
