import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import { deliveries, tickets } from '../db/schema.ts'
import type { App, Deps } from '../deps.ts'
import { notFound, unprocessable } from '../problem.ts'
import { Delivery, Id, Problem, ResolveDelivery } from '../wire.ts'
import { toWire } from './delivery-wire.ts'
import { passOver, replay, resolveUnknown } from './resolve.ts'
import type { SettleHooks } from './settle.ts'

export interface OutboundRouteDeps extends Pick<Deps, 'db' | 'nudge' | 'connections'> {
  readonly hooks: SettleHooks
  /** Something may be due now. */
  readonly wakeSender: () => void
}

const params = z.object({ id: Id })
const response = { 200: z.object({ delivery: Delivery }), 404: Problem, 409: Problem }

export async function outboundRoutes(app: App, deps: OutboundRouteDeps): Promise<void> {
  app.post(
    '/api/deliveries/:id/resolve',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Say what became of a delivery nobody can be sure of',
        description:
          '`sent`: it arrived. `queued`: send it again. `dropped`: do not. 409 `not_unknown` once it is settled.',
        params,
        body: ResolveDelivery,
        response,
      },
    },
    async (request) => ({
      delivery: await settleByHand(
        deps,
        request.actor,
        request.params.id,
        `delivery.resolved_${request.body.as}`,
        (tx) => resolveUnknown(tx, request.params.id, request.body.as, deps.hooks),
      ),
    }),
  )

  app.post(
    '/api/deliveries/:id/replay',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Send a delivery that failed once more, under the same id',
        description:
          'Only where the channel drops what it has taken already: 422 `not_repeatable` elsewhere. 409 `not_failed`; 409 ' +
          '`parts_lost` when later parts were given up with it.',
        params,
        response: { ...response, 422: Problem },
      },
    },
    async ({ actor, params: { id } }) => {
      await requireRepeatable(deps, actor, id)
      return { delivery: await settleByHand(deps, actor, id, 'delivery.replayed', (tx) => replay(tx, id)) }
    },
  )

  app.post(
    '/api/deliveries/:id/pass-over',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Let the conversation go on past a delivery that stays in doubt',
        params,
        response,
      },
    },
    async (request) => ({
      delivery: await settleByHand(deps, request.actor, request.params.id, 'delivery.passed_over', (tx) =>
        passOver(tx, request.params.id),
      ),
    }),
  )
}

async function requireRepeatable(deps: OutboundRouteDeps, actor: Actor, id: string): Promise<void> {
  const [row] = await deps.db
    .select({ accountId: deliveries.accountId })
    .from(deliveries)
    .innerJoin(tickets, eq(tickets.id, deliveries.ticketId))
    .where(and(eq(deliveries.id, id), inScope(actor, tickets.brandId)))
  if (!row) throw notFound('delivery')
  const account = await deps.connections.get(row.accountId)
  if (!account?.adapter.capabilities.repeatWithinMs) {
    throw unprocessable('not_repeatable', 'This channel does not know a reply again: write it anew.')
  }
}

async function settleByHand(
  deps: OutboundRouteDeps,
  actor: Actor,
  id: string,
  action: string,
  work: (tx: Tx) => Promise<unknown>,
): Promise<Delivery> {
  const delivery = await deps.db.transaction(async (tx) => {
    const [visible] = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(tickets, eq(tickets.id, deliveries.ticketId))
      .where(and(eq(deliveries.id, id), inScope(actor, tickets.brandId)))
    if (!visible) throw notFound('delivery')
    await work(tx)
    await writeAudit(tx, actor, action, `delivery:${id}`)
    const [row] = await tx.select().from(deliveries).where(eq(deliveries.id, id))
    if (!row) throw notFound('delivery')
    return toWire(row)
  })
  deps.nudge()
  deps.wakeSender()
  return delivery
}
