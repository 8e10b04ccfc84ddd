import type { WebhookResult } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'

/** A refusal on its way to the widget, which has words for each code. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly waitSeconds: number | null

  constructor(status: number, code: string, waitSeconds: number | null = null) {
    super(code)
    this.status = status
    this.code = code
    this.waitSeconds = waitSeconds
  }
}

export function json(body: unknown, events: readonly InboundEvent[] = []): WebhookResult {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  return { events, response: new Response(JSON.stringify(body), { headers }) }
}

export function problem({ status, code, waitSeconds }: Refusal): WebhookResult {
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...(waitSeconds === null ? {} : { 'retry-after': String(waitSeconds) }),
  }
  return {
    events: [],
    response: new Response(JSON.stringify({ type: 'about:blank', status, code }), { status, headers }),
  }
}
