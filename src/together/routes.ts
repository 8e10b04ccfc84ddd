/** Escalation, remedies, results, and how a brand wants its people to work. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { IdempotencyHeaders } from '../idempotency.ts'
import {
  Conduct,
  ConductPatch,
  EscalationEnd,
  ExportQuery,
  Id,
  NewEscalation,
  NewRemedy,
  NewResult,
  Problem,
  Remedy,
  RemedyPage,
  RemedyPatch,
  ResultPage,
  TicketResult,
} from '../wire.ts'
import { changeConduct, readConduct } from './conduct.ts'
import { endEscalation, escalate } from './escalation.ts'
import { exportRemedies, exportResults } from './exports.ts'
import { addRemedy, changeRemedy } from './remedies.ts'
import { setResult } from './results.ts'

const params = z.object({ id: Id })
const config = { access: 'agent' } as const
const tags = ['Working together']
const none = { 204: z.null() }
const refusals = { 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function togetherRoutes(app: App, deps: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  const { db, nudge } = deps

  app.post(
    '/api/tickets/:id/escalation',
    {
      config,
      schema: {
        tags,
        summary: 'Put the ticket before a supervisor or a team, with the reason',
        description: '409 `already_escalated`; 422 `not_a_supervisor`, `team_unknown`.',
        params,
        body: NewEscalation,
        response: { ...none, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await escalate(deps, actor, id, body)
      nudge()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/tickets/:id/escalation/end',
    {
      config,
      schema: {
        tags,
        summary: 'Answer the escalation, or say that it is needless',
        description:
          'Supervisors answer, and the team it was put before; who escalated may take it back. 409 `not_escalated`.',
        params,
        body: EscalationEnd,
        response: { ...none, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await endEscalation(deps, actor, id, body)
      nudge()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/tickets/:id/remedies',
    {
      config,
      schema: {
        tags,
        summary: 'Write down what the customer is given to make good',
        description: 'With `Idempotency-Key` the same request twice is one. 422 `unknown_currency`, `amount_needed`.',
        params,
        headers: IdempotencyHeaders,
        body: NewRemedy,
        response: { 201: Remedy, ...refusals },
      },
    },
    async ({ actor, params: { id }, body, headers }, reply) => {
      const answer = await addRemedy(deps, actor, id, body, headers['idempotency-key'])
      nudge()
      return reply.code(201).send(answer.body)
    },
  )

  app.patch(
    '/api/remedies/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a remedy, or how far it has come',
        description: '409 `version_conflict` carries it as it is now.',
        params,
        body: RemedyPatch,
        response: { 200: Remedy, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => {
      const remedy = await changeRemedy(deps, actor, id, body)
      nudge()
      return remedy
    },
  )

  app.get(
    '/api/remedies',
    {
      config,
      schema: {
        tags,
        summary: 'Remedies of all tickets, for other programs',
        description: 'Those changed since `since`, oldest change first. Pass `next` as `after` for the following page.',
        querystring: ExportQuery,
        response: { 200: RemedyPage, 400: Problem },
      },
    },
    async ({ actor, query }) => exportRemedies(db, actor, query),
  )

  app.post(
    '/api/tickets/:id/results',
    {
      config,
      schema: {
        tags,
        summary: 'Say what came of the complaint, formally',
        description: 'A change is another one: the newest holds, the others are its history.',
        params,
        body: NewResult,
        response: { 201: TicketResult, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }, reply) => {
      const result = await setResult(deps, actor, id, body)
      nudge()
      return reply.code(201).send(result)
    },
  )

  app.get(
    '/api/results',
    {
      config,
      schema: {
        tags,
        summary: 'Results of all tickets, for other programs, with those that were replaced',
        querystring: ExportQuery,
        response: { 200: ResultPage, 400: Problem },
      },
    },
    async ({ actor, query }) => exportResults(db, actor, query),
  )

  app.get(
    '/api/brands/:id/conduct',
    {
      config,
      schema: {
        tags,
        summary: 'How a brand wants its people to work',
        params,
        response: { 200: Conduct, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => readConduct(db, actor, id),
  )

  app.patch(
    '/api/brands/:id/conduct',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Whether public replies are approved, and whether a result is needed',
        description: 'Holds for what is written from then on; what waits already still waits.',
        params,
        body: ConductPatch,
        response: { 200: Conduct, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeConduct(db, actor, id, body),
  )
}
