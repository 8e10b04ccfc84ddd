/** Departments, and the tasks that are opened for them. */
import { z } from 'zod'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { IdempotencyHeaders } from '../idempotency.ts'
import { notFound } from '../problem.ts'
import { Department, DepartmentPatch, Id, NewDepartment, NewTask, Problem, Task, TaskReturn } from '../wire.ts'
import { openDepartmentTask, returnTask } from './department-task.ts'
import { addDepartment, changeDepartment, listDepartments } from './departments.ts'
import type { TaskRouteDeps } from './routes.ts'
import { showTasks } from './show.ts'

const params = z.object({ id: Id })
const tags = ['Tasks']
const agent = { access: 'agent' } as const
const administrator = { access: 'administrator' } as const

export async function departmentRoutes(app: App, deps: TaskRouteDeps): Promise<void> {
  async function show(id: string): Promise<{ task: Task }> {
    deps.nudge()
    const [task] = await showTasks(deps.db, deps.connections, [id])
    if (!task) throw notFound('task')
    return { task }
  }

  app.get(
    '/api/departments',
    {
      config: agent,
      schema: {
        tags,
        summary: 'Departments, with their members and what is open there',
        response: { 200: z.object({ departments: z.array(Department) }) },
      },
    },
    async ({ actor }) => ({ departments: await listDepartments(deps.db, actor, deps.now()) }),
  )

  app.post(
    '/api/departments',
    {
      config: administrator,
      schema: { tags, summary: 'Add a department', body: NewDepartment, response: { 201: Department, 422: Problem } },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addDepartment(deps.db, actor, body)),
  )

  app.patch(
    '/api/departments/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change names or members, archive or bring back',
        description: 'An archived department takes no new tasks; those it has go on.',
        params,
        body: DepartmentPatch,
        response: { 200: Department, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => changeDepartment(deps.db, actor, id, body, deps.now()),
  )

  app.post(
    '/api/tickets/:id/tasks',
    {
      config: agent,
      schema: {
        tags,
        summary: 'Ask another department for something',
        description:
          'With `Idempotency-Key` the same request twice is one task. `wait`: the ticket is `waiting_other` until the last ' +
          'such task ends. 422 `unknown_department`.',
        params,
        headers: IdempotencyHeaders,
        body: NewTask,
        response: { 201: z.object({ task: Task }), 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body, headers }, reply) => {
      const answer = await openDepartmentTask(deps, actor, id, body, headers['idempotency-key'])
      return reply.code(201).send(await show(answer.body.id))
    },
  )

  app.post(
    '/api/tasks/:id/return',
    {
      config: agent,
      schema: {
        tags,
        summary: 'The department cannot do it, and says why',
        description: 'The reason goes into the ticket as a note. 403 `not_a_member`, 409 `task_not_open`.',
        params,
        body: TaskReturn,
        response: { 200: z.object({ task: Task }), 403: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => {
      await returnTask(deps, actor, id, body.reason)
      return show(id)
    },
  )
}
