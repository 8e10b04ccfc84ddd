/** What the parts of the server are given by `main.ts`. Types only. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Connections } from './accounts/connections.ts'
import type { Adapter } from './channel/adapter.ts'
import type { Config } from './config.ts'
import type { Db, Sql } from './db/client.ts'
import type { Seal } from './seal.ts'

export interface Deps {
  readonly config: Config
  readonly db: Db
  readonly sql: Sql
  readonly seal: Seal
  readonly log: FastifyBaseLogger
  /** Wall clock; tests move it. Leases use the database's `now()` instead. */
  readonly now: () => Date
  /** The list of `adapters/index.ts`, by channel. */
  readonly channels: ReadonlyMap<string, Adapter<unknown>>
  readonly connections: Connections
  /** Tells every node, after a commit, that there is something new to read. Cheap; coalesced to one every 50 ms. */
  readonly nudge: () => void
}

/** A Fastify instance whose schemas are zod's. Each area exports `async function xRoutes(app: App, deps: …)`. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>
