/** Webhooks and subscriptions. https://docs.x.com/x-api/webhooks/introduction, read 2026-11-24 */
import type { Deliverer } from './deliver.ts'
import { invalid, problem, Refusal } from './refusal.ts'
import { iso } from './render.ts'
import type { SimWebhook, World } from './state.ts'

const mostWebhooks = 1
const mostSubscriptions = 1500

export async function registerWebhook(
  world: World,
  deliver: Deliverer,
  json: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const url = String(json.url)
  // X takes https without a port; this one stands on loopback, so http to loopback is taken as well.
  const { protocol, hostname, port } = URL.parse(url) ?? {}
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost'
  if (!isLocal && (protocol !== 'https:' || port !== '')) throw failed('UrlValidationFailed')
  if (world.webhooks.some((webhook) => webhook.url === url)) throw failed('DuplicateUrlFailed')
  if (world.webhooks.length >= mostWebhooks) throw failed('WebhookLimitExceeded')
  const webhook: SimWebhook = { id: world.nextId(), url, createdAt: iso(world.now()), valid: false }
  if (!(await deliver.challenge(webhook))) throw failed('CrcValidationFailed')
  world.webhooks.push(webhook)
  return { data: shown(webhook) }
}

export function listWebhooks(world: World): unknown {
  return { data: world.webhooks.map(shown), meta: { result_count: world.webhooks.length } }
}

export async function validateWebhook(world: World, deliver: Deliverer, id: string): Promise<unknown> {
  const webhook = webhookOf(world, id)
  if (!(await deliver.challenge(webhook))) throw failed('CrcValidationFailed')
  return { data: { valid: webhook.valid } }
}

export function removeWebhook(world: World, id: string): unknown {
  world.webhooks.splice(world.webhooks.indexOf(webhookOf(world, id)), 1)
  return { data: { deleted: true } }
}

export function replayWebhook(world: World, deliver: Deliverer, json: Readonly<Record<string, unknown>>): unknown {
  const webhook = webhookOf(world, String(json.webhook_id))
  const [from, to] = [json.from_date, json.to_date].map((date) => {
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/u.exec(String(date))
    if (!parts) throw invalid('$: dates are yyyymmddhhmm')
    const [, year, month, day, hour, minute] = parts.map(Number)
    return Date.UTC(year!, month! - 1, day!, hour!, minute!)
  }) as [number, number]
  if (from < world.now() - 24 * 3_600_000 || to <= from || to > world.now())
    throw invalid('$.from_date: must be within 24 hours')
  // Minutes are all it takes; the last one is not over.
  deliver.replay(webhook, from, to + 60_000)
  return { data: { job_id: world.nextId(), created_at: iso(world.now()) } }
}

export function addSubscription(world: World, json: Readonly<Record<string, unknown>>): unknown {
  const { event_type, filter, webhook_id = null, tag = null } = json
  const { user_id } = (filter ?? {}) as { user_id?: string }
  if (typeof event_type !== 'string' || typeof user_id !== 'string')
    throw invalid('$: event_type and filter are required')
  if (
    world.subscriptions.some(
      (one) => one.event_type === event_type && one.filter.user_id === user_id && one.webhook_id === webhook_id,
    )
  ) {
    throw problem(409, 'Subscription already exists.')
  }
  if (world.subscriptions.length >= mostSubscriptions) throw problem(403, 'Too many subscriptions.')
  const subscription = {
    subscription_id: world.nextId(),
    event_type,
    filter: { user_id },
    webhook_id: webhook_id === null ? null : webhookOf(world, String(webhook_id)).id,
    tag: tag === null ? null : String(tag),
  }
  world.subscriptions.push(subscription)
  return { data: [subscription], meta: { total_subscriptions: world.subscriptions.length } }
}

export function listSubscriptions(world: World): unknown {
  return { data: world.subscriptions, meta: { total_subscriptions: world.subscriptions.length } }
}

export function removeSubscription(world: World, id: string): unknown {
  const index = world.subscriptions.findIndex(({ subscription_id }) => subscription_id === id)
  if (index < 0) throw problem(404, 'Could not find subscription.', 'resource-not-found')
  world.subscriptions.splice(index, 1)
  return { data: { deleted: true }, meta: { total_subscriptions: world.subscriptions.length } }
}

function webhookOf(world: World, id: string): SimWebhook {
  const webhook = world.webhooks.find((one) => one.id === id)
  if (!webhook) throw failed('WebhookIdInvalid')
  return webhook
}

const shown = ({ id, url, valid, createdAt }: SimWebhook) => ({ id, url, valid, created_at: createdAt })

function failed(reason: string): Refusal {
  const message = `${reason}: see the documentation.`
  return new Refusal(400, {
    errors: [{ message }],
    title: 'Invalid Request',
    detail: message,
    type: 'https://api.x.com/2/problems/invalid-request',
  })
}
