/** The wire shapes of promises: working calendars, policies, and the clocks of a ticket. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Name = z.string().trim().min(1).max(60)
const HourMinute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/u)
const hours = {
  from: HourMinute,
  /** At or before `from`: on the next day. */
  to: z.union([HourMinute, z.literal('24:00')]),
}
const differs = ({ from, to }: { from: string; to: string }) => from !== to
const same = { error: 'A span has a length: 00:00 to 24:00 is a whole day.' }
const Hours = z.strictObject(hours).refine(differs, same)

const isZone = (name: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

const calendarFields = {
  name: Name,
  /** IANA: `Asia/Shanghai`. */
  timeZone: z.string().max(100).refine(isZone, { error: 'There is no such time zone.' }),
  /** Of each week; 1 is Monday. Several a day, also over midnight. */
  hours: z.array(z.strictObject({ day: z.int().min(1).max(7), ...hours }).refine(differs, same)).max(70),
  /** Public holidays are not worked, and weekend days worked in exchange are. */
  chineseHolidays: z.boolean(),
  /** Days unlike the others. No hours: not worked. */
  exceptions: z
    .array(z.strictObject({ date: z.iso.date(), name: z.string().trim().max(60), hours: z.array(Hours).max(10) }))
    .max(500)
    .refine((list) => new Set(list.map(({ date }) => date)).size === list.length, {
      error: 'One day stands here twice.',
    }),
}
export const NewWorkCalendar = z.strictObject(calendarFields)
export type NewWorkCalendar = z.infer<typeof NewWorkCalendar>
export const WorkCalendar = z
  .object({
    id: Id,
    ...calendarFields,
    /** Whose holidays it counts with and nobody has published yet: those of the law alone are holidays in it. */
    unpublishedYear: z.int().nullable(),
    /** Is it worked now? */
    working: z.boolean(),
    /** How many policies count by it. */
    policies: z.int(),
  })
  .meta({ id: 'WorkCalendar' })
export type WorkCalendar = z.infer<typeof WorkCalendar>

export const ClockKind = z.enum(['first_answer', 'substance', 'next_answer', 'resolution', 'progress'])
export type ClockKind = z.infer<typeof ClockKind>
const Hearer = z.enum(['assignee', 'team', 'supervisor'])
const Span = z
  .int()
  .min(60_000)
  .max(366 * 86_400_000)
const Target = z.strictObject({
  ms: Span,
  /** Working time of the policy's calendar; false: by the clock on the wall. */
  working: z.boolean(),
})
export const EscalationStep = z
  .strictObject({
    /** Null: of every clock. */
    kind: ClockKind.nullable(),
    /** After the promise was broken; 0: at once. */
    afterMs: z
      .int()
      .min(0)
      .max(366 * 86_400_000),
    teamId: Id.nullable(),
    toSupervisor: z.boolean(),
    raisePriority: z.boolean(),
    tag: z.string().trim().min(1).max(50).nullable(),
  })
  .refine(
    ({ teamId, toSupervisor, raisePriority, tag }) => teamId !== null || toSupervisor || raisePriority || tag !== null,
    {
      error: 'A step does something.',
    },
  )

const policyFields = {
  name: Name,
  enabled: z.boolean(),
  /** Null: every one. */
  brandIds: z.array(Id).min(1).max(1000).nullable(),
  channels: z.array(z.string().max(50)).min(1).max(50).nullable(),
  priorities: z
    .array(z.enum(['low', 'normal', 'high', 'urgent']))
    .min(1)
    .max(4)
    .nullable(),
  calendarId: Id.nullable(),
  targets: z.strictObject({
    first_answer: Target.optional(),
    substance: Target.optional(),
    next_answer: Target.optional(),
    resolution: Target.optional(),
    progress: Target.optional(),
  }),
  pauseWaiting: z.boolean(),
  pauseSnoozed: z.boolean(),
  /** A warning so long before, by the clock on the wall; null: none. */
  warnMs: Span.nullable(),
  warn: z.array(Hearer).max(3),
  breach: z.array(Hearer).max(3),
  steps: z.array(EscalationStep).max(20),
}
export const NewPolicy = z.strictObject(policyFields)
export type NewPolicy = z.infer<typeof NewPolicy>
export const Policy = z.object({ id: Id, ...policyFields }).meta({ id: 'Policy' })
export type Policy = z.infer<typeof Policy>
/** Every policy, each once. */
export const PolicyOrder = z.strictObject({ ids: z.array(Id).max(200) })

export const ClockState = z.enum(['running', 'paused', 'met', 'missed', 'dropped'])
/** One promise of a ticket. */
export const Clock = z
  .object({
    kind: ClockKind,
    state: ClockState,
    startedAt: Time,
    /** Null while it is paused, and where its calendar has no working time. */
    dueAt: Time.nullable(),
    /** From then on it is due soon. */
    warnAt: Time.nullable(),
    /** Of a paused one: what is left. */
    leftMs: z.number().nullable(),
    stoppedAt: Time.nullable(),
    policy: z.string(),
    /** Null: it counts by the clock on the wall. */
    calendar: z.string().nullable(),
  })
  .meta({ id: 'Clock' })
export type Clock = z.infer<typeof Clock>

/** In lists: the promise of a ticket that is due first. */
export const NextClock = z.object({ kind: ClockKind, dueAt: Time, warnAt: Time.nullable() })

export const Substance = z.strictObject({
  /** False: the reply gave the customer nothing yet, and the promise runs on. */
  counts: z.boolean(),
})
