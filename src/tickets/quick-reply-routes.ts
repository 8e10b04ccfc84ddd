import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, NewQuickReply, Problem, QuickReply } from '../wire.ts'
import { addQuickReply, changeQuickReply, deleteQuickReply, listQuickReplies } from './quick-replies.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Quick replies']
const refusals = { 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function quickReplyRoutes(app: App, { db }: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/quick-replies',
    {
      config,
      schema: {
        tags,
        summary: 'Your own quick replies and those shared with you',
        response: { 200: z.object({ replies: z.array(QuickReply) }) },
      },
    },
    async ({ actor }) => ({ replies: await listQuickReplies(db, actor) }),
  )

  app.post(
    '/api/quick-replies',
    {
      config,
      schema: {
        tags,
        summary: 'Add a quick reply',
        description:
          'Shared ones are for supervisors; one for every brand is for those who see every brand. `{{customer}}`, `{{ticket}}`, ' +
          '`{{agent}}`, `{{brand}}`, `{{code}}` and others are filled in when it is inserted; what is not known blocks sending. ' +
          '409 `shortcut_taken`, 422 `too_many`.',
        body: NewQuickReply,
        response: { 201: QuickReply, ...refusals },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addQuickReply(db, actor, body)),
  )

  app.put(
    '/api/quick-replies/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a quick reply',
        params,
        body: NewQuickReply,
        response: { 200: QuickReply, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => changeQuickReply(db, actor, id, body),
  )

  app.delete(
    '/api/quick-replies/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a quick reply',
        params,
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteQuickReply(db, actor, id)
      return reply.code(204).send(null)
    },
  )
}
