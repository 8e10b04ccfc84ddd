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
    route.schema.response = { ...problemsOf(access !== 'public'), ...asProblems(route.schema.response as object) }
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
    transformObject: (document) => tidy(jsonSchemaTransformObject(document) as Document),
  })
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})
const descriptions: Record<string, string> = {
  400: 'The request is not valid',
  401: 'Nobody is signed in, or the key is not valid',
  403: 'The role does not allow it',
  404: 'There is no such thing, or not for you',
  409: 'Somebody or something was faster',
  413: 'Too large',
  415: 'The body is of a kind that is not taken here',
  422: 'Understood, but it cannot be done',
  429: 'Too many requests; `Retry-After` says when to come back',
  500: 'A mistake of ours; `requestId` finds it in the log',
  503: 'The database does not answer; try again',
}
const describe = (status: string) => problem(descriptions[status] ?? 'See `code`')
const problemsOf = (guarded: boolean) =>
  Object.fromEntries(['400', ...(guarded ? ['401', '403'] : []), '429', '500', '503'].map((s) => [s, describe(s)]))

/** Routes write `404: Problem`; the document also says of what type it is, and when it comes. */
const asProblems = (response: object) =>
  Object.fromEntries(
    Object.entries(response).map(([status, schema]) => [status, schema === Problem ? describe(status) : schema]),
  )

interface Document {
  paths?: Record<string, Record<string, { responses?: Record<string, { description?: string }> }>>
  components?: { schemas?: Record<string, unknown> }
}

/** Drops the shapes nothing refers to (each is made twice, for both directions), and the generator's stock words. */
function tidy(document: Document): Document {
  const all = document.components?.schemas ?? {}
  const used = new Set<string>()
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/gu)) {
      if (!name || used.has(name)) continue
      used.add(name)
      follow(all[name])
    }
  }
  follow(document.paths)
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  for (const path of Object.values(document.paths ?? {})) {
    for (const { responses } of Object.values(path)) {
      for (const response of Object.values(responses ?? {})) {
        if (response.description === 'Default Response') response.description = 'Done'
      }
    }
  }
  return { ...document, components: { ...document.components, schemas } }
}

/** After every route. */
export async function serveDocs(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    theme: { title: 'Huixin API', css: [{ filename: 'huixin.css', content: '.swagger-ui .topbar { display: none }' }] },
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
