/** The wire shapes of teams: who works together on which tickets. */
import { z } from 'zod'

const Id = z.uuid()
/** ISO 639-1. */
export const Language = z.string().regex(/^[a-z]{2,3}$/u)

export const Team = z
  .object({
    id: Id,
    name: z.string(),
    /** Whose tickets it takes; null: every brand's. */
    brandIds: z.array(Id).nullable(),
    /** What it can answer in; empty: every language. */
    languages: z.array(z.string()),
    members: z.array(z.object({ id: z.string(), name: z.string() })),
    /** May you change it? */
    mine: z.boolean(),
  })
  .meta({ id: 'Team' })
export type Team = z.infer<typeof Team>

export const NewTeam = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** Left out or null: every brand. */
  brandIds: z.array(Id).min(1).max(1000).nullable().default(null),
  languages: z.array(Language).max(50).default([]),
  memberIds: z.array(z.string().max(100)).max(1000).default([]),
})
export type NewTeam = z.infer<typeof NewTeam>
