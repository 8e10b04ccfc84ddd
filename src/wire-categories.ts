/** What tickets are about, as a tree; in the order to show. */
import { z } from 'zod'

const Name = z.string().trim().min(1).max(60)

export const Category = z
  .object({
    id: z.string(),
    parentId: z.string().nullable(),
    en: z.string(),
    zh: z.string(),
    /** Not offered any more; tickets that have it keep it. */
    archived: z.boolean(),
    /** Tickets that have it; counted up to 1,000. Administrators only, else null. */
    tickets: z.int().nullable(),
  })
  .meta({ id: 'Category' })
export type Category = z.infer<typeof Category>

export const NewCategory = z.strictObject({
  parentId: z.string().max(100).nullable().default(null),
  en: Name,
  zh: Name,
})
export type NewCategory = z.infer<typeof NewCategory>

export const CategoryPatch = z.strictObject({
  en: Name.optional(),
  zh: Name.optional(),
  /** Null: to the top. Its own children go with it. */
  parentId: z.string().max(100).nullable().optional(),
  /** Its place among its neighbours, from 0. */
  position: z.int().min(0).max(10_000).optional(),
  /** With all below it; brought back with all above it. */
  archived: z.boolean().optional(),
})
export type CategoryPatch = z.infer<typeof CategoryPatch>
