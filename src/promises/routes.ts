/** Working hours and promises: read by everybody whose clocks run by them, kept by administrators. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, NewPolicy, NewWorkCalendar, Policy, PolicyOrder, Problem, Substance, WorkCalendar } from '../wire.ts'
import { addCalendar, changeCalendar, deleteCalendar, listCalendars } from './calendars.ts'
import { addPolicy, changePolicy, deletePolicy, listPolicies, orderPolicies } from './policies.ts'
import { markSubstance } from './substance.ts'

const params = z.object({ id: Id })
const read = { access: 'supervisor' } as const
const keep = { access: 'administrator' } as const
const refusals = { 404: Problem, 409: Problem, 422: Problem }
const Policies = z.object({ policies: z.array(Policy) })

export async function promiseRoutes(app: App, deps: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  await calendarRoutes(app, deps)
  await policyRoutes(app, deps)

  app.put(
    '/api/tickets/:id/replies/:messageId/substance',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Promises'],
        summary: 'Say whether a reply gave the customer something of substance',
        description: 'Every reply of a person counts until somebody says that it does not.',
        params: params.extend({ messageId: Id }),
        body: Substance,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ actor, params: { id, messageId }, body }, reply) => {
      await markSubstance(deps.db, actor, id, messageId, body.counts)
      deps.nudge()
      return reply.code(204).send(null)
    },
  )
}

async function calendarRoutes(app: App, { db, now, nudge }: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  const tags = ['Working hours']
  app.get(
    '/api/calendars',
    {
      config: read,
      schema: { tags, summary: 'Working calendars', response: { 200: z.object({ calendars: z.array(WorkCalendar) }) } },
    },
    async () => ({ calendars: await listCalendars(db, now()) }),
  )
  app.post(
    '/api/calendars',
    {
      config: keep,
      schema: {
        tags,
        summary: 'Add a calendar',
        description: '422 `no_working_time` where nothing could ever be due by it.',
        body: NewWorkCalendar,
        response: { 201: WorkCalendar, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addCalendar(db, actor, now(), body)),
  )
  app.put(
    '/api/calendars/:id',
    {
      config: keep,
      schema: {
        tags,
        summary: 'Change a calendar; every clock that runs by it is worked out again',
        params,
        body: NewWorkCalendar,
        response: { 200: WorkCalendar, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => {
      const calendar = await changeCalendar(db, actor, now(), id, body)
      nudge()
      return calendar
    },
  )
  app.delete(
    '/api/calendars/:id',
    {
      config: keep,
      schema: {
        tags,
        summary: 'Delete a calendar no policy counts by',
        params,
        response: { 204: z.null(), 404: Problem, 409: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteCalendar(db, actor, id)
      return reply.code(204).send(null)
    },
  )
}

async function policyRoutes(app: App, { db, now, nudge }: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  const tags = ['Promises']
  app.get(
    '/api/policies',
    {
      config: read,
      schema: { tags, summary: 'What is promised: the first that fits a ticket holds', response: { 200: Policies } },
    },
    async () => ({ policies: await listPolicies(db) }),
  )
  app.post(
    '/api/policies',
    {
      config: keep,
      schema: {
        tags,
        summary: 'Add a policy, asked last',
        description:
          'Every clock is worked out again. 422 `calendar_missing`, `unknown_calendar`, `unknown_team`, `unknown_brand`.',
        body: NewPolicy,
        response: { 201: Policy, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => {
      const policy = await addPolicy(db, actor, now(), body)
      nudge()
      return reply.code(201).send(policy)
    },
  )
  app.put(
    '/api/policies/:id',
    {
      config: keep,
      schema: { tags, summary: 'Change a policy', params, body: NewPolicy, response: { 200: Policy, ...refusals } },
    },
    async ({ actor, params: { id }, body }) => {
      const policy = await changePolicy(db, actor, now(), id, body)
      nudge()
      return policy
    },
  )
  app.put(
    '/api/policies',
    {
      config: keep,
      schema: {
        tags,
        summary: 'The order in which they are asked',
        body: PolicyOrder,
        response: { 200: Policies, 422: Problem },
      },
    },
    async ({ actor, body }) => {
      const policies = await orderPolicies(db, actor, now(), body.ids)
      nudge()
      return { policies }
    },
  )
  app.delete(
    '/api/policies/:id',
    {
      config: keep,
      schema: { tags, summary: 'Delete a policy', params, response: { 204: z.null(), 404: Problem } },
    },
    async ({ actor, params: { id } }, reply) => {
      await deletePolicy(db, actor, now(), id)
      nudge()
      return reply.code(204).send(null)
    },
  )
}
