import type { App, Deps } from '../deps.ts'
import type { ResolveActor } from '../http/access.ts'
import type { Limiters } from '../http/limits.ts'
import type { Auth } from './auth.ts'
import { auditRoutes } from './routes/audit.ts'
import { brandRoutes } from './routes/brands.ts'
import { keyRoutes } from './routes/keys.ts'
import { peopleRoutes } from './routes/people.ts'
import { sessionRoutes } from './routes/session.ts'

/** What `app.ts` makes and lends to these routes. */
export interface AuthRouteDeps extends Deps {
  readonly auth: Auth
  readonly limiters: Limiters
  readonly resolve: ResolveActor
}

export async function authRoutes(app: App, deps: AuthRouteDeps): Promise<void> {
  await sessionRoutes(app, deps)
  await peopleRoutes(app, deps)
  await brandRoutes(app, deps)
  await keyRoutes(app, deps)
  await auditRoutes(app, deps)
}
