import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, ParkedQuery, ParkedWork, Problem } from '../wire.ts'
import { listParked, replayParked } from './parked.ts'

const tags = ['Parked work']

export async function parkedRoutes(app: App, { db, now, nudge }: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  app.get(
    '/api/parked',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Background work that failed too often and waits for a person',
        querystring: ParkedQuery,
        response: { 200: z.object({ parked: z.array(ParkedWork), next: z.string().nullable() }) },
      },
    },
    async (request) => listParked(db, request.actor, request.query),
  )

  app.post(
    '/api/parked/:id/replay',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Try it again',
        params: z.object({ id: Id }),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      await replayParked(db, request.actor, request.params.id, now())
      nudge()
      return reply.code(204).send(null)
    },
  )
}
