/** The wire shapes of what people write down by hand for an account: a call, a visit. */
import { z } from 'zod'

const Id = z.uuid()
const Text = z.object({ en: z.string(), zh: z.string() })

export const EntryForm = z
  .object({
    title: Text,
    /** JSON Schema with `title` and `help` on each field. */
    schema: z.record(z.string(), z.unknown()),
    /** The field that says who the person is. */
    personField: z.string(),
    files: z.object({ maxBytes: z.number(), max: z.int() }).nullable(),
  })
  .meta({ id: 'EntryForm' })
export type EntryForm = z.infer<typeof EntryForm>

export const NewEntry = z.strictObject({
  values: z.record(z.string().max(100), z.unknown()),
  mediaIds: z.array(Id).max(10).default([]),
})
export type NewEntry = z.infer<typeof NewEntry>

/** Where what was written down is now. */
export const Entry = z.object({ ticket: z.object({ id: Id, number: z.int() }) }).meta({ id: 'Entry' })
export type Entry = z.infer<typeof Entry>
