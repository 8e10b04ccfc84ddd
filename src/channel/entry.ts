/** What people at the desk write down by hand, where the platform is a person: a call, a visit to a store. */
import type { z } from 'zod'
import type { Bilingual } from './errors.ts'
import type { OutboundMedia } from './reply.ts'

export interface EntryForm {
  readonly title: Bilingual
  /** A flat object. Each field carries `.meta(field({ … }))`, which draws it, as in the settings. */
  readonly schema: z.ZodType<Readonly<Record<string, unknown>>>
  /** The field that says who the person is: earlier tickets are looked for by it while it is typed. */
  readonly personField: string
  /** What may be handed in with it; `null`: no files. */
  readonly files: { readonly maxBytes: number; readonly max: number } | null
}

export interface Entry {
  /** The same each time this entry is handed in. */
  readonly id: string
  readonly values: Readonly<Record<string, unknown>>
  readonly files: readonly OutboundMedia[]
  /** Who wrote it down. */
  readonly by: { readonly id: string; readonly name: string }
  readonly at: Date
}
