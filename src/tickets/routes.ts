/** Reading and changing tickets. Replies are in `reply-routes.ts`. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { IdempotencyHeaders } from '../idempotency.ts'
import {
  AroundQuery,
  Draft,
  DraftPut,
  Id,
  Message,
  MessagePage,
  MessageQuery,
  NewNote,
  OtherLines,
  Problem,
  SeenPut,
  Ticket,
  TicketCountQuery,
  TicketCounts,
  TicketDetail,
  TicketPage,
  TicketPatch,
  TicketQuery,
} from '../wire.ts'
import { TicketAct } from '../wire-bulk.ts'
import { linesAround } from './around.ts'
import { changeTicket } from './change.ts'
import { countTickets } from './count.ts'
import { deleteDraft, putDraft, readDraft } from './drafts.ts'
import { getTicket } from './get.ts'
import { ticketHistory } from './history.ts'
import { listTickets } from './list.ts'
import { messagesPage } from './messages.ts'
import { postNote } from './note.ts'
import { putSeen } from './seen.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Tickets']

export async function ticketRoutes(
  app: App,
  deps: Pick<Deps, 'db' | 'channels' | 'connections' | 'now' | 'nudge'>,
): Promise<void> {
  app.get(
    '/api/tickets',
    {
      config,
      schema: {
        tags,
        summary: 'The queue',
        description:
          'Every filter narrows; a list takes several values (`status=new,open`). No `status`: every one. `q` looks in the ' +
          "texts as they are shown, the contact's name and handle, and for the ticket's number. `waiting` puts those first " +
          'whose customer has waited longest, `window` those whose reply window closes first. Pass `next` as `after` for the following page; 400 `bad_cursor` when it is ' +
          'of another sort.',
        querystring: TicketQuery,
        response: { 200: TicketPage, 400: Problem },
      },
    },
    async (request) => listTickets(deps.db, request.actor, request.query, deps.now(), deps.channels),
  )

  app.post(
    '/api/tickets/counts',
    {
      config,
      schema: {
        tags,
        summary: 'How many tickets some lists have',
        description: 'Counted up to 1,000, in the order of the queries; null where one looks for words.',
        body: TicketCountQuery,
        response: { 200: TicketCounts },
      },
    },
    async ({ actor, body }) => ({
      counts: await countTickets(deps.db, actor, body.queries, deps.now(), deps.channels),
    }),
  )

  app.get(
    '/api/tickets/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One ticket, its conversations and where each stands',
        params,
        response: { 200: TicketDetail, 404: Problem },
      },
    },
    async (request) => getTicket(deps, request.actor, request.params.id),
  )

  app.patch(
    '/api/tickets/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change status, priority, assignee, team, tags, category or snooze',
        description:
          '`assignee` is `me`, the id of somebody who sees the brand, or null; `team` the id of one that takes the brand. With `version` the change is made only to the ' +
          'ticket you saw: 409 `version_conflict` carries it as it is now. What is so already changes nothing.',
        params,
        body: TicketPatch,
        response: { 200: Ticket, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request) => changeTicket(deps, request.actor, request.params.id, request.body),
  )

  app.put(
    '/api/tickets/:id/seen',
    {
      config,
      schema: {
        tags,
        summary: 'Say how far you have seen a ticket',
        description:
          'The newest `version` of a message that was on the screen. It only goes forward. A program keeps none.',
        params,
        body: SeenPut,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      await putSeen(deps.db, request.actor, request.params.id, request.body.version)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/tickets/:id/messages',
    {
      config,
      schema: {
        tags,
        summary: 'The messages of a ticket, newest page first, oldest message first',
        params,
        querystring: MessageQuery,
        response: { 200: MessagePage, 400: Problem, 404: Problem },
      },
    },
    async (request) => messagesPage(deps.db, request.actor, request.params.id, request.query),
  )

  app.get(
    '/api/tickets/:id/messages/:messageId/around',
    {
      config,
      schema: {
        tags,
        summary: 'What others wrote under the same post or in the same group, around a message',
        description: 'The `limit` lines nearest in time, in the order they were written, with the ticket each is in.',
        params: params.extend({ messageId: Id }),
        querystring: AroundQuery,
        response: { 200: OtherLines, 400: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id, messageId }, query }) => ({
      lines: await linesAround(deps.db, actor, id, messageId, query.limit),
    }),
  )

  app.get(
    '/api/tickets/:id/history',
    {
      config,
      schema: {
        tags,
        summary: 'What was done to a ticket: the newest 200 acts, oldest first',
        params,
        response: { 200: z.object({ acts: z.array(TicketAct) }), 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => ({ acts: await ticketHistory(deps.db, actor, id) }),
  )

  app.post(
    '/api/tickets/:id/notes',
    {
      config,
      schema: {
        tags,
        summary: 'Write an internal note',
        description: 'With `Idempotency-Key` the same request twice is one note.',
        params,
        headers: IdempotencyHeaders,
        body: NewNote,
        response: { 202: z.object({ message: Message }), 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const answer = await postNote(deps, request.actor, request.params.id, request.body, key)
      return reply.code(202).send(answer.body)
    },
  )

  app.get(
    '/api/tickets/:id/draft',
    {
      config,
      schema: {
        tags,
        summary: 'What you were writing here',
        params,
        response: { 200: z.object({ draft: Draft.nullable() }), 404: Problem },
      },
    },
    async (request) => ({ draft: await readDraft(deps, request.actor, request.params.id) }),
  )

  app.put(
    '/api/tickets/:id/draft',
    {
      config,
      schema: {
        tags,
        summary: 'Keep what you are writing',
        description: '409 `draft_conflict` with the stored one when it has another revision than the one you name.',
        params,
        body: DraftPut,
        response: { 200: z.object({ draft: Draft }), 404: Problem, 409: Problem },
      },
    },
    async (request) => ({ draft: await putDraft(deps, request.actor, request.params.id, request.body) }),
  )

  app.delete(
    '/api/tickets/:id/draft',
    {
      config,
      schema: {
        tags,
        summary: 'Throw away what you were writing',
        params,
        querystring: z.strictObject({ revision: z.coerce.number().int().min(0).optional() }),
        response: { 204: z.null(), 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      await deleteDraft(deps, request.actor, request.params.id, request.query.revision)
      return reply.code(204).send(null)
    },
  )
}
