/**
 * What is read of Weibo's objects, and no more. Every field may be missing or of another type: then it is as if it were not
 * there. https://open.weibo.com/wiki/2/statuses/mentions, https://open.weibo.com/wiki/2/comments/to_me, read 2026-11-24
 */
import { z } from 'zod'

/** Digits, as text. `json.ts` has made text of the numbers that JavaScript would round. */
export const Id = z.union([
  z.string().regex(/^[1-9]\d{0,19}$/u),
  z
    .int()
    .positive()
    .transform((id) => String(id)),
])
const maybeId = Id.optional().catch(undefined)
const text = z.union([z.string(), z.number().transform(String)]).catch('')
const anything = z.unknown().optional()

export const User = z.object({
  id: maybeId,
  idstr: maybeId,
  screen_name: text,
  name: text,
  avatar_large: text,
  profile_image_url: text,
  followers_count: z.int().nonnegative().nullable().catch(null),
})
export type User = z.infer<typeof User>

const identity = { id: maybeId, idstr: maybeId, mid: maybeId }
const maybeUser = User.nullable().optional().catch(null)

const post = {
  ...identity,
  created_at: z.union([z.string(), z.number()]).optional().catch(undefined),
  text,
  user: maybeUser,
  /** `{ content }` or `{ longTextContent }`, where the text was shortened. */
  longText: anything,
  url_objects: anything,
  url_struct: anything,
}

export const Retweeted = z.object(post)

export const Status = z.object({
  ...post,
  deleted: anything,
  geo: anything,
  /** Pictures come in one of these four shapes, by the interface that gives them. */
  pic_urls: anything,
  pic_infos: anything,
  pics: anything,
  original_pic: anything,
  page_info: anything,
  retweeted_status: Retweeted.nullable().optional().catch(null),
})
export type Status = z.infer<typeof Status>
export type Retweeted = z.infer<typeof Retweeted>

const Answered = z.object({ ...identity, text, user: maybeUser })

export const Comment = z.object({
  ...post,
  pic: anything,
  pic_infos: anything,
  status: Status.nullable().optional().catch(null),
  reply_comment: Answered.nullable().optional().catch(null),
})
export type Comment = z.infer<typeof Comment>

/** https://open.weibo.com/wiki/Receive_General_Message, read 2026-11-24 */
export const Push = z.object({
  type: z.string().min(1).max(40),
  sender_id: Id,
  receiver_id: Id,
  created_at: z.union([z.string().min(1).max(60), z.number()]),
  text,
  /** An object; documented as a string, which then holds one. */
  data: anything,
})
export type Push = z.infer<typeof Push>
