import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { messages, tickets } from '../db/schema.ts'
import type { App, Deps } from '../deps.ts'
import { IdempotencyHeaders } from '../idempotency.ts'
import { undoReply } from '../outbound/resolve.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import { conflict, notFound } from '../problem.ts'
import { withdraw } from '../together/approvals.ts'
import { Id, Message, NewAnswered, NewReply, Problem } from '../wire.ts'
import { postAnswered } from './answered.ts'
import { readMessages } from './messages.ts'
import { postReply } from './reply.ts'
import { cancelScheduled } from './scheduled.ts'
import { createTyping } from './typing.ts'

export interface ReplyRouteDeps extends Pick<Deps, 'db' | 'connections' | 'now' | 'nudge' | 'log'> {
  readonly hooks: SettleHooks
  readonly wakeSender: () => void
}

const params = z.object({ id: Id })

export async function replyRoutes(app: App, deps: ReplyRouteDeps): Promise<void> {
  app.post(
    '/api/tickets/:id/replies',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Answer the customer',
        description:
          'With `Idempotency-Key` the same request twice is one reply. 409 `seen_conflict` with what is new when somebody ' +
          'wrote since `seenVersion`; 422 with a refusal code when the channel does not allow it. Where the brand wants it, an ' +
          'agent’s public reply waits for a supervisor (`waitsForApproval`).',
        params,
        headers: IdempotencyHeaders,
        body: NewReply,
        response: { 202: z.object({ message: Message }), 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const answer = await postReply(deps, request.actor, request.params.id, request.body, key)
      deps.nudge()
      deps.wakeSender()
      return reply.code(202).send(answer.body)
    },
  )

  app.post(
    '/api/tickets/:id/answered',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Write down what you answered in the platform’s own app',
        description:
          'Nothing is sent. The ticket is answered as by a reply; should the platform tell of the same text within a day, ' +
          'it is the same message. With `Idempotency-Key` the same request twice is one answer.',
        params,
        headers: IdempotencyHeaders,
        body: NewAnswered,
        response: { 201: z.object({ message: Message }), 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const answer = await postAnswered(deps, request.actor, request.params.id, request.body, key)
      return reply.code(201).send(answer.body)
    },
  )

  app.post(
    '/api/messages/:id/undo',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Take a reply back before it is sent, or cancel a scheduled one',
        params,
        response: { 200: z.object({ message: Message.nullable() }), 404: Problem, 409: Problem },
      },
    },
    async (request) => {
      const { actor } = request
      const { id } = request.params
      const message = await deps.db.transaction(async (tx) => {
        if (await cancelScheduled(tx, actor, id)) return null
        if (await withdraw(tx, actor, id, deps.now())) return null
        const [found] = await tx
          .select({ ticketId: tickets.id, direction: messages.direction })
          .from(messages)
          .innerJoin(tickets, eq(tickets.id, messages.ticketId))
          .where(and(eq(messages.id, id), inScope(actor, tickets.brandId)))
        if (!found) throw notFound('message')
        if (found.direction !== 'outbound') throw conflict('too_late', 'Only a reply can be taken back.')
        await undoReply(tx, id)
        await deps.hooks.lostReply(tx, found.ticketId)
        await writeAudit(tx, actor, 'reply.undone', `message:${id}`)
        const [undone] = await readMessages(tx, [id])
        return undone ?? null
      })
      deps.nudge()
      return { message }
    },
  )

  const typing = createTyping(deps)
  app.post(
    '/api/tickets/:id/typing',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Show the customer that somebody is writing, where the channel can',
        params,
        response: { 204: z.null(), 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      await typing(request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/scheduled/:id',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Replies'],
        summary: 'Cancel a scheduled reply, or put away one that was refused',
        params,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      const gone = await deps.db.transaction((tx) => cancelScheduled(tx, request.actor, request.params.id))
      if (!gone) throw notFound('scheduled reply')
      deps.nudge()
      return reply.code(204).send(null)
    },
  )
}
