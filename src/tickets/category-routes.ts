import { z } from 'zod'
import { mayActAs } from '../auth/actor.ts'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Problem } from '../wire.ts'
import { Category, CategoryPatch, NewCategory } from '../wire-categories.ts'
import { addCategory, changeCategory, listCategories } from './categories.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const administrator = { access: 'administrator' } as const
const tags = ['Categories']
const all = z.object({ categories: z.array(Category) })

export async function categoryRoutes(app: App, { db }: Pick<Deps, 'db'>): Promise<void> {
  app.get(
    '/api/categories',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'What tickets are about, each category behind its parent',
        response: { 200: all },
      },
    },
    async ({ actor }) => ({ categories: await listCategories(db, mayActAs(actor, 'administrator')) }),
  )

  app.post(
    '/api/categories',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Add a category',
        description: '422 `category_unknown` for a parent that is not there, `too_deep`, `too_many`.',
        body: NewCategory,
        response: { 201: all, 422: Problem },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send({ categories: await addCategory(db, actor, body) }),
  )

  app.patch(
    '/api/categories/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Rename, move, archive or bring back a category',
        description:
          'What is archived is not offered any more, with all below it; tickets keep it. Brought back, it comes with all above it. ' +
          '422 `category_loop`, `too_deep`, `category_unknown`.',
        params,
        body: CategoryPatch,
        response: { 200: all, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => ({ categories: await changeCategory(db, actor, id, body) }),
  )
}
