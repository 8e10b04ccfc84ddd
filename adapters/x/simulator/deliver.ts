/** Calls webhooks: challenges, and signed events. What X repeats is not documented; here it repeats nothing, which is harder. */
import { createHmac, randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { SimWebhook, World } from './state.ts'

export interface Delivery {
  readonly type: string
  readonly body: string
  readonly at: number
  status: number | null
}

export interface Deliverer {
  /** Sets `valid` by what the address answers. */
  challenge(webhook: SimWebhook): Promise<boolean>
  /** To every webhook that is subscribed and valid. */
  push(type: string, payload: unknown, includes?: unknown): void
  /** A body as it is, signed. Resolves to the status. */
  pushRaw(body: string): Promise<number | null>
  /** What was called, or tried, in that time, again. */
  replay(webhook: SimWebhook, from: number, to: number): void
  readonly deliveries: readonly Delivery[]
  /** All that is under way has ended. */
  idle(): Promise<void>
}

export function createDeliverer(world: World): Deliverer {
  const deliveries: Delivery[] = []
  const underWay = new Set<Promise<unknown>>()
  const { clientSecret, apiSecret } = world.app
  const hmac = (secret: string, text: string) => `sha256=${createHmac('sha256', secret).update(text).digest('base64')}`

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
    return work
  }

  async function post(webhook: SimWebhook, body: string): Promise<number | null> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-twitter-webhooks-signature': hmac(apiSecret, body),
      ...(clientSecret === '' ? {} : { 'x-twitter-webhooks-signature-oauth2': hmac(clientSecret, body) }),
    }
    return (await call(webhook.url, 'POST', headers, body)).status
  }

  return {
    deliveries,
    async challenge(webhook) {
      const token = Buffer.from(randomUUID()).toString('base64')
      const url = new URL(webhook.url)
      url.searchParams.set('crc_token', token)
      const { status, body } = await track(call(url.href, 'GET', {}, ''))
      // A wrong token with a 2xx, or a redirect, ends it at once; other failures are borne for a day.
      if (status === null || status >= 400) return webhook.valid
      webhook.valid = status < 300 && tokenIn(body) === hmac(clientSecret || apiSecret, token)
      return webhook.valid
    },
    push(type, payload, includes) {
      const { account } = world
      const to = world.subscriptions.filter(
        ({ event_type, filter }) => event_type === type && filter.user_id === account.id,
      )
      for (const { webhook_id, tag } of to) {
        const webhook = world.webhooks.find(({ id }) => id === webhook_id)
        if (!webhook) continue
        const event_uuid = String(BigInt.asIntN(64, BigInt(`0x${randomUUID().replaceAll('-', '').slice(0, 16)}`)))
        const data = {
          event_uuid,
          filter: { user_id: account.id },
          event_type: type,
          ...(tag ? { tag } : {}),
          payload,
          includes,
        }
        const delivery: Delivery = { type, body: JSON.stringify({ data }), at: world.now(), status: null }
        deliveries.push(delivery)
        if (!webhook.valid) continue
        void track(
          post(webhook, delivery.body).then((status) => {
            delivery.status = status
          }),
        )
      }
    },
    async pushRaw(body) {
      const [webhook] = world.webhooks
      return webhook ? await track(post(webhook, body)) : null
    },
    replay(webhook, from, to) {
      for (const { body, at } of deliveries.filter((delivery) => delivery.at >= from && delivery.at < to)) {
        void at
        void track(post(webhook, JSON.stringify({ ...JSON.parse(body), meta: { replay: true } })))
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled([...underWay])
    },
  }
}

function tokenIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { response_token?: unknown }).response_token
  } catch {
    return null // An address that answers with a page is not ours.
  }
}

function call(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number | null; body: string }> {
  return new Promise((resolve) => {
    const client = url.startsWith('https:') ? https : http
    // "respond within 10 seconds"
    const request = client.request(url, { method, headers, timeout: 10_000, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? null, body: Buffer.concat(chunks).toString('utf8') }),
      )
      response.on('error', () => resolve({ status: null, body: '' }))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve({ status: null, body: '' }))
    request.end(body)
  })
}
