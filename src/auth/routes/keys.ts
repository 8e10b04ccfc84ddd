import { z } from 'zod'
import type { App } from '../../deps.ts'
import { ApiKey, Id, NewApiKey } from '../../wire.ts'
import { createKey, listKeys, revokeKey } from '../keys.ts'
import type { AuthRouteDeps } from '../routes.ts'

const tags = ['API keys']

export async function keyRoutes(app: App, { db, now }: AuthRouteDeps): Promise<void> {
  app.get(
    '/api/keys',
    {
      config: { access: 'administrator' },
      schema: { tags, summary: 'All keys, newest first', response: { 200: z.object({ keys: z.array(ApiKey) }) } },
    },
    async () => ({ keys: await listKeys(db) }),
  )

  app.post(
    '/api/keys',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Make a key; `key` is shown this once',
        body: NewApiKey,
        response: { 201: z.object({ apiKey: ApiKey, key: z.string() }) },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...rest } = request.body
      const made = await createKey(
        db,
        request.actor,
        { ...rest, expiresAt: expiresAt ? new Date(expiresAt) : null },
        now(),
      )
      return reply.code(201).send(made)
    },
  )

  app.delete(
    '/api/keys/:id',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Revoke a key, at once and for ever',
        params: z.object({ id: Id }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await revokeKey(db, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
