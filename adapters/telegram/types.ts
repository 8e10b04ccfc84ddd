/**
 * The payload fields we read, no more. https://core.telegram.org/bots/api (Bot API 10.1), read 2026-11-22
 * A field of another type fails the whole update, which is then kept as unread: never guessed, never half read.
 */
import { z } from 'zod'

/** Telegram's ids have at most 52 significant bits; beyond 2^53 the JSON number is rounded already, so it is refused. */
const Id = z.int()
/** Seconds, up to the year 9999. */
const Seconds = z.int().min(0).max(253_402_300_799)
/** Sizes and the like; they end up in 32-bit columns. */
const Count = z.int().min(0).max(2_147_483_647)

export const User = z.object({
  id: Id,
  first_name: z.string().default(''),
  last_name: z.string().optional(),
  username: z.string().optional(),
})
export type User = z.infer<typeof User>

export const Chat = z.object({
  id: Id,
  type: z.string(),
  title: z.string().optional(),
  username: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  is_direct_messages: z.boolean().optional(),
})
export type Chat = z.infer<typeof Chat>

const Entity = z.object({
  type: z.string(),
  offset: z.int(),
  length: z.int(),
  url: z.string().optional(),
})
export type Entity = z.infer<typeof Entity>

/** Photo sizes, videos, documents, stickers and the rest have these in common. */
export const File = z.object({
  file_id: z.string(),
  file_unique_id: z.string(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.int().min(0).optional(),
  width: Count.optional(),
  height: Count.optional(),
  /** Video notes: width and height. */
  length: Count.optional(),
  duration: Count.optional(),
  emoji: z.string().optional(),
  is_animated: z.boolean().optional(),
  is_video: z.boolean().optional(),
})
export type File = z.infer<typeof File>

const Point = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
const Titled = z.object({ title: z.string() })
const Price = z.object({ currency: z.string(), total_amount: z.int() })

/** What a message can carry. `content.ts` turns each into words, files or a place. */
const Content = z.object({
  text: z.string().optional(),
  entities: z.array(Entity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(Entity).optional(),
  photo: z.array(File).optional(),
  video: File.optional(),
  voice: File.optional(),
  audio: File.optional(),
  document: File.optional(),
  sticker: File.optional(),
  animation: File.optional(),
  video_note: File.optional(),
  live_photo: File.optional(),
  paid_media: z
    .object({
      paid_media: z.array(z.object({ type: z.string(), photo: z.array(File).optional(), video: File.optional() })),
    })
    .optional(),
  location: Point.extend({ live_period: z.int().optional() }).optional(),
  venue: z.object({ location: Point, title: z.string(), address: z.string() }).optional(),
  contact: z.object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().optional() }).optional(),
  poll: z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) }).optional(),
  checklist: Titled.extend({ tasks: z.array(z.object({ text: z.string() })) }).optional(),
  dice: z.object({ emoji: z.string(), value: z.int() }).optional(),
  game: Titled.optional(),
  invoice: Titled.optional(),
  successful_payment: Price.optional(),
  refunded_payment: Price.optional(),
  web_app_data: z.object({ data: z.string(), button_text: z.string() }).optional(),
  rich_message: z.object({ blocks: z.array(z.unknown()) }).optional(),
  story: z.unknown().optional(),
})
export type Content = z.infer<typeof Content>

const Origin = z.object({
  type: z.string(),
  sender_user: User.optional(),
  sender_user_name: z.string().optional(),
  sender_chat: Chat.optional(),
  chat: Chat.optional(),
  message_id: Id.optional(),
})
export type Origin = z.infer<typeof Origin>

const Sender = Content.extend({
  message_id: Id,
  chat: Chat,
  from: User.optional(),
  sender_chat: Chat.optional(),
  author_signature: z.string().optional(),
})

export const Message = Sender.extend({
  date: Seconds,
  edit_date: Seconds.optional(),
  message_thread_id: Id.optional(),
  is_topic_message: z.boolean().optional(),
  direct_messages_topic: z.object({ topic_id: Id, user: User.optional() }).optional(),
  business_connection_id: z.string().min(1).optional(),
  sender_business_bot: User.optional(),
  is_automatic_forward: z.boolean().optional(),
  /** An away or greeting line, or a scheduled one. Of its sender's, whoever that is: it does not tell ours apart. */
  is_from_offline: z.boolean().optional(),
  media_group_id: z.string().optional(),
  forward_origin: Origin.optional(),
  migrate_to_chat_id: Id.optional(),
  migrate_from_chat_id: Id.optional(),
  quote: z.object({ text: z.string() }).optional(),
  /** The one replied to has no `reply_to_message` of its own. Its date is 0 when it is inaccessible. */
  reply_to_message: Sender.extend({
    forum_topic_created: z.unknown().optional(),
    is_automatic_forward: z.boolean().optional(),
    forward_origin: Origin.optional(),
  }).optional(),
  external_reply: Content.extend({ origin: Origin }).optional(),
})
export type Message = z.infer<typeof Message>

export const DeletedBusinessMessages = z.object({
  business_connection_id: z.string().min(1),
  chat: Chat,
  message_ids: z.array(Id),
})

/** `rights` since Bot API 9.0; older servers say `can_reply` beside it. Neither stands there when it is over. */
export const BusinessConnection = z.object({
  id: z.string().min(1),
  user: User,
  is_enabled: z.boolean(),
  can_reply: z.boolean().optional(),
  rights: z.object({ can_reply: z.boolean().optional() }).optional(),
})

/** `message` may be one that is gone, with the date 0: nothing of it is read. */
export const CallbackQuery = z.object({ id: z.string().min(1), from: User })

export const MyChatMember = z.object({
  chat: Chat,
  from: User,
  date: Seconds,
  new_chat_member: z.object({
    status: z.string(),
    /** Of `restricted`. */
    can_send_messages: z.boolean().optional(),
    is_member: z.boolean().optional(),
    /** Of an `administrator` of a channel. */
    can_post_messages: z.boolean().optional(),
  }),
})
export type MyChatMember = z.infer<typeof MyChatMember>

export const PollAnswer = z.object({
  poll_id: z.string().min(1),
  user: User.optional(),
  voter_chat: Chat.optional(),
  option_ids: z.array(z.int()),
})
