import { z } from 'zod'
import { Message } from './wire.ts'

const Time = z.iso.datetime()
const one = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(schema).min(1).max(100),
  )

const filters = {
  account: one(z.uuid()).optional(),
  channel: one(z.string().max(50)).optional(),
  brand: one(z.uuid()).optional(),
  /** ISO 639-1; `und`: cannot be told. */
  language: one(z.string().regex(/^[a-z]{2,3}$/u)).optional(),
  surface: z.enum(['direct', 'public']).optional(),
  /** `open`: nobody has dealt with it. `dismissed`: seen, and nothing to be done. `ticket`: a ticket was made of it. */
  state: z.enum(['open', 'dismissed', 'ticket']).default('open'),
  from: Time.optional(),
  to: Time.optional(),
  q: z.string().max(200).optional(),
}

export const MentionQuery = z.strictObject({
  ...filters,
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})
export type MentionQuery = z.infer<typeof MentionQuery>

export const MentionState = z.enum(['open', 'dismissed', 'ticket'])
export type MentionState = z.infer<typeof MentionState>

/** A post of a watched account. Its id is that of the message. */
export const Mention = z
  .object({
    id: z.uuid(),
    state: MentionState,
    brandId: z.uuid(),
    accountId: z.uuid(),
    channel: z.string(),
    language: z.string(),
    /** The ticket that was made of it. */
    ticketId: z.uuid().nullable(),
    handle: z.string().nullable(),
    message: Message,
    /** Where `q` stands in the text: from and to, as JavaScript counts. */
    hits: z.array(z.tuple([z.int(), z.int()])),
  })
  .meta({ id: 'Mention' })
export type Mention = z.infer<typeof Mention>

export const MentionPage = z.object({
  /** Newest first. */
  mentions: z.array(Mention),
  next: z.string().nullable(),
})
export type MentionPage = z.infer<typeof MentionPage>

/** Hours of the past, UTC; at most a week of them. */
export const MentionCountQuery = z
  .strictObject({
    ...filters,
    hours: z.coerce.number().int().min(1).max(168).default(24),
  })
  .omit({ from: true, to: true })
export type MentionCountQuery = z.infer<typeof MentionCountQuery>

export const MentionCounts = z
  .object({
    /** The first hour and the number of hours counted; the last one is not over yet. */
    since: Time,
    hours: z.int(),
    /** Only where there were any. */
    counts: z.array(z.object({ hour: Time, accountId: z.uuid(), language: z.string(), count: z.int() })),
  })
  .meta({ id: 'MentionCounts' })
export type MentionCounts = z.infer<typeof MentionCounts>

export const MentionMarks = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(200),
  /** False takes it back. */
  dismissed: z.boolean(),
})
export type MentionMarks = z.infer<typeof MentionMarks>

export const MentionTicket = z.object({
  ticketId: z.uuid(),
  number: z.int(),
  /** False: the conversation had one that goes on, and the post is in it now. */
  created: z.boolean(),
})
export type MentionTicket = z.infer<typeof MentionTicket>
