/**
 * The fields that are read of what a server sends.
 * https://docs.joinmastodon.org/entities/Status/ and /entities/Notification/, read 2026-11-24
 */
import { z } from 'zod'

const id = z.string().min(1).max(200)
const time = z.iso.datetime({ offset: true })
const figure = z.number().nullish().catch(null)
const words = z.string().catch('')

export const Person = z.object({
  id,
  /** `user` on our own server, `user@domain` elsewhere. */
  acct: z.string().min(1).max(1000),
  display_name: words,
  avatar_static: z.string().nullish().catch(null),
  followers_count: figure,
  /** Where the person went; the old account is not read any more. */
  moved: z
    .object({ id, acct: z.string().min(1) })
    .nullish()
    .catch(null),
})
export type Person = z.infer<typeof Person>

export const Attachment = z.object({
  id,
  /** `image`, `gifv`, `video`, `audio`, `unknown`. */
  type: words,
  url: z.string().nullish().catch(null),
  remote_url: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  meta: z
    .object({ original: z.object({ width: figure, height: figure, duration: figure }).nullish().catch(null) })
    .nullish()
    .catch(null),
})
export type Attachment = z.infer<typeof Attachment>

export const Poll = z.object({
  multiple: z.boolean().catch(false),
  options: z.array(z.object({ title: z.string(), votes_count: figure })),
})

const Quoted = z.object({ content: words, account: Person })

/** What can be missing or odd without making the words unreadable falls back, one field at a time. */
export const Status = z.object({
  id,
  created_at: time,
  edited_at: time.nullish().catch(null),
  in_reply_to_id: id.nullish().catch(null),
  /** `public`, `unlisted`, `private`, `direct`; other software has words of its own. */
  visibility: z.string(),
  spoiler_text: words,
  content: words,
  url: z.string().nullish().catch(null),
  account: Person,
  media_attachments: z.array(z.unknown()).catch([]),
  mentions: z.array(z.object({ id, acct: z.string() })).catch([]),
  poll: Poll.nullish().catch(null),
  quote: z
    .object({ state: words, quoted_status: Quoted.nullish().catch(null) })
    .nullish()
    .catch(null),
})
export type Status = z.infer<typeof Status>

/** As much of a notification as is needed to look it up further. */
export const Notification = z.object({
  id,
  type: z.string(),
  status: z
    .object({ id, in_reply_to_id: id.nullish().catch(null), edited_at: time.nullish().catch(null) })
    .nullish()
    .catch(null),
})
export type Notification = z.infer<typeof Notification>

/**
 * What `parse` takes and what is kept as `raw`: what the server sent, with what was asked in addition, so that a payload
 * read again later becomes the same events.
 */
export const Payload = z.object({
  /** Our account's id. */
  me: id,
  /** The first post of the conversation; null where the post could not be read at all. */
  root: id.nullable(),
  /** The post it answers, where that is somebody else's. */
  parent: z.unknown().optional(),
  /** One of the two. */
  notification: z.unknown().optional(),
  status: z.unknown().optional(),
})
export interface Payload {
  readonly me: string
  readonly root: string | null
  readonly parent?: unknown
  readonly notification?: unknown
  readonly status?: unknown
}

export const Context = z.object({ ancestors: z.array(z.unknown()), descendants: z.array(z.unknown()) })
