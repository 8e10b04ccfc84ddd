import { z } from 'zod'
import type { App, Deps } from '../../deps.ts'
import type {} from '../../http/access.ts'
import { Id, Problem } from '../../wire.ts'
import { Macro, NewMacro } from '../../wire-bulk.ts'
import { addMacro, changeMacro, deleteMacro, listMacros } from './macros.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Macros']
const refusals = { 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function macroRoutes(app: App, { db }: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/macros',
    {
      config,
      schema: {
        tags,
        summary: 'Your own macros and those shared with you',
        response: { 200: z.object({ macros: z.array(Macro) }) },
      },
    },
    async ({ actor }) => ({ macros: await listMacros(db, actor) }),
  )

  app.post(
    '/api/macros',
    {
      config,
      schema: {
        tags,
        summary: 'Add a macro',
        description:
          'A named list of acts; run it with `POST /api/tickets/bulk`. Its `reply` goes into the draft of whoever runs it. ' +
          'Shared ones are for supervisors; one for every brand is for those who see every brand. 409 `name_taken`, 422 `too_many`.',
        body: NewMacro,
        response: { 201: Macro, ...refusals },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addMacro(db, actor, body)),
  )

  app.put(
    '/api/macros/:id',
    {
      config,
      schema: { tags, summary: 'Change a macro', params, body: NewMacro, response: { 200: Macro, ...refusals } },
    },
    async ({ actor, params: { id }, body }) => changeMacro(db, actor, id, body),
  )

  app.delete(
    '/api/macros/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a macro',
        params,
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteMacro(db, actor, id)
      return reply.code(204).send(null)
    },
  )
}
