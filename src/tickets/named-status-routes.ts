import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, NamedOrder, NamedStatus, NamedStatusPatch, NewNamedStatus, Problem } from '../wire.ts'
import { addNamedStatus, changeNamedStatus, listNamedStatuses, orderNamedStatuses } from './named-statuses.ts'

const config = { access: 'administrator' } as const
const tags = ['Named statuses']
const List = z.object({ statuses: z.array(NamedStatus) })

export async function namedStatusRoutes(app: App, { db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  app.get(
    '/api/named-statuses',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'Finer names of the fixed statuses, in their order', response: { 200: List } },
    },
    async () => ({ statuses: await listNamedStatuses(db) }),
  )

  app.post(
    '/api/named-statuses',
    {
      config,
      schema: {
        tags,
        summary: 'Add a name for one of the fixed statuses',
        body: NewNamedStatus,
        response: { 201: NamedStatus, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addNamedStatus(db, actor, body)),
  )

  app.patch(
    '/api/named-statuses/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change its names or colour, archive or bring back',
        description: 'An archived one is chosen no more; tickets that have it keep it.',
        params: z.object({ id: Id }),
        body: NamedStatusPatch,
        response: { 200: NamedStatus, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeNamedStatus(db, actor, id, body, now()),
  )

  app.put(
    '/api/named-statuses/order',
    {
      config,
      schema: {
        tags,
        summary: 'Put them in another order',
        body: NamedOrder,
        response: { 200: List, 422: Problem },
      },
    },
    async ({ actor, body }) => ({ statuses: await orderNamedStatuses(db, actor, body.ids) }),
  )
}
