import { dirname } from 'node:path'
import type { Target } from './target.ts'

/** As an operator would write it into DATABASE_URL. */
export function urlOf(target: Target): string {
  if (typeof target === 'string') return target
  return `postgres://${target.user}@localhost/${target.database}?host=${encodeURIComponent(dirname(target.path!))}`
}
