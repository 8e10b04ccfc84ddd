import { join } from 'node:path'

/** What `openDatabase` takes. Plain JSON, so that it can be handed to another process. */
export type Target = string | TargetParts

export interface TargetParts {
  readonly user: string
  readonly database: string
  readonly password?: string
  /** A Unix socket; else `host` and `port`. */
  readonly path?: string
  readonly host?: string
  readonly port?: number
}

/**
 * `DATABASE_URL` as a target. libpq names a socket's folder as `postgres://huixin@localhost/huixin?host=/run/postgresql`;
 * postgres.js would take that `host` for a setting of the server.
 */
export function targetOf(databaseUrl: string): Target {
  const url = new URL(databaseUrl)
  const folder = url.searchParams.get('host')
  if (!folder?.startsWith('/')) return databaseUrl
  const user = decodeURIComponent(url.username) || url.searchParams.get('user') || 'postgres'
  return {
    user,
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    path: join(folder, `.s.PGSQL.${url.port || url.searchParams.get('port') || 5432}`),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  }
}

/** Where it is, for people: without user and password. */
export function placeOf(target: Target): string {
  if (typeof target !== 'string') return `${target.path ?? `${target.host}:${target.port}`} (${target.database})`
  const { hostname, port, pathname } = new URL(target)
  return `${hostname}:${port || 5432}${pathname}`
}
