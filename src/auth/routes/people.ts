import { z } from 'zod'
import type { App } from '../../deps.ts'
import { Colleague, Id, Me, NewUser, Problem, User, UserPatch } from '../../wire.ts'
import { createUser } from '../create-user.ts'
import { meOf } from '../me.ts'
import type { AuthRouteDeps } from '../routes.ts'
import { changeUser, listColleagues, listUsers, readUser, resetPassword, signOutEverywhere } from '../users.ts'

const tags = ['People']
const params = z.object({ id: z.string().max(100) })

export async function peopleRoutes(app: App, { db }: AuthRouteDeps): Promise<void> {
  app.get(
    '/api/me',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'Who asks: a person signed in or a program', response: { 200: Me } },
    },
    async (request) => meOf(request.actor),
  )

  app.get(
    '/api/colleagues',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Who a ticket can be given to',
        querystring: z.strictObject({ brand: Id.optional() }),
        response: { 200: z.object({ colleagues: z.array(Colleague) }) },
      },
    },
    async (request) => ({ colleagues: await listColleagues(db, request.actor, request.query.brand) }),
  )

  app.get(
    '/api/users',
    {
      config: { access: 'administrator' },
      schema: { tags, summary: 'Everybody', response: { 200: z.object({ users: z.array(User) }) } },
    },
    async () => ({ users: await listUsers(db) }),
  )

  app.post(
    '/api/users',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Add a user; without a password one is made and shown once',
        body: NewUser,
        response: { 201: z.object({ user: User, password: z.string().nullable() }) },
      },
    },
    async (request, reply) => {
      const { id, password } = await createUser(db, request.actor, request.body)
      return reply.code(201).send({ user: await readUser(db, id), password })
    },
  )

  app.patch(
    '/api/users/:id',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Change a user’s name, role, brands, or whether they may sign in',
        params,
        body: UserPatch,
        response: { 200: User },
      },
    },
    async (request) => changeUser(db, request.actor, request.params.id, request.body),
  )

  app.post(
    '/api/users/:id/password',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Give a user a new password, shown once; ends their sessions',
        params,
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ password: z.string() }) },
      },
    },
    async (request) => ({ password: await resetPassword(db, request.actor, request.params.id) }),
  )

  app.post(
    '/api/users/:id/sign-out',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Sign a user out everywhere',
        params,
        body: z.strictObject({}).nullish(),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      await signOutEverywhere(db, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
