import { z } from 'zod'

export const AroundQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(20) })

/** What somebody else wrote, or was answered, under the same post or in the same group. */
export const OtherLine = z
  .object({
    id: z.uuid(),
    ticketId: z.uuid(),
    author: z.string(),
    text: z.string(),
    sentAt: z.iso.datetime(),
    direction: z.enum(['inbound', 'outbound']),
    url: z.string().nullable(),
  })
  .meta({ id: 'OtherLine' })
export type OtherLine = z.infer<typeof OtherLine>

/** In the order they were written. */
export const OtherLines = z.object({ lines: z.array(OtherLine) })
