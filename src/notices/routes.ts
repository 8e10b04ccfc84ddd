import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { FreshNotices, FreshQuery, NoticeListQuery, NoticeMarks, NoticePage } from '../wire.ts'
import { readFresh } from './fresh.ts'
import { listNotices, markRead } from './notices.ts'

const tags = ['Notices']
const config = { access: 'agent' } as const

export async function noticeRoutes(app: App, { db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  app.get(
    '/api/notices',
    {
      config,
      schema: {
        tags,
        summary: 'What you have to hear of, newest first',
        querystring: NoticeListQuery,
        response: { 200: NoticePage },
      },
    },
    async ({ actor, query }) => listNotices(db, actor, query),
  )
  app.post(
    '/api/notices/read',
    {
      config,
      schema: {
        tags,
        summary: 'You have seen these; without ids, all',
        body: NoticeMarks,
        response: { 204: z.null() },
      },
    },
    async ({ actor, body }, reply) => {
      await markRead(db, actor, now(), body.ids)
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/api/notices/fresh',
    {
      config,
      schema: {
        tags,
        summary: 'What you may want to be told of at once, since a time',
        description:
          'Begin without `since`, and go on with the `at` that was answered. The same news may come twice: look at `id`.',
        querystring: FreshQuery,
        response: { 200: FreshNotices },
      },
    },
    async ({ actor, query }) => readFresh(db, actor, query),
  )
}
