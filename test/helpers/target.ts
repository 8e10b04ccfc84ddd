import type { Target } from '../../src/db/target.ts'

export type { Target } from '../../src/db/target.ts'

/** The same server, another database. */
export function inDatabase(target: Target, database: string): Target {
  if (typeof target !== 'string') return { ...target, database }
  const url = new URL(target)
  url.pathname = `/${database}`
  return url.href
}
