/** Incidents: one cause behind many tickets, and one answer to all of them. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import { Id, Problem } from '../wire.ts'
import {
  AlikeTicket,
  AnswerPreview,
  AnswerTexts,
  IncidentDetail,
  IncidentMembers,
  IncidentPage,
  IncidentPatch,
  IncidentQuery,
  MemberPage,
  MemberQuery,
  MembersChanged,
  NewAnswer,
  NewIncident,
  NewIncidentNote,
  RelatedTickets,
} from '../wire-incidents.ts'
import { continueAnswer, startAnswer, stopAnswer } from './answer.ts'
import { addMembers, addNote, changeIncident, createIncident, removeMembers } from './change.ts'
import { previewAnswer } from './preview.ts'
import { requireIncident } from './refs.ts'
import { relatedTickets } from './related.ts'
import { getIncident, listIncidents, listMembers } from './show.ts'
import { suggestMembers } from './suggest.ts'

export interface IncidentRouteDeps extends Pick<Deps, 'db' | 'now' | 'nudge' | 'connections'> {
  readonly hooks: SettleHooks
}

const config = { access: 'agent' } as const
/** What goes to many customers at once. Anybody may stop it. */
const supervisor = { access: 'supervisor' } as const
const tags = ['Incidents']
const params = z.object({ id: Id })
const answerParams = z.object({ id: Id, answerId: Id })
const shown = { 200: z.object({ incident: IncidentDetail }), 404: Problem, 409: Problem, 422: Problem }

export async function incidentRoutes(app: App, deps: IncidentRouteDeps): Promise<void> {
  const show = async (actor: Parameters<typeof getIncident>[1], id: string) => ({
    incident: await getIncident(deps.db, actor, id),
  })

  app.get(
    '/api/incidents',
    {
      config,
      schema: {
        tags,
        summary: 'Incidents, the newest first',
        querystring: IncidentQuery,
        response: { 200: IncidentPage, 400: Problem },
      },
    },
    async (request) => listIncidents(deps.db, request.actor, request.query),
  )

  app.post(
    '/api/incidents',
    {
      config,
      schema: {
        tags,
        summary: 'Make an incident of tickets',
        description:
          'Of one brand: 422 `one_brand`. 409 `in_other_incident` when all of them are in another one already.',
        body: NewIncident,
        response: { 201: z.object({ incident: IncidentDetail }), 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const id = await createIncident(deps, request.actor, request.body)
      return reply.code(201).send(await show(request.actor, id))
    },
  )

  app.get(
    '/api/incidents/:id',
    { config, schema: { tags, summary: 'An incident with its notes and answers', params, response: shown } },
    async (request) => show(request.actor, request.params.id),
  )

  app.patch(
    '/api/incidents/:id',
    {
      config,
      schema: { tags, summary: 'Rename, resolve or reopen an incident', params, body: IncidentPatch, response: shown },
    },
    async (request) => {
      await changeIncident(deps, request.actor, request.params.id, request.body)
      return show(request.actor, request.params.id)
    },
  )

  app.get(
    '/api/incidents/:id/tickets',
    {
      config,
      schema: {
        tags,
        summary: 'Its tickets',
        params,
        querystring: MemberQuery,
        response: { 200: MemberPage, 404: Problem },
      },
    },
    async (request) => listMembers(deps.db, request.actor, request.params.id, request.query),
  )

  app.post(
    '/api/incidents/:id/tickets',
    {
      config,
      schema: {
        tags,
        summary: 'Put tickets into an incident',
        description: 'A ticket is in one incident at most: `elsewhere` names those that stay in another one.',
        params,
        body: IncidentMembers,
        response: { 200: MembersChanged, 404: Problem },
      },
    },
    async (request) => addMembers(deps, request.actor, request.params.id, request.body.ticketIds),
  )

  app.post(
    '/api/incidents/:id/tickets/remove',
    {
      config,
      schema: {
        tags,
        summary: 'Take tickets out of an incident',
        params,
        body: IncidentMembers,
        response: { 200: MembersChanged, 404: Problem },
      },
    },
    async (request) => removeMembers(deps, request.actor, request.params.id, request.body.ticketIds),
  )

  app.get(
    '/api/incidents/:id/suggestions',
    {
      config,
      schema: {
        tags,
        summary: 'Tickets that may belong to it',
        description:
          'Of the past 14 days: by their words, their category, their model. None that is in an incident already.',
        params,
        response: { 200: z.object({ tickets: z.array(AlikeTicket) }), 404: Problem },
      },
    },
    async (request) => {
      const incident = await requireIncident(deps.db, request.actor, request.params.id)
      return { tickets: await suggestMembers(deps.db, request.actor, incident, deps.now()) }
    },
  )

  app.post(
    '/api/incidents/:id/notes',
    {
      config,
      schema: { tags, summary: 'Write a note in an incident', params, body: NewIncidentNote, response: shown },
    },
    async (request) => {
      await addNote(deps, request.actor, request.params.id, request.body.text)
      return show(request.actor, request.params.id)
    },
  )

  app.post(
    '/api/incidents/:id/preview',
    {
      config,
      schema: {
        tags,
        summary: 'What an answer to all would do in each ticket',
        description: 'Which text each gets, in how many calls, and where it cannot be sent and why. Writes nothing.',
        params,
        body: AnswerTexts,
        response: { 200: AnswerPreview, 404: Problem },
      },
    },
    async (request) => previewAnswer(deps, request.actor, request.params.id, request.body),
  )

  app.post(
    '/api/incidents/:id/answers',
    {
      config: supervisor,
      schema: {
        tags,
        summary: 'Answer all tickets of an incident, in your name',
        description:
          'Each through its own conversation, in its customer’s language where there is a text in it. The id is yours: the ' +
          'same once more is no second answer. 409 `answer_running`, `answer_repeated`, `answer_known`.',
        params,
        body: NewAnswer,
        response: shown,
      },
    },
    async (request) => {
      await startAnswer(deps, request.actor, request.params.id, request.body)
      return show(request.actor, request.params.id)
    },
  )

  app.post(
    '/api/incidents/:id/answers/:answerId/stop',
    {
      config,
      schema: {
        tags,
        summary: 'Stop an answer to all',
        description:
          'Nothing more is written, and what is in a queue is taken back. What is with a platform stays sent.',
        params: answerParams,
        response: shown,
      },
    },
    async (request) => {
      await stopAnswer(deps, request.actor, request.params.id, request.params.answerId)
      return show(request.actor, request.params.id)
    },
  )

  app.post(
    '/api/incidents/:id/answers/:answerId/continue',
    {
      config: supervisor,
      schema: {
        tags,
        summary: 'Go on with an answer: where it was stopped, and in tickets that came later',
        description: 'No ticket gets it twice. 409 `nothing_left` when all have it, 409 `answer_running`.',
        params: answerParams,
        response: shown,
      },
    },
    async (request) => {
      await continueAnswer(deps, request.actor, request.params.id, request.params.answerId)
      return show(request.actor, request.params.id)
    },
  )

  app.get(
    '/api/tickets/:id/related',
    {
      config,
      schema: {
        tags: ['Tickets'],
        summary: 'What may belong together with a ticket',
        description: 'Its incident, the same person, the same device, and other people who say the same.',
        params,
        response: { 200: RelatedTickets, 404: Problem },
      },
    },
    async (request) => relatedTickets(deps.db, request.actor, request.params.id, deps.now()),
  )
}
