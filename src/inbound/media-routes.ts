import type { ServerResponse } from 'node:http'
import multipart from '@fastify/multipart'
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import type { MediaStore } from '../media-store.ts'
import { Id, Media, Problem } from '../wire.ts'
import { serveFile } from './serve-file.ts'
import { createUploads } from './upload.ts'

export type MediaRouteDeps = Pick<Deps, 'db' | 'channels' | 'now' | 'log'> & {
  readonly media: MediaStore
  /** How long a transfer may go on once the server stops. Default 5,000 ms. */
  readonly finishMs?: number
}

export async function mediaRoutes(app: App, deps: MediaRouteDeps): Promise<void> {
  const uploads = createUploads(deps)
  endTransfers(app, deps.finishMs ?? 5_000)
  // In this scope only: elsewhere a form is a 415.
  await app.register(multipart, { limits: uploads.limits })

  app.post(
    '/api/media',
    {
      config: { access: 'agent' },
      schema: {
        summary: 'Upload a file to send later',
        description:
          '`multipart/form-data` with one file, and optionally `ticketId` or `accountId` (whose brand it is for; needed by those who see several ' +
          'brands) and `kind` (`document` sends a picture uncompressed). The id goes into `mediaIds` of a reply or note; ' +
          'a file that is not used within a day is deleted.',
        tags: ['Files'],
        consumes: ['multipart/form-data'],
        response: { 201: z.object({ media: Media }), 404: Problem, 413: Problem, 415: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const media = await uploads.take(request, reply)
      return reply.code(201).send({ media })
    },
  )

  app.get(
    '/api/media/:id',
    {
      exposeHeadRoute: false,
      config: { access: 'agent' },
      schema: {
        summary: 'A file',
        description:
          'Pictures, clips and recordings of common kinds are shown in place, everything else is to be saved. Takes `Range` and ' +
          '`If-None-Match`. 409 `media_pending` while it is being fetched, 410 `media_failed` with the reason when it will not come.',
        tags: ['Files'],
        params: z.object({ id: Id }),
        response: {
          200: { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } },
          206: { description: 'The part asked for', content: { 'application/octet-stream': { schema: z.string() } } },
          304: z.null().describe('It is the one the client has'),
          404: Problem,
          409: Problem,
          410: Problem,
          416: Problem,
        },
      },
    },
    async (request, reply) => serveFile(deps, request.actor, request.params.id, request, reply),
  )
}

/** A browser that paused a clip takes no more of it and never ends: the server would wait for it for ever. */
function endTransfers(app: App, afterMs: number): void {
  const open = new Set<ServerResponse>()
  app.addHook('onRequest', async (_request, { raw }) => {
    open.add(raw)
    raw.once('close', () => open.delete(raw))
  })
  app.addHook('preClose', async () => {
    // Not waited for: what ends by itself must not hold the server up.
    setTimeout(() => {
      for (const response of open) response.destroy()
    }, afterMs).unref()
  })
}
