import { z } from 'zod'
import type { App } from '../../deps.ts'
import type {} from '../../http/access.ts'
import { Id, Problem, TicketQuery } from '../../wire.ts'
import { Bulk, BulkCount, mostMatching, NewBulk } from '../../wire-bulk.ts'
import type { BulkDeps } from './run.ts'
import { recentBulks, requireBulk } from './show.ts'
import { countMatching, startBulk } from './start.ts'
import { stopBulk, undoBulk } from './turn.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Tickets']

export async function bulkRoutes(app: App, deps: BulkDeps): Promise<void> {
  app.post(
    '/api/tickets/bulk',
    {
      config,
      schema: {
        tags,
        summary: 'Change many tickets',
        description:
          'The `ids` chosen (at most 200) or all that a list shows (`query`, at most 10,000), by `acts` or by a macro. Each ticket is ' +
          'changed by itself, with its own version, event and audit; one that cannot be is told under `problems` and spoils no ' +
          'other. Chosen ones are done when the answer comes; a list goes on by itself. 422 `too_many`, `nothing_matches`.',
        body: NewBulk,
        response: { 202: Bulk, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(202).send(await startBulk(deps, actor, body)),
  )

  app.post(
    '/api/tickets/bulk/count',
    {
      config,
      schema: {
        tags,
        summary: 'How many tickets a list has that could be changed together',
        description: 'Counted up to one more than `most`.',
        body: z.strictObject({ query: TicketQuery }),
        response: { 200: BulkCount },
      },
    },
    async ({ actor, body }) => ({ count: await countMatching(deps, actor, body.query), most: mostMatching }),
  )

  app.get(
    '/api/bulk',
    {
      config,
      schema: {
        tags,
        summary: 'Your changes of many tickets of the past day, newest first',
        response: { 200: z.object({ changes: z.array(Bulk) }) },
      },
    },
    async ({ actor }) => ({ changes: await recentBulks(deps.db, actor, deps.now()) }),
  )

  app.get(
    '/api/bulk/:id',
    {
      config,
      schema: { tags, summary: 'How far a change of many tickets is', params, response: { 200: Bulk, 404: Problem } },
    },
    async ({ actor, params: { id } }) => requireBulk(deps.db, actor, id),
  )

  app.post(
    '/api/bulk/:id/stop',
    {
      config,
      schema: { tags, summary: 'Leave the rest alone', params, response: { 200: Bulk, 404: Problem } },
    },
    async ({ actor, params: { id } }) => stopBulk(deps, actor, id),
  )

  app.post(
    '/api/bulk/:id/undo',
    {
      config,
      schema: {
        tags,
        summary: 'Give each ticket back what it had',
        description: 'Where nobody has changed it since. Notes and drafts stay. 409 `bulk_running`.',
        params,
        response: { 200: Bulk, 404: Problem, 409: Problem },
      },
    },
    async ({ actor, params: { id } }) => undoBulk(deps, actor, id),
  )
}
