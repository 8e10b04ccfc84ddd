/**
 * The fields of a push that are read, no more. Every value is text, also of numbers: a MsgId is larger than a JavaScript
 * number can hold. https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html,
 * read 2026-11-24
 */
import { z } from 'zod'

/** What `readDocument` makes of XML and of JSON. */
export type Value = string | readonly Value[] | Payload
export interface Payload {
  readonly [name: string]: Value
}

/** A field of another form counts as absent: one odd field must not cost the message. */
const text = z.string().optional().catch(undefined)

export const Push = z.object({
  /** The person: an openid, another one for each official account. */
  FromUserName: z.string().trim().min(1).max(200),
  /** Seconds. */
  CreateTime: z.string().regex(/^\d{1,11}$/u),
  MsgType: z.string().trim().min(1).max(100),
  /** 64 bits. Events have none. */
  MsgId: z
    .string()
    .regex(/^[\w-]{1,100}$/u)
    .optional()
    .catch(undefined),
  Content: text,
  MediaId: text,
  PicUrl: text,
  Format: text,
  /** What WeChat understood of a voice message; may be there and empty. */
  Recognition: text,
  Location_X: text,
  Location_Y: text,
  Label: text,
  Title: text,
  Description: text,
  Url: text,
  Event: text,
  EventKey: text,
})
export type Push = z.infer<typeof Push>
