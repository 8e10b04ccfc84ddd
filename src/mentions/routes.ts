/** Posts of watched accounts: read, counted, marked as seen, and made tickets of. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import {
  MentionCountQuery,
  MentionCounts,
  MentionMarks,
  MentionPage,
  MentionQuery,
  MentionTicket,
} from '../wire-mentions.ts'
import { countMentions } from './count.ts'
import { dismissMentions } from './dismiss.ts'
import { listMentions } from './list.ts'
import { makeTicket, undoTicket } from './ticket.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Mentions']

export async function mentionRoutes(app: App, deps: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  app.get(
    '/api/mentions',
    {
      config,
      schema: {
        tags,
        summary: 'Posts of watched accounts, newest first',
        description:
          'Every filter narrows; a list takes several values (`language=zh,en`). `state` is `open` (default), `dismissed` or ' +
          '`ticket`. `q` looks in the texts as they are shown, and for the author. `from` and `to` are times; `to` is not ' +
          'included. Pass `next` as `after` for the following page.',
        querystring: MentionQuery,
        response: { 200: MentionPage, 400: Problem },
      },
    },
    async (request) => listMentions(deps.db, request.actor, request.query),
  )

  app.get(
    '/api/mentions/counts',
    {
      config,
      schema: {
        tags,
        summary: 'How many posts there were per hour, account and language',
        description:
          'Of the past `hours` (24 when left out, 168 at most), by the filters of the list. Hours are in UTC.',
        querystring: MentionCountQuery,
        response: { 200: MentionCounts, 400: Problem },
      },
    },
    async (request) => countMentions(deps.db, request.actor, request.query, deps.now()),
  )

  app.post(
    '/api/mentions/marks',
    {
      config,
      schema: {
        tags,
        summary: 'Mark posts as seen, or take that back',
        description: 'Posts that are so already, or tickets by now, stay as they are; `changed` counts the others.',
        body: MentionMarks,
        response: { 200: z.object({ changed: z.int() }), 400: Problem },
      },
    },
    async (request) => ({ changed: await dismissMentions(deps, request.actor, request.body) }),
  )

  app.post(
    '/api/mentions/:id/ticket',
    {
      config,
      schema: {
        tags,
        summary: 'Make a ticket of a post',
        description:
          'Other posts of the same conversation come along, and later ones go into the ticket. Where the conversation has an ' +
          'open ticket, the post goes into that one. Twice is once.',
        params,
        response: { 200: MentionTicket, 404: Problem },
      },
    },
    async (request) => makeTicket(deps, request.actor, request.params.id),
  )

  app.delete(
    '/api/mentions/:id/ticket',
    {
      config,
      schema: {
        tags,
        summary: 'Take that back, as long as nobody has worked on the ticket',
        description:
          'The ticket is gone, and its posts are mentions again. 409 `ticket_in_use` when somebody has worked on it.',
        params,
        response: { 204: z.null(), 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      await undoTicket(deps, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
