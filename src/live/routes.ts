import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { App } from '../deps.ts'
import type {} from '../http/access.ts'
import { Refused } from '../problem.ts'
import { PresenceEvent, StreamEvent } from '../wire.ts'
import type { Hint } from './hint.ts'
import type { Hub } from './hub.ts'
import { type StreamTiming, startOf, streamTo } from './stream.ts'

export interface LiveDeps {
  readonly hub: Hub
  /** Asked for every open stream every few seconds. */
  readonly stillValid: (actor: Actor) => Promise<boolean>
  readonly timing?: StreamTiming
  /** A person's desk is open until what it returns is called. */
  readonly attend?: (userId: string) => () => void
  /** Left out: nobody hears that a customer types. */
  readonly words?: Pick<Hint, 'hear'>
}

/** A person with more open streams than this has a program gone wrong. A browser opens one for all its tabs. */
const mostPerActor = 50

const tooMany = () =>
  new Refused(429, 'too_many_streams', 'Too many open streams.', { most: mostPerActor, retryAfterSeconds: 30 })

export async function liveRoutes(app: App, deps: LiveDeps): Promise<void> {
  const stopping = new AbortController()
  const open = new Map<string, number>()
  const streams = new Set<Promise<void>>()
  // Before the server waits for its connections to end: these would never end by themselves.
  app.addHook('preClose', async () => {
    stopping.abort()
    await Promise.allSettled(streams)
  })

  app.get(
    '/api/events',
    {
      // A HEAD request would open a stream nobody reads.
      exposeHeadRoute: false,
      config: { access: 'agent' },
      schema: {
        summary: 'What changes, as it changes (server-sent events)',
        description:
          'Each event has its type as its name and, as JSON data, `{ id, type, ticketId, version }`. After a broken connection ' +
          'send the last id as `Last-Event-ID`, or as `after`: nothing is left out, or there is an event `reset`, and ' +
          'everything has to be fetched again. Without one the stream begins now. `typing` (a customer is, for some seconds) has no id and ' +
          'is not told again. `presence` has another shape and no id: who is in which ticket, of all at first and then of those that changed.',
        tags: ['Events'],
        querystring: z.strictObject({ after: z.string().max(200).optional() }),
        headers: z.looseObject({ 'last-event-id': z.string().max(200).optional() }),
        response: {
          200: {
            description: 'Never ends by itself',
            content: { 'text/event-stream': { schema: z.union([StreamEvent, PresenceEvent]) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { actor } = request
      if ((open.get(actor.id) ?? 0) >= mostPerActor) throw tooMany()
      const leave = enter(actor.id)
      let depart = () => {}
      try {
        // The browser sends the header when it comes back to an address that may still hold the first `after`.
        const start = await startOf(deps.hub, request.headers['last-event-id'] || request.query.after || null)
        reply.hijack()
        if (actor.kind === 'user' && deps.attend) depart = deps.attend(actor.id)
        const stream = streamTo({
          hub: deps.hub,
          response: reply.raw,
          start,
          brandIds: actor.brandIds,
          ...(deps.words ? { words: deps.words } : {}),
          stillValid: () => deps.stillValid(actor),
          signal: stopping.signal,
          headers: reply.getHeaders(),
          ...deps.timing,
        })
          // The answer has begun: there is nobody left to tell but the log.
          .catch((error: unknown) => request.log.error({ err: error }, 'a live stream broke'))
          .finally(() => {
            streams.delete(stream)
            leave()
            depart()
          })
        streams.add(stream)
      } catch (error) {
        leave()
        depart()
        throw error
      }
    },
  )

  function enter(actorId: string): () => void {
    open.set(actorId, (open.get(actorId) ?? 0) + 1)
    return () => {
      const left = (open.get(actorId) ?? 1) - 1
      if (left > 0) open.set(actorId, left)
      else open.delete(actorId)
    }
  }
}
