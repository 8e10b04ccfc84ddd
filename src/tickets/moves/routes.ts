import { z } from 'zod'
import type { App } from '../../deps.ts'
import type {} from '../../http/access.ts'
import { Id, Problem } from '../../wire.ts'
import { Link, MergeInto, MoveDone, Split, TicketRelations } from '../../wire-moves.ts'
import { linkTickets, relationsOf, unlinkTickets } from './link.ts'
import { type MoveDeps, mergeTickets } from './merge.ts'
import { splitTicket } from './split.ts'
import { undoMove } from './undo.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Tickets']
const refusals = { 404: Problem, 409: Problem, 422: Problem }

export async function moveRoutes(app: App, deps: MoveDeps): Promise<void> {
  app.get(
    '/api/tickets/:id/relations',
    {
      config,
      schema: {
        tags,
        summary: 'What a ticket has to do with others: merged, divided, linked, of the same person',
        params,
        response: { 200: TicketRelations, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => relationsOf(deps.db, actor, id),
  )

  app.post(
    '/api/tickets/:id/merge',
    {
      config,
      schema: {
        tags,
        summary: 'Let this ticket go into another one',
        description:
          'Messages, conversations, drafts and tasks go along, and so does what comes later. This ticket is empty then and leads ' +
          'there. Twice is once. 409 `ticket_merged` with where it went; 422 `same_ticket`, `other_brand`.',
        params,
        body: MergeInto,
        response: { 200: MoveDone, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => mergeTickets(deps, actor, id, body.into),
  )

  app.post(
    '/api/tickets/:id/split',
    {
      config,
      schema: {
        tags,
        summary: 'Make a second ticket of some messages',
        description:
          'The conversation goes on there when the customer’s newest message is among them. 422 `nothing_left`, `no_customer_words`.',
        params,
        body: Split,
        response: { 201: MoveDone, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) =>
      reply.code(201).send(await splitTicket(deps, actor, id, body.messageIds)),
  )

  app.post(
    '/api/ticket-moves/:id/undo',
    {
      config,
      schema: {
        tags,
        summary: 'Take a merge or a split back',
        description:
          'Both tickets are what they were; what came since goes with its conversation. 409 `ticket_merged`, `moved_since`: ' +
          'something later has to be taken back first.',
        params,
        response: { 200: MoveDone, 404: Problem, 409: Problem },
      },
    },
    async ({ actor, params: { id } }) => undoMove(deps, actor, id),
  )

  app.put(
    '/api/tickets/:id/links',
    {
      config,
      schema: { tags, summary: 'Link two tickets', params, body: Link, response: { 204: z.null(), ...refusals } },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await linkTickets(deps, actor, id, body.ticketId)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/tickets/:id/links/:ticketId',
    {
      config,
      schema: {
        tags,
        summary: 'Take a link away',
        params: params.extend({ ticketId: Id }),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ actor, params: { id, ticketId } }, reply) => {
      await unlinkTickets(deps, actor, id, ticketId)
      return reply.code(204).send(null)
    },
  )
}
