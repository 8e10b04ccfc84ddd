import { z } from 'zod'

const Used = z.object({
  count: z.int(),
  /** Null: the reader's role is not shown what is spent. */
  cost: z.number().nullable(),
})

/** What an account used of its platform since the beginning of the month, UTC. */
export const Usage = z
  .object({
    since: z.iso.datetime(),
    /** Null: the platform bills nothing, or the reader is not shown it. */
    currency: z.string().nullable(),
    /** Calls, reads … as the channel counts them. */
    items: z.array(Used.extend({ kind: z.string() })),
    /** That the platform took. */
    replies: Used,
    /** Nobody knows whether they were sent, so they may be billed. */
    inDoubt: Used,
  })
  .meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>
