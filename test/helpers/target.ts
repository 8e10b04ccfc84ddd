import type { EmbeddedTarget } from '../../src/db/embedded.ts'

/** What `openDatabase` takes; plain JSON, so that a child process can be handed it. */
export type Target = string | EmbeddedTarget

/** The same server, another database. */
export function inDatabase(target: Target, database: string): Target {
  if (typeof target !== 'string') return { ...target, database }
  const url = new URL(target)
  url.pathname = `/${database}`
  return url.href
}
