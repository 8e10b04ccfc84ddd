/** Public replies that wait for a supervisor, and how a brand wants that. */
import { z } from 'zod'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { notFound } from '../problem.ts'
import { approve, sendBack, withdraw } from '../together/approvals.ts'
import { listApprovals } from '../together/show-approvals.ts'
import { ApprovalPage, Approve, Id, Message, Problem, SendBack } from '../wire.ts'
import { readMessages } from './messages.ts'
import { choosePlace, writeReply } from './reply.ts'
import type { ReplyRouteDeps } from './reply-routes.ts'

const params = z.object({ id: Id })
const tags = ['Approval']

export async function approvalRoutes(app: App, deps: ReplyRouteDeps): Promise<void> {
  app.get(
    '/api/approvals',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Public replies that wait for a supervisor',
        description: 'Supervisors see all of their brands; agents their own, those that came back too.',
        response: { 200: ApprovalPage },
      },
    },
    async ({ actor }) => listApprovals(deps.db, actor),
  )

  app.post(
    '/api/approvals/:id/approve',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Let it go out, as it is or with other words',
        description:
          '`message` is null where it was to be sent later. 409 `approval_decided`; 409 `seen_conflict` with what is new ' +
          'since `seenVersion`; 422 with the code of the channel’s refusal.',
        params,
        body: Approve,
        response: { 200: z.object({ message: Message.nullable() }), 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => {
      const ways = {
        ...deps,
        choosePlace: choosePlace.bind(null, deps),
        writeReply: (tx: Parameters<typeof writeReply>[0], reply: Parameters<typeof writeReply>[2]) =>
          writeReply(tx, deps, reply),
      }
      await approve(ways, actor, id, body).finally(deps.nudge)
      deps.wakeSender()
      const [message] = await readMessages(deps.db, [id])
      return { message: message ?? null }
    },
  )

  app.post(
    '/api/approvals/:id/return',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Send it back with a comment',
        params,
        body: SendBack,
        response: { 204: z.null(), 404: Problem, 409: Problem },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await sendBack(deps, actor, id, body.comment)
      deps.nudge()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/approvals/:id/withdraw',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Take it back, or put away what came back',
        params,
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      const gone = await deps.db.transaction((tx) => withdraw(tx, actor, id, deps.now()))
      if (!gone) throw notFound('approval')
      deps.nudge()
      return reply.code(204).send(null)
    },
  )
}
