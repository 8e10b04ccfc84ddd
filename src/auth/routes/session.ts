import { z } from 'zod'
import type { App } from '../../deps.ts'
import { addressOf } from '../../http/limits.ts'
import { ChangePassword, Me, Session, Setup, SignIn } from '../../wire.ts'
import { meOf } from '../me.ts'
import type { AuthRouteDeps } from '../routes.ts'
import { completeSetup, isSetupNeeded } from '../setup.ts'
import { changePassword, endOwnSessions, listSessions, signIn, signOut } from '../sign-in.ts'

const Done = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const tags = ['Sign-in']

/** Under the paths better-auth's clients use, with our own schemas, limits and answers. */
export async function sessionRoutes(app: App, deps: AuthRouteDeps): Promise<void> {
  app.post(
    '/api/auth/sign-in/email',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Sign in with e-mail address and password; sets the session cookie',
        body: SignIn,
        response: { 200: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => ({ id: await signIn(deps, request, reply, request.body) }),
  )

  app.post(
    '/api/auth/sign-out',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'End the session of the cookie',
        body: z.strictObject({}).nullish(),
        response: { 200: Done },
      },
    },
    async (request, reply) => {
      await signOut(deps, request, reply)
      return done
    },
  )

  app.get(
    '/api/auth/get-session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Who is signed in, if anybody', response: { 200: z.object({ me: Me.nullable() }) } },
    },
    async (request, reply) => {
      const actor = await deps.resolve(request, (name, value) => void reply.header(name, value))
      return { me: actor && meOf(actor) }
    },
  )

  app.post(
    '/api/auth/change-password',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Change one’s own password; ends all other sessions',
        body: ChangePassword,
        response: { 200: Done },
      },
    },
    async (request, reply) => {
      await changePassword(deps, request, reply, request.body)
      return done
    },
  )

  app.get(
    '/api/auth/list-sessions',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Where one is signed in',
        response: { 200: z.object({ sessions: z.array(Session) }) },
      },
    },
    async (request) => ({ sessions: await listSessions(deps.db, request.actor, deps.now()) }),
  )

  app.post(
    '/api/auth/revoke-session',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'End one of one’s own sessions',
        body: z.strictObject({ id: z.string().max(100) }),
        response: { 200: Done },
      },
    },
    async (request) => {
      await endOwnSessions(deps.db, request.actor, request.body)
      return done
    },
  )

  app.post(
    '/api/auth/revoke-other-sessions',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'End all of one’s own sessions but this one',
        body: z.strictObject({}).nullish(),
        response: { 200: Done },
      },
    },
    async (request) => {
      await endOwnSessions(deps.db, request.actor, 'others')
      return done
    },
  )

  app.get(
    '/api/setup',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether the first administrator is still to be made',
        response: { 200: z.object({ needed: z.boolean() }) },
      },
    },
    async () => ({ needed: await isSetupNeeded(deps.db) }),
  )

  app.post(
    '/api/setup',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Make the first administrator with the code printed at start, and sign in',
        body: Setup,
        response: { 201: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body
      await deps.limiters.failuresPerAddress.attempt(request, addressOf(request), () =>
        completeSetup(deps, request.body),
      )
      return reply.code(201).send({ id: await signIn(deps, request, reply, { email, password }) })
    },
  )
}
