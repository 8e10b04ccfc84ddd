/** Figures for supervisors and administrators, of their own brands. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Problem } from '../wire.ts'
import { FigureCsvQuery, FigureQuery, FigureReport } from '../wire-figures.ts'
import { csvOf } from './csv.ts'
import { readFigures } from './report.ts'

const config = { access: 'supervisor' } as const
const tags = ['Figures']

export async function figureRoutes(app: App, deps: Pick<Deps, 'db' | 'channels' | 'now'>): Promise<void> {
  app.get(
    '/api/figures',
    {
      config,
      schema: {
        tags,
        summary: 'What came in, what was done about it, and how long that took',
        description:
          'Of tickets and answers from `from` up to `to`, cut into hours (up to 2 days), days (up to 92) or weeks of `zone`. Spans ' +
          'are milliseconds by the clock on the wall. What programs and rules wrote is no answer. `before` is the same span just ' +
          'before.',
        querystring: FigureQuery,
        response: { 200: FigureReport, 400: Problem, 422: Problem, 503: Problem },
      },
    },
    async (request) => readFigures(deps.db, request.actor, request.query, deps.now()),
  )

  app.get(
    '/api/figures.csv',
    {
      config,
      schema: {
        tags,
        summary: 'One table of the figures, for a spreadsheet',
        description: 'UTF-8 with a byte order mark; spans in minutes.',
        querystring: FigureCsvQuery,
        response: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } }, 400: Problem },
      },
    },
    async (request, reply) => {
      const { by, language, ...query } = request.query
      const report = await readFigures(deps.db, request.actor, query, deps.now())
      const titleOf = (channel: string) => deps.channels.get(channel)?.title ?? null
      const file = csvOf(report, by, language === 'en' ? 'en' : 'zh', titleOf)
      const day = query.from.slice(0, 10)
      reply.header('content-type', 'text/csv; charset=utf-8')
      reply.header('content-disposition', `attachment; filename="huixin-${by}-${day}.csv"`)
      return reply.send(file)
    },
  )
}
