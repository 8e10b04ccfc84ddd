/** Lists of the queue that were kept under a name. */
import { z } from 'zod'

const Filter = z.string().min(1).max(2_000)

export const NewSavedView = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** The desk's own name of the list it narrows: `all`, `mine` … */
  view: z.string().regex(/^[a-z]{1,30}$/u),
  /** As in the desk's address; what a desk does not know it leaves away. */
  search: z.strictObject({
    q: Filter.optional(),
    status: Filter.optional(),
    named: Filter.optional(),
    channel: Filter.optional(),
    priority: Filter.optional(),
    brand: Filter.optional(),
    assignee: Filter.optional(),
    team: Filter.optional(),
    tag: Filter.optional(),
    category: Filter.optional(),
    surface: Filter.optional(),
    language: Filter.optional(),
    sort: Filter.optional(),
  }),
  /** Seen by everybody; supervisors make and delete them. */
  shared: z.boolean().default(false),
})
export type NewSavedView = z.infer<typeof NewSavedView>

export const SavedView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    view: z.string(),
    search: z.record(z.string(), z.string()),
    shared: z.boolean(),
    /** May you change it? */
    mine: z.boolean(),
  })
  .meta({ id: 'SavedView' })
export type SavedView = z.infer<typeof SavedView>
