/** Who has a ticket open, who is writing, and who is about to answer. */
import { z } from 'zod'

/** A colleague in a ticket. `holds`: the one who is answering the customer; at most one of a ticket. */
export const Presence = z
  .object({
    user: z.object({ id: z.string(), name: z.string() }),
    typing: z.boolean(),
    holds: z.boolean(),
  })
  .meta({ id: 'Presence' })
export type Presence = z.infer<typeof Presence>

/** What one page of the desk reports of itself. */
export const PresencePut = z.strictObject({
  /** The ticket it shows; null: none. */
  ticketId: z.uuid().nullable(),
  typing: z.boolean().default(false),
  /** A reply to the customer is being written: the page holds the ticket, unless a colleague does already. */
  answers: z.boolean().default(false),
  /** Holds it even then. */
  takeOver: z.boolean().default(false),
  /** Rises with every report of the page; one that arrives after a later one changes nothing. */
  sequence: z.int().min(0),
})
export type PresencePut = z.infer<typeof PresencePut>

/** `presence` in `GET /api/events`: it has no id, and is not repeated after a broken connection. */
export const PresenceEvent = z
  .object({
    type: z.literal('presence'),
    /** True: tickets that are not named have nobody in them. False: they are as they were. */
    all: z.boolean(),
    tickets: z.array(z.object({ ticketId: z.uuid(), people: z.array(Presence) })),
  })
  .meta({ id: 'PresenceEvent' })
export type PresenceEvent = z.infer<typeof PresenceEvent>
