/** Not ours: whose a case is, and where its customer is sent. */
import { z } from 'zod'

export const OtherParty = z
  .object({
    id: z.uuid(),
    /** Null: for every brand. */
    brandId: z.uuid().nullable(),
    kind: z.enum(['carrier', 'shop', 'brand', 'other']),
    name: z.string(),
    zh: z.string(),
    en: z.string(),
  })
  .meta({ id: 'OtherParty' })
export type OtherParty = z.infer<typeof OtherParty>

const Words = z.string().trim().min(1).max(2000)
export const NewOtherParty = z.strictObject({
  brandId: z.uuid().nullable().default(null),
  kind: z.enum(['carrier', 'shop', 'brand', 'other']),
  name: z.string().trim().min(1).max(100),
  zh: Words,
  en: Words,
})
export type NewOtherParty = z.infer<typeof NewOtherParty>

export const NotOurs = z.strictObject({
  partyId: z.uuid(),
  /** Of the ticket as it was seen: 409 when it changed since. */
  version: z.int().optional(),
})
/** The words for the customer, in their language, for the composer: nothing is sent by itself. */
export const NotOursClosed = z.object({ words: z.string() })
export type NotOursClosed = z.infer<typeof NotOursClosed>
