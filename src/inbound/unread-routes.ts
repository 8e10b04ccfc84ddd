import { z } from 'zod'
import { requireAccount } from '../accounts/list-log.ts'
import { writeAudit } from '../auth/audit.ts'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem, Replayed, UnreadChoice, UnreadContent, UnreadPage, UnreadQuery } from '../wire.ts'
import type { ReplayDeps } from './unread.ts'
import { replaySome } from './unread.ts'
import { discardUnread, listUnread, restoreUnread, showUnread, tellOfAccount } from './unread-list.ts'

const tags = ['Accounts']
const config = { access: 'administrator' } as const
const params = z.object({ id: Id })
const Ids = z.array(Id).min(1).max(100)
const Count = z.object({ count: z.int() })

/** What came in and could not be read: look at it, read it again, discard it. */
export async function unreadRoutes(app: App, deps: Deps & ReplayDeps): Promise<void> {
  app.get(
    '/api/accounts/:id/unread/items',
    {
      config,
      schema: {
        tags,
        summary: 'What could not be read, oldest first',
        params,
        querystring: UnreadQuery,
        response: { 200: UnreadPage, 404: Problem },
      },
    },
    async ({ actor, params: { id }, query }) => listUnread(deps.db, actor, id, query),
  )

  app.get(
    '/api/accounts/:id/unread/items/:unread',
    {
      config,
      schema: {
        tags,
        summary: 'What is in it, without its secrets',
        description: 'Who looked is written into the audit. 422 `unread_sealed`: it was kept under another secret.',
        params: params.extend({ unread: Id }),
        response: { 200: UnreadContent, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id, unread } }) => showUnread(deps, actor, id, unread),
  )

  app.post(
    '/api/accounts/:id/unread/replay',
    {
      config,
      schema: {
        tags,
        summary: 'Read some of it again',
        description: '`ids`, or the next `limit` after `after`: call it with `next` until that is null.',
        params,
        body: UnreadChoice,
        response: { 200: Replayed, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => {
      await requireAccount(deps.db, actor, id)
      const result = await replaySome(deps, id, body)
      const { replayed, failed } = result
      if (replayed + failed > 0) {
        await deps.db.transaction(async (tx) => {
          await tellOfAccount(tx, id)
          await writeAudit(tx, actor, 'account.replayed', `account:${id}`, { replayed, failed })
        })
        deps.nudge()
      }
      return result
    },
  )

  app.post(
    '/api/accounts/:id/unread/discard',
    {
      config,
      schema: {
        tags,
        summary: 'Discard some of it, or all',
        description: 'It can be brought back for 30 days. `ids` null: all that waits.',
        params,
        body: z.strictObject({ ids: Ids.nullable() }),
        response: { 200: Count, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body: { ids } }) => ({ count: await discardUnread(deps, actor, id, ids) }),
  )

  app.post(
    '/api/accounts/:id/unread/restore',
    {
      config,
      schema: {
        tags,
        summary: 'Bring back what was discarded',
        params,
        body: z.strictObject({ ids: Ids }),
        response: { 200: Count, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body: { ids } }) => ({ count: await restoreUnread(deps, actor, id, ids) }),
  )
}
