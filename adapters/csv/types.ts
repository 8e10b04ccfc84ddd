import { z } from 'zod'

/** One row, read: what `parse` and `reread` take, and what is kept as `raw`. */
export const Payload = z.object({
  externalId: z.string().min(1).max(200),
  platform: z.string().min(1),
  author: z.string().min(1),
  authorId: z.string().min(1),
  text: z.string().min(1),
  sentAt: z.iso.datetime(),
  url: z
    .string()
    .regex(/^https?:\/\//u)
    .nullable(),
  /** The post or video it stands under. */
  postId: z.string().min(1).nullable(),
  postTitle: z.string().min(1).nullable(),
})
export type Payload = z.infer<typeof Payload>
