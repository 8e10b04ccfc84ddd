/** The fields that are read. What is missing or of another type is as if it were not there; only ids make a payload. */
import { z } from 'zod'

/** Beyond 2^53: a number has been rounded already, and is refused. */
export const Id = z.string().regex(/^\d{1,20}$/u)
const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const text = soft(z.string())
const whole = soft(z.int().min(0))

/** The good ones of a list; one that cannot be read does not take the others with it. */
function listOf<T extends z.ZodType>(schema: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((item) => {
        const read = schema.safeParse(item)
        return read.success ? [read.data] : []
      }),
    )
}

export const User = z.preprocess(
  // Some events wrap each user: `{ data: { … } }`.
  (value) => (typeof value === 'object' && value !== null && 'data' in value ? value.data : value),
  z.object({
    id: Id,
    name: text,
    username: text,
    profile_image_url: text,
    public_metrics: soft(z.object({ followers_count: whole })),
  }),
)
export type User = z.infer<typeof User>

const Entities = z.object({
  urls: listOf(z.object({ url: z.string(), expanded_url: text, media_key: text })),
  mentions: listOf(z.object({ id: soft(Id), username: text, start: whole })),
})
export type Entities = z.infer<typeof Entities>

export const Post = z.object({
  id: Id,
  text: z.string().catch(''),
  author_id: soft(Id),
  conversation_id: soft(Id),
  created_at: text,
  in_reply_to_user_id: soft(Id),
  edit_history_tweet_ids: soft(z.array(Id).min(1)),
  referenced_tweets: listOf(z.object({ type: z.string(), id: Id })),
  entities: soft(Entities),
  display_text_range: soft(z.tuple([z.int(), z.int()])),
  /** The whole of a long post; `text` is cut. */
  note_tweet: soft(z.object({ text: z.string(), entities: soft(Entities) })),
  attachments: soft(z.object({ media_keys: listOf(z.string()), poll_ids: listOf(z.string()) })),
})
export type Post = z.infer<typeof Post>

export const Media = z.object({
  media_key: z.string(),
  type: z.string(),
  url: text,
  preview_image_url: text,
  width: whole,
  height: whole,
  duration_ms: whole,
  variants: listOf(z.object({ bit_rate: whole, content_type: text, url: z.string() })),
})
export type Media = z.infer<typeof Media>

export const Includes = z
  .object({
    users: listOf(User),
    tweets: listOf(Post),
    media: listOf(Media),
    polls: listOf(z.object({ id: z.string(), options: listOf(z.object({ label: z.string() })) })),
  })
  .catch({ users: [], tweets: [], media: [], polls: [] })
export type Includes = z.infer<typeof Includes>

/** Of GET /2/dm_events. */
export const DmEvent = z.object({
  id: Id,
  event_type: z.string(),
  text: z.string().catch(''),
  created_at: text,
  sender_id: soft(Id),
  dm_conversation_id: text,
  referenced_tweets: listOf(z.object({ id: Id })),
  entities: soft(Entities),
  attachments: soft(z.object({ media_keys: listOf(z.string()) })),
})
export type DmEvent = z.infer<typeof DmEvent>

/** Of `dm.received` and `dm.sent`: the form of API v1. */
export const LegacyDm = z.object({
  id: Id,
  created_timestamp: z.string().regex(/^\d{10,15}$/u),
  message_create: z.object({
    target: z.object({ recipient_id: Id }),
    sender_id: Id,
    message_data: z.object({
      text: z.string().catch(''),
      entities: soft(Entities),
      attachment: soft(
        z.object({
          type: text,
          media: soft(
            z.object({
              id_str: z.string(),
              type: text,
              url: text,
              media_url_https: text,
              video_info: soft(
                z.object({
                  duration_millis: whole,
                  variants: listOf(z.object({ bitrate: whole, content_type: text, url: z.string() })),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  }),
})
export type LegacyDm = z.infer<typeof LegacyDm>

export const DmPayload = z.object({
  direct_message_events: listOf(z.unknown()),
  direct_message_mark_read_events: listOf(
    z.object({
      created_timestamp: z.string().regex(/^\d{10,15}$/u),
      sender_id: Id,
      last_read_event_id: Id,
    }),
  ),
  users: z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((users) => listOf(User).parse(Object.values(users))),
})

export const ChatMessage = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/u),
  sender_id: Id,
  conversation_id: z.string(),
  created_at_msec: z.string().regex(/^\d{10,15}$/u),
})

/** One event of the X Activity API. */
export const Activity = z.object({
  event_uuid: soft(z.string().regex(/^-?\d{1,20}$/u)),
  event_type: z.string(),
  filter: soft(z.object({ user_id: soft(Id) })),
  payload: z.unknown().optional(),
  includes: z.unknown().optional(),
})

/** What was polled, one at a time, with what belongs to it: so that it can be read again. */
export const Polled = z.object({
  polled: z.enum(['post', 'dm']),
  user_id: Id,
  data: z.unknown().optional(),
  includes: z.unknown().optional(),
})
