import { z } from 'zod'
import type { App } from '../../deps.ts'
import type {} from '../../http/access.ts'
import { Refused } from '../../problem.ts'
import { Id, Problem } from '../../wire.ts'
import { Import, ImportChoice, Uploaded, UploadQuery } from '../../wire-imports.ts'
import { contentDisposition } from '../file-name.ts'
import {
  discardImport,
  type ImportsDeps,
  listImports,
  previewImport,
  readBadRows,
  readImport,
  startImport,
  uploadImport,
} from './imports.ts'

export type ImportRouteDeps = ImportsDeps

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Imports']
/** No adapter may take more. */
const mostBytes = 32 * 1024 * 1024
/** Of all people together, on this node: each is a file in memory. */
const atOnce = 4
const receivedAtOnce = 8

export async function importRoutes(app: App, deps: ImportRouteDeps): Promise<void> {
  // In this scope only: elsewhere these types are a 415.
  app.addContentTypeParser(
    ['text/csv', 'application/octet-stream'],
    { parseAs: 'buffer', bodyLimit: mostBytes },
    (_request, body, done) => done(null, body),
  )
  const few = limitAtOnce(atOnce)
  let receiving = 0

  app.post(
    '/api/accounts/:id/imports',
    {
      config,
      bodyLimit: mostBytes,
      preParsing: async (request, reply) => {
        if (request.headers['content-type']?.startsWith('application/json')) {
          throw new Refused(415, 'unsupported_media_type', 'The body must be the file itself.')
        }
        if (receiving >= receivedAtOnce) {
          throw new Refused(429, 'too_many_uploads', 'Too many uploads at the same time.', { retryAfterSeconds: 5 })
        }
        receiving += 1
        reply.raw.once('close', () => {
          receiving -= 1
        })
      },
      schema: {
        tags,
        summary: 'Bring a file into an account, and see what would come of it',
        description:
          'The body is the file, `text/csv` or `application/octet-stream`. Nothing is imported yet: the answer says which column ' +
          'was taken for what, how the first rows will look, and what is wrong with the others. 422 `file_…` when it is no ' +
          'table. A file that is not begun within a day is deleted. Which channels take files is told by `imports` of the channel.',
        consumes: ['text/csv', 'application/octet-stream'],
        params,
        querystring: UploadQuery,
        response: { 201: Uploaded, 404: Problem, 413: Problem, 415: Problem, 422: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { id } = request.params
      const uploaded = await few(() => uploadImport(deps, request.actor, id, request.query.name, bytes))
      return reply.code(201).send(uploaded)
    },
  )

  app.get(
    '/api/accounts/:id/imports',
    {
      config,
      schema: {
        tags,
        summary: 'The newest imports of an account',
        params,
        response: { 200: z.object({ imports: z.array(Import) }), 404: Problem },
      },
    },
    async (request) => ({ imports: await listImports(deps, request.actor, request.params.id) }),
  )

  app.get(
    '/api/imports/:id',
    {
      config,
      schema: {
        tags,
        summary: 'How far an import is',
        params,
        response: { 200: z.object({ import: Import }), 404: Problem },
      },
    },
    async (request) => ({ import: await readImport(deps, request.actor, request.params.id) }),
  )

  app.post(
    '/api/imports/:id/preview',
    {
      config,
      schema: {
        tags,
        summary: 'The same file with other columns',
        params,
        body: ImportChoice,
        response: { 200: Uploaded, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request) => few(() => previewImport(deps, request.actor, request.params.id, request.body.mapping)),
  )

  app.post(
    '/api/imports/:id/start',
    {
      config,
      schema: {
        tags,
        summary: 'Import the good rows',
        description:
          'They come in like every post, in the background; `GET` says how far it is. A row that is there already has no effect.',
        params,
        body: ImportChoice,
        response: { 202: z.object({ import: Import }), 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const started = await few(() => startImport(deps, request.actor, id, request.body.mapping))
      return reply.code(202).send({ import: started })
    },
  )

  app.get(
    '/api/imports/:id/bad-rows',
    {
      config,
      schema: {
        tags,
        summary: 'The rows that cannot be imported, as a CSV with the reasons',
        params,
        response: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } }, 404: Problem },
      },
    },
    async (request, reply) => {
      const { name, text } = await readBadRows(deps, request.actor, request.params.id)
      reply.headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': contentDisposition('attachment', name),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      return reply.send(text)
    },
  )

  app.delete(
    '/api/imports/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Throw away a file that was not begun',
        params,
        response: { 204: z.null(), 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      await discardImport(deps, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

/** The others wait for their turn. */
function limitAtOnce(most: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
