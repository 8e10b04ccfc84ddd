import { z } from 'zod'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { Contact, ContactPatch, Id, Problem } from '../wire.ts'
import { getContact } from './contact.ts'
import { type RenameDeps, renameContact } from './rename.ts'

const params = z.object({ id: Id })

export async function peopleRoutes(app: App, deps: RenameDeps): Promise<void> {
  app.get(
    '/api/contacts/:id',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Contacts'],
        summary: 'A person, with their identities and earlier tickets',
        params,
        response: { 200: Contact, 404: Problem },
      },
    },
    async (request) => getContact(deps.db, request.actor, request.params.id),
  )

  app.patch(
    '/api/contacts/:id',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Contacts'],
        summary: 'Give a person another name',
        description: 'It stands in place of what the platforms call them, from then on.',
        params,
        body: ContactPatch,
        response: { 200: Contact, 404: Problem },
      },
    },
    async (request) => renameContact(deps, request.actor, request.params.id, request.body.name),
  )
}
