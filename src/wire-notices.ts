/** What a person has to hear of. */
import { z } from 'zod'
import { clockKinds } from './db/schema-promises.ts'

const Time = z.iso.datetime()
const Id = z.uuid()

/**
 * Kept in the reader's list until they have seen them.
 * - `clock_warning`, `clock_breach`, `clock_step`: a promise is due soon, is over its time, or took a step of its policy.
 * - `assigned`, `given_back`: a ticket was given to the reader, or went back to their team.
 * - `customer_calls`: a customer says that nobody answers.
 * - `task_done`, `task_returned`: a department brought a task back.
 * - `escalated`, `escalation_answered`: by a person.
 * - `approval_…`: a public reply that a supervisor has to see.
 */
export const keptNoticeKinds = [
  'clock_warning',
  'clock_breach',
  'clock_step',
  'assigned',
  'given_back',
  'customer_calls',
  'task_done',
  'task_returned',
  'escalated',
  'escalation_answered',
  'approval_waiting',
  'approval_approved',
  'approval_returned',
  'approval_refused',
  'approval_late',
] as const
export type KeptNoticeKind = (typeof keptNoticeKinds)[number]

/**
 * Said at the moment alone: whatever they tell of has its place in other lists.
 * - `mine`: a customer wrote in a ticket of the reader.
 * - `unassigned`: a customer wrote in a new ticket that is nobody's.
 * - `mention`: something came in on a watched account.
 * - `delivery`: a reply of the reader failed, or nobody knows whether it arrived.
 * - `task`: a task of the reader, or nobody's, became due.
 */
export const passingNoticeKinds = ['mine', 'unassigned', 'mention', 'delivery', 'task'] as const

export const Notice = z
  .object({
    /** The same for the same news, however often it is asked for. */
    id: z.string(),
    kind: z.enum([...keptNoticeKinds, ...passingNoticeKinds]),
    brandId: Id,
    ticketId: Id.nullable(),
    number: z.int().nullable(),
    /** The customer's name, or who wrote the mention. */
    name: z.string(),
    /** Who did it, as they were called then; null: nobody, a time was over. */
    by: z.string().nullable(),
    /** Of a promise: which, and when it is or was due. */
    clock: z.enum(clockKinds).nullable(),
    dueAt: Time.nullable(),
    /** What was written, cut; empty: nothing. */
    text: z.string(),
    /** Of deliveries. */
    state: z.enum(['failed', 'unknown']).nullable(),
    at: Time,
    /** Null: it is in no list. */
    read: z.boolean().nullable(),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>

export const NoticePage = z.object({
  /** Newest first. */
  notices: z.array(Notice),
  next: z.string().nullable(),
  unread: z.int(),
})
export type NoticePage = z.infer<typeof NoticePage>
export const NoticeListQuery = z.strictObject({
  unread: z.enum(['true']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  after: Id.optional(),
})
export type NoticeListQuery = z.infer<typeof NoticeListQuery>
/** No ids: all of yours. */
export const NoticeMarks = z.strictObject({ ids: z.array(Id).min(1).max(200).optional() })

/** `kept`: all that is kept in the reader's list. */
export const freshKinds = [...passingNoticeKinds, 'kept'] as const
export type FreshKind = (typeof freshKinds)[number]
export const FreshQuery = z.strictObject({
  /** `at` of the answer before; left out: nothing is told but the time. */
  since: Time.optional(),
  /** Left out: all. */
  kinds: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(freshKinds)))
    .optional(),
})
export type FreshQuery = z.infer<typeof FreshQuery>
export const FreshNotices = z.object({
  /** Newest first, at most twenty of a kind. */
  notices: z.array(Notice),
  at: Time,
})
export type FreshNotices = z.infer<typeof FreshNotices>
