import { z } from 'zod'
import type { EntryForm } from '../channel/entry.ts'
import type { EntryForm as Shown } from '../wire.ts'

/** As one fills it in: what draws the form. */
export function showForm({ title, schema, personField, files }: EntryForm): Shown {
  return {
    title: { ...title },
    schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    personField,
    files: files && { ...files },
  }
}
