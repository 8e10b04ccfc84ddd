/** What is set up at X: the webhook, and which events go to it. https://docs.x.com/x-api/webhooks/introduction, read 2026-11-24 */
import { z } from 'zod'
import type { Client } from './client.ts'
import { ApiFailure } from './failure.ts'

const Webhook = z.object({ id: z.string().regex(/^\d{1,20}$/u), url: z.string(), valid: z.boolean().catch(false) })
export type Webhook = z.infer<typeof Webhook>
const Subscription = z.object({
  subscription_id: z.string().regex(/^\d{1,20}$/u),
  event_type: z.string(),
  filter: z.object({ user_id: z.string().optional() }).catch({}),
  webhook_id: z.string().optional().catch(undefined),
})
export type Subscription = z.infer<typeof Subscription>

const list = <T extends z.ZodType>(schema: T, data: unknown): z.infer<T>[] => {
  const items = z.object({ data: z.array(z.unknown()).catch([]) }).safeParse(data)
  return (items.success ? items.data.data : []).flatMap((item) => {
    const read = schema.safeParse(item)
    return read.success ? [read.data] : []
  })
}

/** Whose events are told us. https://docs.x.com/x-api/activity/introduction, read 2026-11-24 */
export const eventTypes = [
  'post.mention.create',
  'post.reply.create',
  'post.quote.create',
  'post.create',
  'post.delete',
  'dm.received',
  'dm.sent',
  'dm.read',
  'chat.received',
  'oauth.revoke',
] as const

export async function webhooks(client: Client): Promise<Webhook[]> {
  return list(Webhook, (await client.callAsApp({ method: 'GET', path: '/2/webhooks' })).data)
}

/** X calls the address before it answers. */
export async function createWebhook(client: Client, url: string): Promise<Webhook> {
  const { data } = await client.callAsApp({ method: 'POST', path: '/2/webhooks', body: { url } })
  const created = z.object({ data: Webhook }).safeParse(data)
  if (!created.success) throw new ApiFailure('unreadable', 'an answer without a webhook')
  return created.data.data
}

/** Has X call the address again, and switch it on if that goes well. */
export async function revalidate(client: Client, id: string): Promise<boolean> {
  const { data } = await client.callAsApp({ method: 'PUT', path: `/2/webhooks/${id}` })
  return z.object({ data: z.object({ valid: z.literal(true) }) }).safeParse(data).success
}

export async function deleteWebhook(client: Client, id: string): Promise<void> {
  await client.callAsApp({ method: 'DELETE', path: `/2/webhooks/${id}` })
}

/** At most this far back: the tool's own description says 24 hours, others say five days. */
const replayMs = 24 * 3_600_000

/** Has events of that time sent again. Some plans only. https://github.com/xdevplatform/xurl, read 2026-11-24 */
export async function replay(client: Client, id: string, from: Date, to: Date): Promise<void> {
  const earliest = new Date(to.getTime() - replayMs + 60_000)
  const body = { webhook_id: id, from_date: minutes(from < earliest ? earliest : from), to_date: minutes(to) }
  if (body.from_date < body.to_date) await client.callAsApp({ method: 'POST', path: '/2/webhooks/replay', body })
}

/** `yyyymmddhhmm` in UTC. */
const minutes = (date: Date) => date.toISOString().replaceAll(/\D/gu, '').slice(0, 12)

export async function subscriptions(client: Client): Promise<Subscription[]> {
  return list(Subscription, (await client.callAsApp({ method: 'GET', path: '/2/activity/subscriptions' })).data)
}

/**
 * As the account, not as the app: events that are not public are refused otherwise, though listing and deleting are the
 * app's (vercel/chat @9576573 packages/adapter-x/src/setup.ts, read 2026-11-24). Being there already is as good.
 */
export async function subscribe(client: Client, type: string, own: string, webhookId: string): Promise<void> {
  try {
    const body = { event_type: type, filter: { user_id: own }, tag: 'huixin', webhook_id: webhookId }
    await client.call({ method: 'POST', path: '/2/activity/subscriptions', body })
  } catch (error) {
    const there =
      error instanceof ApiFailure && (error.status === 409 || /duplicate|already/iu.test(error.problem.words))
    if (!there) throw error
  }
}

export async function unsubscribe(client: Client, id: string): Promise<void> {
  await client.callAsApp({ method: 'DELETE', path: `/2/activity/subscriptions/${id}` })
}
