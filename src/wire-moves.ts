/** The wire shapes of tickets that become one, are divided, or belong together. */
import { z } from 'zod'
import { Id } from './wire.ts'

/** The ticket in the address goes into this one. */
export const MergeInto = z.strictObject({ into: Id })

/** These messages become a ticket of their own. */
export const Split = z.strictObject({ messageIds: z.array(Id).min(1).max(200) })

export const Link = z.strictObject({ ticketId: Id })

export const MoveDone = z.object({
  /** For undoing it. */
  moveId: Id,
  /** Where the messages are now. */
  ticketId: Id,
  number: z.int(),
})
export type MoveDone = z.infer<typeof MoveDone>

const Other = z.object({
  id: Id,
  number: z.int(),
  status: z.string(),
  name: z.string(),
  preview: z.string(),
})

/** What a ticket has to do with others. */
export const TicketRelations = z
  .object({
    /** It is empty: its messages are there. */
    mergedInto: z.object({ id: Id, number: z.int() }).nullable(),
    /** Moves that can be undone, newest first. `merge`: the other came into this one. `split`: it was divided from this one; `splitFrom`: this one from it. */
    moves: z.array(
      z.object({ id: Id, kind: z.enum(['merge', 'split', 'splitFrom']), ticket: Other, at: z.iso.datetime() }),
    ),
    links: z.array(Other),
    /** Unfinished tickets of the same person: may be about the same. */
    samePerson: z.array(Other),
  })
  .meta({ id: 'TicketRelations' })
export type TicketRelations = z.infer<typeof TicketRelations>
