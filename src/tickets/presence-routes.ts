import { z } from 'zod'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Presence, PresencePut, Problem } from '../wire.ts'
import { type PresenceDeps, putPresence } from './presence.ts'

export async function presenceRoutes(app: App, deps: PresenceDeps): Promise<void> {
  app.put(
    '/api/presence/:page',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Tickets'],
        summary: 'Say which ticket you have open, and whether you are answering',
        description:
          '`page` is an id the client makes for each of its pages. Repeat it every ten seconds: after 25 the page counts as ' +
          'closed. Answers who is in the ticket; the stream tells of it by `presence`. For people, not for programs.',
        params: z.object({ page: Id }),
        body: PresencePut,
        response: { 200: z.object({ people: z.array(Presence) }), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params, body }) => ({ people: await putPresence(deps, actor, params.page, body) }),
  )
}
