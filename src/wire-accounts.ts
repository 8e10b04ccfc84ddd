/** The shapes of accounts at a glance, of pauses by hand, and of what could not be read. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Text = z.object({ en: z.string(), zh: z.string() })

/** A person's pause: what is to be sent waits until it ends. */
export const Hold = z.object({
  since: Time,
  /** Null: until somebody ends it. */
  until: Time.nullable(),
  reason: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
})
export type Hold = z.infer<typeof Hold>

export const NewHold = z.strictObject({
  reason: z.string().trim().min(1).max(300),
  /** Left out or null: until somebody ends it. */
  until: Time.nullable().optional(),
})
export type NewHold = z.infer<typeof NewHold>

/** How an account is doing, in figures. Counted when it is asked. */
export const AccountGlance = z
  .object({
    id: Id,
    brandId: Id,
    channel: z.string(),
    name: z.string(),
    health: z.object({
      state: z.enum(['ok', 'warning', 'refused']),
      name: z.string().optional(),
      text: Text.optional(),
    }),
    /** A server polls, listens and sends for it now. */
    served: z.boolean(),
    hold: Hold.nullable(),
    /** The platform asked for a pause of sends. */
    pausedUntil: Time.nullable(),
    /** To the second or so. */
    lastInAt: Time.nullable(),
    lastOutAt: Time.nullable(),
    /** Its platform was last asked for news; null: it is not polled. */
    lastPollAt: Time.nullable(),
    queued: z.object({ count: z.int(), oldest: Time.nullable() }),
    /** Replies whose outcome nobody knows. */
    inDoubt: z.int(),
    /** Replies that failed in the last 24 hours. */
    failed: z.int(),
    unread: z.int(),
    /** How long its credentials are good; null: they do not end, or the channel does not know. */
    credentials: z.object({ until: Time, renews: z.boolean() }).nullable(),
    quotas: z.array(z.object({ kind: z.string(), used: z.int(), max: z.int(), since: Time })),
    /** In the current month, UTC; null: its platform bills nothing. */
    spent: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  })
  .meta({ id: 'AccountGlance' })
export type AccountGlance = z.infer<typeof AccountGlance>

/** Something genuine that could not be read. */
export const UnreadItem = z
  .object({
    id: Id,
    kind: z.enum(['request', 'raw', 'event']),
    reason: z.string(),
    attempts: z.int(),
    bytes: z.int(),
    receivedAt: Time,
    /** Null: it waits. */
    doneAt: Time.nullable(),
    discarded: z.boolean(),
  })
  .meta({ id: 'UnreadItem' })
export type UnreadItem = z.infer<typeof UnreadItem>
export const UnreadPage = z.object({ items: z.array(UnreadItem), next: z.string().nullable() })
export type UnreadPage = z.infer<typeof UnreadPage>
export const UnreadQuery = z.strictObject({
  /** `open`: what waits; `discarded`: what was, and can be brought back for 30 days. */
  show: z.enum(['open', 'discarded']).default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: Id.optional(),
})
export type UnreadQuery = z.infer<typeof UnreadQuery>
/** What it holds, redacted, cut to 16 KB. */
export const UnreadContent = z.object({ text: z.string(), cut: z.boolean() })
export type UnreadContent = z.infer<typeof UnreadContent>

/** Some of them, or (`ids` left out) those after `after`, so many at once. */
export const UnreadChoice = z.strictObject({
  ids: z.array(Id).min(1).max(100).optional(),
  after: Id.optional(),
  limit: z.int().min(1).max(100).default(25),
})
export type UnreadChoice = z.infer<typeof UnreadChoice>
export const Replayed = z.object({
  replayed: z.int(),
  failed: z.int(),
  /** Pass as `after` for the next ones; null: these were the last. */
  next: z.string().nullable(),
})
export type Replayed = z.infer<typeof Replayed>
