/** What a person may want to be told of at once. */
import { z } from 'zod'

const Time = z.iso.datetime()

export const noticeKinds = ['mine', 'unassigned', 'mention', 'delivery', 'task'] as const

/**
 * - `mine`: a customer wrote in a ticket of the reader.
 * - `unassigned`: a customer wrote in a new ticket that is nobody's.
 * - `mention`: something came in on a watched account.
 * - `delivery`: a reply of the reader failed, or nobody knows whether it arrived.
 * - `task`: a task of the reader, or nobody's, became due.
 */
export const Notice = z
  .object({
    kind: z.enum(noticeKinds),
    /** The same for the same news, however often it is asked for. */
    key: z.string(),
    ticketId: z.uuid().nullable(),
    brandId: z.uuid(),
    /** The customer's name, or who wrote the mention. */
    name: z.string(),
    /** Cut; empty: no text. */
    text: z.string(),
    /** Of deliveries. */
    state: z.enum(['failed', 'unknown']).nullable(),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>

export const NoticeQuery = z.strictObject({
  /** `at` of the answer before; left out: nothing is told but the time. */
  since: Time.optional(),
  /** Left out: all. */
  kinds: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(noticeKinds)))
    .optional(),
})
export type NoticeQuery = z.infer<typeof NoticeQuery>

export const Notices = z.object({
  /** Newest first, at most twenty of a kind. */
  notices: z.array(Notice),
  at: Time,
})
export type Notices = z.infer<typeof Notices>
