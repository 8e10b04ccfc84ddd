/** Quality review: answers drawn by chance, judged by a score sheet. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import { NewReview, SamplePage, SampleQuery, ScoreSheet, ScoreSheetPut } from '../wire-quality.ts'
import { drawNow } from './draw.ts'
import { reviewAnswer } from './review.ts'
import { listSamples } from './samples.ts'
import { currentSheet, putSheet } from './sheet.ts'

const tags = ['Quality']

export async function qualityRoutes(app: App, deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  app.get(
    '/api/quality/sheet',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'What answers are judged by', response: { 200: z.object({ sheet: ScoreSheet }) } },
    },
    async () => ({ sheet: await currentSheet(deps.db) }),
  )

  app.put(
    '/api/quality/sheet',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Change what answers are judged by, and how many are drawn',
        description: 'For reviews from then on. 409 `sheet_changed` when somebody else changed it since `version`.',
        body: ScoreSheetPut,
        response: { 200: z.object({ sheet: ScoreSheet }), 409: Problem },
      },
    },
    async (request) => ({ sheet: await putSheet(deps, request.actor, request.body) }),
  )

  app.get(
    '/api/quality/samples',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Answers drawn for review',
        description:
          '`todo` and `done` are for supervisors, and show nobody else’s reviews; `mine` are your own answers, with all that was ' +
          'said of them but not who said it.',
        querystring: SampleQuery,
        response: { 200: SamplePage, 400: Problem, 403: Problem },
      },
    },
    async (request) => listSamples(deps.db, request.actor, request.query),
  )

  app.post(
    '/api/quality/draw',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Draw now: of last week, and of this one so far',
        description:
          'It happens by itself when a week is over. Once there are enough of an agent and week, no more are drawn.',
        response: { 200: z.object({ drawn: z.int() }) },
      },
    },
    async () => ({ drawn: await drawNow(deps) }),
  )

  app.post(
    '/api/quality/samples/:id/reviews',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Review an answer, once',
        params: z.object({ id: Id }),
        body: NewReview,
        response: { 201: z.object({ id: Id, score: z.int() }), 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await reviewAnswer(deps, request.actor, request.params.id, request.body)),
  )
}
