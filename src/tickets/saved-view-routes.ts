import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, NewSavedView, Problem, SavedView } from '../wire.ts'
import { addSavedView, changeSavedView, deleteSavedView, listSavedViews } from './saved-views.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Saved views']

export async function savedViewRoutes(app: App, { db }: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/views',
    {
      config,
      schema: {
        tags,
        summary: 'Your own saved views and the shared ones',
        response: { 200: z.object({ views: z.array(SavedView) }) },
      },
    },
    async ({ actor }) => ({ views: await listSavedViews(db, actor) }),
  )

  app.post(
    '/api/views',
    {
      config,
      schema: {
        tags,
        summary: 'Save a view',
        description: 'Shared ones are for supervisors. 422 `too_many` after twenty.',
        body: NewSavedView,
        response: { 201: SavedView, 403: Problem, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addSavedView(db, actor, body)),
  )

  app.put(
    '/api/views/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a saved view',
        description: 'Whose it is stays: `shared` is not looked at.',
        params,
        body: NewSavedView,
        response: { 200: SavedView, 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeSavedView(db, actor, id, body),
  )

  app.delete(
    '/api/views/:id',
    {
      config,
      schema: { tags, summary: 'Delete a saved view', params, response: { 204: z.null(), 403: Problem, 404: Problem } },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteSavedView(db, actor, id)
      return reply.code(204).send(null)
    },
  )
}
