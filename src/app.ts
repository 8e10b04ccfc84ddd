/** The HTTP application: plugins, routes, error handler. It does not listen, and starts nothing. */
import fastify, { LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { type AccountRouteDeps, accountRoutes } from './accounts/routes.ts'
import { createAuth } from './auth/auth.ts'
import { createResolver } from './auth/resolve.ts'
import { authRoutes } from './auth/routes.ts'
import { batchStillValid } from './auth/still-valid.ts'
import { otherPartyRoutes } from './automatic/other-party-routes.ts'
import { automaticRoutes } from './automatic/routes.ts'
import { newId } from './db/id.ts'
import type { App, Deps } from './deps.ts'
import { factRoutes } from './facts/routes.ts'
import { figureRoutes } from './figures/routes.ts'
import { actorOf, guardAccess } from './http/access.ts'
import { type DeskFiles, serveDesk } from './http/desk.ts'
import { describeRoutes, serveDocs } from './http/docs.ts'
import { setSecurityHeaders } from './http/headers.ts'
import { serveHealth } from './http/health.ts'
import { acceptOnlyJson } from './http/json-body.ts'
import { type Limits, limitRequests } from './http/limits.ts'
import { serveMetrics } from './http/metrics.ts'
import { refuseNul } from './http/odd-requests.ts'
import { refuseForeignOrigins } from './http/origin.ts'
import { answerGarbage, problemHandler } from './http/problems.ts'
import { type EntryRouteDeps, entryRoutes } from './inbound/entries.ts'
import { type ImportRouteDeps, importRoutes } from './inbound/imports/routes.ts'
import { type MediaRouteDeps, mediaRoutes } from './inbound/media-routes.ts'
import { replayUnread } from './inbound/unread.ts'
import { unreadRoutes } from './inbound/unread-routes.ts'
import { type WebhookDeps, webhookRoutes } from './inbound/webhook.ts'
import { incidentRoutes } from './incidents/routes.ts'
import { parkedRoutes } from './live/parked-routes.ts'
import { type LiveDeps, liveRoutes } from './live/routes.ts'
import { mentionRoutes } from './mentions/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { type OutboundRouteDeps, outboundRoutes } from './outbound/routes.ts'
import { personRoutes } from './people/person-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { promiseRoutes } from './promises/routes.ts'
import { qualityRoutes } from './quality/routes.ts'
import { type RuleRouteDeps, ruleRoutes } from './rules/routes.ts'
import { type StatusPageDeps, statusPageRoutes } from './status-page/routes.ts'
import { departmentRoutes } from './tasks/department-routes.ts'
import { taskRoutes } from './tasks/routes.ts'
import { agentRoutes } from './teams/agent-routes.ts'
import { createAttendance } from './teams/attendance.ts'
import { teamRoutes } from './teams/routes.ts'
import { approvalRoutes } from './tickets/approval-routes.ts'
import { bulkRoutes } from './tickets/bulk/routes.ts'
import { categoryRoutes } from './tickets/category-routes.ts'
import { macroRoutes } from './tickets/macros/routes.ts'
import { moveRoutes } from './tickets/moves/routes.ts'
import { namedStatusRoutes } from './tickets/named-status-routes.ts'
import { presenceRoutes } from './tickets/presence-routes.ts'
import { quickReplyRoutes } from './tickets/quick-reply-routes.ts'
import { type ReplyRouteDeps, replyRoutes } from './tickets/reply-routes.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { savedViewRoutes } from './tickets/saved-view-routes.ts'
import { togetherRoutes } from './together/routes.ts'

/** What the routes need; made by `main.ts`. */
export interface AppDeps
  extends Deps,
    WebhookDeps,
    Omit<AccountRouteDeps, 'replayUnread'>,
    Omit<LiveDeps, 'stillValid' | 'attend'>,
    EntryRouteDeps,
    MediaRouteDeps,
    ImportRouteDeps,
    OutboundRouteDeps,
    RuleRouteDeps,
    ReplyRouteDeps,
    StatusPageDeps {
  /** Left out: no desk is served, only the API. */
  readonly desk?: DeskFiles
  readonly limits?: Partial<Limits>
}

const mebibyte = 1_048_576

export async function buildApp(deps: AppDeps): Promise<App> {
  const app: App = fastify({
    loggerInstance: deps.log,
    // Its lines hold addresses with people's search words; ours, below, do not.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(), // Never the client's own header: an id must not be anybody's to choose.
    trustProxy: deps.config.trustedProxies.length > 0 ? [...deps.config.trustedProxies] : false,
    bodyLimit: mebibyte,
    requestTimeout: 120_000, // A whole request: an upload of 50 MB on a slow line.
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: problemHandler,
    clientErrorHandler: answerGarbage,
    return503OnClosing: false, // What is on its way is finished; `main.ts` stops taking connections first.
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(problemHandler)
  acceptOnlyJson(app)
  logRequests(app)
  await setSecurityHeaders(app, deps.config.url?.startsWith('https:') ?? false)
  const limiters = await limitRequests(app, deps.limits)
  refuseNul(app)
  refuseForeignOrigins(app, deps.config.url)
  const auth = createAuth(deps)
  const resolve = createResolver(deps, auth)
  guardAccess(app, resolve)
  await describeRoutes(app)

  serveHealth(app, deps.sql)
  serveMetrics(app)
  // ── The routes. Each in a scope of its own, so that its hooks and parsers are its own. ──
  await app.register(authRoutes, { ...deps, auth, limiters, resolve })
  await app.register(accountRoutes, { ...deps, replayUnread: (accountId: string) => replayUnread(deps, accountId) })
  await app.register(unreadRoutes, deps)
  await app.register(webhookRoutes, deps)
  await app.register(ticketRoutes, deps)
  await app.register(replyRoutes, deps)
  await app.register(mentionRoutes, deps)
  await app.register(taskRoutes, deps)
  await app.register(automaticRoutes, deps)
  await app.register(otherPartyRoutes, deps)
  await app.register(statusPageRoutes, deps)
  await app.register(departmentRoutes, deps)
  await app.register(togetherRoutes, deps)
  await app.register(approvalRoutes, deps)
  await app.register(entryRoutes, deps)
  await app.register(presenceRoutes, deps)
  await app.register(noticeRoutes, deps)
  await app.register(quickReplyRoutes, deps)
  await app.register(savedViewRoutes, deps)
  await app.register(bulkRoutes, deps)
  await app.register(macroRoutes, deps)
  await app.register(moveRoutes, deps)
  await app.register(teamRoutes, deps)
  await app.register(namedStatusRoutes, deps)
  await app.register(agentRoutes, deps)
  await app.register(promiseRoutes, deps)
  await app.register(peopleRoutes, deps)
  await app.register(personRoutes, deps)
  await app.register(outboundRoutes, deps)
  await app.register(mediaRoutes, deps)
  await app.register(importRoutes, deps)
  await app.register(figureRoutes, deps)
  await app.register(incidentRoutes, deps)
  await app.register(qualityRoutes, deps)
  await app.register(parkedRoutes, deps)
  await app.register(categoryRoutes, deps)
  await app.register(ruleRoutes, deps)
  const attendance = createAttendance(deps)
  app.addHook('onClose', attendance.close)
  await app.register(liveRoutes, { ...deps, stillValid: batchStillValid(deps), attend: attendance.enter })
  await app.register(factRoutes, deps)
  // ── A new area's routes go above this line. ──
  await serveDocs(app)
  await serveDesk(app, deps.desk ?? null)
  return app
}

/** One line a request: the route's pattern, not its address, and no headers. */
function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    // Thousands a second on a busy day, each already in the metrics.
    if (reply.statusCode < 500 && request.routeOptions.url?.startsWith('/webhooks/')) return
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      actor: actorOf(request)?.id,
    }
    if (reply.statusCode >= 500) request.log.warn(line, 'request')
    else request.log.info(line, 'request')
  })
  app.addHook('onRequestAbort', async (request) => {
    request.log.info({ method: request.method, route: request.routeOptions.url ?? null }, 'the client went away')
  })
}
