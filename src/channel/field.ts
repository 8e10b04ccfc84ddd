import type { GlobalMeta } from 'zod'
import type { Bilingual } from './errors.ts'

/** What draws one field of a channel's settings form. */
export interface FieldMeta {
  readonly title: Bilingual
  readonly help: Bilingual
  /** Stored sealed, never shown again, taken out of every log. */
  readonly secret?: true
}

/** For `.meta(field({ … }))`: zod types `title` as one string, and keeps whatever it is given. */
export function field(meta: FieldMeta): GlobalMeta {
  return meta as unknown as GlobalMeta
}
