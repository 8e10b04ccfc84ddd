/** What an account says by itself: its settings, and what became of each occasion. */
import { z } from 'zod'

/**
 * `acknowledgement_closed`: outside working hours. `proof`: the one-time code of the status page. `lookup`: the answer to
 * "my ticket". `facts`: what is missing, asked by a rule.
 */
export const AutomaticKind = z.enum([
  'acknowledgement',
  'acknowledgement_closed',
  'progress',
  'solved',
  'satisfaction',
  'follow_up',
  'facts',
  'lookup',
  'proof',
])
export type AutomaticKind = z.infer<typeof AutomaticKind>

export const Speech = z.strictObject({
  /** Off until an administrator turns it on. */
  on: z.boolean().default(false),
  /** Also where everybody reads it. Never the proof. */
  onPublic: z.boolean().default(false),
  /** Empty: the shipped words. */
  zh: z.string().max(2000).default(''),
  en: z.string().max(2000).default(''),
})
export type Speech = z.infer<typeof Speech>

const hour = 3_600_000
const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/u)
const silent: Speech = { on: false, onPublic: false, zh: '', en: '' }
const Kinds = z.strictObject({
  acknowledgement: Speech.default(silent),
  acknowledgement_closed: Speech.default(silent),
  progress: Speech.default(silent),
  solved: Speech.default(silent),
  satisfaction: Speech.default(silent),
  follow_up: Speech.default(silent),
  facts: Speech.default(silent),
  lookup: Speech.default(silent),
  proof: Speech.default(silent),
} satisfies Record<AutomaticKind, z.ZodType>)

export const Hours = z.strictObject({
  timeZone: z.string().max(100).refine(isTimeZone, { error: 'is no time zone' }).default('Asia/Shanghai'),
  /** 1 Monday to 7 Sunday. */
  days: z.array(z.int().min(1).max(7)).max(7).default([1, 2, 3, 4, 5]),
  from: Clock.default('09:00'),
  to: Clock.default('18:00'),
  /** Public holidays are free, and the days worked for them are not. */
  chineseHolidays: z.boolean().default(true),
})
export type Hours = z.infer<typeof Hours>

export const AutomaticSettings = z
  .strictObject({
    kinds: Kinds.prefault({}),
    /** Of customers whose own cannot be told. */
    language: z.enum(['zh', 'en']).default('zh'),
    /** Where a platform counts replies, so many are left to people. */
    reserve: z.int().min(0).max(100).default(2),
    hours: Hours.prefault({}),
    /** A resolved ticket is closed when "is it solved?" was not answered so long. */
    closeAfterMs: z
      .int()
      .min(hour)
      .max(90 * 24 * hour)
      .default(72 * hour),
    followUpAfterMs: z
      .int()
      .min(hour)
      .max(365 * 24 * hour)
      .default(7 * 24 * hour),
    followUpAs: z.enum(['message', 'task']).default('message'),
    /** At most one message about progress of a ticket in this time. */
    progressEveryMs: z
      .int()
      .min(0)
      .max(30 * 24 * hour)
      .default(4 * hour),
  })
  .meta({ id: 'AutomaticSettings' })
export type AutomaticSettings = z.infer<typeof AutomaticSettings>

/** What an administrator edits: the settings, and how long a resolved ticket may be reopened. */
export const AutomaticAccount = z
  .object({
    settings: AutomaticSettings,
    reopenWithinMs: z.number(),
    /** The words in use where a text is empty. */
    shipped: z.record(AutomaticKind, z.object({ zh: z.string(), en: z.string() })),
    /** What may stand between braces, by kind, in both languages. */
    variables: z.record(AutomaticKind, z.array(z.object({ zh: z.string(), en: z.string() }))),
    /** Surfaces this account can answer on. */
    surfaces: z.array(z.enum(['direct', 'public'])),
    /** Public address of the status page; null: this installation does not know its own address. */
    statusUrl: z.string().nullable(),
  })
  .meta({ id: 'AutomaticAccount' })
export type AutomaticAccount = z.infer<typeof AutomaticAccount>

export const AutomaticPreview = z.strictObject({
  kind: AutomaticKind,
  language: z.enum(['zh', 'en']),
  /** Empty: the shipped words. */
  text: z.string().max(2000),
})
export const AutomaticPreviewed = z.object({ text: z.string() })

/** What a customer knows and said of a ticket, for the agent. */
export const CustomerSide = z
  .object({
    /** Look-up code, to be given to the customer alone. */
    code: z.string(),
    /** Of the status page with the code filled in; null while the public address is not known. */
    statusUrl: z.string().nullable(),
    /** Null: not asked or not answered. */
    solved: z.boolean().nullable(),
    satisfaction: z.object({ score: z.int(), comment: z.string().nullable(), at: z.iso.datetime() }).nullable(),
    /** When the customer last said that nobody answers. */
    calledAt: z.iso.datetime().nullable(),
    notOurs: z.object({ partyId: z.uuid(), name: z.string(), at: z.iso.datetime() }).nullable(),
    /** What was said by itself or was not, newest first. */
    automatic: z.array(
      z.object({
        kind: z.string(),
        messageId: z.uuid().nullable(),
        /** Why nothing was said: a stable code. */
        skipped: z.string().nullable(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'CustomerSide' })
export type CustomerSide = z.infer<typeof CustomerSide>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
