import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Refused } from '../problem.ts'
import { Id, Problem } from '../wire.ts'
import {
  FactsPatch,
  RepairImported,
  RepairPreview,
  TicketFacts,
  WarrantySource,
  WarrantySourcePut,
} from '../wire-facts.ts'
import { importRepairs, most, previewRepairs } from './import-repairs.ts'
import { listSources, putSource, removeSource } from './sources.ts'
import { changeFacts, readFacts } from './ticket-facts.ts'

const params = z.object({ id: Id })
const agent = { access: 'agent' } as const
const administrator = { access: 'administrator' } as const
const tags = ['Product facts']
const sources = z.object({ sources: z.array(WarrantySource) })

export async function factRoutes(app: App, deps: Pick<Deps, 'db' | 'seal' | 'now' | 'nudge'>): Promise<void> {
  const { db } = deps
  // In this scope only: elsewhere these types are a 415.
  app.addContentTypeParser(
    ['text/csv', 'application/octet-stream'],
    { parseAs: 'buffer', bodyLimit: most.bytes },
    (_request, body, done) => done(null, body),
  )
  const file = (body: unknown): Buffer => {
    if (Buffer.isBuffer(body)) return body
    throw new Refused(415, 'unsupported_media_type', 'The body must be the file itself.')
  }

  app.get(
    '/api/tickets/:id/facts',
    {
      config: agent,
      schema: {
        tags,
        summary: 'The product a ticket is about, its warranty and repairs',
        description: 'Proposals stand in the customer’s messages and are not confirmed. Waits for no other system.',
        params,
        response: { 200: TicketFacts, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => readFacts(deps, actor, id),
  )

  app.patch(
    '/api/tickets/:id/facts',
    {
      config: agent,
      schema: {
        tags,
        summary: 'Write down product facts',
        description: '409 `facts_changed`; 422 `bad_serial`, `bad_date`, `proof_unknown`.',
        params,
        body: FactsPatch,
        response: { 200: TicketFacts, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeFacts(deps, actor, id, body),
  )

  app.post(
    '/api/brands/:id/repairs/preview',
    {
      config: administrator,
      bodyLimit: most.bytes,
      schema: {
        tags,
        summary: 'What would come of a file of repair records',
        consumes: ['text/csv', 'application/octet-stream'],
        params,
        response: { 200: RepairPreview, 404: Problem, 413: Problem, 415: Problem, 422: Problem },
      },
    },
    async ({ params: { id }, body }) => previewRepairs(db, id, file(body)),
  )

  app.post(
    '/api/brands/:id/repairs',
    {
      config: administrator,
      bodyLimit: most.bytes,
      schema: {
        tags,
        summary: 'Bring in a file of repair records',
        description:
          'A CSV with a column for the serial number; a row that is here already has no effect. Bad rows are left out and counted.',
        consumes: ['text/csv', 'application/octet-stream'],
        params,
        response: { 200: RepairImported, 404: Problem, 413: Problem, 415: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => importRepairs(db, actor, id, file(body), deps.now()),
  )

  app.get(
    '/api/warranty-sources',
    {
      config: administrator,
      schema: { tags, summary: 'Where brands’ own systems are asked', response: { 200: sources } },
    },
    async () => ({ sources: await listSources(db) }),
  )

  app.put(
    '/api/brands/:id/warranty-source',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Ask this address for a serial number’s warranty and repairs',
        description:
          'https, with `{serial}`. It answers JSON: `model`, `purchasedOn`, `warrantyUntil`, `repairs` with `repairedOn`, `fault`, `result`, `place`, `reference`. ' +
          'A token that is left out stays while the host stays.',
        params,
        body: WarrantySourcePut,
        response: { 200: sources, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => ({ sources: await putSource(deps, actor, id, body) }),
  )

  app.delete(
    '/api/brands/:id/warranty-source',
    { config: administrator, schema: { tags, summary: 'Ask no more', params, response: { 204: z.null() } } },
    async ({ actor, params: { id } }, reply) => {
      await removeSource(db, actor, id)
      return reply.code(204).send(null)
    },
  )
}
