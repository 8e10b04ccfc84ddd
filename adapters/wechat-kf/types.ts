/** What is read of WeCom's answers; no more. Everything else of an item stays in `raw`. */
import { z } from 'zod'

const id = z.string().trim().min(1).max(256)
/** Seconds. Beyond this a `Date` has no year of four digits. */
const seconds = z
  .union([z.number(), z.string().regex(/^\d{1,11}$/u)])
  .transform(Number)
  .pipe(z.int().min(0).max(99_999_999_999))

/** One line of `msg_list`. Of an event, who and where stand inside `event`. */
export const Item = z.object({
  msgid: id,
  open_kfid: z.string().optional().catch(undefined),
  external_userid: z.string().optional().catch(undefined),
  servicer_userid: z.string().optional().catch(undefined),
  send_time: seconds,
  /** 3: a customer; 4: the system; 5: a servicer in the WeCom app. */
  origin: z.coerce.number().optional().catch(undefined),
  msgtype: z.string().trim().min(1),
})
export type Item = z.infer<typeof Item>

const word = z.string().optional().catch(undefined)
export const KfEvent = z.object({
  event_type: z.string().trim().min(1),
  open_kfid: word,
  external_userid: word,
  servicer_userid: word,
  welcome_code: word,
  fail_msgid: word,
  fail_type: z.coerce.number().optional().catch(undefined),
  recall_msgid: word,
  change_type: z.coerce.number().optional().catch(undefined),
  reject_switch: z.coerce.number().optional().catch(undefined),
})
export type KfEvent = z.infer<typeof KfEvent>

export const Page = z.object({
  next_cursor: z.string().max(4096).optional().catch(undefined),
  has_more: z.coerce.number().catch(0),
  msg_list: z.array(z.unknown()).catch([]),
})

export type Fields = Readonly<Record<string, unknown>>

/** A record, whatever came: what is none has no fields. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** A text as it came; numbers are texts to WeCom now and then. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
