/** What people have to do by a time. */
import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { notFound } from '../problem.ts'
import { Id, Problem, Task, TaskAgain, TaskDone, TaskPage, TaskPatch, TaskQuery } from '../wire.ts'
import { changeTask } from './change.ts'
import { cancelTask, type FinishDeps, finishTask, tryAgain } from './finish.ts'
import { listTasks } from './list.ts'
import { showTasks } from './show.ts'

export interface TaskRouteDeps extends Pick<Deps, 'db' | 'connections' | 'now' | 'nudge'>, Pick<FinishDeps, 'hooks'> {}

const config = { access: 'agent' } as const
const tags = ['Tasks']
const params = z.object({ id: Id })
const response = { 200: z.object({ task: Task }), 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function taskRoutes(app: App, deps: TaskRouteDeps): Promise<void> {
  async function after(id: string, work: Promise<void>): Promise<{ task: Task }> {
    await work
    deps.nudge()
    const [task] = await showTasks(deps.db, deps.connections, [id])
    if (!task) throw notFound('task')
    return { task }
  }
  const act = (actor: Actor, id: string, work: (deps: FinishDeps, actor: Actor, id: string) => Promise<void>) =>
    after(id, work(deps, actor, id))

  app.get(
    '/api/tasks',
    {
      config,
      schema: {
        tags,
        summary: 'What is to be done, first due first',
        description: '`due=now`: only what is due. `due` in the answer counts all open ones of your brands that are.',
        querystring: TaskQuery,
        response: { 200: TaskPage, 400: Problem },
      },
    },
    async (request) => listTasks(deps, request.actor, request.query),
  )

  app.post(
    '/api/tasks/:id/done',
    {
      config,
      schema: {
        tags,
        summary: 'Write down what was said or done',
        description:
          'Said to the customer it becomes the reply, and the ticket is answered; a department’s result becomes a note. 409 `task_not_open` when somebody else was quicker.',
        params,
        body: TaskDone,
        response,
      },
    },
    async ({ actor, params: { id }, body }) => act(actor, id, () => finishTask(deps, actor, id, body.text)),
  )

  app.post(
    '/api/tasks/:id/again',
    {
      config,
      schema: { tags, summary: 'Not reached: try again later', params, body: TaskAgain, response },
    },
    async ({ actor, params: { id }, body }) => act(actor, id, () => tryAgain(deps, actor, id, body)),
  )

  app.post(
    '/api/tasks/:id/cancel',
    { config, schema: { tags, summary: 'Nobody need do it any more', params, response } },
    async ({ actor, params: { id } }) => act(actor, id, cancelTask),
  )

  app.patch(
    '/api/tasks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change by when it is due, or who does it',
        params,
        body: TaskPatch,
        response,
      },
    },
    async ({ actor, params: { id }, body }) => act(actor, id, () => changeTask(deps, actor, id, body)),
  )
}
