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
    /** Its tickets are given to whoever of it has room. */
    autoAssign: z.boolean(),
    /** Those of its brands that no team has, too. */
    takesNew: z.boolean(),
    /** A ticket whose customer waits goes back to it when its assignee has been away so long; null: never. */
    returnAfterMs: z.int().nullable(),
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
  autoAssign: z.boolean().default(false),
  takesNew: z.boolean().default(false),
  returnAfterMs: z
    .int()
    .min(60_000)
    .max(30 * 86_400_000)
    .nullable()
    .default(null),
  memberIds: z.array(z.string().max(100)).max(1000).default([]),
})
export type NewTeam = z.infer<typeof NewTeam>

/** `away`: by one's own word, or because no desk of theirs has been open for minutes. */
export const AgentState = z.enum(['online', 'busy', 'away'])
export type AgentState = z.infer<typeof AgentState>

/** A colleague at work: what they can take, and how much they have. */
export const Agent = z
  .object({
    id: z.string(),
    name: z.string(),
    state: AgentState,
    languages: z.array(z.string()),
    /** Null: every one. */
    channels: z.array(z.string()).nullable(),
    /** Open tickets at most; null: no end. */
    capacity: z.int().nullable(),
    /** New and open ones, but for those that are snoozed. */
    open: z.int(),
  })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof Agent>

export const AgentPut = z.strictObject({
  languages: z.array(Language).max(50),
  channels: z.array(z.string().max(50)).min(1).max(50).nullable(),
  capacity: z.int().min(0).max(1000).nullable(),
})
export type AgentPut = z.infer<typeof AgentPut>
export const AgentStatePut = z.strictObject({ state: AgentState })
