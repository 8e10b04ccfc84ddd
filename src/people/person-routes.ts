import { z } from 'zod'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import {
  Blocked,
  ContactField,
  ContactFieldPatch,
  ContactNote,
  ContactValues,
  NewContactField,
  NewContactNote,
  PersonDetail,
  PersonMerged,
  PersonMergeInto,
} from '../wire-people.ts'
import { type BlockDeps, blockPerson, unblockPerson } from './block.ts'
import { personDetail } from './detail.ts'
import { addField, archiveField, changeField, listFields, setValues } from './fields.ts'
import { keepApart, mergePeople, undoPeopleMerge } from './merge.ts'
import { addContactNote, deleteContactNote } from './notes.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const administrator = { access: 'administrator' } as const
const tags = ['Contacts']
const refusals = { 404: Problem, 409: Problem, 422: Problem }

export async function personRoutes(app: App, deps: BlockDeps): Promise<void> {
  app.get(
    '/api/contacts/:id/detail',
    {
      config,
      schema: {
        tags,
        summary: 'Notes, fields, block, and who may be the same person',
        params,
        response: { 200: PersonDetail, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => personDetail(deps.db, actor, id),
  )

  app.post(
    '/api/contacts/:id/notes',
    {
      config,
      schema: {
        tags,
        summary: 'Note something on a person',
        params,
        body: NewContactNote,
        response: { 201: ContactNote, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) =>
      reply.code(201).send(await addContactNote(deps, actor, id, body.text)),
  )

  app.delete(
    '/api/contacts/:id/notes/:noteId',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a note: your own, or as a supervisor',
        params: params.extend({ noteId: Id }),
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id, noteId } }, reply) => {
      await deleteContactNote(deps, actor, id, noteId)
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/api/contacts/:id/values',
    {
      config,
      schema: {
        tags,
        summary: 'Set fields of a person, by the fields’ ids',
        description: 'A date is `YYYY-MM-DD`; null takes a value away. 422 `field_unknown`, `bad_value`.',
        params,
        body: ContactValues,
        response: { 204: z.null(), ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await setValues(deps, actor, id, body.values)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/contacts/:id/block',
    {
      config,
      schema: {
        tags,
        summary: 'Block a person',
        description: 'What they write is kept and opens no ticket; their open tickets are closed.',
        params,
        response: { 200: Blocked, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => blockPerson(deps, actor, id),
  )

  app.delete(
    '/api/contacts/:id/block',
    {
      config,
      schema: {
        tags,
        summary: 'What a person writes from now on opens tickets again',
        params,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await unblockPerson(deps, actor, id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/contacts/:id/merge',
    {
      config,
      schema: {
        tags,
        summary: 'Let this person become one with another',
        description: 'Identities and tickets go along; notes and fields are shown with the other’s. Twice is once.',
        params,
        body: PersonMergeInto,
        response: { 200: PersonMerged, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => mergePeople(deps, actor, id, body.into),
  )

  app.put(
    '/api/contacts/:id/apart',
    {
      config,
      schema: {
        tags,
        summary: 'These are two people: do not suggest them again',
        params,
        body: PersonMergeInto,
        response: { 204: z.null(), ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await keepApart(deps, actor, id, body.into)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/contact-merges/:id/undo',
    {
      config,
      schema: {
        tags,
        summary: 'Make two people of them again',
        description: '409 `merged_further`.',
        params,
        response: { 200: PersonMerged, 404: Problem, 409: Problem },
      },
    },
    async ({ actor, params: { id } }) => undoPeopleMerge(deps, actor, id),
  )

  app.get(
    '/api/contact-fields',
    {
      config,
      schema: {
        tags,
        summary: 'The fields kept of people',
        response: { 200: z.object({ fields: z.array(ContactField) }) },
      },
    },
    async () => ({ fields: await listFields(deps.db) }),
  )

  app.post(
    '/api/contact-fields',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Add a field',
        description:
          'One that was taken away before is there again, with its values. 409 `name_taken`, 422 `too_many`.',
        body: NewContactField,
        response: { 201: ContactField, ...refusals },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addField(deps.db, actor, body)),
  )

  app.patch(
    '/api/contact-fields/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change a field',
        params,
        body: ContactFieldPatch,
        response: { 200: ContactField, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => changeField(deps.db, actor, id, body),
  )

  app.delete(
    '/api/contact-fields/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Ask for a field no more; its values are kept',
        params,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await archiveField(deps.db, actor, id)
      return reply.code(204).send(null)
    },
  )
}
