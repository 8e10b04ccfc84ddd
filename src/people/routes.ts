import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Contact, Id, Problem } from '../wire.ts'
import { getContact } from './contact.ts'

export async function peopleRoutes(app: App, deps: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/contacts/:id',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Contacts'],
        summary: 'A person, with their identities and earlier tickets',
        params: z.object({ id: Id }),
        response: { 200: Contact, 404: Problem },
      },
    },
    async (request) => getContact(deps.db, request.actor, request.params.id),
  )
}
