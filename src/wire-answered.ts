import { z } from 'zod'

/** What somebody answered in the platform's own app: kept in the conversation, never sent. */
export const NewAnswered = z.strictObject({
  text: z.string().trim().min(1).max(100_000),
  /** Of the answer, where it has an address: http or https. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /** Default: the customer's newest message, whether it could be answered through the channel or not. */
  inReplyTo: z.uuid().optional(),
  surface: z.enum(['direct', 'public']).optional(),
})
export type NewAnswered = z.infer<typeof NewAnswered>
