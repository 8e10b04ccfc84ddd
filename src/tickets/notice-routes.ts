import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { NoticeQuery, Notices } from '../wire.ts'
import { readNotices } from './notices.ts'

export async function noticeRoutes(app: App, { db }: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/notices',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Live'],
        summary: 'What you may want to be told of, since a time',
        description:
          'Begin without `since`, and go on with the `at` that was answered. The same news may come twice: look at `key`.',
        querystring: NoticeQuery,
        response: { 200: Notices },
      },
    },
    async ({ actor, query }) => readNotices(db, actor, query),
  )
}
