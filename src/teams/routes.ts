/** Teams: read by everybody, kept by supervisors. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, NewTeam, Problem, Team } from '../wire.ts'
import { addTeam, changeTeam, deleteTeam, listTeams } from './teams.ts'

const params = z.object({ id: Id })
const config = { access: 'supervisor' } as const
const tags = ['Teams']
const refusals = { 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function teamRoutes(app: App, { db, now, nudge }: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  app.get(
    '/api/teams',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'The teams that take tickets of your brands',
        response: { 200: z.object({ teams: z.array(Team) }) },
      },
    },
    async ({ actor }) => ({ teams: await listTeams(db, actor) }),
  )

  app.post(
    '/api/teams',
    {
      config,
      schema: {
        tags,
        summary: 'Add a team',
        description:
          'One for every brand (`brandIds` null) is made by those who see every brand. 409 `team_taken`, 422 `unknown_brand`, ' +
          '`unknown_user`.',
        body: NewTeam,
        response: { 201: Team, ...refusals },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addTeam(db, actor, now(), body)),
  )

  app.put(
    '/api/teams/:id',
    {
      config,
      schema: { tags, summary: 'Change a team', params, body: NewTeam, response: { 200: Team, ...refusals } },
    },
    async ({ actor, params: { id }, body }) => changeTeam(db, actor, now(), id, body),
  )

  app.delete(
    '/api/teams/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a team; its tickets stay, with no team',
        params,
        response: { 204: z.null(), 403: Problem, 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteTeam(db, actor, id)
      nudge()
      return reply.code(204).send(null)
    },
  )
}
