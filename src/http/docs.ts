/** OpenAPI 3.1 from the routes' own schemas, and a page to read it. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from '../deps.ts'
import { Problem } from '../wire.ts'
import { isApi } from './access.ts'

/** Before any route: what every route answers when it does not answer what was asked. */
export async function describeRoutes(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (!isApi(route.url) || !route.schema || route.schema.hide) return
    const access = route.config?.access
    route.schema.response = { ...problemsOf(access !== 'public'), ...(route.schema.response as object) }
    route.schema.security = access === 'public' ? [] : [{ key: [] }, { session: [] }]
    if (access && access !== 'public' && access !== 'agent') {
      const note = `For ${access === 'supervisor' ? 'supervisors and administrators' : 'administrators'}.`
      route.schema.description = route.schema.description ? `${note} ${route.schema.description}` : note
    }
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Huixin',
        version: '0.1.0',
        description:
          'Programs sign in with `Authorization: Bearer hx_…`; the desk with the cookie of a session. Errors are RFC 9457 ' +
          'problem details with a stable `code`. Times are ISO 8601 in UTC; cursors are opaque.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key' },
          session: { type: 'apiKey', in: 'cookie', name: 'huixin.session_token', description: 'A person signed in' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})
const problemsOf = (guarded: boolean) => ({
  400: problem('The request is not valid'),
  ...(guarded
    ? { 401: problem('Nobody is signed in, or the key is not valid'), 403: problem('The role does not allow it') }
    : {}),
  429: problem('Too many requests; `Retry-After` says when to come back'),
  500: problem('A mistake of ours; `requestId` finds it in the log'),
  503: problem('The database does not answer; try again'),
})

/** After every route. */
export async function serveDocs(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { deepLinking: true, validatorUrl: null, persistAuthorization: false },
    staticCSP: {
      'default-src': "'none'",
      'script-src': "'self'",
      // The page brings one style element; its hash.
      'style-src': "'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
      'img-src': "'self' data:",
      'font-src': "'self' data:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    },
  })
  app.get(
    '/api/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        tags: ['About'],
        summary: 'This document',
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async () => app.swagger() as unknown as Record<string, unknown>,
  )
}
