import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import { NewOtherParty, NotOurs, NotOursClosed, OtherParty } from '../wire-other-parties.ts'
import { closeAsNotOurs } from './not-ours.ts'
import { addParty, changeParty, listParties, removeParty } from './other-parties.ts'

const params = z.object({ id: Id })
const tags = ['Not ours']
const administrator = { access: 'administrator' } as const

export async function otherPartyRoutes(app: App, deps: Deps): Promise<void> {
  app.get(
    '/api/other-parties',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Whose a case can be when it is not ours',
        response: { 200: z.object({ parties: z.array(OtherParty) }) },
      },
    },
    async ({ actor }) => ({ parties: await listParties(deps.db, actor) }),
  )

  app.post(
    '/api/other-parties',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Add one, with what its customers are told',
        body: NewOtherParty,
        response: { 201: OtherParty, 403: Problem, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addParty(deps, actor, body)),
  )

  app.put(
    '/api/other-parties/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change one',
        params,
        body: NewOtherParty,
        response: { 200: OtherParty, 403: Problem, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeParty(deps, actor, id, body),
  )

  app.delete(
    '/api/other-parties/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Take one off the list',
        params,
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await removeParty(deps, actor, id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/tickets/:id/not-ours',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Close a ticket as somebody else’s',
        description:
          'The reason is kept with the ticket. The answer has the words for the customer; nothing is sent by itself.',
        params,
        body: NotOurs,
        response: { 200: NotOursClosed, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => closeAsNotOurs(deps, actor, id, body),
  )
}
